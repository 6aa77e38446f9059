"""Records in a desk's store, made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.record import FaxHeader, Gap, GapReason, Reading, ReferralRecord, Severity, Source, Status
from models.store import documents
from models.store.documents import NewDocument
from tests.desk.desks import Desk

MEMBER = {"last_name": "Ruiz-Ortega", "first_name": "Ána", "member_id": "H331812251", "date_of_birth": "1980-02-17"}
OFFICE = {"name": "Linda O'Brien", "npi": "1234567893", "fax": "+18315550142"}


def a_gap(field: str = "member.date_of_birth", reason: str = "missing", severity: str = "blocking") -> Gap:
    return Gap(field=field, reason=GapReason(reason), severity=Severity(severity), message="Please send it.")


def a_reading(text: str, *, doubtful: bool = False) -> Reading:
    return Reading(text=text, confidence=0.5 if doubtful else 0.99, page=1, method="ocr", needs_review=doubtful)


def a_record(
    record_id: str,
    received_at: datetime,
    *,
    due: timedelta | None = timedelta(days=5),
    status: Status = Status.NEEDS_REVIEW,
    gaps: Sequence[Gap] = (),
    **parts: object,
) -> ReferralRecord:
    """A record; ``due`` is the time from receipt to the decision, ``None`` where no rule gives it."""
    source = Source(
        file_name="scan.pdf", sha256="aa", received_at=received_at, pages=[1], fax=FaxHeader(sender_number="+18315559999")
    )
    body = {
        "record_id": record_id,
        "status": status,
        "final": status in (Status.READY, Status.NO_REQUEST),
        "source": source,
        "request": {"kind": "new", "urgency": "routine"},
        "member": MEMBER,
        "requesting_provider": OFFICE,
        "gaps": [gap.model_dump() for gap in gaps],
        "deadline": None if due is None else {"decision_due_at": received_at + due, "rule": "a.rule"},
    }
    return ReferralRecord.model_validate({**body, **parts})


def put(desk: Desk, record: ReferralRecord, document_id: str | None = None) -> ReferralRecord:
    """Store a record as its document's only one; stored again it gets its next revision."""
    document = document_id or f"D-{record.record_id}"
    new = NewDocument(document, record.source.sha256, "scan.pdf", record.source.received_at, None)
    with Session(desk.services.engine) as session, session.begin():
        documents.register(session, new, desk.clock())
        (written,) = documents.add_records(session, document, (record,), ("outbox",), desk.clock())
        documents.finish(session, document, None, desk.clock())
    return written
