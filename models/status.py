"""``status`` and ``final`` follow from what the record says; no stage sets them by hand."""

from __future__ import annotations

from models.circumstances import NoticeSeverity
from models.record import ReferralRecord, Severity, Status

_SETTLED = (Status.READY, Status.NO_REQUEST)


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


def with_status(record: ReferralRecord) -> ReferralRecord:
    """The record with its derived ``status`` and ``final``."""
    status = derived_status(record)
    return record.model_copy(update={"status": status, "final": status in _SETTLED})
