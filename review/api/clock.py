"""The clocks of a request: how they stand, and what a person tells of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AfterValidator, BeforeValidator, Field

from models.circumstances import Clock, ClockEvent, Priority
from models.record import Deadline, ReferralRecord, Status
from models.store.audit import Look
from models.store.desk_edits import newest_record
from models.waiting import WaitsFor, waits_for
from review.api.common import (
    IfMatch,
    RecordId,
    Services,
    Viewer,
    Worker,
    check_seen,
    desk_over,
    etag_of,
    fails,
    reading,
    working,
)
from review.api.models import Message, Time
from review.api.views import VIEWED, note_view
from review.api.work_models import Key, Typed
from review.work.clock import ClockDesk, Move, Told
from review.work.errors import UnknownRecord
from review.work.working import Desk
from validation.deadlines import TOPIC

router = APIRouter(tags=["clocks"])

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


def _written_out(value: object) -> object:
    """A day is written as ISO 8601 has it; a bare number would be taken for seconds.

    Raises:
        ValueError: it is not.
    """
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError("A day such as 2026-03-24.")


def _in_our_time(day: date) -> date:
    return min(max(day, _EARLIEST), _LATEST)


Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_in_our_time)]


class MoveBody(Message):
    """One thing that a person tells of a request's clocks.

    ``extend``, ``downgrade``, ``upgrade`` and ``information_requested`` need a reason. ``at`` is when it happened, without it now.
    """

    key: Key
    action: Move
    reason: Typed | None = None
    at: Time | None = None
    until: Day | None = Field(None, description="With extend: its last day; without it, the ceiling.")


class MoveShown(Message):
    """What may be told of the clocks now; ``refused`` says why not. Some of it needs a reason."""

    action: Move
    refused: str | None


class ClockState(Message):
    """The clocks of a request: the earliest is ``deadline``. ``told`` is what is to be said of them, in words."""

    record_id: str
    revision: int
    status: Status
    final: bool
    priority: Priority
    deadline: Deadline | None
    clocks: list[Clock]
    events: list[ClockEvent]
    waits_for: WaitsFor | None = Field(description="What has to happen before the request is decided; null where it is.")
    told: list[str]
    moves: list[MoveShown]

    @classmethod
    def of(cls, record: ReferralRecord, desk: ClockDesk) -> Self:
        """The clocks of a record, for somebody at the desk."""
        return cls(
            **{name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)},
            waits_for=waits_for(record),
            told=[notice.message for notice in record.notices if notice.code.partition(".")[0] == TOPIC],
            moves=[MoveShown(action=move, refused=desk.why_not(record, move)) for move in Move],
        )


@router.get("/records/{record_id}/clock", responses=fails(404), summary="Read the clocks of a request")
def shown(services: Services, actor: Viewer, record_id: RecordId, response: Response) -> ClockState:
    """Every rule that applies with its start and its source, what has happened, and what may be told now."""
    with reading(services) as session:
        desk = desk_over(session, services, actor, record_id)
        found = newest_record(session, record_id)
        if found is None:
            raise UnknownRecord
        record, row = found
        state = ClockState.of(record, _clocks(desk))
    note_view(services, Look(actor.name, VIEWED, row.document_id, record_id, record.revision))
    response.headers["etag"] = etag_of(record.revision)
    return state


@router.post("/records/{record_id}/clock", responses=fails(404, 412), summary="Tell what happened to the clocks")
def told(services: Services, actor: Worker, record_id: RecordId, body: MoveBody, if_match: IfMatch = None) -> ClockState:
    """Keep it in the record's next revision, which is delivered; the same key sent twice is kept once. It takes no claim.

    An extension and a change of urgency that the rules do not allow are refused, in words. That information was asked for or came
    is kept in any case; where it moves no clock, ``told`` says why.
    """
    with working(services, actor, record_id) as desk:
        check_seen(desk, record_id, if_match)
        clocks = _clocks(desk)
        record = clocks.tell(record_id, Told(str(body.key), body.action, body.reason, body.at, body.until))
        state = ClockState.of(record, clocks)
    services.announce()
    return state


def _clocks(desk: Desk) -> ClockDesk:
    return ClockDesk(desk.session, desk.actor, desk.rules, desk.sinks, desk.now)
