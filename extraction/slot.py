"""One place on the page where the value of a label may stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.geometry import Box
from models.page import Word


class Direction(StrEnum):
    """Where a slot lies, seen from its label."""

    IN_CELL = "in_cell"
    NEXT_CELL = "next_cell"
    BOX_BELOW = "box_below"
    RIGHT = "right"
    BOX_ABOVE = "box_above"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a value and the words in it (maybe none), in reading order."""

    direction: Direction
    area: Box
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with one space between them, line after line."""
        return " ".join(word.text for word in self.words)
