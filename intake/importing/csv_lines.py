"""The lines of an imported CSV file by the names of its columns, and what is wrong with one, told without its values."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import ConfigurationError

BEYOND = ""
"""The column of a line's cells behind the last that the head names; it is there only where there are such cells."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds (for messages, such as ``decisions``), the columns that it may have, and which it needs.

    ``needs`` says of the columns that a file has whether they are enough; ``needed`` says it in words.
    """

    holds: str
    columns: tuple[str, ...]
    needs: Callable[[frozenset[str]], bool]
    needed: str


def lines_of(file: Path, layout: Layout) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number and its cells by their columns, without the white space around them.

    Args:
        file: CSV in UTF-8, with a head. Lines without any cell are passed over.
        layout: of the file.

    Raises:
        ConfigurationError: the file cannot be read, or its head is not as it should be.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            head = [name.strip().casefold() for name in next(reader, [])]
            _check(head, layout)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    beyond = {BEYOND: "more"} if len(cells) > len(head) else {}
                    yield reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=False)) | beyond
    except OSError as error:
        raise ConfigurationError(f"The file of {layout.holds} cannot be read.") from error
    except (UnicodeDecodeError, csv.Error):
        # Not chained: its message shows what stands there.
        raise ConfigurationError(f"The file of {layout.holds} is no CSV in UTF-8.") from None


def told(number: int, column: str, why: str) -> str:
    """What a person is told of a line that is not taken."""
    return f"line {number}, {column}: {why}"


def _check(head: list[str], layout: Layout) -> None:
    unknown = [str(place) for place, name in enumerate(head, 1) if name not in layout.columns]
    if unknown:
        raise ConfigurationError(f"The file of {layout.holds} has columns of no known name: number {', '.join(unknown)}.")
    if len(set(head)) < len(head):
        raise ConfigurationError(f"The file of {layout.holds} has a column twice.")
    if not layout.needs(frozenset(head)):
        raise ConfigurationError(f"The file of {layout.holds} needs {layout.needed}.")
