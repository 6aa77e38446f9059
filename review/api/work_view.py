"""A record as the person who works on it sees it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import documents
from review.access.actor import Actor
from review.api.models import Held
from review.api.work_models import AskedOf, Hint, SectionShown, Sibling, Work, WorkPage
from review.services import DeskServices, Pages
from review.work.entries import entry
from review.work.fields import LISTS, Choice, row_section, sections
from review.work.working import Opened
from validation.fields import is_absent, value_at

_MOST_SIZES = 2_000


class PageSizes:
    """The sizes of pages that were looked at lately, so that an edit opens no image. Those of a revision stay as they are."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._known: OrderedDict[tuple[str, int], tuple[tuple[int, int, int], ...]] = OrderedDict()
        self._lock = Lock()

    def of(self, document_id: str, revision: int) -> tuple[tuple[int, int, int], ...]:
        """Number, width and height of each page there is to look at."""
        key = (document_id, revision)
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        looked = (self._pages.page(document_id, number + 1) for number in range(self._pages.count(document_id)))
        found = tuple((page.number, page.width, page.height) for page in looked if page is not None)
        if found:
            with self._lock:
                self._known[key] = found
                while len(self._known) > _MOST_SIZES:
                    self._known.popitem(last=False)
        return found


def work_of(session: Session, services: DeskServices, sizes: PageSizes, actor: Actor, opened: Opened) -> Work:
    """All that is shown of an opened record."""
    record, holder = opened.draft.record, opened.held
    mine, plans = set(opened.read.source.pages), tuple(plan.id for plan in services.policies.plans)
    today = opened.read.source.received_at.astimezone(services.zone).date()
    return Work(
        record_id=record.record_id,
        document_id=opened.document_id,
        revision=opened.read.revision,
        record=_of_these_pages(record),
        pages=[
            WorkPage(number=number, width=width, height=height, in_request=number in mine)
            for number, width, height in sizes.of(opened.document_id, opened.read.revision)
        ],
        questions=[
            AskedOf(path=one.path, kind=one.kind, message=one.message, rule=one.rule, source=one.source, link=one.link)
            for one in opened.questions
        ],
        sections=[SectionShown.of(section) for section in sections(record, plans)],
        additions=[SectionShown.of(row_section(name, len(getattr(record, name)))) for name in LISTS],
        hints=dict(_hints(record, plans, today)),
        edits=len(opened.edits),
        can_undo=bool(opened.edits),
        left_aside=len(opened.draft.left_aside),
        held=None if holder is None else Held(by=holder.by, until=holder.until),
        mine=holder is not None and holder.by == actor.name,
        completed_by=opened.completed_by,
        final=opened.read.final,
        siblings=[
            _sibling(one) for one in documents.current_records(session, opened.document_id) if one.record_id != record.record_id
        ],
    )


def _of_these_pages(record: ReferralRecord) -> ReferralRecord:
    """What an answer to a letter brought has no place on the pages that are shown: it stands on the answer's own."""
    readings = {
        path: one if one.record_id is None else one.model_copy(update={"page": None, "box": None})
        for path, one in record.readings.items()
    }
    return record.model_copy(update={"readings": readings})


def _sibling(record: ReferralRecord) -> Sibling:
    return Sibling(
        record_id=record.record_id,
        revision=record.revision,
        status=record.status,
        kind=record.request.kind,
        final=record.final,
        pages=record.source.pages,
    )


def _hints(record: ReferralRecord, plans: tuple[str, ...], today: date) -> Iterator[tuple[str, Hint]]:
    """What is to be said beside the values that stand in the record, as if each had been entered."""
    for section in sections(record, plans):
        for field in section.fields:
            value = value_at(record, field.path)
            if is_absent(value) or isinstance(value, bool) or field.kind is Choice.CHANGE:
                continue
            read = entry(field, _as_typed(value), today)
            if read.problem is not None or read.hint is not None:
                yield field.path, Hint(problem=read.problem, hint=read.hint)


def _as_typed(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
