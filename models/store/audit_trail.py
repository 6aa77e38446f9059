"""Looking through what happened, and taking it along. Each function works in the session it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models.store.account_tables import AccountEventRow
from models.store.tables import AuditRow

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``about`` is an account or a token, of events that are of no document.

    ``detail`` is the path of a field, a code or an id; no event holds a value from a form.
    """

    at: datetime
    actor: str
    action: str
    document_id: str | None = None
    record_id: str | None = None
    revision: int | None = None
    about: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events. Empty parts ask for nothing; ``of`` is the id of a record or a document."""

    of: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def newest(session: Session, asked: Asked, most: int, before: int | None = None) -> tuple[tuple[int, Event], ...]:
    """Events of documents and records with their numbers, the newest first, those before a number."""
    query = _of_documents(asked).order_by(AuditRow.event_id.desc()).limit(most)
    if before is not None:
        query = query.where(AuditRow.event_id < before)
    return tuple((row.event_id, _event(row)) for row in session.scalars(query))


def actions(session: Session) -> tuple[str, ...]:
    """All actions that there are, by their names."""
    return tuple(session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)))


def whole(session: Session, since: datetime | None, until: datetime | None) -> Iterator[Event]:
    """All events of a range, of documents and of accounts, in the order in which they happened."""
    asked = Asked(since=since, until=until)
    documents = _streamed(session, _of_documents(asked).order_by(AuditRow.at, AuditRow.event_id))
    query = select(AccountEventRow).order_by(AccountEventRow.at, AccountEventRow.event_id)
    if since is not None:
        query = query.where(AccountEventRow.at >= since)
    if until is not None:
        query = query.where(AccountEventRow.at < until)
    accounts = (
        Event(row.at, row.actor, row.action, about=row.subject, detail=row.detail)
        for row in session.scalars(query.execution_options(yield_per=_AT_ONCE))
    )
    return merge(documents, accounts, key=lambda event: event.at)


def _streamed(session: Session, query: Select[AuditRow]) -> Iterator[Event]:
    return (_event(row) for row in session.scalars(query.execution_options(yield_per=_AT_ONCE)))


def _event(row: AuditRow) -> Event:
    return Event(row.at, row.actor, row.action, row.document_id, row.record_id, row.revision, None, row.detail)


def _of_documents(asked: Asked) -> Select[AuditRow]:
    query = select(AuditRow)
    if asked.of:
        query = query.where(or_(AuditRow.record_id == asked.of, AuditRow.document_id == asked.of))
    if asked.actor:
        query = query.where(AuditRow.actor == asked.actor)
    if asked.action:
        query = query.where(AuditRow.action == asked.action)
    if asked.since is not None:
        query = query.where(AuditRow.at >= asked.since)
    if asked.until is not None:
        query = query.where(AuditRow.at < asked.until)
    return query
