"""What is old enough to be removed, and its removal. Each function works in the session it is given and never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.store import match_records
from models.store.audit import note
from models.store.desk_edits import forget_document
from models.store.letters import forget_document as forget_letters
from models.store.report_index import forget_document as forget_reports
from models.store.tables import DeliveryRow, DeliveryState, DocumentRow, DocumentState, RecordRow

_ENDED = (DocumentState.DONE, DocumentState.FAILED)


@dataclass(frozen=True, slots=True)
class Old:
    """How many documents ended before a moment: those that may go, and those that are kept, each for its first reason."""

    removable: int
    not_final: int
    undelivered: int


def count_old(session: Session, before: datetime, *, also_not_final: bool) -> Old:
    """How many documents ended before ``before``, by what may be done with them."""
    old = select(func.count()).select_from(DocumentRow).where(_ended_before(before))
    undelivered = session.scalar(old.where(_undelivered())) or 0
    not_final = 0 if also_not_final else session.scalar(old.where(~_undelivered(), _not_final())) or 0
    return Old((session.scalar(old) or 0) - undelivered - not_final, not_final, undelivered)


def removable(session: Session, before: datetime, *, also_not_final: bool, after: str, most: int) -> tuple[str, ...]:
    """Documents that ended before ``before`` and may be removed, in the order of their ids.

    A document in work is none of them, nor one with a delivery still to be made. Without ``also_not_final``, nor is one with a
    record that is not final: that waits for a look, or could not be read.

    Args:
        session: the session.
        before: the moment.
        also_not_final: whether records that are not final may be removed.
        after: only ids after this one.
        most: the most ids to give.
    """
    query = (
        select(DocumentRow.document_id)
        .where(_ended_before(before), ~_undelivered(), DocumentRow.document_id > after)
        .order_by(DocumentRow.document_id)
        .limit(most)
    )
    return tuple(session.scalars(query if also_not_final else query.where(~_not_final())))


def record_ids(session: Session, document_id: str) -> tuple[str, ...]:
    """The ids of the document's records."""
    query = select(RecordRow.record_id).where(RecordRow.document_id == document_id).distinct().order_by(RecordRow.record_id)
    return tuple(session.scalars(query))


def remove(session: Session, document_id: str, now: datetime, actor: str) -> bool:
    """Remove a document with its records and deliveries, and note their ids; gives whether it was there, and not in work."""
    row = session.get(DocumentRow, document_id, with_for_update=True)
    if row is None or row.state not in _ENDED:
        return False
    ids = record_ids(session, document_id)
    for record_id in ids:
        note(session, "purged", document_id, now, record_id=record_id, actor=actor)
    note(session, "purged", document_id, now, actor=actor)
    forget_reports(session, document_id)
    match_records.forget_document(session, document_id, ids)
    forget_document(session, document_id, now)
    forget_letters(session, document_id)
    session.execute(delete(DeliveryRow).where(DeliveryRow.document_id == document_id))
    session.execute(delete(RecordRow).where(RecordRow.document_id == document_id))
    session.execute(delete(DocumentRow).where(DocumentRow.document_id == document_id))
    return True


def _ended_before(before: datetime) -> ColumnElement[bool]:
    return DocumentRow.state.in_(_ENDED) & (DocumentRow.finished_at < before)


def _undelivered() -> ColumnElement[bool]:
    return exists().where(
        DeliveryRow.document_id == DocumentRow.document_id,
        DeliveryRow.state.in_((DeliveryState.PENDING, DeliveryState.PARKED)),
    )


def _not_final() -> ColumnElement[bool]:
    later = aliased(RecordRow)
    superseded = exists().where(later.record_id == RecordRow.record_id, later.revision > RecordRow.revision)
    return exists().where(RecordRow.document_id == DocumentRow.document_id, ~RecordRow.final, ~superseded)
