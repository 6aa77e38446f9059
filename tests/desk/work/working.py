"""One person's work on a store, as the pages and the API do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from pydantic import JsonValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import documents
from models.store.desk_edits import Edit
from models.store.desk_tables import EditAction
from models.store.documents import NewDocument
from review.work.apply import Rules
from review.work.working import Desk, Opened
from validation.check import CALIFORNIA
from validation.policy_book import default_book

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
RULES = Rules(default_book(), date(2026, 11, 22), CALIFORNIA)
T = TypeVar("T")


def stored(engine: Engine, record: ReferralRecord, document_id: str = "D-1") -> None:
    """A record as the service stores it, read and checked; stored again, as a second reading does."""
    new = NewDocument(document_id, record.source.sha256, "scan.pdf", NOW, None)
    with Session(engine) as session, session.begin():
        documents.register(session, new, NOW)
        documents.add_records(session, document_id, (RULES.checked(record),), ("outbox",), NOW)
        documents.finish(session, document_id, None, NOW)


class Person:
    """Somebody at the desk; each thing done is a transaction of its own."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self.now = NOW

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def do(self, what: Callable[[Desk], T]) -> T:
        with Session(self._engine) as session, session.begin():
            return what(Desk(session, self._name, RULES, ("outbox",), self.now))

    def open(self, record_id: str) -> Opened:
        return self.do(lambda desk: desk.open(record_id))

    def enter(
        self, record_id: str, path: str | None, value: JsonValue = None, action: str = "set", *, key: str = "", revision: int = 0
    ) -> Opened:
        seen = revision or self.open(record_id).read.revision
        edit = Edit(key or str(uuid4()), EditAction(action), seen, path, value)
        return self.do(lambda desk: desk.enter(record_id, edit))

    def complete(self, record_id: str, key: str = "") -> ReferralRecord:
        return self.do(lambda desk: desk.complete(record_id, key or str(uuid4())))
