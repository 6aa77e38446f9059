"""ICD-10-CM: which codes exist, which are billable on a day, and what they say.

The table is compiled by :mod:`models.codesets.compile_icd10cm`, which also says how a table of a site's own looks. Codes are
accepted with and without their dot, in either case.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

from models.errors import ConfigurationError

SHIPPED = Path(__file__).with_name("icd10cm.tsv.gz")
"""The table that comes with the product."""


@dataclass(frozen=True, slots=True)
class Icd10Code:
    """One code as the table has it; ``code`` carries its dot, an open end of its validity is ``None``."""

    code: str
    billable: bool
    valid_from: date | None
    valid_to: date | None
    description: str

    def billable_on(self, on: date | None) -> bool:
        """Whether the code can be billed on the day; without a day, by the table's release."""
        if not self.billable or on is None:
            return self.billable
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, eq=False)
class Icd10Table:
    """A table of codes; ``lines`` are the file's lines, sorted by code, so that a look-up is a bisection and loading is quick."""

    release: date
    lines: tuple[str, ...]

    def find(self, code: str) -> Icd10Code | None:
        """The code, or ``None`` where the table has none such."""
        key = plain(code) + "\t"
        place = bisect_left(self.lines, key)
        if place == len(self.lines) or not self.lines[place].startswith(key):
            return None
        return _parsed(self.lines[place])


def plain(code: str) -> str:
    """The code in upper case without its dot."""
    return code.replace(".", "").strip().upper()


def dotted(code: str) -> str:
    """The code in upper case with its dot after the third character."""
    bare = plain(code)
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def load(path: Path) -> Icd10Table:
    """Read a table.

    Raises:
        ConfigurationError: when the file is missing or is no such table.
    """
    try:
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
        heading, release = lines[0].split("\t")
        table_of = Icd10Table(date.fromisoformat(release), tuple(lines[1:]))
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise ConfigurationError("The ICD-10-CM table cannot be read.") from error
    if heading != "# ICD-10-CM":
        raise ConfigurationError("The file named as ICD-10-CM table is none.")
    return table_of


def use_table(path: Path) -> None:
    """Make the table at the path the one in force in this process; for a site's own, at start.

    Raises:
        ConfigurationError: when the file is missing or is no such table.
    """
    _in_force[:] = [path]
    _loaded(path)


def table() -> Icd10Table:
    """The table in force, read when first asked for."""
    return _loaded(_in_force[0])


def exists(code: str) -> bool:
    """Whether the table in force has the code, billable or not."""
    return table().find(code) is not None


def is_billable(code: str, on: date | None = None) -> bool:
    """Whether the table in force has the code as billable, on the day where one is given."""
    found = table().find(code)
    return found is not None and found.billable_on(on)


def description(code: str) -> str | None:
    """What the code says, or ``None`` for an unknown code."""
    found = table().find(code)
    return found.description if found else None


def beginning_with(start: str, limit: int) -> tuple[Icd10Code, ...]:
    """The billable codes that begin so, in their order; none for less than a letter and a digit."""
    head = plain(start)
    if not re.fullmatch(r"[A-Z]\d[0-9A-Z]{0,5}", head):
        return ()
    lines = table().lines
    begin = islice(lines, bisect_left(lines, head), None)
    found = (_parsed(line) for line in takewhile(lambda line: line.startswith(head), begin))
    return tuple(islice((code for code in found if code.billable), limit))


_in_force: list[Path] = [SHIPPED]  # one for the process: workers are threads


@lru_cache(maxsize=2)
def _loaded(path: Path) -> Icd10Table:
    return load(path)


def _parsed(line: str) -> Icd10Code:
    code, billable, valid_from, valid_to, text = line.split("\t")
    return Icd10Code(dotted(code), billable == "1", _day(valid_from), _day(valid_to), text)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
