"""Deliveries as an operator sees and changes them. Each function works in the session it is given and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.store.audit import OPERATOR
from models.store.deliveries import note_delivery
from models.store.tables import DeliveryRow, DeliveryState, RecordRow


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery that is pending or parked. ``reason``, in words, is why the last attempt failed.

    Of a letter, ``record_id`` is the letter's id.
    """

    delivery_id: int
    document_id: str
    record_id: str
    revision: int
    sink: str
    state: DeliveryState
    attempts: int
    queued_at: datetime
    tried_at: datetime | None
    due_at: datetime | None
    reason: str | None


def open_deliveries(session: Session, sink: str | None = None, state: DeliveryState | None = None) -> tuple[OpenDelivery, ...]:
    """The deliveries that are pending or parked, oldest first; of one sink or one state, where they are named."""
    states = (DeliveryState.PENDING, DeliveryState.PARKED) if state is None else (state,)
    query = select(DeliveryRow).where(DeliveryRow.state.in_(states)).order_by(DeliveryRow.delivery_id)
    if sink is not None:
        query = query.where(DeliveryRow.sink == sink)
    return tuple(
        OpenDelivery(
            row.delivery_id,
            row.document_id,
            row.record_id,
            row.revision,
            row.sink,
            DeliveryState(row.state),
            row.attempts,
            row.queued_at,
            row.tried_at,
            row.due_at,
            row.reason,
        )
        for row in session.scalars(query)
    )


def requeue(session: Session, delivery_id: int, now: datetime) -> bool:
    """Have a parked delivery made again; gives whether there was one of this id."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None or row.state != DeliveryState.PARKED:
        return False
    _queue_again(session, row, "requeued", now)
    return True


def forgo(session: Session, delivery_id: int, now: datetime) -> bool:
    """Give up a parked delivery for good, so that later revisions go on; gives whether there was one of this id."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None or row.state != DeliveryState.PARKED:
        return False
    row.state = DeliveryState.FORGONE
    note_delivery(session, "forgone", row, now, OPERATOR)
    return True


@dataclass(frozen=True, slots=True)
class RecordRange:
    """Which records: those named, or those whose newest revision was written from ``since`` and before ``until``."""

    record_ids: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a record, by its ids."""

    record_id: str
    revision: int
    document_id: str


def newest_revisions(session: Session, chosen: RecordRange) -> tuple[Revision, ...]:
    """The newest revision of each record in the range, in the order they were written."""
    newest = select(RecordRow.record_id, func.max(RecordRow.revision).label("revision")).group_by(RecordRow.record_id)
    if chosen.record_ids:
        newest = newest.where(RecordRow.record_id.in_(chosen.record_ids))
    found = newest.subquery()
    query = (
        select(RecordRow.record_id, RecordRow.revision, RecordRow.document_id)
        .join(found, (found.c.record_id == RecordRow.record_id) & (found.c.revision == RecordRow.revision))
        .order_by(RecordRow.written_at, RecordRow.record_id)
    )
    if chosen.since is not None:
        query = query.where(RecordRow.written_at >= chosen.since)
    if chosen.until is not None:
        query = query.where(RecordRow.written_at < chosen.until)
    return tuple(Revision(*row) for row in session.execute(query))


def replay(session: Session, revisions: Sequence[Revision], sinks: Sequence[str], now: datetime) -> int:
    """Have revisions delivered once more, or for the first time to a sink that is new.

    A revision that was followed by a newer one since it was listed is left out: the newer one is on its way by itself.

    Returns:
        How many deliveries were queued; one that is pending already is not counted.
    """
    queued = 0
    for one in revisions:
        if session.get(RecordRow, (one.record_id, one.revision + 1)) is not None:
            continue
        for sink in sinks:
            queued += _replay_one(session, one, sink, now)
    return queued


def _replay_one(session: Session, one: Revision, sink: str, now: datetime) -> bool:
    query = select(DeliveryRow).where(
        DeliveryRow.record_id == one.record_id, DeliveryRow.revision == one.revision, DeliveryRow.sink == sink
    )
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        row = DeliveryRow(document_id=one.document_id, record_id=one.record_id, revision=one.revision, sink=sink, attempts=0)
        session.add(row)
    elif row.state == DeliveryState.PENDING:
        return False
    _queue_again(session, row, "replayed", now)
    return True


def _queue_again(session: Session, row: DeliveryRow, action: str, now: datetime) -> None:
    row.state, row.queued_at, row.turn_at, row.attempts = DeliveryState.PENDING, now, now, 0
    row.due_at = row.delivered_at = row.claimed_by = row.reason = None
    note_delivery(session, action, row, now, OPERATOR)
