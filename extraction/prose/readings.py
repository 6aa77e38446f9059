"""A value found in a passage, as a reading with its evidence."""

from __future__ import annotations

from extraction.prose.text import Passage
from models.reading import FieldReading, FieldValue
from models.values import ValueReading

_DOUBT = 0.5
"""Confidence below which a person should look."""


def reading(path: str, passage: Passage, span: tuple[int, int], value: FieldValue, evidence: float) -> FieldReading:
    """The reading of ``passage.text[span]``; ``evidence`` (0..1) is weighed with how surely the words were read."""
    start, end = span
    confidence = round(evidence * passage.confidence(start, end), 3)
    return FieldReading(
        path=path,
        text=passage.text[start:end],
        value=value,
        confidence=confidence,
        page=passage.page,
        box=passage.box(start, end),
        method=passage.method(start, end),
        needs_review=confidence < _DOUBT,
    )


def value_reading(path: str, passage: Passage, found: ValueReading, evidence: float, offset: int = 0) -> FieldReading:
    """The reading of a typed value that was found ``offset`` letters into the passage."""
    weight = evidence * (0.5 + 0.5 * found.fit) * (1.0 if found.valid else 0.6)
    return reading(path, passage, (found.start + offset, found.end + offset), found.value, weight)
