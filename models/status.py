"""``status`` and ``final`` follow from what the record says; no stage sets them by hand."""

from __future__ import annotations

from models.circumstances import REPEATS, ClockEventKind, LinkKind, NoticeSeverity
from models.record import ReferralRecord, Severity, Status

_SETTLED = (Status.READY, Status.NO_REQUEST)

REPLACED = "record.replaced"
"""The notice at a record whose pages were put into other records: nothing more is done with it."""


def derived_status(record: ReferralRecord) -> Status:
    """``ready`` only where nothing asks for a look.

    ``no_request`` and ``unreadable`` describe the document, not the request, and stay. Otherwise any page problem, blocking
    gap, doubtful reading, or notice that nobody has looked at forbids ``ready``.
    """
    if record.status in (Status.NO_REQUEST, Status.UNREADABLE):
        return record.status
    blocked = any(gap.severity is Severity.BLOCKING for gap in record.gaps)
    doubtful = any(reading.needs_review for reading in record.readings.values())
    asked = any(notice.severity is NoticeSeverity.ASK and notice.settled_by is None for notice in record.notices)
    return Status.NEEDS_REVIEW if blocked or doubtful or asked or record.source.problems else Status.READY


def stands(record: ReferralRecord) -> bool:
    """Whether it is a request that others may repeat, change or answer: one was read in it, and no other record took its place."""
    without = record.status in (Status.NO_REQUEST, Status.UNREADABLE)
    return not without and not any(notice.code == REPLACED for notice in record.notices)


def set_aside(record: ReferralRecord) -> bool:
    """Whether it repeats an earlier request, surely and without a difference, so that no person is needed for it.

    The earlier one must have been received before, or its clocks would begin too late; and nobody has taken this one up again.
    """
    earlier = {event.record_id for event in record.events if event.kind is ClockEventKind.FIRST_RECEIVED}
    return any(
        link.kind in REPEATS
        and link.sure
        and not link.differences
        and link.taken_up_by is None
        and link.record_id is not None
        and link.record_id in earlier
        for link in record.related.links
    )


def only_answers(record: ReferralRecord) -> bool:
    """Whether it is the answer to a letter of ours, surely, and says nothing otherwise than the request that has taken it in."""
    return any(
        link.kind is LinkKind.ANSWERS and link.sure and not link.differences and link.taken_up_by is None
        for link in record.related.links
    )


def needs_nobody(record: ReferralRecord) -> bool:
    """Whether it is no piece of work of its own: it repeats an earlier request, or answers one, and says nothing else."""
    return set_aside(record) or only_answers(record)


def taken_up(record: ReferralRecord, actor: str) -> ReferralRecord:
    """The record as a person takes it up though it repeats an earlier one: it is not set aside again."""
    kinds = (*REPEATS, LinkKind.ANSWERS)
    links = [link.model_copy(update={"taken_up_by": actor}) if link.kind in kinds else link for link in record.related.links]
    return record.model_copy(update={"related": record.related.model_copy(update={"links": links})})


def with_status(record: ReferralRecord) -> ReferralRecord:
    """The record with its derived ``status`` and ``final``; what is set aside keeps its status, and nothing more is expected."""
    status = derived_status(record)
    final = status in _SETTLED or (status is Status.NEEDS_REVIEW and needs_nobody(record))
    return record.model_copy(update={"status": status, "final": final})
