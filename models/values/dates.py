"""Dates as they are written in the United States, read strictly: month before day, and nothing guessed.

Forms: ``2/17/2026``, ``02-17-26``, ``2.17.2026``, ``02172026`` and ``02 17 2026`` (comb fields), ``2026-02-17``, ``Feb 17, 2026``,
``17 Feb 2026``. A stroke that OCR took for a letter or a digit (``02l17/2026``, ``02/1712026``) is a separator where nothing else
makes a date, and so is one printed between places to write in (``12 101 1964``). A date that does not exist is reported with its
text and without a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from models.values.confusions import DASHES, DIGIT_CLASS, digit_count, to_digits
from models.values.kinds import ValueReading
from models.values.months import MONTHS, month_of

_NAME = (
    r"(?P<name>(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?))"
)
_C = DIGIT_CLASS
# The word between two dates may be read in one with either.
_START = r"(?:(?<=\d[Tt][Oo0])|(?<=\b[Tt][Oo])|(?<=[Tt][Hh][Rr][Uu])|(?<![0-9A-Za-z])(?<!\d[/.]))"
# A dash may lead on to the other end of a range, and to nothing else.
_END = r"(?:(?=[Tt](?:[Oo0]|[Hh][Rr][Uu])(?![A-Za-z]))|(?![0-9A-Za-z]|[/.]\d|-\d(?!\d?[/\-.]\d{1,2}[/\-.])))"
_NUMBERED_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_STROKE = rf"\s{{0,2}}[/{DASHES}.,\\]\s{{0,2}}"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_CENTURY_YEAR = rf"(?P<y>(?:1\s?9|2\s?0)\s?{_C}\s?{_C})"
_COMB_STROKE = r"\s*[|/lI]?\s*"
_MISREAD = r"[|lI!17\\]"

_MISREAD_NAME = r"(?P<misread>(?=[0-9]?[A-Z])[0-9A-Z]{3,9})"
_MISREAD_YEAR = rf"(?P<y>[12]{_C}{{3}}|\d{{2}})"

# Stricter patterns first: a span that one of them took is not read again.
_PATTERNS: tuple[tuple[str, float], ...] = (
    # Not the end of one date and the beginning of the next: 09-07-2026 - 12-05-2026.
    (r"(?<!\d-)(?P<y>[12]\d{3})\s?(?P<s>[\-/.])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<d>\d{1,2})(?![0-9])", 1.0),
    (rf"(?P<m>\d{{1,2}})(?P<s>[/\-.])(?P<d>\d{{1,2}})(?P=s){_YEAR}{_END}", 1.0),
    (rf"(?P<m>{_C}{{1,2}}){_STROKE}(?P<d>{_C}{{1,2}}){_STROKE}(?P<y>{_C}{{4}}|{_C}{{2}}){_END}", 0.9),
    # One of the two strokes lost or read as a colon, never both: 10:30:15 is a time.
    (rf"(?P<m>\d{{1,2}}){_STROKE}(?P<d>\d{{1,2}})\s?:\s?{_YEAR}{_END}", 0.7),
    (rf"(?P<m>\d{{1,2}})\s?:\s?(?P<d>\d{{1,2}}){_STROKE}{_YEAR}{_END}", 0.7),
    (rf"(?P<m>\d{{1,2}})[/\-.](?P<d>\d{{1,2}})\s{{1,2}}(?P<y>(?:19|20)\d{{2}}){_END}", 0.7),
    (rf"(?P<m>\d{{1,2}})\s{{1,2}}(?P<d>\d{{1,2}})[/\-.](?P<y>(?:19|20)\d{{2}}){_END}", 0.6),
    (rf"(?i:{_NAME}[.,]?\s{{0,2}}{_NUMBERED_DAY}[.,]?\s{{0,2}}(?P<y>\d{{4}})){_END}", 1.0),
    (rf"(?i:{_NAME}[.,]?\s{{0,2}}{_NUMBERED_DAY}[.,]\s{{0,2}}'?(?P<y>\d{{2}})){_END}", 0.8),
    (rf"(?i:{_NUMBERED_DAY}[\s\-/]{{0,2}}{_NAME}[.,\-/]?\s{{0,2}}{_YEAR}){_END}", 0.95),
    (rf"(?i:{_NUMBERED_DAY}[\s\-/]{{0,2}}{_MISREAD_NAME}[.,\-/]\s{{0,2}}{_MISREAD_YEAR}){_END}", 0.7),
    (rf"(?i:{_MISREAD_NAME}[.,]?\s{{1,2}}{_NUMBERED_DAY}[.,]\s{{0,2}}(?P<y>[12]{_C}{{3}})){_END}", 0.7),
    (rf"(?P<m>[01]?\d)\s{{1,3}}(?P<d>[0-3]?\d)\s{{1,3}}(?P<y>(?:19|20)\d{{2}}|\d{{2}}){_END}", 0.8),
    (rf"(?P<m>{_C}\s?{_C}){_COMB_STROKE}(?P<d>{_C}\s?{_C}){_COMB_STROKE}{_CENTURY_YEAR}{_END}", 0.75),
    (rf"(?P<m>\d{{1,2}})[|lI!](?P<d>\d{{1,2}})[|lI!](?P<y>(?:19|20)\d{{2}}){_END}", 0.7),
    (rf"(?P<m>\d{{1,2}})[|lI1]?/(?P<d>\d{{1,2}})[|lI1]?/(?P<y>(?:19|20)\d{{2}}){_END}", 0.65),
    (rf"(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){_MISREAD}(?P<y>(?:19|20)\d{{2}}){_END}", 0.7),
    (rf"(?P<m>\d{{1,2}}){_MISREAD}(?P<d>\d{{1,2}})/(?P<y>(?:19|20)\d{{2}}){_END}", 0.7),
    (rf"(?P<m>0[1-9]|1[0-2])[1l|I](?P<d>[0-3]\d)[1l|I](?P<y>(?:19|20)\d{{2}}){_END}", 0.45),
    # Printed strokes between three places to write in, read as a 1 that stands close to what is behind it.
    (
        rf"(?P<m>0[1-9]|1[0-2])\s{{1,3}}[1l|I!/]\s?(?P<d>[0-3]\d)(?:\s{{1,3}}[1l|I!/]?|[1l|I!/])\s?(?P<y>(?:19|20)\d{{2}}){_END}",
        0.6,
    ),
    (rf"(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)\s{{1,2}}{_YEAR}{_END}", 0.5),
    # All eight digits, and one of the two dashes: 03-271 948, 193411-01.
    (rf"(?<!\d-)(?P<m>0[1-9]|1[0-2])[/\-.](?P<d>[0-3]\d)(?P<y>(?:1 ?9|2 ?0) ?\d ?\d){_END}", 0.5),
    (rf"(?<!\d-)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)[/\-.](?P<y>(?:19|20)\d{{2}}){_END}", 0.5),
    (r"(?<!\d-)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?![0-9])", 0.5),
    (r"(?<!\d-)(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?![0-9])", 0.5),
    (rf"(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?P<y>\d{{2}}){_END}", 0.4),
)
_COMPILED = tuple((re.compile(_START + pattern), fit) for pattern, fit in _PATTERNS)
_OLDEST = 1900
_CENTURIES = (19, 20)
_NEAR_FUTURE_YEARS = 10
_UNEVEN = 0.4


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
    now = today or datetime.now(tz=UTC).date()
    return tuple(_reading(text, written, now, birth=birth) for written in _all_written(text))


def full_year(two_digits: int, *, birth: bool, today: date) -> int:
    """The year that two digits mean in the field."""
    year = today.year - today.year % 100 + two_digits
    latest = today.year if birth else today.year + _NEAR_FUTURE_YEARS
    return year - 100 if year > latest else year


def _reading(text: str, written: _Written, today: date, *, birth: bool) -> ValueReading:
    short = written.year < 100
    year = full_year(written.year, birth=birth, today=today) if short else written.year
    value = _date(year, written.month, written.day)
    if short and birth and value is not None and value > today:
        value = _date(year - 100, written.month, written.day)
    fit = written.fit - (0.05 if short else 0.0) - (0.2 if value is None else 0.0)
    if 0 in (written.month, written.day):  # nobody writes a day 0: a digit was lost
        fit = 0.2
    if short and written.year in _CENTURIES:  # 10/02/19 may be what was left of 10/02/1997
        fit -= 0.5
    valid = value is not None and not (birth and value > today)
    span = text[written.start : written.end]
    return ValueReading(value, span, written.start, written.end, round(fit, 3), written.repaired, valid)


def _date(year: int, month: int, day: int) -> date | None:
    if year < _OLDEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _all_written(text: str) -> list[_Written]:
    found: list[_Written] = []
    for pattern, fit in _COMPILED:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            written = _parts(match, fit)
            if written is not None:
                found.append(written)
    return sorted(found, key=lambda written: written.start)


def _parts(match: re.Match[str], fit: float) -> _Written | None:
    """The parts as numbers; ``None`` for what has too few digits, or parts that no misread date would have."""
    groups = match.groupdict()
    year, year_repaired = to_digits(groups["y"])
    day, day_repaired = to_digits(groups["d"])
    if groups.get("name"):
        month, month_repaired = str(MONTHS.index(groups["name"][:3].upper()) + 1), False
    elif groups.get("misread"):
        number = month_of(groups["misread"])
        if number is None:
            return None
        month, month_repaired = str(number), True
    else:
        month, month_repaired = to_digits(groups["m"])
        if digit_count(match.group()) < 4:
            return None
    if int(month) > 19 or int(day) > 39:
        return None
    repaired = year_repaired or day_repaired or month_repaired
    fit -= 0.15 if repaired else 0.0
    if "m" in groups and _is_uneven(month, day):
        fit -= _UNEVEN
    return _Written(match.start(), match.end(), int(year), int(month), int(day), fit, repaired)


def _is_uneven(month: str, day: str) -> bool:
    """Whether only one of them is filled up to two digits (05/2/2026): who does it does both, so that a digit was lost."""
    return (month.startswith("0") and len(month) > len(day)) or (day.startswith("0") and len(day) > len(month))
