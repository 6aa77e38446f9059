"""What two readings of one text have in common."""

from __future__ import annotations


def letters_of(text: str) -> str:
    """The letters and digits of a text, case apart: what two readings must share to say the same."""
    return "".join(c for c in text.casefold() if c.isalnum())
