"""What is wrong with a row that is to be imported: where, and in our own words. No value of a row is ever told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be taken.

    ``place`` is where it begins, such as ``line 12`` or ``segment 57``; ``column`` is our name of the column, or an element such as
    ``DTP03``.
    """

    place: str
    column: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}, {self.column}: {self.why}"


class BrokenCell(ValueError):
    """A cell that is not what its column asks for; the message is ours and holds no value."""


class BrokenFile(Exception):
    """A file that cannot be gone on with. The message names places and no values."""
