"""Brings back to work what was set aside as a repetition, once the request that it repeats is none any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from intake.answers import Taking
from models.record import ReferralRecord
from models.status import stands, taken_up, with_status
from models.store import documents, match_records
from models.store.audit import Look, note_look
from models.store.desk_edits import newest_record
from models.store.tables import RecordRow


def brought_back(session: Session, written: Iterable[ReferralRecord], taking: Taking) -> tuple[ReferralRecord, ...]:
    """Look anew at the repetitions of records in which there is no request any more, or whose pages are in other records.

    A repetition that repeats another request as well stays set aside for that one; otherwise it is a piece of work of its own.

    Args:
        session: of the transaction in which the records were written.
        written: the newest revisions of some records.
        taking: how a revision is made.

    Returns:
        The revisions that were written.
    """
    revised = []
    for record in written:
        if stands(record):
            continue
        for record_id in match_records.repetitions_of(session, record.record_id):
            revised += _looked_at(session, record_id, record.record_id, taking)
    return tuple(revised)


def left_behind(session: Session, document_id: str, sinks: Sequence[str], actor: str, now: datetime) -> None:
    """Have the repetitions of a document's requests that nobody has worked on be work of their own: the document is purged.

    Args:
        session: of the transaction in which it is removed.
        document_id: the document.
        sinks: names of the delivery targets.
        actor: who purges.
        now: when.
    """
    for record in documents.current_records(session, document_id):
        for record_id in () if record.final else match_records.repetitions_of(session, record.record_id):
            found = newest_record(session, record_id)
            if found is not None and found[1].document_id != document_id:
                _write(session, with_status(taken_up(found[0], actor)), record.record_id, Taking(_as_it_is, sinks, actor, now))


def _as_it_is(session: Session, record: ReferralRecord) -> ReferralRecord:
    del session
    return record


def _looked_at(session: Session, record_id: str, because_of: str, taking: Taking) -> list[ReferralRecord]:
    found = newest_record(session, record_id)
    return [] if found is None else [_write(session, found[0], because_of, taking)]


def _write(session: Session, record: ReferralRecord, because_of: str, taking: Taking) -> ReferralRecord:
    row = session.get_one(RecordRow, (record.record_id, record.revision))
    revised = taking.checked(session, record).model_copy(update={"revision": record.revision + 1})
    documents.add_revision(session, row.document_id, row.position, revised, taking.sinks, taking.now)
    look = Look(taking.actor, "brought_back", row.document_id, revised.record_id, revised.revision, because_of)
    note_look(session, look, taking.now)
    return revised
