"""How many units, visits or days are asked for."""

from __future__ import annotations

import re

from models.values.confusions import to_digits
from models.values.kinds import ValueReading

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
_UNIT = r"(?:units?|visits?|sessions?|days?|hours?|hrs?|doses?|treatments?|items?|each|ea|injections?|tests?|boxes|box|mg|months?|pairs?)"
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9OolI|SZB]{1,6})(?:\.0{1,2})?"
_FOUND = re.compile(
    rf"(?<![0-9A-Za-z./\-])(?P<lead>[xX×#]\s?|(?:qty|quantity|units?|visits?)\.?\s?[:#=]?\s?)?(?P<number>{_NUMBER})"
    rf"(?![0-9A-Za-z/%\-]|\.\d)(?P<tail>\s?(?:additional |more |total |approved |requested )?{_UNIT}\b)?(?:\s?[xX](?![0-9A-Za-z]))?",
    re.IGNORECASE,
)
_SPELLED = re.compile(rf"\b({'|'.join(_WORDS)})\b(?P<tail>\s(?:\(\d+\)\s)?(?:additional |more )?{_UNIT}\b)?", re.IGNORECASE)
_MOST = 9999


def find_units(text: str) -> tuple[ValueReading, ...]:
    """All whole numbers that can be a quantity; a number with a word of quantity beside it fits better than a bare one."""
    found = [reading for match in _FOUND.finditer(text) if (reading := _reading(match, text)) is not None]
    if not found:
        found = [_spelled(match) for match in _SPELLED.finditer(text)]
    return tuple(found)


def _reading(match: re.Match[str], text: str) -> ValueReading | None:
    written = match.group("number").split(".")[0].replace(",", "")
    digits, repaired = to_digits(written)
    if len(digits) != len(written) or (repaired and not match.group("lead") and not _stands_alone(match, text)):
        return None
    number = int(digits)
    fit = 1.0 if _stands_alone(match, text) else 0.4
    if match.group("lead") or match.group("tail"):
        fit = 0.95
    if repaired:
        fit -= 0.25
    if number > _MOST:
        fit = 0.1
    value = number if number > 0 else None
    return ValueReading(value, match.group(), match.start(), match.end(), round(fit, 3), repaired, value is not None)


def _stands_alone(match: re.Match[str], text: str) -> bool:
    return text.strip(" .:;,_()") == match.group().strip(" .:;,_()")


def _spelled(match: re.Match[str]) -> ValueReading:
    return ValueReading(_WORDS[match.group(1).lower()], match.group(), match.start(), match.end(), 0.8 if match.group("tail") else 0.3)
