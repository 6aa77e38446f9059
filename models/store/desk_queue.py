"""What waits for a person, in the order of its deadlines, and who works on it. No function here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.store.changes import note_change
from models.store.desk_keys import words_of
from models.store.desk_tables import ChangeKind, ChangeRow, DeskItemRow, DeskKeyRow, KeyKind

CLAIM_LIFE = timedelta(minutes=10)
"""How long a claim holds without a sign of life."""

# A letter after all that a key may begin with: what lies between a prefix and the prefix with it begins with the prefix.
_LAST = "\U0010ffff"

# Keys that are looked up one by one; what is more common than that is met soon enough in a hundred thousand records.
_MOST_FEW = 4_000

_Keys = tuple[tuple[KeyKind, str], ...]
"""Beginnings of keys, any one of which is enough."""

_Few = Select[str]
_ONE = aliased(DeskKeyRow)
T = TypeVar("T")


class View(StrEnum):
    """Which records: those that wait for a person, those that are at their end, or all."""

    WAITING = "waiting"
    ENDED = "ended"
    ALL = "all"


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


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place behind one row of a listing."""

    at: datetime
    record_id: str


def listed(session: Session, search: Search, most: int, now: datetime, after: Cursor | None = None) -> tuple[DeskItemRow, ...]:
    """What fits, from ``after`` on: what waits by its deadline, the most urgent first; else the newest arrival first."""
    few = _few(session, search)
    query = select(DeskItemRow).where(*_conditions(search, now, few))
    column = DeskItemRow.order_at if search.view is View.WAITING else DeskItemRow.received_at
    at = column if few is None else _hidden(column)
    place = tuple_(at, DeskItemRow.record_id)
    if search.view is View.WAITING:
        query = query.order_by(at, DeskItemRow.record_id)
        query = query if after is None else query.where(place > tuple_(after.at, after.record_id))
    else:
        query = query.order_by(at.desc(), DeskItemRow.record_id.desc())
        query = query if after is None else query.where(place < tuple_(after.at, after.record_id))
    return tuple(session.scalars(query.limit(most)))


def cursor_of(row: DeskItemRow, view: View) -> Cursor:
    """The place behind a row of a listing with this view."""
    return Cursor(row.order_at if view is View.WAITING else row.received_at, row.record_id)


def counted(session: Session, search: Search, now: datetime, most: int) -> int:
    """How many fit, counted no further than ``most``."""
    some = select(DeskItemRow.record_id).where(*_conditions(search, now, _few(session, search))).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def next_waiting(session: Session, search: Search, actor: str, now: datetime, after: Cursor | None = None) -> DeskItemRow | None:
    """Claim the most urgent record that nobody else works on; ``None`` where there is none."""
    few = _few(session, search)
    query = select(DeskItemRow).where(*_conditions(search, now, few), DeskItemRow.waits, _free(actor, now))
    if after is not None:
        query = query.where(tuple_(DeskItemRow.order_at, DeskItemRow.record_id) > tuple_(after.at, after.record_id))
    query = query.order_by(DeskItemRow.order_at, DeskItemRow.record_id).limit(1)
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


def _conditions(search: Search, now: datetime, few: _Few | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    found += [_has(keys) for keys in _keys(search)] if few is None else [DeskItemRow.record_id.in_(few)]
    if search.view is View.WAITING:
        found.append((DeskItemRow.waits if few is None else _hidden(DeskItemRow.waits)).is_(True))
    if search.view is View.ENDED:
        # Nearly all are: they are met in the order of the listing.
        found.append(_hidden(DeskItemRow.waits).is_(False))
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


def _few(session: Session, search: Search) -> _Few | None:
    """The ids of all records that have what is looked for, where it is something that few have; else ``None``.

    Few are put into the order of the listing. Where many have it, the listing is gone through in its order until it is full, which
    is soon. SQLite cannot tell the two apart: it counts no values. PostgreSQL does, and is left to it.
    """
    asked = _keys(search)
    if not asked or session.get_bind().dialect.name != "sqlite":
        return None
    counts = {keys: _count_up_to(session, keys, _MOST_FEW + 1) for keys in asked}
    rarest = min(asked, key=lambda keys: counts[keys])
    if counts[rarest] > _MOST_FEW:
        return None
    others = [_has(keys, _ONE.record_id) for keys in asked if keys != rarest]
    return select(_ONE.record_id).where(_begins(_ONE, rarest), *others)


def _keys(search: Search) -> list[_Keys]:
    asked = (
        (KeyKind.MEMBER, search.member),
        (KeyKind.MEMBER_ID, search.member_id),
        (KeyKind.BORN, search.date_of_birth),
        (KeyKind.AUTHORIZATION, search.authorization_number),
        (KeyKind.PROVIDER, search.provider),
        (KeyKind.FAX, search.fax),
    )
    found: list[_Keys] = [((kind, word),) for kind, text in asked for word in words_of(kind, text)]
    found += [tuple((kind, key) for kind in KeyKind for key in words_of(kind, word)[:1]) for word in search.text.split()]
    return [keys for keys in dict.fromkeys(found) if keys]


def _count_up_to(session: Session, keys: _Keys, most: int) -> int:
    some = select(_ONE.record_id).where(_begins(_ONE, keys)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _has(keys: _Keys, record_id: ColumnElement[str] | InstrumentedAttribute[str] = DeskItemRow.record_id) -> ColumnElement[bool]:
    """Whether a record has one of the keys."""
    return exists().where(DeskKeyRow.record_id == record_id, _begins(DeskKeyRow, keys))


def _begins(row: type[DeskKeyRow], keys: _Keys) -> ColumnElement[bool]:
    return or_(*(and_(row.kind == kind, row.key >= key, row.key < key + _LAST) for kind, key in keys))


def _hidden(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    """The same value, for which no index is used: SQLite would go through all that waits, not to the few or the newest."""
    return func.coalesce(column, column)
