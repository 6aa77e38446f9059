"""Keeps the queue's view of a record in step with its newest revision, in the revision's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.circumstances import ClockEventKind
from models.record import Gap, ReferralRecord, Severity
from models.store.changes import note_change
from models.store.desk_keys import keys_of, signature
from models.store.desk_tables import ChangeKind, DeskGapRow, DeskItemRow, DeskKeyRow

_UNKNOWN_DUE = timedelta(hours=72)
"""What an urgent request is given (42 CFR 438.210(d)(2), from 2026 on): nobody knows yet that this one is not urgent."""

DECIDED = datetime(2999, 1, 1, tzinfo=UTC)
"""When a request is due that the plan has decided: nothing is late any more, and all others come before it."""


@dataclass(frozen=True, slots=True)
class Completed:
    """Who made a revision by completing the record, and when."""

    by: str
    at: datetime


def index(session: Session, document_id: str, record: ReferralRecord, now: datetime, completed: Completed | None = None) -> None:
    """Show a record's newest revision in the queue; what was claimed stays so while it waits.

    A record that has ended, and to which something happens afterwards (it is decided, a letter is sent), stays ended when and by
    whom it was.

    Args:
        session: the session of the revision.
        document_id: the record's document.
        record: the newest revision.
        now: when it was written.
        completed: who completed it, where a person did.
    """
    session.flush()
    row = session.get(DeskItemRow, record.record_id)
    has_ended = row is not None and not row.waits and record.final and completed is None
    if row is None:
        row = DeskItemRow(record_id=record.record_id)
        session.add(row)
    row.document_id = document_id
    describe(row, record)
    if not has_ended:
        row.written_at = now
        row.completed_at = None if completed is None else completed.at
        row.completed_by = None if completed is None else completed.by
    if not row.waits:
        row.claimed_by = row.claimed_until = None
    session.flush()
    _index_keys(session, record, row)
    if row.completed_by is None and not _is_a_persons(record):
        _index_gaps(session, record)
    note_change(session, ChangeKind.REVISION, record.record_id, record.revision, now)


def describe(row: DeskItemRow, record: ReferralRecord) -> None:
    """Write into a row what the queue shows of a record."""
    member, asks = record.member, record.requesting_provider
    fax = record.source.fax
    row.revision, row.status, row.waits = record.revision, record.status.value, not record.final
    row.kind = None if record.request.kind is None else record.request.kind.value
    row.urgency = None if record.request.urgency is None else record.request.urgency.value
    row.received_at = record.source.received_at
    row.due_at = None if record.deadline is None else record.deadline.decision_due_at
    is_decided = any(event.kind is ClockEventKind.DECIDED for event in record.events)
    row.order_at = DECIDED if is_decided else row.due_at or row.received_at + _UNKNOWN_DUE
    row.member = ", ".join(name for name in (member.last_name, member.first_name) if name) or None
    row.member_id, row.date_of_birth = member.member_id, member.date_of_birth
    row.authorization_number = record.request.authorization_number
    row.provider = asks.name or record.servicing_provider.name
    row.office = asks.fax or (None if fax is None else fax.sender_number)
    row.page_count = len(record.source.pages)
    row.blocking = _count(record.gaps, Severity.BLOCKING)
    row.warnings = _count(record.gaps, Severity.WARNING)
    row.doubtful = sum(reading.needs_review for reading in record.readings.values())
    row.signature = signature(key for _, key in keys_of(record))


def _count(gaps: list[Gap], severity: Severity) -> int:
    return sum(gap.severity is severity for gap in gaps)


def _is_a_persons(record: ReferralRecord) -> bool:
    return any(reading.method == "coordinator" for reading in record.readings.values())


def _index_keys(session: Session, record: ReferralRecord, item: DeskItemRow) -> None:
    session.execute(delete(DeskKeyRow).where(DeskKeyRow.record_id == record.record_id))
    listing = {name: getattr(item, name) for name in ("waits", "order_at", "received_at", "signature")}
    session.add_all(DeskKeyRow(record_id=record.record_id, kind=kind, key=key, **listing) for kind, key in sorted(keys_of(record)))
    session.flush()


def _index_gaps(session: Session, record: ReferralRecord) -> None:
    session.execute(delete(DeskGapRow).where(DeskGapRow.record_id == record.record_id))
    session.add_all(
        DeskGapRow(record_id=record.record_id, position=n, field=gap.field, reason=gap.reason.value, severity=gap.severity.value)
        for n, gap in enumerate(record.gaps)
    )
    session.flush()
