"""A desk at which records are placed among what the store knows, as in use; and requests that arrive there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.answers import Taking, take_answers
from intake.letter_desk import LetterDesk
from intake.placing import placed
from intake.returning import brought_back
from models.page_print import PagePrint
from models.record import ReferralRecord, Source, Status
from models.store import documents, match_records
from models.store.audit import SERVICE
from models.store.database import sqlite_url
from models.store.desk_edits import newest_record
from models.store.desk_tables import DeskItemRow
from models.store.documents import NewDocument
from models.store.roles import Role
from models.store.tables import AuditRow
from review.app import build_desk
from tests.desk.desks import Clock, Desk, services_on


class Placing:
    """A desk, a coordinator at it, and what arrives."""

    def __init__(self, folder: Path) -> None:
        clock = Clock()
        services = replace(services_on(sqlite_url(folder / "store.sqlite"), folder, clock), placed=placed)
        self.desk = Desk(services, build_desk(services), clock)
        self.client: httpx.Client = self.desk.signed_in(Role.COORDINATOR, "ana")

    @property
    def letters(self) -> LetterDesk:
        """The letters of this desk."""
        kept = self.desk.services.letters
        assert isinstance(kept, LetterDesk)
        return kept

    def put(
        self, record_id: str, values: Mapping[str, object], at: datetime, prints: tuple[PagePrint, ...] = (), **source: object
    ) -> ReferralRecord:
        """A request arrives in a document of its own, or is read again."""
        told: dict[str, Any] = {"file_name": "fax.tif", "sha256": record_id, "received_at": at, "pages": [1], **source}
        body = {"record_id": record_id, "status": Status.NEEDS_REVIEW, "source": Source.model_validate(told), **values}
        return self.store(f"D-{record_id}", (ReferralRecord.model_validate(body),), prints)[0]

    def store(
        self, document: str, read: tuple[ReferralRecord, ...], prints: tuple[PagePrint, ...] = ()
    ) -> tuple[ReferralRecord, ...]:
        """What was read of a document, stored as the service does it; gives the newest revisions."""
        checked = self.letters.checked
        now = self.desk.clock()
        self.desk.clock.pass_s(1)
        with Session(self.desk.services.engine) as session, session.begin():
            new = NewDocument(document, read[0].source.sha256, "fax.tif", read[0].source.received_at, None)
            documents.register(session, new, now)
            session.flush()
            match_records.keep_prints(session, document, dict(enumerate(prints, 1)))
            written = documents.add_records(session, document, [checked(session, one) for one in read], ("outbox",), now)
            taking = Taking(checked, ("outbox",), SERVICE, now)
            for record in written:
                take_answers(session, record, taking)
            brought_back(session, written, taking)
            documents.finish(session, document, None, now)
        return tuple(self.newest(one.record_id) for one in read)

    def newest(self, record_id: str) -> ReferralRecord:
        """The newest revision."""
        with Session(self.desk.services.reading) as session:
            found = newest_record(session, record_id)
        assert found is not None
        return found[0]

    def waits(self, record_id: str) -> bool:
        """Whether it stands in the queue."""
        with Session(self.desk.services.reading) as session:
            return session.get_one(DeskItemRow, record_id).waits

    def work(self, record_id: str) -> dict[str, Any]:
        """The record as whoever opens it sees it."""
        found: dict[str, Any] = self.client.get(f"/api/records/{record_id}/work").raise_for_status().json()
        return found

    def edit(self, record_id: str, action: str, path: str | None = None, value: object = None) -> httpx.Response:
        """Do one thing to a record."""
        revision = self.newest(record_id).revision
        body = {"key": str(uuid4()), "action": action, "revision": revision, "path": path, "value": value}
        return self.client.post(f"/api/records/{record_id}/edits", json=body)

    def end(self, record_id: str, how: str = "complete") -> ReferralRecord:
        """Complete, dismiss or reopen it; gives the revision."""
        self.client.post(f"/api/records/{record_id}/{how}", json={"key": str(uuid4())}).raise_for_status()
        return self.newest(record_id)

    def placed_again(self, record_id: str) -> ReferralRecord:
        """The newest revision, placed and checked once more; nothing is kept."""
        with Session(self.desk.services.reading) as session:
            return self.letters.checked(session, self.newest(record_id))

    def trail(self, record_id: str) -> list[tuple[str, str, str | None]]:
        """Who did what to a record, and where."""
        with Session(self.desk.services.reading) as session:
            query = select(AuditRow).where(AuditRow.record_id == record_id).order_by(AuditRow.event_id)
            return [(row.actor, row.action, row.detail) for row in session.scalars(query)]
