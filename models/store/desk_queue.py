"""What waits for a person, in the order of its deadlines, and who works on it. No function here commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.store.changes import note_change
from models.store.desk_tables import ChangeKind, ChangeRow, DeskItemRow, DeskKeyRow, KeyKind
from models.store.desk_words import Word, any_words, few, has, words

CLAIM_LIFE = timedelta(minutes=10)
"""How long a claim holds without a sign of life."""

T = TypeVar("T")
_Place = tuple[ColumnElement[datetime] | InstrumentedAttribute[datetime], InstrumentedAttribute[str]]
"""A time and a record's id, by which a listing is sorted."""


class View(StrEnum):
    """Which records: those that wait for a person, those that are at their end, or all; or those that wait and are due soon."""

    WAITING = "waiting"
    ENDED = "ended"
    ALL = "all"
    AT_RISK = "at_risk"

    @property
    def waits(self) -> tuple[bool, ...]:
        """Whether its records wait."""
        return {View.ENDED: (False,), View.ALL: (True, False)}.get(self, (True,))

    @property
    def by_deadline(self) -> bool:
        """Whether it is listed by its deadlines, the most urgent first; else by its arrivals, the newest first."""
        return self in (View.WAITING, View.AT_RISK)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Empty parts ask for nothing; each text is found by its beginning, a name by that of each of its words.

    ``changed_since`` is the number of a change: only what changed after it.
    """

    view: View = View.WAITING
    text: str = ""
    member: str = ""
    member_id: str = ""
    date_of_birth: str = ""
    authorization_number: str = ""
    provider: str = ""
    fax: str = ""
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    received_from: datetime | None = None
    received_before: datetime | None = None
    due_before: datetime | None = None
    with_gaps: bool | None = None
    unclaimed: bool = False
    document_id: str = ""
    changed_since: int | None = None


def soon(search: Search, now: datetime, within: timedelta) -> Search:
    """The search as it is made now: of what is at risk, only what is due within that time, or late."""
    if search.view is not View.AT_RISK:
        return search
    return replace(search, due_before=min(search.due_before or now + within, now + within))


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place behind one row of a listing."""

    at: datetime
    record_id: str


def listed(session: Session, search: Search, most: int, now: datetime, after: Cursor | None = None) -> tuple[DeskItemRow, ...]:
    """What fits, from ``after`` on: what waits by its deadline, the most urgent first; else the newest arrival first."""
    at, at_of_key = (row.order_at if search.view.by_deadline else row.received_at for row in (DeskItemRow, DeskKeyRow))
    found, others = few(session, _words(search), search.view.waits), _others(search, now)
    if found is not None and not others:
        in_order = _from(found.group_by(at_of_key, DeskKeyRow.record_id), (at_of_key, DeskKeyRow.record_id), search.view, after)
        found = in_order.limit(most)
    query = select(DeskItemRow).where(*_sought(search, found), *others)
    place = (at if found is None else _hidden(at), DeskItemRow.record_id)
    return tuple(session.scalars(_from(query, place, search.view, after).limit(most)))


def _from(query: Select[T], place: _Place, view: View, after: Cursor | None) -> Select[T]:
    """The query in the order of a listing, from ``after`` on."""
    if after is not None:
        here, there = tuple_(*place), tuple_(after.at, after.record_id)
        query = query.where(here > there if view.by_deadline else here < there)
    return query.order_by(*place) if view.by_deadline else query.order_by(*(column.desc() for column in place))


def cursor_of(row: DeskItemRow, view: View) -> Cursor:
    """The place behind a row of a listing with this view."""
    return Cursor(row.order_at if view.by_deadline else row.received_at, row.record_id)


