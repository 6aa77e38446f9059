"""What a person is asked about a record, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.circumstances import Link, Notice, NoticeSeverity
from models.link_answers import TOPIC_OF_NOTICE, topic_of
from models.notices import PATH
from models.record import Gap, Reading, ReferralRecord, Severity
from review.work.fields import LISTS, sections
from validation.fields import is_absent, value_at


class QuestionKind(StrEnum):
    """A doubtful reading, a gap that keeps the request from going on, or one that does not, or a notice to look at."""

    DOUBT = "doubt"
    NOTICE = "notice"
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle. ``path`` may name a whole list (``services``): is there a row that was not read?

    ``rule`` and ``source`` say which rule asks, and where it stands. ``link`` is what a question is about that is answered by yes
    or no: is it that request?
    """

    path: str
    kind: QuestionKind
    message: str
    reading: Reading | None = None
    rule: str | None = None
    source: str | None = None
    link: Link | None = None


_DOUBT = "Read, and not surely right."
_BLANK = "Nothing was read here, and something may stand there."
_ROW = "A row may have been missed."


def questions(record: ReferralRecord) -> tuple[Question, ...]:
    """What has to be settled: notices, then what is doubtful and what blocks, as the fields stand; the warnings after them."""
    gaps: dict[str, list[Gap]] = {}
    for gap in record.gaps:
        gaps.setdefault(gap.field, []).append(gap)
    asked = list(_of_notices(record))
    warned: list[Question] = []
    for path in _order(record, gaps):
        reading = record.readings.get(path)
        for gap in gaps.get(path, ()):
            one = Question(path, QuestionKind(gap.severity.value), gap.message, reading, gap.rule, gap.source)
            (asked if gap.severity is Severity.BLOCKING else warned).append(one)
        if reading is not None and reading.needs_review and not any(one.path == path for one in asked):
            asked.append(Question(path, QuestionKind.DOUBT, _why(record, path, reading), reading))
    return (*asked, *warned)


def _of_notices(record: ReferralRecord) -> Iterator[Question]:
    unsure = {
        code: [one for one in record.related.links if topic_of(one) is topic and not one.sure]
        for code, topic in TOPIC_OF_NOTICE.items()
    }
    for notice in open_notices(record):
        # Of several such notices each is about the next link.
        links = unsure.get(notice.code)
        link = links.pop(0) if links else None
        path = f"{PATH}.{notice.code}"
        yield Question(path, QuestionKind.NOTICE, notice.message, rule=notice.rule, source=notice.source, link=link)


def open_notices(record: ReferralRecord) -> tuple[Notice, ...]:
    """The notices that somebody has to look at, and that nobody has."""
    return tuple(one for one in record.notices if one.severity is NoticeSeverity.ASK and one.settled_by is None)


def _why(record: ReferralRecord, path: str, reading: Reading) -> str:
    if path in LISTS:
        return _ROW
    # A kind, for one, may follow from the form's title, with no text of its own.
    return _DOUBT if reading.text.strip() or not is_absent(value_at(record, path)) else _BLANK


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
