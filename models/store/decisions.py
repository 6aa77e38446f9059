"""Decisions that were made elsewhere, as they were brought in. No function here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.circumstances import ClockEvent, ClockEventKind
from models.record import ReferralRecord, Status
from models.store.audit import Look, note_look
from models.store.desk_keys import folded
from models.store.desk_tables import DeskItemRow, DeskKeyRow, KeyKind
from models.store.report_tables import DecisionOutcome, DecisionRow

DECIDED = "decided"
"""What the audit trail says of a decision that was brought in."""

# Clocks of other machines may be ahead of ours.
_AHEAD = timedelta(minutes=10)
_OURS = (ClockEventKind.DECIDED, ClockEventKind.EXTENDED)
_MARK = "decision-"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; see :class:`models.store.report_tables.DecisionRow`. ``key`` was given by the sender, or made of the line."""

    key: str
    outcome: DecisionOutcome
    decided_at: datetime
    extended: bool = False
    extended_at: datetime | None = None
    provider_notified_at: datetime | None = None
    member_notified_at: datetime | None = None
    reviewer: str | None = None
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """How a decision names its request: one of these."""

    record_id: str = ""
    authorization_number: str = ""
    document_id: str = ""


class Unfit(Exception):
    """A decision cannot be kept. ``column`` is the part that it is about; the message says why, and holds no value."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def request_of(session: Session, named: Named) -> DeskItemRow:
    """The request that is named.

    Raises:
        Unfit: there is none, or more than one.
    """
    query, column = select(DeskItemRow), "record_id"
    if named.record_id:
        query = query.where(DeskItemRow.record_id == named.record_id)
    elif named.document_id:
        column = "document_id"
        query = query.where(DeskItemRow.document_id == named.document_id, DeskItemRow.status != Status.NO_REQUEST.value)
    else:
        column = "authorization_number"
        key = folded(KeyKind.AUTHORIZATION, named.authorization_number)
        found = select(DeskKeyRow.record_id).where(DeskKeyRow.kind == KeyKind.AUTHORIZATION, DeskKeyRow.key == key)
        query = query.where(DeskItemRow.record_id.in_(found), DeskItemRow.status != Status.NO_REQUEST.value)
    rows = session.scalars(query.limit(2)).all()
    if not rows:
        raise Unfit(column, "no request is known by this")
    if len(rows) > 1:
        raise Unfit(column, "more than one request is known by this; name its record_id")
    if rows[0].status in (Status.NO_REQUEST, Status.UNREADABLE):
        raise Unfit(column, "there is no request in that record")
    return rows[0]


def add(session: Session, item: DeskItemRow, decision: Decision, actor: str, now: datetime) -> bool:
    """Keep a decision with its row of the audit trail; false where it was kept before, and nothing is done.

    Raises:
        Unfit: it was made before the request came, or is still to be made.
    """
    known = select(DecisionRow.decision_id).where(DecisionRow.record_id == item.record_id, DecisionRow.decision_key == decision.key)
    if session.scalar(known) is not None:
        return False
    if decision.decided_at < item.received_at:
        raise Unfit("decided_at", "this is before the request was received")
    if decision.decided_at > now + _AHEAD:
        raise Unfit("decided_at", "this is still to come")
    row = DecisionRow(record_id=item.record_id, document_id=item.document_id, decision_key=decision.key)
    row.outcome, row.decided_at = decision.outcome, decision.decided_at
    row.extended, row.extended_at = decision.extended, decision.extended_at
    row.provider_notified_at, row.member_notified_at = decision.provider_notified_at, decision.member_notified_at
    row.reviewer, row.reason_code = decision.reviewer, decision.reason_code
    row.entered_at, row.entered_by = now, actor
    session.add(row)
    note_look(session, Look(actor, DECIDED, item.document_id, item.record_id, item.revision, decision.outcome.value), now)
    session.flush()
    return True


def decisions_of(session: Session, record_id: str) -> tuple[DecisionRow, ...]:
    """The decisions on a request, in the order in which they were brought in."""
    query = select(DecisionRow).where(DecisionRow.record_id == record_id).order_by(DecisionRow.decision_id)
    return tuple(session.scalars(query))


def with_decisions(session: Session, record: ReferralRecord) -> ReferralRecord:
    """The record with what its decisions say about its clocks, in place of what earlier ones said. Done again, it changes nothing.

    A later determination corrects the one before; an appeal's stands beside it.
    """
    rows = decisions_of(session, record.record_id)
    determined = [row for row in rows if row.outcome != DecisionOutcome.APPROVED_AFTER_APPEAL][-1:]
    appealed = [row for row in rows if row.outcome == DecisionOutcome.APPROVED_AFTER_APPEAL][-1:]
    told = [event for row in (*determined, *appealed) for event in _events(row)]
    others = [one for one in record.events if not (one.kind in _OURS and (one.key or "").startswith(_MARK))]
    if not rows and len(others) == len(record.events):
        return record
    return record.model_copy(update={"events": [*others, *told]})


def _events(row: DecisionRow) -> list[ClockEvent]:
    by, key, outcome = row.reviewer or row.entered_by, f"{_MARK}{row.decision_id}", DecisionOutcome(row.outcome)
    found = [ClockEvent(kind=ClockEventKind.DECIDED, at=row.decided_at, by=by, reason=outcome.value, key=key)]
    if row.extended_at is not None:
        reason = row.reason_code or "extended by the plan"
        found.insert(0, ClockEvent(kind=ClockEventKind.EXTENDED, at=row.extended_at, by=by, reason=reason, key=f"{key}-extended"))
    return found
