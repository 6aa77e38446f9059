"""Taxpayer identification number: nine digits without a check digit, written ``12-3456789``."""

from __future__ import annotations

import re

from models.values.confusions import DASHES, DIGIT_CLASS, digit_count, to_digits
from models.values.kinds import ValueReading

_GAP = rf"[ \t.{DASHES}_]{{0,3}}"
_NINE = re.compile(rf"(?<![0-9A-Za-z])(?:{DIGIT_CLASS}{_GAP}){{8}}{DIGIT_CLASS}(?![0-9A-Za-z])")
_USUAL = re.compile(rf"\d{{2}}[{DASHES}]\d{{7}}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_MIN_DIGITS = 5
# Prefixes that the IRS has not given out ("How EINs are assigned and valid EIN prefixes", irs.gov); a doubt, not a proof.
_NO_PREFIX = frozenset({"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"})


def find_tins(text: str) -> tuple[ValueReading, ...]:
    """All spans of nine digits; the dash is put where it belongs."""
    return tuple(_reading(match) for match in _NINE.finditer(text) if digit_count(match.group()) >= _MIN_DIGITS)


def _reading(match: re.Match[str]) -> ValueReading:
    span = match.group()
    digits, repaired = to_digits(span)
    if _USUAL.fullmatch(span):
        fit = 1.0
    elif span.isdigit():
        fit = 0.85
    else:
        fit = 0.6 if _SSN.fullmatch(span) else 0.75
    if digits[:2] in _NO_PREFIX:
        fit -= 0.2
    if repaired:
        fit -= 0.1
    return ValueReading(f"{digits[:2]}-{digits[2:]}", span, match.start(), match.end(), round(fit, 3), repaired)
