"""Days written without their year: ``3/31``, ``March 31``, ``Apr. 1st``. The year follows from another day, or is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from models.values.months import MONTHS

_NAMES = "|".join(f"{name}|{name.capitalize()}" for name in MONTHS)
_NUMBER = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_NUMERIC = re.compile(rf"(?<![\w/.\-])(?P<m>0?[1-9]|1[0-2])/{_NUMBER}(?![\w/]|[.\-]\d)")
# A year may follow that was misread: then the day has one, and it is not known.
_NAMED = re.compile(
    rf"(?<![\w/\-])(?P<name>{_NAMES})[A-Za-z]{{0,6}}\.?\s{{1,2}}{_NUMBER}(?:st|nd|rd|th)?(?![\w/])(?!\s*,?\s*['’]?[0-9OoIl]{{2,4}}\b)"
)
_YEARS_TRIED = (-1, 0, 1)
_LOOKS_BACK = timedelta(days=60)
"""A letter tells of days up to so long before its own date, and of others after it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of some year, as written in ``text[start:end]``."""

    month: int
    day: int
    start: int
    end: int
    text: str

    def in_year(self, year: int) -> date | None:
        """The date, or ``None`` for 29 February of a common year."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def last_until(self, end: date) -> date | None:
        """The last such day up to ``end``: the first day of a range whose end has its year."""
        return max((found for found in self._around(end) if found <= end), default=None)

    def first_from(self, start: date) -> date | None:
        """The first such day from ``start`` on."""
        return min((found for found in self._around(start) if found >= start), default=None)

    def near(self, written_on: date) -> date | None:
        """The one such day that a text of that date most likely tells of: from two months before it to ten months after."""
        return self.first_from(written_on - _LOOKS_BACK)

    def _around(self, other: date) -> list[date]:
        found = (self.in_year(other.year + years) for years in _YEARS_TRIED)
        return [each for each in found if each is not None]


def find_days(text: str) -> tuple[Day, ...]:
    """All days without a year, left to right; fractions and scores have the same shape, so what stands before must say "day"."""
    found = [_day(match) for pattern in (_NUMERIC, _NAMED) for match in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda each: each.start))


def _day(match: re.Match[str]) -> Day:
    groups = match.groupdict()
    month = MONTHS.index(groups["name"].upper()) + 1 if groups.get("name") else int(groups["m"])
    return Day(month, int(groups["d"]), match.start(), match.end(), match.group())
