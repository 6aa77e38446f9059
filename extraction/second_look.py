"""A second look at doubtful and critical values: the crop is read again, and both readings are weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.fields import RequestReading
from extraction.review import asks_for_review
from models.page import Method, Word
from models.protocols import Reread
from models.reading import Candidate, FieldReading
from models.values import ValueKind, ValueReading, find_values

_KINDS = {
    "npi": ValueKind.NPI,
    "tin": ValueKind.TIN,
    "phone": ValueKind.PHONE,
    "fax": ValueKind.PHONE,
    "member_id": ValueKind.MEMBER_ID,
    "date_of_birth": ValueKind.DATE,
    "requested_on": ValueKind.DATE,
    "from_date": ValueKind.DATE,
    "to_date": ValueKind.DATE,
    "authorization_number": ValueKind.AUTHORIZATION_NUMBER,
}
_CODES = {"diagnoses": ValueKind.ICD10, "services": ValueKind.PROCEDURE}
# Readings surer than this are not worth the time.
_SURE = 0.93
_AGREED = 0.6
_DISAGREED = 0.7
_MARGIN = (0.006, 0.004)


def look_again(request: RequestReading, reread: Reread, today: date) -> RequestReading:
    """The request with its doubtful values read again.

    Agreement of the two readings halves the doubt. Where they differ, the one that fits its kind better stands, the other is a
    candidate, and a coordinator is asked.
    """
    return replace(request, readings=tuple(_again(reading, reread, today) for reading in request.readings))


def _again(reading: FieldReading, reread: Reread, today: date) -> FieldReading:
    kind = _kind(reading.path)
    if kind is None or reading.method not in (Method.OCR, Method.HANDWRITING) or reading.confidence >= _SURE:
        return reading
    words = reread(reading.page, reading.box.grown(*_MARGIN), kind.value)
    text = " ".join(word.text for word in words)
    found = find_values(kind, text, birth=reading.path.endswith("date_of_birth"), today=today)
    if not found:
        return reading
    best = max(found, key=lambda r: (r.valid, r.fit))
    if best.value == reading.value:
        return _agreed(reading)
    return _weighed(reading, best, words, kind, today)


def _kind(path: str) -> ValueKind | None:
    group, _, name = path.partition(".")
    name = name.rsplit(".", 1)[-1]
    return _CODES.get(group) if name == "code" else _KINDS.get(name)


def _agreed(reading: FieldReading) -> FieldReading:
    confidence = 1.0 - _AGREED * (1.0 - reading.confidence)
    return _with_confidence(reading, confidence)


def _with_confidence(reading: FieldReading, confidence: float) -> FieldReading:
    review = asks_for_review(reading.path, reading.value, confidence, reading.method)
    return replace(reading, confidence=confidence, needs_review=review)


def _weighed(reading: FieldReading, other: ValueReading, words: tuple[Word, ...], kind: ValueKind, today: date) -> FieldReading:
    """The reading that fits better, with the other as a candidate; always a doubt."""
    own = _own_fit(reading, kind, today)
    if (other.valid, other.fit) <= own:
        rival = Candidate(str(other.value), other.text, other.fit, reading.page, reading.box)
        changed = replace(reading, candidates=(rival, *reading.candidates), confidence=reading.confidence * _DISAGREED)
        return replace(changed, needs_review=True)
    sure = min((word.confidence for word in words), default=0.5)
    before = (Candidate(str(reading.value), reading.text, own[1], reading.page, reading.box),) if reading.value is not None else ()
    confidence = min(sure, 0.9) * _DISAGREED if before else min(sure, 0.9)
    return replace(
        reading,
        value=other.value,
        text=other.text,
        confidence=confidence,
        needs_review=bool(before) or asks_for_review(reading.path, other.value, confidence, reading.method),
        candidates=(*before, *reading.candidates),
    )


def _own_fit(reading: FieldReading, kind: ValueKind, today: date) -> tuple[bool, float]:
    found = find_values(kind, reading.text, birth=reading.path.endswith("date_of_birth"), today=today)
    return max(((r.valid, r.fit) for r in found), default=(False, 0.0))
