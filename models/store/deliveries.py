"""Deliveries as the service makes them. Each function works in the session it is given and never commits.

A delivery is claimed by a worker before it is made, and stays claimed until its outcome is noted, the worker starts again, or the
worker is taken for dead: no clock frees it, so a slow delivery is not made by two workers. A revision is not claimed while an
earlier one of the same record, for the same sink, is pending or parked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.letter import ReleasedLetter
from models.store import letters
from models.store.audit import SERVICE, Look, note, note_look
from models.store.letter_tables import LetterRow
from models.store.tables import DeliveryKind, DeliveryRow, DeliveryState, RecordRow

# No attempt is put off for longer. A due time farther away than this can only come from a clock that was set back since.
LONGEST_WAIT = timedelta(hours=24)
_OPEN = (DeliveryState.PENDING, DeliveryState.PARKED)


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery to be made now. ``attempt`` counts from 1; ``body`` is the record's JSON.

    Of a ``letter``, ``record_id`` is the letter's id.
    """

    delivery_id: int
    document_id: str
    record_id: str
    revision: int
    attempt: int
    body: str
    letter: ReleasedLetter | None = None


def claim_next(session: Session, sink: str, worker: str, now: datetime) -> ClaimedDelivery | None:
    """Claim the next delivery to ``sink`` that is due and may go; ``None`` where there is none.

    The attempt is counted here, before it is made, so that one that ends the process counts too.
    """
    query = (
        select(DeliveryRow)
        .where(
            DeliveryRow.state == DeliveryState.PENDING,
            DeliveryRow.sink == sink,
            DeliveryRow.claimed_by.is_(None),
            or_(DeliveryRow.due_at.is_(None), DeliveryRow.due_at <= now, DeliveryRow.due_at > now + LONGEST_WAIT),
            ~_behind(_OPEN),
        )
        .order_by(DeliveryRow.turn_at, DeliveryRow.delivery_id)
        .limit(1)
        # Several workers on PostgreSQL each get a row of their own. SQLite has no such clause and one writer at a time.
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    row.claimed_by, row.tried_at, row.attempts = worker, now, row.attempts + 1
    letter = letters.released(session, row.record_id) if row.kind == DeliveryKind.LETTER else None
    body = session.get_one(RecordRow, (row.record_id, row.revision)).body if letter is None else letter.body
    return ClaimedDelivery(row.delivery_id, row.document_id, row.record_id, row.revision, row.attempts, body, letter)


def _behind(states: Sequence[DeliveryState]) -> ColumnElement[bool]:
    """Whether an earlier revision of the same record, for the same sink, is in one of these states."""
    earlier = aliased(DeliveryRow)
    return exists().where(
        earlier.record_id == DeliveryRow.record_id,
        earlier.sink == DeliveryRow.sink,
        earlier.revision < DeliveryRow.revision,
        earlier.state.in_(states),
    )


def mark_delivered(session: Session, delivery_id: int, now: datetime) -> None:
    """Note that a delivery was made."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None or row.state == DeliveryState.DELIVERED:
        return
    row.state, row.delivered_at = DeliveryState.DELIVERED, now
    row.claimed_by = row.due_at = row.reason = None
    note_delivery(session, "delivered", row, now)
    if row.kind == DeliveryKind.LETTER:
        letters.note_delivered(session, row.record_id, now)


def put_off(session: Session, delivery_id: int, worker: str, reason: str, due_at: datetime, *, counted: bool) -> None:
    """Note that an attempt failed and is made again at ``due_at``; ``counted``: whether it brings parking nearer."""
    row = _claimed(session, delivery_id, worker)
    if row is not None:
        row.attempts -= 0 if counted else 1
        row.claimed_by, row.reason, row.due_at, row.turn_at = None, reason, due_at, due_at


def park(session: Session, delivery_id: int, worker: str, reason: str, now: datetime) -> None:
    """Set a delivery aside until a person asks for it again."""
    row = _claimed(session, delivery_id, worker)
    if row is not None:
        row.state, row.reason = DeliveryState.PARKED, reason
        row.claimed_by = row.due_at = None
        note_delivery(session, "parked", row, now)


def note_delivery(session: Session, action: str, row: DeliveryRow, now: datetime, actor: str = SERVICE) -> None:
    """Write what became of a delivery into the audit trail; of a letter, by the record that it asks about."""
    if row.kind != DeliveryKind.LETTER:
        note(session, action, row.document_id, now, record_id=row.record_id, revision=row.revision, actor=actor)
        return
    letter = session.get_one(LetterRow, row.record_id)
    note_look(session, Look(actor, action, row.document_id, letter.record_id, letter.revision, row.record_id), now)


def _claimed(session: Session, delivery_id: int, worker: str) -> DeliveryRow | None:
    row = session.get(DeliveryRow, delivery_id)
    return row if row is not None and row.claimed_by == worker and row.state == DeliveryState.PENDING else None


def release_claims(session: Session, worker: str) -> None:
    """Free what a worker had claimed when it ended; those deliveries are made again."""
    session.execute(update(DeliveryRow).where(DeliveryRow.claimed_by == worker).values(claimed_by=None))


@dataclass(frozen=True, slots=True)
class SinkTally:
    """The open deliveries to one sink. ``held`` wait behind a parked one; the oldest is of those that are pending and not held."""

    sink: str
    pending: int
    held: int
    parked: int
    oldest_at: datetime | None


def tally(session: Session) -> tuple[SinkTally, ...]:
    """The open deliveries of each sink that has any."""
    pending = DeliveryRow.state == DeliveryState.PENDING
    held = and_(pending, _behind((DeliveryState.PARKED,)))
    query = (
        select(
            DeliveryRow.sink,
            func.count().filter(and_(pending, ~held)),
            func.count().filter(held),
            func.count().filter(DeliveryRow.state == DeliveryState.PARKED),
            func.min(DeliveryRow.queued_at).filter(and_(pending, ~held)),
        )
        .where(DeliveryRow.state.in_(_OPEN))
        .group_by(DeliveryRow.sink)
        .order_by(DeliveryRow.sink)
    )
    return tuple(SinkTally(*row) for row in session.execute(query))
