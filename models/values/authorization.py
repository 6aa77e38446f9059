"""Authorization, referral and tracking numbers: letters and digits, mostly with a dash (``AUTH-9203536``, ``2509-281864``)."""

from __future__ import annotations

import re

from models.values.confusions import DASHES, digit_count
from models.values.kinds import ValueReading

_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]+(?:\s?[{DASHES}]\s?[0-9A-Za-z]+){{0,3}}(?![0-9A-Za-z])")
# Alone in its field: a reader puts a space where it misses a stroke.
_PARTED = re.compile(r"(\d{4,8})\s(\d{4,8})")
_NOT = re.compile(
    r"\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|(?:1-)?\d{3}-\d{3}-\d{4}|[A-Z]\d\d|\d{5}(?:-\d{4})?|\d{3}-\d{2}-\d{4}|\d{3}-\d{4}"
)
_SHORTEST, _LONGEST, _MIN_DIGITS = 5, 20, 4


def find_authorization_numbers(text: str) -> tuple[ValueReading, ...]:
    """All spans that can be a number of a request, and are no date, telephone number or postal code."""
    parted = _PARTED.fullmatch(text.strip())
    if parted is not None:
        start = text.index(parted.group())
        return (ValueReading(parted[1] + parted[2], parted.group(), start, start + len(parted.group()), 0.7, repaired=True),)
    return tuple(reading for match in _TOKEN.finditer(text) if (reading := _reading(match)) is not None)


def _reading(match: re.Match[str]) -> ValueReading | None:
    span = match.group()
    value = re.sub(rf"[{DASHES}]", "-", re.sub(r"\s", "", span)).upper()
    letters = value.replace("-", "")
    if not _SHORTEST <= len(letters) <= _LONGEST or digit_count(letters) < _MIN_DIGITS or _NOT.fullmatch(value):
        return None
    fit = 0.9 if len(letters) >= 7 else 0.6
    if digit_count(letters) * 2 < len(letters):
        fit -= 0.3
    return ValueReading(value, span, match.start(), match.end(), round(fit, 3))
