"""Records that are read a second time, blind: drawn, taken, compared, ruled on. No function here commits."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.record import Status
from models.store.audit import Look, note_look
from models.store.desk_edits import Edit, add
from models.store.desk_tables import DeskEditRow, DeskItemRow, EditAction
from models.store.report_tables import RaterFieldRow, RaterSampleRow, ReportItemRow, Ruling
from models.store.tables import AuditRow

DRAWN, TAKEN, RULED = "drawn", "second_reading", "ruled"
"""What the audit trail says of them."""

_NEWEST = timedelta(days=30)
"""Only records that ended so lately are drawn: who switches it on does not get the work of years."""

_BATCH = 500
_CLOSING = (EditAction.COMPLETE, EditAction.DISMISS, EditAction.REOPEN)
_NOT_READ = (Status.NO_REQUEST.value, Status.UNREADABLE.value)


@dataclass(frozen=True, slots=True)
class Draw:
    """How records are drawn: their share, 0..1, and the site's seed. A record is drawn or not, whenever that is asked."""

    share: float
    seed: str

    def mark(self, record_id: str) -> bytes:
        """What decides over a record, which nobody can foresee who does not know the seed."""
        return hmac.new(self.seed.encode(), record_id.encode(), hashlib.sha256).digest()

    def takes(self, record_id: str) -> bool:
        """Whether a record is drawn."""
        return int.from_bytes(self.mark(record_id)[:8]) < self.share * 2**64

    def sample_id(self, record_id: str) -> str:
        """The id under which a record is read a second time; it does not tell the record's."""
        return f"IRR-{base64.b32encode(self.mark(record_id)[8:18]).decode()}"


def draw(session: Session, how: Draw, now: datetime) -> int:
    """Settle of all records that have ended since whether they are drawn; gives how many were."""
    if how.share <= 0:
        return 0
    drawn = 0
    while True:
        query = (
            select(ReportItemRow, DeskItemRow)
            .join(DeskItemRow, DeskItemRow.record_id == ReportItemRow.record_id)
            .where(ReportItemRow.weighed.is_(False), DeskItemRow.waits.is_(False))
            .order_by(ReportItemRow.record_id)
            .limit(_BATCH)
        )
        rows = session.execute(query).all()
        for counted, item in rows:
            counted.weighed = True
            is_new = item.written_at >= now - _NEWEST and item.status not in _NOT_READ
            if counted.counts and is_new and how.takes(item.record_id):
                _add(session, how, item, now)
                drawn += 1
        session.flush()
        if len(rows) < _BATCH:
            return drawn


def _add(session: Session, how: Draw, item: DeskItemRow, now: datetime) -> None:
    sample = RaterSampleRow(sample_id=how.sample_id(item.record_id), record_id=item.record_id, document_id=item.document_id)
    sample.drawn_at, sample.first_actor, sample.first_revision = now, item.completed_by, item.revision
    sample.base_revision = _base_of(session, item)
    session.add(sample)
    note_look(session, Look("service", DRAWN, item.document_id, item.record_id, item.revision), now)


def _base_of(session: Session, item: DeskItemRow) -> int:
    """The revision that the first person began with: the last one before a person made any."""
    if item.completed_by is None:
        return item.revision
    closed = select(func.min(DeskEditRow.revision)).where(DeskEditRow.record_id == item.record_id, DeskEditRow.action.in_(_CLOSING))
    return session.scalar(closed) or 1


def waiting(session: Session, actor: str) -> int:
    """How many a person could take."""
    return session.scalar(select(func.count()).select_from(RaterSampleRow).where(*_fit_for(actor))) or 0


def own(session: Session, actor: str) -> tuple[RaterSampleRow, ...]:
    """Those that a person has taken, and not completed."""
    query = select(RaterSampleRow).where(RaterSampleRow.second_actor == actor, RaterSampleRow.completed_at.is_(None))
    return tuple(session.scalars(query.order_by(RaterSampleRow.taken_at)))


def in_hand(session: Session) -> tuple[RaterSampleRow, ...]:
    """Those that somebody has taken, and not completed; the oldest first."""
    query = select(RaterSampleRow).where(RaterSampleRow.second_actor.is_not(None), RaterSampleRow.completed_at.is_(None))
    return tuple(session.scalars(query.order_by(RaterSampleRow.taken_at)))


