"""Free text: one span, with its spaces and edges made clean."""

from __future__ import annotations

from models.values.kinds import ValueReading

_EDGES = " \t\r\n_:;|"


def find_text(text: str) -> tuple[ValueReading, ...]:
    """The whole text where it holds a letter or digit."""
    span = text.strip(_EDGES)
    if not any(character.isalnum() for character in span):
        return ()
    start = text.index(span)
    return (ValueReading(" ".join(span.split()), span, start, start + len(span), 1.0),)
