"""Requests put into a store one after the other, as the service does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.placing import placed
from models.page_print import PagePrint
from models.record import ReferralRecord, Status
from models.status import with_status
from models.store import documents, match_records
from models.store.documents import NewDocument
from models.store.tables import DocumentRow

START = datetime(2026, 3, 2, 17, tzinfo=UTC)
MEMBER = {"last_name": "Ruiz-Ortega", "first_name": "Ana", "member_id": "91234567A", "date_of_birth": "1980-02-17"}
OFFICE = {"name": "Linda O'Brien", "npi": "1234567893", "fax": "+18315550142"}
OTHER_OFFICE = {"name": "Paul Ferro", "npi": "1245319599", "fax": "+14085550199"}
SERVES = {"name": "Bayside Rehab", "npi": "1679576722"}
SERVICES = [
    {"code": "97110", "code_system": "CPT", "units": 12, "from_date": "2026-03-16", "to_date": "2026-06-14"},
    {"code": "97140", "code_system": "CPT", "units": 12, "from_date": "2026-03-16", "to_date": "2026-06-14"},
]
DIAGNOSES = [{"code": "M54.50"}]


def a_request(**parts: object) -> dict[str, Any]:
    """The values of a request for physical therapy; each part may be given otherwise."""
    told = {
        "request": {"kind": "new", "urgency": "routine", "requested_on": "2026-03-02"},
        "member": MEMBER,
        "requesting_provider": OFFICE,
        "servicing_provider": SERVES,
        "diagnoses": DIAGNOSES,
        "services": SERVICES,
    }
    return told | parts


def a_letter(kind: str = "amendment", number: str | None = "AUTH-1001", **parts: object) -> dict[str, Any]:
    """A letter that asks for a change, by the number of the authorization."""
    told = {
        "request": {"kind": kind, "authorization_number": number, "requested_on": "2026-03-20"},
        "member": MEMBER,
        "requesting_provider": OFFICE,
    }
    return told | parts


class Intake:
    """A store into which requests are put, with what the service's steps know of them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._count = 0

    def put(
        self, values: dict[str, Any], *, days: float = 0.0, prints: tuple[PagePrint, ...] = (), **source: object
    ) -> ReferralRecord:
        """Let a request arrive so many days after the first; gives it as it is stored."""
        self._count += 1
        record_id, at = f"PAR-{self._count:04d}", START + timedelta(days=days)
        where = {"file_name": "fax.tif", "sha256": record_id, "received_at": at, "pages": [1]} | source
        body = {"record_id": record_id, "status": Status.NEEDS_REVIEW, "source": where, **values}
        return self.store(ReferralRecord.model_validate(body), prints=prints)

    def store(self, record: ReferralRecord, prints: tuple[PagePrint, ...] = ()) -> ReferralRecord:
        """Store a record of a document of its own."""
        document, at = f"D-{record.record_id}", record.source.received_at
        with Session(self.engine) as session, session.begin():
            documents.register(session, NewDocument(document, record.source.sha256, "fax.tif", at, None), at)
            session.flush()
            match_records.keep_prints(session, document, dict(enumerate(prints, 1)))
            session.get_one(DocumentRow, document)
            known = with_status(placed(session, record))
            now = START + timedelta(days=400, seconds=self._count)
            (written,) = documents.add_records(session, document, (known,), ("outbox",), now)
        return written
