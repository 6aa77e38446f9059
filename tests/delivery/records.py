"""Records in a store, with their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Source, Status
from models.store import documents
from models.store.tables import DeliveryRow

WRITTEN_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add_document(
    store: Engine, number: int, sinks: Sequence[str] = ("webhook",), *, revisions: int = 1, at: datetime = WRITTEN_AT
) -> str:
    """A document with one record, ``PAR-NUMBER``, in so many revisions; gives its id."""
    document_id = f"DOC-{number:022X}"
    with Session(store) as session, session.begin():
        new = documents.NewDocument(document_id, f"{number:064x}", "smith.pdf", at, None)
        documents.register(session, new, at)
    for revision in range(1, revisions + 1):
        add_revision(store, number, sinks, units=revision, at=at)
    return document_id


def add_revision(store: Engine, number: int, sinks: Sequence[str] = ("webhook",), *, units: int, at: datetime = WRITTEN_AT) -> None:
    """One more revision, that differs from the others by its ``units``."""
    source = Source(file_name="smith.pdf", sha256=f"{number:064x}", received_at=at, pages=list(range(1, units + 1)))
    record = ReferralRecord(record_id=f"PAR-{number}", status=Status.NEEDS_REVIEW, source=source)
    with Session(store) as session, session.begin():
        documents.add_records(session, f"DOC-{number:022X}", [record], sinks, at)


def standing(store: Engine) -> dict[tuple[str, int, str], tuple[str, int]]:
    """State and attempts of each delivery, by record, revision and sink."""
    with Session(store) as session:
        rows = session.scalars(select(DeliveryRow).order_by(DeliveryRow.delivery_id))
        return {(row.record_id, row.revision, row.sink): (str(row.state), row.attempts) for row in rows}
