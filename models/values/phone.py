"""Telephone and fax numbers, in E.164 (``+18315550142``)."""

from __future__ import annotations

import re

from models.values.confusions import DASHES, DIGIT_CLASS, digit_count, to_digits
from models.values.kinds import ValueReading

_D = DIGIT_CLASS.replace("+", "")  # here a plus sign begins the number of a country
_GAP = rf"[ \t.{DASHES}/_)(:,><}}]{{0,4}}"
_THREE = rf"{_D}[ ]?{_D}[ ]?{_D}"
_NATIONAL = re.compile(
    rf"(?<![0-9A-Za-z])(?:\+?[1Il|]{_GAP})?[(\[{{]?{_GAP}"
    rf"(?P<number>{_THREE}{_GAP}{_THREE}{_GAP}{_THREE}[ ]?{_D})(?![0-9])"
)
_ABROAD = re.compile(r"\+(?!1)[0-9][0-9 ().\-]{6,18}[0-9]")
_LOCAL = re.compile(r"(?<![0-9\-.()/A-Za-z])\d{3}[\-.]\d{4}(?![0-9\-./])")
_USUAL = re.compile(r"(?:\+?1[ .\-]?)?(?:\(\d{3}\) ?|\d{3}[.\-])\d{3}[.\-]\d{4}")
_MIN_DIGITS = 7


def find_phones(text: str) -> tuple[ValueReading, ...]:
    """All numbers with an area code, numbers abroad that begin with a plus sign, and, without a value, local numbers.

    An extension is dropped. A number is valid when its length is possible for its country.
    """
    found = [_abroad(match) for match in _ABROAD.finditer(text)]
    if not found:
        found = [_national(m) for m in _NATIONAL.finditer(text) if digit_count(m.group("number")) >= _MIN_DIGITS]
    if not found:
        found = [ValueReading(None, m.group(), m.start(), m.end(), 0.3, valid=False) for m in _LOCAL.finditer(text)]
    return tuple(found)


def _national(match: re.Match[str]) -> ValueReading:
    span = match.group().strip(" \t")
    start = match.start() + match.group().index(span[0])
    digits, repaired = to_digits(match.group("number"))
    fit = 1.0 if _USUAL.fullmatch(span) else 0.85
    # The North American plan has no area code or exchange that begins with 0 or 1.
    if digits[0] in "01" or digits[3] in "01":
        fit -= 0.4
    elif not _is_assigned(f"+1{digits}"):
        fit -= 0.2
    if repaired:
        fit -= 0.15
    number = f"+1{digits}"
    return ValueReading(number, span, start, start + len(span), round(fit, 3), repaired, is_possible(number))


def _abroad(match: re.Match[str]) -> ValueReading:
    number = "+" + to_digits(match.group()[1:])[0]
    possible = is_possible(number)
    return ValueReading(number, match.group(), match.start(), match.end(), 0.8 if possible else 0.3, valid=possible)


def is_possible(number: str) -> bool:
    """Whether an E.164 number has a length that its country uses."""
    import phonenumbers  # noqa: PLC0415 - its tables cost a tenth of a second that most calls never need

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "US"))
    except phonenumbers.NumberParseException:
        return False


def _is_assigned(number: str) -> bool:
    """Whether the area code is one that is given out; new ones are added, so that this is a doubt and not a proof."""
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers.is_valid_number(phonenumbers.parse(number, "US"))
