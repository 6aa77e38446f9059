"""Puts a record among what the store knows, before it is checked for the last time.

Each step is a plain function from a session and a record to the record; it sets only what is its own, so that doing it again on
its own result changes nothing. What is read, and what a coordinator has corrected, both go this way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import tzinfo
from functools import partial

from sqlalchemy.orm import Session

from intake.answers import answering
from intake.confirming import confirmed
from intake.linking import linked
from models.notices import with_notices
from models.record import ReferralRecord, Status
from models.status import REPLACED
from models.store.decisions import with_decisions
from models.store.desk_edits import newest_record
from validation.check import CALIFORNIA

Step = Callable[[Session, ReferralRecord], ReferralRecord]


def carried_on(session: Session, record: ReferralRecord) -> ReferralRecord:
    """What happened to the request since it was read first: a new reading of its document does not undo it."""
    found = newest_record(session, record.record_id)
    if found is None or found[0].revision == record.revision:
        return record
    before = found[0]
    related = record.related.model_copy(update={"links": before.related.links, "answered": before.related.answered})
    told = record.model_copy(
        update={"events": before.events, "notices": before.notices, "priority": before.priority, "related": related}
    )
    # What is read again stands again.
    return with_notices(told, REPLACED.partition(".")[0], [])


def steps(own_groups: Collection[str] = (), zone: tzinfo = CALIFORNIA) -> tuple[Step, ...]:
    """The steps in the order in which they are done: who it is about comes before what it is linked with.

    Args:
        own_groups: the delegated groups that this site decides for.
        zone: the site's time zone.
    """
    return (carried_on, partial(confirmed, own_groups=own_groups), with_decisions, partial(linked, zone=zone), answering)


def placed(session: Session, record: ReferralRecord, own_groups: Collection[str] = (), zone: tzinfo = CALIFORNIA) -> ReferralRecord:
    """The record with all that the store knows about it, not yet checked; one without a request may answer a letter.

    Args:
        session: of the transaction that the record is stored in, or that it is looked at in.
        record: as it was read, or as it stands with a coordinator's edits.
        own_groups: the delegated groups that this site decides for.
        zone: the site's time zone.
    """
    if record.status is Status.UNREADABLE:
        return record
    if record.status is Status.NO_REQUEST:
        return answering(session, record)
    for step in steps(own_groups, zone):
        record = step(session, record)
    return record