def counted(session: Session, search: Search, now: datetime, most: int) -> int:
    """How many fit, counted no further than ``most``."""
    found = few(session, _words(search), search.view.waits)
    some = select(DeskItemRow.record_id).where(*_sought(search, found), *_others(search, now)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def next_waiting(session: Session, search: Search, actor: str, now: datetime, after: Cursor | None = None) -> DeskItemRow | None:
    """Claim the most urgent record that nobody else works on; ``None`` where there is none."""
    found = few(session, _words(search), search.view.waits)
    query = select(DeskItemRow).where(*_sought(search, found), *_others(search, now), DeskItemRow.waits, _free(actor, now))
    at = DeskItemRow.order_at if found is None else _hidden(DeskItemRow.order_at)
    query = _from(query, (at, DeskItemRow.record_id), View.WAITING, after).limit(1)
    row = session.scalars(query.with_for_update(skip_locked=True)).first()
    if row is not None:
        _give(session, row, actor, now)
    return row


@dataclass(frozen=True, slots=True)
class Held:
    """Who works on a record, and until when that holds without a sign of life."""

    by: str
    until: datetime


def claim(session: Session, record_id: str, actor: str, now: datetime) -> Held | None:
    """Work on a record from now on, or show that one still does; gives who else works on it, and ``None`` where nobody does."""
    row = session.get(DeskItemRow, record_id, with_for_update=True)
    if row is None:
        return None
    other = held(row, now)
    if other is not None and other.by != actor:
        return other
    _give(session, row, actor, now)
    return None


def held(row: DeskItemRow, now: datetime) -> Held | None:
    """Who works on a record."""
    if row.claimed_by is None or row.claimed_until is None or row.claimed_until <= now:
        return None
    return Held(row.claimed_by, row.claimed_until)


def release(session: Session, record_id: str, actor: str | None, now: datetime) -> bool:
    """Let go of a record; with no ``actor``, whoever works on it. Gives whether somebody did."""
    query = update(DeskItemRow).where(DeskItemRow.record_id == record_id, DeskItemRow.claimed_by.is_not(None))
    if actor is not None:
        query = query.where(DeskItemRow.claimed_by == actor)
    found = session.execute(query.values(claimed_by=None, claimed_until=None).returning(DeskItemRow.revision)).first()
    if found is not None:
        note_change(session, ChangeKind.CLAIM, record_id, found[0], now)
    return found is not None


def _give(session: Session, row: DeskItemRow, actor: str, now: datetime) -> None:
    is_new = held(row, now) is None
    row.claimed_by, row.claimed_until = actor, now + CLAIM_LIFE
    if is_new:
        note_change(session, ChangeKind.CLAIM, row.record_id, row.revision, now)


def _free(actor: str, now: datetime) -> ColumnElement[bool]:
    return or_(DeskItemRow.claimed_by.is_(None), DeskItemRow.claimed_by == actor, DeskItemRow.claimed_until <= now)


def _sought(search: Search, found: Select[str] | None) -> list[ColumnElement[bool]]:
    """The view and the words, where ``found`` are not those that have them."""
    if found is not None:
        return [DeskItemRow.record_id.in_(found)]
    view = [DeskItemRow.waits.is_(waits) for waits in search.view.waits if search.view is not View.ALL]
    return [*view, *(has(word, DeskItemRow) for word in _words(search))]


def _others(search: Search, now: datetime) -> list[ColumnElement[bool]]:
    """What is asked beside the view and the words."""
    found: list[ColumnElement[bool]] = []
    for column, among in (
        (DeskItemRow.status, search.statuses),
        (DeskItemRow.kind, search.kinds),
        (DeskItemRow.urgency, search.urgencies),
    ):
        if among:
            found.append(column.in_(among))
    if search.with_gaps is not None:
        found.append((DeskItemRow.blocking > 0).is_(search.with_gaps))
    if search.unclaimed:
        found.append(_free("", now))
    if search.document_id:
        found.append(DeskItemRow.document_id == search.document_id)
    if search.changed_since is not None:
        found.append(DeskItemRow.record_id.in_(select(ChangeRow.record_id).where(ChangeRow.change_id > search.changed_since)))
    return [*found, *_by_times(search)]


def _by_times(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.received_from is not None:
        found.append(DeskItemRow.received_at >= search.received_from)
    if search.received_before is not None:
        found.append(DeskItemRow.received_at < search.received_before)
    if search.due_before is not None:
        found.append(DeskItemRow.order_at < search.due_before)
    return found


def _words(search: Search) -> tuple[Word, ...]:
    asked = (
        (KeyKind.MEMBER, search.member),
        (KeyKind.MEMBER_ID, search.member_id),
        (KeyKind.BORN, search.date_of_birth),
        (KeyKind.AUTHORIZATION, search.authorization_number),
        (KeyKind.PROVIDER, search.provider),
        (KeyKind.FAX, search.fax),
    )
    found = [word for kind, text in asked for word in words(kind, text)]
    return tuple(dict.fromkeys([*found, *any_words(search.text)]))


def _hidden(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    """The same value, for which no index is used: SQLite would go through all that waits, not to the few."""
    return func.coalesce(column, column)
