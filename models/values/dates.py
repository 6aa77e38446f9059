"""Dates as they are written in the United States, read strictly: month before day, and nothing guessed.

Forms: ``2/17/2026``, ``02-17-26``, ``2.17.2026``, ``02172026`` and ``02 17 2026`` (comb fields), ``2026-02-17``, ``Feb 17, 2026``,
``17 Feb 2026``. A stroke that OCR took for a letter (``02l17I2026``) is a separator. A date that does not exist is reported with
its text and without a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.values.confusions import DIGIT_CLASS, digit_count, to_digits
from models.values.kinds import ValueReading

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAME = (
    r"(?P<name>JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_D = DIGIT_CLASS
_END = r"(?![0-9A-Za-z]|[/\-]\d)"
_START = r"(?<![0-9A-Za-z])(?<!\d[/\-.])"
_FLAGS = re.IGNORECASE
_PATTERNS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(rf"{_START}(?P<y>[12]\d{{3}})\s?[\-/.]\s?(?P<m>\d{{1,2}})\s?[\-/.]\s?(?P<d>\d{{1,2}})(?![0-9])"), 1.0),
    (re.compile(rf"{_START}(?P<m>\d{{1,2}})(?P<s>[/\-.])(?P<d>\d{{1,2}})(?P=s)(?P<y>\d{{4}}|\d{{2}}){_END}"), 1.0),
    (re.compile(rf"{_START}(?P<m>{_D}{{1,2}})\s?[/\-–.,\\]\s?(?P<d>{_D}{{1,2}})\s?[/\-–.,\\]\s?(?P<y>{_D}{{4}}|{_D}{{2}}){_END}"), 0.9),
    (re.compile(rf"{_START}{_NAME}[.,]?\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[.,]?\s{{0,2}}(?P<y>\d{{4}}){_END}", _FLAGS), 1.0),
    (re.compile(rf"{_START}{_NAME}[.,]?\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[.,]\s{{0,2}}'?(?P<y>\d{{2}}){_END}", _FLAGS), 0.8),
    (re.compile(rf"{_START}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/]{{0,2}}{_NAME}[.,\-/]?\s{{0,2}}(?P<y>\d{{4}}|\d{{2}}){_END}", _FLAGS), 0.95),
    (re.compile(rf"{_START}(?P<m>[01]?\d)\s{{1,3}}(?P<d>[0-3]?\d)\s{{1,3}}(?P<y>(?:19|20)\d{{2}}|\d{{2}}){_END}"), 0.8),
    (re.compile(rf"{_START}(?P<m>{_D}\s?{_D})\s*[|/lI]?\s*(?P<d>{_D}\s?{_D})\s*[|/lI]?\s*(?P<y>(?:1\s?9|2\s?0)\s?{_D}\s?{_D}){_END}"), 0.75),
    (re.compile(rf"{_START}(?P<m>\d{{1,2}})[|lI1/!](?P<d>\d{{1,2}})[|lI1/!](?P<y>(?:19|20)\d{{2}}){_END}"), 0.7),
    (re.compile(rf"{_START}(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?P<y>\d{{2}}){_END}"), 0.4),
)
_OLDEST = 1900
_NEAR_FUTURE_YEARS = 10


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as written: the span, its parts as numbers, and how well it fits."""

    start: int
    end: int
    year: int
    month: int
    day: int
    fit: float
    repaired: bool


def find_dates(text: str, *, birth: bool = False, today: date | None = None) -> tuple[ValueReading, ...]:
    """All dates, left to right.

    Args:
        text: what stands in the field.
        birth: whether it is a birth date, which decides the century of a two-digit year: never in the future. Other dates fall
            within ten years after ``today`` or before it.
        today: the day of receipt; the day of the call where none is given.

    Returns:
        The readings. A birth date that lies in the future is given as it stands and is not valid.
    """
    now = today or date.today()
    return tuple(_reading(text, written, birth, now) for written in _written(text))


def full_year(two_digits: int, *, birth: bool, today: date) -> int:
    """The year that two digits mean in the field."""
    year = today.year - today.year % 100 + two_digits
    latest = today.year if birth else today.year + _NEAR_FUTURE_YEARS
    return year - 100 if year > latest else year


def _reading(text: str, written: _Written, birth: bool, today: date) -> ValueReading:
    short = written.year < 100
    year = full_year(written.year, birth=birth, today=today) if short else written.year
    value = _date(year, written.month, written.day)
    if short and birth and value is not None and value > today:
        value = _date(year - 100, written.month, written.day)
    fit = written.fit - (0.05 if short else 0.0)
    valid = value is not None and not (birth and value > today) and value.year >= _OLDEST
    if value is None:
        fit -= 0.2
    span = text[written.start : written.end]
    return ValueReading(value, span, written.start, written.end, round(fit, 3), written.repaired, valid)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(text: str) -> Iterator[_Written]:
    """The best pattern for each span: earlier patterns are stricter, and no two readings overlap."""
    found: list[_Written] = []
    for pattern, fit in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            written = _parts(match, fit)
            if written is not None:
                found.append(written)
    return iter(sorted(found, key=lambda written: written.start))


def _parts(match: re.Match[str], fit: float) -> _Written | None:
    groups = match.groupdict()
    year, year_repaired = to_digits(groups["y"])
    day, day_repaired = to_digits(groups["d"])
    if groups.get("name"):
        month, month_repaired = str(_MONTHS.index(groups["name"][:3].upper()) + 1), False
    else:
        month, month_repaired = to_digits(groups["m"])
        if digit_count(match.group()) < 4:
            return None
    if int(month) > 19 or int(day) > 39:  # no shape of a date: more likely a code or a number
        return None
    repaired = year_repaired or day_repaired or month_repaired
    return _Written(match.start(), match.end(), int(year), int(month), int(day), fit - (0.15 if repaired else 0.0), repaired)
