"""Why values came out wrong, as far as a record and its label tell; the commonest errors with their cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from intake.evaluation.marks import Mark, Outcome, Part
from intake.evaluation.score import ScoredDocument, ScoredRequest
from models.record import GapReason, ReferralRecord, without_positions

# Two misread letters in five still tell that the right place was read; other values of a kind differ in more.
_MISREAD_SHARE = 0.4
_FEWEST_SHARED = 3


class Cause(StrEnum):
    """Why a value is not what the label says; the value is the cause in words."""

    NO_RECORD = "the request was not found at all"
    TAKEN = "a value that stands elsewhere on the document was taken for it"
    CUT = "cut short, or joined to what stands beside it"
    MISREAD = "single characters misread"
    OTHER = "another value was given that the label has nowhere"
    FROM_BLANK = "given though the form leaves it blank"
    ILLEGIBLE = "not given, and said to be illegible"
    TOLD_MISSING = "not given, and said to be missing"
    NOT_FOUND = "not given"


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """Errors of one field that have one cause; ``silent`` are those that neither a flag nor a gap points at."""

    path: str
    cause: Cause
    count: int
    silent: int


def commonest_errors(documents: Iterable[ScoredDocument], most: int = 10) -> tuple[ErrorClass, ...]:
    """The classes with most errors, largest first; fields and changes count, as in the micro F1."""
    counts: Counter[tuple[str, Cause]] = Counter()
    silent: Counter[tuple[str, Cause]] = Counter()
    for document in documents:
        for mark, cause in _errors(document):
            counts[mark.path, cause] += 1
            silent[mark.path, cause] += mark.silent
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    return tuple(ErrorClass(path, cause, counts[path, cause], silent[path, cause]) for path, cause in ranked[:most])


def _errors(document: ScoredDocument) -> Iterator[tuple[Mark, Cause]]:
    stated = {(mark.path, mark.wanted) for request in document.requests for mark in request.marks if mark.wanted is not None}
    for request in document.requests:
        for mark in request.marks:
            if mark.part in (Part.FIELD, Part.AMENDMENT) and not mark.right:
                yield mark, _cause(mark, request, {value for path, value in stated if path != mark.path or value != mark.wanted})


def _cause(mark: Mark, request: ScoredRequest, elsewhere: set[str | None]) -> Cause:
    if request.record is None:
        return Cause.NO_RECORD
    if mark.outcome is Outcome.MISSED:
        return _cause_of_absence(mark, request.record)
    given, wanted = mark.given or "", mark.wanted or ""
    if given in elsewhere and len(given) >= _FEWEST_SHARED:
        return Cause.TAKEN
    if mark.outcome is Outcome.INVENTED:
        return Cause.FROM_BLANK
    if min(len(given), len(wanted)) >= _FEWEST_SHARED and (given in wanted or wanted in given):
        return Cause.CUT
    near = Levenshtein.distance(given, wanted) <= _MISREAD_SHARE * max(len(given), len(wanted))
    return Cause.MISREAD if near else Cause.OTHER


def _cause_of_absence(mark: Mark, record: ReferralRecord) -> Cause:
    group = mark.path.partition(".")[0]
    reasons = {gap.reason for gap in record.gaps if without_positions(gap.field) in (mark.path, group)}
    if GapReason.ILLEGIBLE in reasons:
        return Cause.ILLEGIBLE
    return Cause.TOLD_MISSING if GapReason.MISSING in reasons else Cause.NOT_FOUND
