"""Whether everything that arrived came to an end: arrivals against documents, records, revisions and deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.store.desk_spans import Span
from models.store.desk_tables import DeskItemRow
from models.store.tables import AuditRow, DeliveryRow, DeliveryState, DocumentRow, DocumentState, RecordRow

_ENDED = (DocumentState.DONE, DocumentState.FAILED)


@dataclass(frozen=True, slots=True)
class Integrity:
    """Counts over the arrivals of a range; those of the second paragraph are 0 where nothing was lost or doubled.

    ``arrived`` by the audit trail, ``purged`` of them since; the rest are in the store by their state. ``records`` were made of
    them. Deliveries are those of all their revisions.

    ``vanished``: neither in the store nor purged. ``ended_without_record``: read to the end, and no record came of it.
    ``doubled``: two records, neither of them given up, are the same request of a document. ``revision_gaps``: records whose
    revisions are not numbered from 1 without a gap. ``unqueued``: newest revisions with no delivery at all. ``unindexed``: records
    that neither the queue nor a report shows.
    """

    arrived: int
    purged: int
    done: int
    failed: int
    in_work: int
    records: int
    waiting: int
    delivered: int
    on_the_way: int
    parked: int
    forgone: int

    vanished: int
    ended_without_record: int
    doubled: int
    revision_gaps: int
    unqueued: int
    unindexed: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        lost = (self.vanished, self.ended_without_record, self.doubled, self.revision_gaps, self.unqueued, self.unindexed)
        return not any(lost)


def integrity(session: Session, span: Span) -> Integrity:
    """Count what became of the arrivals of a range of days."""
    registered = select(AuditRow.document_id).where(AuditRow.action == "registered", *_within(span)).distinct()
    arrived = registered.subquery()
    kept = exists().where(DocumentRow.document_id == arrived.c.document_id)
    purge = aliased(AuditRow)
    purged = exists().where(purge.document_id == arrived.c.document_id, purge.action == "purged", purge.record_id.is_(None))
    states = _states(session, registered)
    deliveries = _deliveries(session, registered)
    return Integrity(
        arrived=_count(session, select(func.count()).select_from(arrived)),
        purged=_count(session, select(func.count()).select_from(arrived).where(purged, ~kept)),
        done=states.get(DocumentState.DONE, 0),
        failed=states.get(DocumentState.FAILED, 0),
        in_work=states.get(DocumentState.WORKING, 0),
        records=_count(session, select(func.count(distinct(RecordRow.record_id))).where(RecordRow.document_id.in_(registered))),
        waiting=_count(session, select(func.count()).where(DeskItemRow.document_id.in_(registered), DeskItemRow.waits)),
        delivered=deliveries.get(DeliveryState.DELIVERED, 0),
        on_the_way=deliveries.get(DeliveryState.PENDING, 0),
        parked=deliveries.get(DeliveryState.PARKED, 0),
        forgone=deliveries.get(DeliveryState.FORGONE, 0),
        vanished=_count(session, select(func.count()).select_from(arrived).where(~purged, ~kept)),
        ended_without_record=_count(session, _ended_without_record(registered)),
        doubled=_count(session, _doubled(registered)),
        revision_gaps=_count(session, _revision_gaps(registered)),
        unqueued=_count(session, _unqueued(registered)),
        unindexed=_count(session, _unindexed(registered)),
    )


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    return AuditRow.at >= span.begins, AuditRow.at < span.ends


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _states(session: Session, registered: Select[str]) -> dict[str, int]:
    query = select(DocumentRow.state, func.count()).where(DocumentRow.document_id.in_(registered)).group_by(DocumentRow.state)
    return {str(state): count for state, count in session.execute(query)}


def _deliveries(session: Session, registered: Select[str]) -> dict[str, int]:
    query = select(DeliveryRow.state, func.count()).where(DeliveryRow.document_id.in_(registered)).group_by(DeliveryRow.state)
    return {str(state): count for state, count in session.execute(query)}


def _ended_without_record(registered: Select[str]) -> Select[int]:
    has_record = exists().where(RecordRow.document_id == DocumentRow.document_id)
    return select(func.count()).where(DocumentRow.document_id.in_(registered), DocumentRow.state.in_(_ENDED), ~has_record)


def _doubled(registered: Select[str]) -> Select[int]:
    """Two records of one document at one place; what a later reading has given up is final, and was completed by nobody."""
    given_up = and_(~DeskItemRow.waits, DeskItemRow.completed_by.is_(None), DeskItemRow.status == "needs_review")
    newest = (
        select(RecordRow.document_id, RecordRow.position, func.count().label("n"))
        .join(DeskItemRow, and_(DeskItemRow.record_id == RecordRow.record_id, DeskItemRow.revision == RecordRow.revision))
        .where(RecordRow.document_id.in_(registered), ~given_up)
        .group_by(RecordRow.document_id, RecordRow.position)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.coalesce(func.sum(newest.c.n - 1), 0))


def _revision_gaps(registered: Select[str]) -> Select[int]:
    wrong = (
        select(RecordRow.record_id)
        .where(RecordRow.document_id.in_(registered))
        .group_by(RecordRow.record_id)
        .having((func.max(RecordRow.revision) != func.count()) | (func.min(RecordRow.revision) != 1))
        .subquery()
    )
    return select(func.count()).select_from(wrong)


def _unqueued(registered: Select[str]) -> Select[int]:
    queued = exists().where(DeliveryRow.record_id == DeskItemRow.record_id, DeliveryRow.revision == DeskItemRow.revision)
    return select(func.count()).where(DeskItemRow.document_id.in_(registered), ~queued)


def _unindexed(registered: Select[str]) -> Select[int]:
    shown = exists().where(DeskItemRow.record_id == RecordRow.record_id)
    return select(func.count(distinct(RecordRow.record_id))).where(RecordRow.document_id.in_(registered), ~shown)
