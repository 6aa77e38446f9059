"""Sex as the record writes it: F, M or X."""

from __future__ import annotations

import re

from models.values.kinds import ValueReading

_WORDS = {
    "F": "F", "FEMALE": "F", "FEM": "F", "WOMAN": "F", "GIRL": "F",
    "M": "M", "MALE": "M", "MAN": "M", "BOY": "M",
    "X": "X", "NONBINARY": "X", "NON-BINARY": "X",
}  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?")


def find_sexes(text: str) -> tuple[ValueReading, ...]:
    """All words that name a sex; a whole word fits better than a single letter."""
    found: list[ValueReading] = []
    for match in _TOKEN.finditer(text):
        value = _WORDS.get(match.group().upper())
        if value:
            alone = text.strip(" .:;,()[]").upper() == match.group().upper()
            fit = 1.0 if alone else (0.9 if len(match.group()) > 2 else 0.5)
            found.append(ValueReading(value, match.group(), match.start(), match.end(), fit))
    return tuple(found)
