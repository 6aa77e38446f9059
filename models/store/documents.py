"""What the service writes and asks of the store. Each function works in the session it is given and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.circumstances import Notice, NoticeSeverity
from models.notices import with_notices
from models.record import ReferralRecord
from models.status import REPLACED
from models.store import match_records
from models.store.audit import SERVICE, note
from models.store.desk_index import Completed, index
from models.store.desk_tables import DeskItemRow
from models.store.report_index import describe
from models.store.tables import DeliveryRow, DocumentRow, DocumentState, RecordRow

# Rows looked through for the earlier record: a page that a machine sends every night must not cost more each time.
_MOST_EARLIER = 100
_IN_ITS_PLACE = Notice(
    code=REPLACED,
    severity=NoticeSeverity.NOTE,
    message="The pages of this request were read again otherwise: other records of the same fax stand in its place.",
)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What is known of an arrival when it is registered; ``file_name`` is PHI."""

    document_id: str
    sha256: str
    file_name: str
    received_at: datetime
    sender_number: str | None


def register(session: Session, new: NewDocument, now: datetime) -> int:
    """Enter an arrival, once: asked again for the same document and bytes, only its state changes.

    Returns:
        Which arrival of these bytes it is, from 1.
    """
    known = session.get(DocumentRow, new.document_id)
    if known is not None and known.sha256 == new.sha256:
        known.state = DocumentState.WORKING
        return known.arrival
    before = session.scalar(select(func.max(DocumentRow.arrival)).where(DocumentRow.sha256 == new.sha256)) or 0
    if known is not None:
        # An operator put other bytes in its place, such as a copy without the password, and had it read again.
        known.sha256, known.arrival, known.state = new.sha256, before + 1, DocumentState.WORKING
        return known.arrival
    session.add(
        DocumentRow(
            document_id=new.document_id,
            sha256=new.sha256,
            arrival=before + 1,
            file_name=new.file_name,
            received_at=new.received_at,
            sender_number=new.sender_number,
            state=DocumentState.WORKING,
            registered_at=now,
        )
    )
    note(session, "registered", new.document_id, now)
    return before + 1


def earlier_record(session: Session, document: DocumentRow, pages: Sequence[int]) -> str | None:
    """The record of the same pages in the nearest earlier arrival of the same bytes; failing that, that arrival's first record."""
    rows = session.scalars(
        select(RecordRow)
        .join(DocumentRow, DocumentRow.document_id == RecordRow.document_id)
        .where(DocumentRow.sha256 == document.sha256, DocumentRow.arrival < document.arrival)
        .order_by(DocumentRow.arrival.desc(), RecordRow.position, RecordRow.revision.desc())
        .limit(_MOST_EARLIER)
    ).all()
    for row in rows:
        if ReferralRecord.model_validate_json(row.body).source.pages == list(pages):
            return row.record_id
    return rows[0].record_id if rows else None


def current_records(session: Session, document_id: str) -> tuple[ReferralRecord, ...]:
    """The newest revision of each of the document's records."""
    rows = sorted(_latest_of_document(session, document_id), key=lambda row: row.position)
    return tuple(ReferralRecord.model_validate_json(row.body) for row in rows)


def add_records(
    session: Session, document_id: str, records: Sequence[ReferralRecord], sinks: Sequence[str], now: datetime
) -> tuple[ReferralRecord, ...]:
    """Add each record, with one delivery for each sink, in the session's one transaction.

    A record that is stored already gets a new revision, unless it says the same, or holds what a person entered. Records of an
    earlier run that are not among the new ones get a last, final revision: nothing more is expected of them.

    Returns:
        The revisions that were written.
    """
    current = {row.record_id: row for row in _latest_of_document(session, document_id)}
    written = []
    for position, record in enumerate(records):
        before = current.pop(record.record_id, None)
        revised = record.model_copy(update={"revision": 1 if before is None else before.revision + 1})
        if before is None or (_differs(before, revised) and not _is_a_persons(session, before)):
            add_revision(session, document_id, position, revised, sinks, now)
            written.append(revised)
    for row in current.values():
        if not row.final:
            stored = ReferralRecord.model_validate_json(row.body)
            told = with_notices(stored, REPLACED.partition(".")[0], [_IN_ITS_PLACE])
            retired = told.model_copy(update={"revision": row.revision + 1, "final": True})
            add_revision(session, document_id, row.position, retired, sinks, now)
            written.append(retired)
    return tuple(written)


