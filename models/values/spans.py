"""Texts whose characters were set apart, as a comb field (one character a box) gives them.

The spaces between the boxes come as spaces, or their printed walls as strokes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACED = re.compile(r"\s*(?:\S\s+){3,}\S\s*")
_WALLED = re.compile(r"\s*\|?\s*(?:[^\s|]\s*\|\s*){3,}[^\s|]?\s*\|?\s*")


@dataclass(frozen=True, slots=True)
class Closed:
    """A text without the spaces between its characters, and where each character stood."""

    text: str
    places: tuple[int, ...]


def close_comb(text: str) -> Closed | None:
    """The text with its characters closed up, where all of them stand alone; else ``None``."""
    if _SPACED.fullmatch(text):
        between = ""
    elif _WALLED.fullmatch(text):
        between = "|"
    else:
        return None
    places = tuple(place for place, character in enumerate(text) if not character.isspace() and character != between)
    return Closed("".join(text[place] for place in places), places)
