"""A value found in a passage, as a reading with its evidence."""

from __future__ import annotations

from dataclasses import replace

from extraction.evidence import of_words
from extraction.prose.text import Passage
from models.evidence import Evidence, Origin
from models.reading import FieldReading, FieldValue
from models.values import ValueReading


def reading(path: str, passage: Passage, span: tuple[int, int], value: FieldValue, evidence: float) -> FieldReading:
    """The reading of ``passage.text[span]``; ``evidence`` (0..1) is weighed with how surely the words were read."""
    start, end = span
    return FieldReading(
        path=path,
        text=passage.text[start:end],
        value=value,
        confidence=evidence * passage.confidence(start, end),
        page=passage.page,
        box=passage.box(start, end),
        method=passage.method(start, end),
        evidence=of_words(passage.words_at(start, end), Evidence(Origin.PROSE, place=evidence)),
    )


def value_reading(path: str, passage: Passage, found: ValueReading, evidence: float, offset: int = 0) -> FieldReading:
    """The reading of a typed value that was found ``offset`` letters into the passage."""
    weight = evidence * (0.5 + 0.5 * found.fit) * (1.0 if found.valid else 0.6)
    plain = reading(path, passage, (found.start + offset, found.end + offset), found.value, weight)
    seen = replace(plain.evidence, place=evidence, fit=found.fit, repaired=found.repaired, valid=found.valid)
    return replace(plain, evidence=seen)