def _differs(before: RecordRow, revised: ReferralRecord) -> bool:
    stored = ReferralRecord.model_validate_json(before.body)
    return stored.model_copy(update={"revision": revised.revision}) != revised


def _latest_of_document(session: Session, document_id: str) -> list[RecordRow]:
    rows = session.scalars(select(RecordRow).where(RecordRow.document_id == document_id).order_by(RecordRow.revision)).all()
    return list({row.record_id: row for row in rows}.values())


def _is_a_persons(session: Session, row: RecordRow) -> bool:
    """Whether the newest revision holds more than its pages say: what a person left, or what an answer to a letter brought."""
    item = session.get(DeskItemRow, row.record_id)
    if item is not None and item.completed_at is not None:
        return True
    readings = ReferralRecord.model_validate_json(row.body).readings.values()
    return any(reading.method == "coordinator" or reading.record_id is not None for reading in readings)


def add_revision(
    session: Session,
    document_id: str,
    position: int,
    record: ReferralRecord,
    sinks: Sequence[str],
    now: datetime,
    completed: Completed | None = None,
) -> None:
    """Add one revision, with a delivery for each sink, its place in the queue, and a row of the audit trail.

    Args:
        session: the session; all goes into its one transaction.
        document_id: the record's document.
        position: the record's place among those of its document.
        record: the revision.
        sinks: names of the delivery targets.
        now: when it is written.
        completed: who completed the record, where a person did.
    """
    session.add(
        RecordRow(
            record_id=record.record_id,
            revision=record.revision,
            document_id=document_id,
            position=position,
            status=record.status.value,
            final=record.final,
            body=record.model_dump_json(),
            written_at=now,
        )
    )
    for sink in sinks:
        delivery = DeliveryRow(document_id=document_id, record_id=record.record_id, revision=record.revision, sink=sink)
        delivery.queued_at = delivery.turn_at = now
        session.add(delivery)
    actor = SERVICE if completed is None else completed.by
    note(session, "stored", document_id, now, record_id=record.record_id, revision=record.revision, actor=actor)
    index(session, document_id, record, now, completed)
    match_records.keep(session, record)
    describe(session, document_id, record)


def finish(session: Session, document_id: str, reason: str | None, now: datetime) -> None:
    """Note that the source is in its archive: ``failed`` with a reason, ``done`` without."""
    row = session.get_one(DocumentRow, document_id)
    row.state = DocumentState.DONE if reason is None else DocumentState.FAILED
    row.reason = reason
    row.finished_at = now
    note(session, row.state.value, document_id, now)


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A document in ``failed/``. ``reason`` is in words and holds no value from the form."""

    document_id: str
    failed_at: datetime | None
    reason: str | None


def failed_documents(session: Session) -> tuple[FailedDocument, ...]:
    """The documents that failed, oldest first."""
    query = select(DocumentRow).where(DocumentRow.state == DocumentState.FAILED).order_by(DocumentRow.finished_at)
    return tuple(FailedDocument(row.document_id, row.finished_at, row.reason) for row in session.scalars(query))


def ended_documents(session: Session) -> frozenset[str]:
    """The ids of the documents whose source is in its archive."""
    return frozenset(session.scalars(select(DocumentRow.document_id).where(DocumentRow.state != DocumentState.WORKING)))


def working_documents(session: Session) -> frozenset[str]:
    """The ids of the documents whose source is not in its archive yet."""
    return frozenset(session.scalars(select(DocumentRow.document_id).where(DocumentRow.state == DocumentState.WORKING)))


def count_by_state(session: Session) -> tuple[tuple[str, int], ...]:
    """How many documents are in each state."""
    query = select(DocumentRow.state, func.count()).group_by(DocumentRow.state).order_by(DocumentRow.state)
    return tuple((state, count) for state, count in session.execute(query))


def count_by_status(session: Session) -> tuple[tuple[str, int], ...]:
    """How many records have each status in their newest revision."""
    newest = select(RecordRow.record_id, func.max(RecordRow.revision).label("revision")).group_by(RecordRow.record_id).subquery()
    query = (
        select(RecordRow.status, func.count())
        .join(newest, (newest.c.record_id == RecordRow.record_id) & (newest.c.revision == RecordRow.revision))
        .group_by(RecordRow.status)
        .order_by(RecordRow.status)
    )
    return tuple((status, count) for status, count in session.execute(query))
