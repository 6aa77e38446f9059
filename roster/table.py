"""Tables in text: columns by the names in the first line, in any order, parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from roster.broken import Broken, BrokenFile
from roster.text import beginning_of, opened

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is known: our name of it, how headers write it too, and whether each row needs it."""

    name: str
    also: tuple[str, ...] = ()
    needed: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """All ways to write it, without case and signs."""
        return tuple(plain_header(name) for name in (self.name, *self.also))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, and the cells of the columns that are known; one that the file has not is empty."""

    line: int
    cells: Mapping[str, str]

    def broken(self, column: str, why: str) -> Broken:
        """What is wrong with a cell of it."""
        return Broken(f"line {self.line}", column, why)


def plain_header(text: str) -> str:
    """A header in small letters, without spaces and signs."""
    return re.sub(r"[\W_]", "", text).lower()


def rows(path: Path, columns: Sequence[Column]) -> Iterator[Row | Broken]:
    """The rows of a table in a file, one at a time. Empty lines are none.

    Args:
        path: the file.
        columns: the columns that are known; others are left out.

    Raises:
        BrokenFile: a needed column is missing, or the file is no table.
    """
    with opened(path) as file:
        header = file.readline()
        delimiter = _delimiter(header, columns)
        names = next(csv.reader([header], delimiter=delimiter), [])
        places = _places(names, columns)
        yield from _rows(file, delimiter, len(names), places)


def header_of(path: Path) -> frozenset[str]:
    """The headers of a file, without case and signs, whatever parts them.

    Raises:
        BrokenFile: it cannot be read.
    """
    first = re.split(r"[\r\n]", beginning_of(path), maxsplit=1)[0]
    return frozenset(plain_header(part) for part in re.split(f"[{re.escape(_DELIMITERS)}]", first))


def _delimiter(header: str, columns: Sequence[Column]) -> str:
    """What parts the line into the most columns that are known."""
    known = {name for column in columns for name in column.headers}
    return max(_DELIMITERS, key=lambda one: sum(plain_header(part) in known for part in header.split(one)))


def _places(names: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    headers = [plain_header(name) for name in names]
    places = {}
    for column in columns:
        found = [place for place, header in enumerate(headers) if header in column.headers]
        if len(found) > 1:
            raise BrokenFile(f"Line 1: more than one column is {column.name}.")
        if found:
            places[column.name] = found[0]
        elif column.needed:
            raise BrokenFile(f"Line 1: there is no column {column.name}.")
    return places


def _rows(file: TextIO, delimiter: str, width: int, places: Mapping[str, int]) -> Iterator[Row | Broken]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    begins = 2
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenFile(f"Line {begins}: quotes are left open, or a cell has no end.") from error
        if cells is None:
            return
        if any(cells):
            yield _row(cells, begins, width, places)
        begins = reader.line_num + 2


def _row(cells: list[str], line: int, width: int, places: Mapping[str, int]) -> Row | Broken:
    if len(cells) != width:
        return Broken(f"line {line}", "row", f"{len(cells)} cells, where the first line has {width}")
    if "\0" in "".join(cells):
        return Broken(f"line {line}", "row", "a character that is no text")
    return Row(line, {name: cells[place].strip() for name, place in places.items()})
