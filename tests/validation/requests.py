"""Requests for the tests of validation: one that lacks nothing, and how to change it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models.record import (
    Diagnosis,
    Member,
    Reading,
    ReferralRecord,
    Request,
    RequestingProvider,
    RequestKind,
    Service,
    ServicingProvider,
    Signature,
    Source,
    Status,
    Urgency,
)
from validation.check import check
from validation.policies import completeness_policy

TODAY = date(2026, 3, 10)

COMPLETE = ReferralRecord(
    record_id="r",
    status=Status.NEEDS_REVIEW,
    source=Source(file_name="fax.tif", sha256="0" * 64, received_at=datetime(2026, 3, 10, 17, 30, tzinfo=UTC), pages=[1]),
    request=Request(kind=RequestKind.NEW, urgency=Urgency.ROUTINE, requested_on=date(2026, 3, 9)),
    member=Member(last_name="Doe", first_name="Jane", member_id="91234567A", date_of_birth=date(1960, 2, 29)),
    requesting_provider=RequestingProvider(name="Ann Lee", npi="1234567893", tin="12-3456789", fax="+18315550142"),
    servicing_provider=ServicingProvider(name="Delta Imaging Center", npi="1487793048"),
    diagnoses=[Diagnosis(code="M54.16")],
    services=[Service(code="72148", code_system="CPT", units=1, from_date=date(2026, 3, 20), to_date=date(2026, 4, 20))],
    signature=Signature(present=True),
)


def with_part(record: ReferralRecord, part: str, **values: object) -> ReferralRecord:
    """The record with some values of one part changed."""
    return record.model_copy(update={part: getattr(record, part).model_copy(update=values)})


def with_lists(record: ReferralRecord, **lists: object) -> ReferralRecord:
    """The record with whole parts put in place of its own."""
    return record.model_copy(update=lists)


def as_kind(kind: RequestKind, authorization_number: str | None = "2509-281864") -> ReferralRecord:
    """The complete request as another kind of request."""
    return with_part(COMPLETE, "request", kind=kind, authorization_number=authorization_number)


def read_as(record: ReferralRecord, **texts: str) -> ReferralRecord:
    """The record with readings by path; a double underscore stands for a full stop."""
    readings = {path.replace("__", "."): Reading(text=text, confidence=0.9, page=1, method="ocr") for path, text in texts.items()}
    return record.model_copy(update={"readings": readings})


def gaps(record: ReferralRecord) -> list[tuple[str, str, str]]:
    """Field, reason and severity of the gaps by the default policy, in their order."""
    found = check(record, completeness_policy(), today=TODAY).gaps
    return [(gap.field, gap.reason.value, gap.severity.value) for gap in found]
