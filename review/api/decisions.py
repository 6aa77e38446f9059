"""Decisions that were made elsewhere: brought in, and read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StrictBool, StringConstraints
from sqlalchemy.orm import Session

from models.store import decisions
from models.store.decisions import Decision, Named, Unfit
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import DecisionOutcome
from review.access.actor import Actor
from review.api.common import RecordId, Services, Viewer, Worker, fails, reading, rules_of
from review.api.models import Id, Message, Time
from review.services import DeskServices
from review.work.deciding import Deciding
from review.work.errors import UnknownRecord

router = APIRouter(tags=["decisions"])

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,39}$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\u0000-\u001f]*$")]
_MOST = 1_000
_AT_ONCE = 100


class DecisionBody(Message):
    """A decision. It names its request by one of the first three; the first that is given counts."""

    record_id: Id | None = None
    authorization_number: Number | None = None
    document_id: Id | None = Field(None, description="Of a document that holds one request.")
    key: Code = Field(description="Made by the sender for each decision; sent again with it, it is kept once.")
    outcome: DecisionOutcome
    decided_at: Time
    extended: StrictBool = Field(False, description="Whether the time to decide was extended.")
    extended_at: Time | None = Field(None, description="When the notice of that was given; it then moves the request's clocks.")
    provider_notified_at: Time | None = None
    member_notified_at: Time | None = None
    reviewer: Number | None = None
    reason_code: Code | None = Field(None, description="The plan's own code; no text, which may hold what stands on a form.")


class DecisionsBody(Message):
    """Some decisions, each kept for itself."""

    decisions: list[DecisionBody] = Field(min_length=1, max_length=_MOST)


class RefusedDecision(Message):
    """One that was not kept: its place in what was sent, from 0, the part that it is about, and why."""

    position: int
    at: str
    message: str


class DecisionsTaken(Message):
    """How many were new, how many were known before, and which were not kept."""

    entered: int
    known: int
    refused: list[RefusedDecision]


class DecisionShown(Message):
    """A decision as it is kept; a later one of a request corrects the earlier ones."""

    key: str
    outcome: DecisionOutcome
    decided_at: datetime
    extended: bool
    extended_at: datetime | None
    provider_notified_at: datetime | None
    member_notified_at: datetime | None
    reviewer: str | None
    reason_code: str | None
    entered_at: datetime
    entered_by: str


@router.post("/decisions", responses=fails(), summary="Bring in decisions")
def enter(services: Services, actor: Worker, body: DecisionsBody) -> DecisionsTaken:
    """Keep decisions that were made elsewhere; each is told in its record's next revision, which is delivered."""
    entered, refused = 0, []
    for first in range(0, len(body.decisions), _AT_ONCE):
        some = body.decisions[first : first + _AT_ONCE]
        with Session(services.engine) as session, session.begin():
            for place, outcome in enumerate(_entered(session, services, actor, some), first):
                if isinstance(outcome, Unfit):
                    refused.append(RefusedDecision(position=place, at=outcome.column, message=f"{outcome}."))
                else:
                    entered += outcome
    if entered:
        services.announce()
    return DecisionsTaken(entered=entered, known=len(body.decisions) - entered - len(refused), refused=refused)


def _entered(session: Session, services: DeskServices, actor: Actor, some: list[DecisionBody]) -> Iterator[bool | Unfit]:
    desk = Deciding(session, actor.name, lambda item: rules_of(session, services, item), services.sinks, services.now())
    for one in some:
        named = Named(one.record_id or "", one.authorization_number or "", one.document_id or "")
        if named == Named():
            yield Unfit("record_id", "one of record_id, authorization_number and document_id is needed")
            continue
        try:
            yield desk.enter(named, _decision(one))[1]
        except Unfit as why:
            yield why


def _decision(one: DecisionBody) -> Decision:
    return Decision(
        key=one.key,
        outcome=one.outcome,
        decided_at=one.decided_at,
        extended=one.extended or one.extended_at is not None,
        extended_at=one.extended_at,
        provider_notified_at=one.provider_notified_at,
        member_notified_at=one.member_notified_at,
        reviewer=one.reviewer,
        reason_code=one.reason_code,
    )


@router.get("/records/{record_id}/decisions", responses=fails(404), summary="Read the decisions on a request")
def of_record(services: Services, actor: Viewer, record_id: RecordId) -> list[DecisionShown]:
    """All decisions on a request, in the order in which they were brought in."""
    del actor
    with reading(services) as session:
        if session.get(DeskItemRow, record_id) is None:
            raise UnknownRecord
        rows = decisions.decisions_of(session, record_id)
        return [
            DecisionShown(
                key=row.decision_key, **{name: getattr(row, name) for name in DecisionShown.model_fields if name != "key"}
            )
            for row in rows
        ]
