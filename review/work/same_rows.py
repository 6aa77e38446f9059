"""Which revisions of a record have the rows of another one: what was entered in a row of one of them is of the same row there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store.tables import RecordRow
from review.work.fields import LISTS


def revisions_with_rows_of(session: Session, record: ReferralRecord, revisions: Iterable[int]) -> frozenset[int]:
    """Those of the revisions whose lists are the record's own. A new reading gives others; a letter or a clock that moved does not.

    Args:
        session: the session.
        record: a revision of the record.
        revisions: the numbers of others.
    """
    return frozenset(number for number in set(revisions) if number == record.revision or _has_rows(session, record, number))


def _has_rows(session: Session, record: ReferralRecord, number: int) -> bool:
    row = session.get(RecordRow, (record.record_id, number))
    if row is None:
        return False
    other = ReferralRecord.model_validate_json(row.body)
    return all(getattr(other, name) == getattr(record, name) for name in LISTS)
