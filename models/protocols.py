"""What one stage may ask of another without importing it."""

from __future__ import annotations

from typing import Protocol

from models.geometry import Box
from models.page import Word


class Reread(Protocol):
    """A second look at a crop, by the engine that suits the kind of value."""

    def __call__(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
        """Read the crop again.

        Args:
            page: 1-based page of the source.
            box: where to look, in fractions of the upright page.
            kind: the value kind expected there (a name of ``models.values.ValueKind``), which sets the alphabet.

        Returns:
            The words read, left to right and top to bottom; empty when there is nothing to read or no engine to ask.
        """
        ...


def no_reread(page: int, box: Box, kind: str) -> tuple[Word, ...]:
    """The answer of a page that cannot be looked at again, such as a text layer."""
    del page, box, kind
    return ()
