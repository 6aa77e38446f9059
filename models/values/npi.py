"""National Provider Identifier: ten digits, the first 1 or 2, the last a check digit by Luhn over ``80840`` and the number.

Source: 45 CFR 162.406 and the CMS check digit notice (ISO/IEC 7812 prefix 80840).
"""

from __future__ import annotations

import re

from models.values.confusions import DIGIT_CLASS, digit_count, to_digits
from models.values.kinds import ValueReading

_GAP = r"[ \t.\-_,:']{0,3}"
_TEN = re.compile(rf"(?<![0-9A-Za-z])(?:{DIGIT_CLASS}{_GAP}){{9}}{DIGIT_CLASS}(?![0-9A-Za-z])")
_PHONE_SHAPE = re.compile(r"\(?\d{3}\)?[ .\-]+\d{3}[ .\-]+\d{4}")
_NEAR = re.compile(r"(?<![0-9A-Za-z])[12][0-9]{7,8}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[12][0-9]{10}(?![0-9A-Za-z])")
_MIN_DIGITS = 6
# Written by hand, a 1 looks like a 7 or 4 and a 2 like a 7 or 3.
_MISREAD_FIRST = {"3": "2", "4": "1", "7": "12"}


def has_check_digit(npi: str) -> bool:
    """Whether ten digits are an NPI: first digit 1 or 2, and the check digit holds."""
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()) or npi[0] not in "12":
        return False
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(npi)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def find_npis(text: str) -> tuple[ValueReading, ...]:
    """All spans of ten digits, with gaps and misread letters.

    A letter is repaired where it is a known confusion of one digit. A digit is never changed, because any bad number has ten
    one-digit repairs that pass; but a first digit that no NPI has is taken for the 1 or 2 that the check digit bears out. A number
    that fails its check digit stands as read and is not valid. Where there is no span of ten, a number of one or two digits less
    or one more is reported without a value: something stands there that is no NPI.
    """
    found = tuple(_reading(match) for match in _TEN.finditer(text) if digit_count(match.group()) >= _MIN_DIGITS)
    if found:
        return found
    return tuple(ValueReading(None, m.group(), m.start(), m.end(), 0.25, valid=False) for m in _NEAR.finditer(text))


def _first_digit(digits: str) -> str | None:
    """What a first digit that no NPI has was meant to be, where the check digit bears it out."""
    return next((first for first in _MISREAD_FIRST.get(digits[0], "") if has_check_digit(first + digits[1:])), None)


def _reading(match: re.Match[str]) -> ValueReading:
    span = match.group()
    digits, repaired = to_digits(span)
    first = _first_digit(digits)
    if first is not None and not _PHONE_SHAPE.fullmatch(span):
        return ValueReading(first + digits[1:], span, match.start(), match.end(), 0.75, repaired=True)
    valid = has_check_digit(digits)
    fit = 1.0 if valid else 0.6
    if digits[0] not in "12":
        fit = 0.3
    if not valid and _PHONE_SHAPE.fullmatch(span):
        fit = min(fit, 0.2)
    if repaired:
        fit -= 0.1
    return ValueReading(digits, span, match.start(), match.end(), round(fit, 3), repaired, valid)
