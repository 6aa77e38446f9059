"""From what was found on a page to the readings of fields."""

from __future__ import annotations

from extraction.choice import Choice
from extraction.cited import Cited
from extraction.evidence import of_cited, of_words
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import Method
from models.reading import Candidate, FieldReading, FieldValue


def reading_of(path: str, cited: Cited, value: FieldValue = None, rivals: tuple[Candidate, ...] = ()) -> FieldReading:
    """A cited value as the reading of a field; ``value`` replaces the cited one where a part of it is meant."""
    return FieldReading(
        path=path,
        text=cited.text,
        value=cited.value if value is None else value,
        confidence=cited.place,
        page=cited.page,
        box=cited.box,
        method=cited.words[0].method,
        candidates=rivals,
        evidence=of_cited(cited),
    )


def choice_reading(choice: Choice, value: str | None) -> FieldReading:
    """What the check-boxes of a field say, as a reading with the given value."""
    shown = choice.ticked or choice.options
    first = next((o for o in shown if o.value == choice.value), shown[0])
    word = next((word for word in first.words), None)
    box = Box.around((first.box.box, *(word.box for word in first.words)))
    text = " ".join(option.text for option in shown)
    seen = Evidence(Origin.CHOICE, place=min(option.box.confidence for option in shown), ambiguous=choice.doubtful)
    evidence = of_words(first.words, seen)
    return FieldReading(
        choice.path, text, value, seen.place, first.page, box, word.method if word else Method.OCR, evidence=evidence
    )
