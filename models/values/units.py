"""How many units, visits or days are asked for."""

from __future__ import annotations

import re

from models.values.confusions import digit_count, to_digits
from models.values.kinds import ValueReading

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
_UNIT = (
    r"(?:units?|visits?|sessions?|days?|hours?|hrs?|doses?|treatments?|items?"
    r"|each|ea|injections?|tests?|box(?:es)?|mg|months?|pairs?)\b"
)
_BETWEEN = r"\s?(?:(?:additional|more|total|approved|requested)\s)?"
_LEAD = r"(?:[x\u00d7#]\s?|\b(?:qty|quantity|units?|visits?)\b\.?\s?[:#=]?\s?)"
_NUMBER = r"(?-i:[0-9]{1,3}(?:,[0-9]{3})+|[0-9OolI|SZB]{1,6})(?:\.0{1,2})?"
_FOUND = re.compile(
    rf"(?:(?<![0-9A-Za-z./\-])|(?<=\d{{4}}[0-9FTUM])(?=x))(?P<lead>{_LEAD})?(?P<number>{_NUMBER})(?![0-9A-Za-z/%\-]|\.\d|\s?x\s?/)"
    rf"(?P<tail>{_BETWEEN}{_UNIT})?(?:\s?x(?!\s?[0-9a-z]))?",
    re.IGNORECASE,
)
_SPELLED = re.compile(rf"\b({'|'.join(_WORDS)})\b(?:\s\(\d+\))?(?P<tail>{_BETWEEN}{_UNIT})?", re.IGNORECASE)
_EDGES = " .:;,_()"
_MOST = 9999


def find_units(text: str) -> tuple[ValueReading, ...]:
    """All whole numbers that can be a quantity; a number with a word of quantity beside it fits better than a bare one."""
    found = [reading for match in _FOUND.finditer(text) if (reading := _reading(match, text)) is not None]
    if not any(reading.fit > 0.5 for reading in found):
        found = found or [_spelled(match) for match in _SPELLED.finditer(text)]
    return tuple(found)


def _reading(match: re.Match[str], text: str) -> ValueReading | None:
    written = match.group("number").split(".")[0].replace(",", "")
    digits, repaired = to_digits(written)
    alone = text.strip(_EDGES) == match.group().strip(_EDGES)
    marked = bool(match.group("lead") or match.group("tail"))
    if (repaired and not (alone or (marked and digit_count(written)))) or (len(digits) > 4 and not (alone or marked)):
        return None
    number = int(digits)
    fit = 1.0 if alone else 0.95 if marked else 0.4
    if repaired:
        fit -= 0.25
    if number > _MOST:
        fit = 0.1
    value = number if number > 0 else None
    return ValueReading(value, match.group(), match.start(), match.end(), round(fit, 3), repaired, value is not None)


def _spelled(match: re.Match[str]) -> ValueReading:
    fit = 0.8 if match.group("tail") else 0.3
    return ValueReading(_WORDS[match.group(1).lower()], match.group(), match.start(), match.end(), fit)
