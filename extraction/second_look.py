"""A second look at doubtful values: the crop is read again, and what it says is one more piece of evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from extraction.confidence import judged
from extraction.fields import RequestReading
from models.evidence import SecondLook
from models.letters import letters_of
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
    "last_name": ValueKind.PERSON_NAME,
    "first_name": ValueKind.PERSON_NAME,
    "contact": ValueKind.PERSON_NAME,
    "name": ValueKind.PROVIDER_NAME,
    "facility": ValueKind.PROVIDER_NAME,
    "units": ValueKind.UNITS,
}
_CODES = {"diagnoses": ValueKind.ICD10, "services": ValueKind.PROCEDURE}
# Names have no shape to search for: the second look confirms their letters or does not.
_NAMES = frozenset({ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME})
HOPELESS = 0.02
"""What is less sure than this is lost, and a person has to read it whatever a second look says."""
_MARGIN = (0.006, 0.004)


def look_again(request: RequestReading, reread: Reread, today: date, doubt: Callable[[str], float]) -> RequestReading:
    """The request with its doubtful values read again.

    Where the two readings differ, the one that fits its kind better stands and the other is a candidate.

    Args:
        request: what was read.
        reread: reads a crop of a page again.
        today: the day of receipt; settles the century of two-digit years.
        doubt: the probability of an error from which a coordinator would be asked about a path; surer readings are not worth
            the time.
    """
    return replace(request, readings=tuple(_again(reading, reread, today, doubt(reading.path)) for reading in request.readings))


def _again(reading: FieldReading, reread: Reread, today: date, doubt: float) -> FieldReading:
    kind = _kind(reading.path)
    if kind is None or not reading.text or reading.method not in (Method.OCR, Method.HANDWRITING):
        return reading
    if not HOPELESS <= reading.confidence <= 1.0 - doubt:
        return reading
    words = reread(reading.page, reading.box.grown(*_MARGIN), kind.value)
    return judged(_confirmed(reading, words) if kind in _NAMES else _compared(reading, words, kind, today))


def _kind(path: str) -> ValueKind | None:
    group, _, name = path.partition(".")
    name = name.rsplit(".", 1)[-1]
    return _CODES.get(group) if name == "code" else _KINDS.get(name)


def _confirmed(reading: FieldReading, words: tuple[Word, ...]) -> FieldReading:
    if not words:
        return _seen(reading, SecondLook.NOTHING)
    same = letters_of(reading.text) in letters_of("".join(word.text for word in words))
    return _seen(reading, SecondLook.AGREED if same else SecondLook.DIFFERED, words)


def _compared(reading: FieldReading, words: tuple[Word, ...], kind: ValueKind, today: date) -> FieldReading:
    text = " ".join(word.text for word in words)
    found = find_values(kind, text, birth=reading.path.endswith("date_of_birth"), today=today)
    if not found:
        return _seen(reading, SecondLook.NOTHING, words)
    best = max(found, key=lambda r: (r.value == reading.value, r.valid, r.fit))
    if best.value == reading.value:
        return _seen(reading, SecondLook.AGREED, words)
    return _weighed(reading, best, words)


def _seen(reading: FieldReading, look: SecondLook, words: tuple[Word, ...] = ()) -> FieldReading:
    """The reading with what the second look said; how sure that was counts where it agreed."""
    witnessed = bool(words) and all(word.agreed for word in words)
    again = min((word.confidence for word in words), default=0.0)
    return replace(reading, evidence=replace(reading.evidence, second=look, witnessed=witnessed, again=again))


def _weighed(reading: FieldReading, other: ValueReading, words: tuple[Word, ...]) -> FieldReading:
    """The reading that fits better, with the other as a candidate."""
    own = reading.evidence
    if not own.empty and (other.valid, other.fit) <= (own.valid, own.fit):
        rival = Candidate(str(other.value), other.text, other.fit, reading.page, reading.box)
        return _seen(replace(reading, candidates=(rival, *reading.candidates)), SecondLook.DIFFERED, words)
    before = () if own.empty else (Candidate(str(reading.value), reading.text, own.fit, reading.page, reading.box),)
    evidence = replace(own, fit=other.fit, repaired=other.repaired, valid=other.valid, empty=other.value is None, switched=True)
    changed = replace(reading, value=other.value, text=other.text, candidates=(*before, *reading.candidates), evidence=evidence)
    return _seen(changed, SecondLook.DIFFERED, words)
