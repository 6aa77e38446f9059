"""Puts a record among what the store knows, before it is checked for the last time.

Each step is a plain function from a session and a record to the record; it sets only what is its own, so that doing it again on
its own result changes nothing. What is read, and what a coordinator has corrected, both go this way.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store.desk_edits import newest_record

Step = Callable[[Session, ReferralRecord], ReferralRecord]


def carried_on(session: Session, record: ReferralRecord) -> ReferralRecord:
    """What happened to the request since it was read first: a new reading of its document does not undo it."""
    found = newest_record(session, record.record_id)
    if found is None or found[0].revision == record.revision:
        return record
    before = found[0]
    return record.model_copy(update={"events": before.events, "notices": before.notices, "priority": before.priority})


STEPS: tuple[Step, ...] = (carried_on,)
"""In the order in which they are done: who it is about comes before what it is linked with."""


def placed(session: Session, record: ReferralRecord) -> ReferralRecord:
    """The record with all that the store knows about it, not yet checked; one without a request is left as it is.

    Args:
        session: of the transaction that the record is stored in, or that it is looked at in.
        record: as it was read, or as it stands with a coordinator's edits.
    """
    if record.status in (Status.NO_REQUEST, Status.UNREADABLE):
        return record
    for step in STEPS:
        record = step(session, record)
    return record
