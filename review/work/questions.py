"""What a person is asked about a record, in the order in which it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.record import Gap, Reading, ReferralRecord, Severity
from review.work.fields import LISTS, sections


class QuestionKind(StrEnum):
    """A doubtful reading, or a gap that keeps the request from going on, or one that does not."""

    DOUBT = "doubt"
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle. ``path`` may name a whole list (``services``): is there a row that was not read?"""

    path: str
    kind: QuestionKind
    message: str
    reading: Reading | None = None


_DOUBT = "Read, and not surely right."
_BLANK = "Nothing was read here, and something may stand there."
_ROW = "A row may have been missed."


def questions(record: ReferralRecord) -> tuple[Question, ...]:
    """What has to be settled: what is doubtful and what blocks, as the fields stand in the record; the warnings after them."""
    gaps: dict[str, list[Gap]] = {}
    for gap in record.gaps:
        gaps.setdefault(gap.field, []).append(gap)
    asked: list[Question] = []
    warned: list[Question] = []
    for path in _order(record, gaps):
        reading = record.readings.get(path)
        for gap in gaps.get(path, ()):
            one = Question(path, QuestionKind(gap.severity.value), gap.message, reading)
            (asked if gap.severity is Severity.BLOCKING else warned).append(one)
        if reading is not None and reading.needs_review and not any(one.path == path for one in asked):
            asked.append(Question(path, QuestionKind.DOUBT, _why(path, reading), reading))
    return (*asked, *warned)


def _why(path: str, reading: Reading) -> str:
    if path in LISTS:
        return _ROW
    return _DOUBT if reading.text.strip() else _BLANK


def _order(record: ReferralRecord, gaps: dict[str, list[Gap]]) -> tuple[str, ...]:
    """All paths that may be asked about: those of the fields in their order, a list before its rows, then whatever is left."""
    known: list[str] = []
    for section in sections(record):
        if section.row is not None and section.name not in known:
            known.append(section.name)
        known += [field.path for field in section.fields]
    present = dict.fromkeys([*known, *LISTS])
    rest = [path for path in (*gaps, *record.readings) if path not in present]
    return (*present, *dict.fromkeys(rest))