def take(session: Session, actor: str, now: datetime) -> RaterSampleRow | None:
    """Give a person the one that they have taken already, or the next that fits; ``None`` where there is none."""
    taken = own(session, actor)
    if taken:
        return taken[0]
    query = select(RaterSampleRow).where(*_fit_for(actor)).order_by(RaterSampleRow.drawn_at, RaterSampleRow.sample_id)
    sample = session.scalars(query.limit(1).with_for_update(skip_locked=True)).first()
    if sample is not None:
        sample.second_actor, sample.taken_at = actor, now
        note_look(session, Look(actor, TAKEN, sample.document_id, sample.sample_id, sample.base_revision), now)
    return sample


def _fit_for(actor: str) -> tuple[ColumnElement[bool], ...]:
    """Free, and of a record that this person neither completed nor ever had to do with, as the audit trail says."""
    touched = exists().where(AuditRow.record_id == RaterSampleRow.record_id, AuditRow.actor == actor)
    stranger = or_(RaterSampleRow.first_actor.is_(None), RaterSampleRow.first_actor != actor)
    return RaterSampleRow.second_actor.is_(None), stranger, ~touched


def hidden_from(session: Session, actor: str) -> frozenset[str]:
    """The ids of the records, and of their documents, that a person reads a second time now, and must not see otherwise."""
    query = select(RaterSampleRow.record_id, RaterSampleRow.document_id)
    found = session.execute(query.where(RaterSampleRow.second_actor == actor, RaterSampleRow.completed_at.is_(None)))
    return frozenset(one for row in found for one in row)


def release(session: Session, sample_id: str, actor: str, now: datetime) -> bool:
    """Have somebody else read it: what was entered so far is left aside. False where nobody has it in hand."""
    sample = session.get(RaterSampleRow, sample_id)
    if sample is None or sample.second_actor is None or sample.completed_at is not None:
        return False
    sample.second_actor = sample.taken_at = None
    key = f"released-{now.isoformat()}"
    add(session, sample_id, sample.document_id, Edit(key, EditAction.REOPEN, sample.base_revision), actor, now)
    return True


@dataclass(frozen=True, slots=True)
class Compared:
    """One field in two readings, by its path and without positions; values as text, where they differ."""

    path: str
    field: str
    agrees: bool
    first: str | None = None
    second: str | None = None


def settle(session: Session, sample: RaterSampleRow, compared: Sequence[Compared], now: datetime) -> None:
    """Keep how far two readings agree."""
    sample.completed_at = now
    for position, one in enumerate(compared):
        row = RaterFieldRow(sample_id=sample.sample_id, position=position, path=one.path, field=one.field, agrees=one.agrees)
        row.first_value, row.second_value = one.first, one.second
        session.add(row)
    session.flush()


def differing(session: Session, most: int) -> tuple[tuple[RaterSampleRow, int, int], ...]:
    """The completed ones with differences, those with some to rule on first: how many there are, and how many are ruled on."""
    count, ruled = func.count(), func.count(RaterFieldRow.ruling)
    query = (
        select(RaterSampleRow, count, ruled)
        .join(RaterFieldRow, RaterFieldRow.sample_id == RaterSampleRow.sample_id)
        .where(RaterFieldRow.agrees.is_(False))
        .group_by(RaterSampleRow.sample_id)
        .order_by((count == ruled), RaterSampleRow.completed_at.desc())
        .limit(most)
    )
    return tuple((row[0], int(row[1]), int(row[2])) for row in session.execute(query))


def differences(session: Session, sample_id: str) -> tuple[RaterFieldRow, ...]:
    """The fields in which two readings differ."""
    query = select(RaterFieldRow).where(RaterFieldRow.sample_id == sample_id, RaterFieldRow.agrees.is_(False))
    return tuple(session.scalars(query.order_by(RaterFieldRow.position)))


def rule(session: Session, sample: RaterSampleRow, position: int, ruling: Ruling, actor: str, now: datetime) -> bool:
    """Say who was right about a field; false where the two do not differ there."""
    query = update(RaterFieldRow).where(
        RaterFieldRow.sample_id == sample.sample_id, RaterFieldRow.position == position, RaterFieldRow.agrees.is_(False)
    )
    path = session.scalar(query.values(ruling=ruling, ruled_by=actor, ruled_at=now).returning(RaterFieldRow.path))
    if path is None:
        return False
    note_look(session, Look(actor, RULED, sample.document_id, sample.sample_id, sample.base_revision, path), now)
    return True
