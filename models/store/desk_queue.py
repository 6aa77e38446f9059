"""What waits for a person, in the order of its deadlines, and who works on it. No function here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from models.store.changes import note_change
from models.store.desk_keys import words_of
from models.store.desk_tables import ChangeKind, ChangeRow, DeskItemRow, DeskKeyRow, KeyKind

CLAIM_LIFE = timedelta(minutes=10)
"""How long a claim holds without a sign of life."""

# A letter after all that a key may begin with: what lies between a prefix and the prefix with it begins with the prefix.
_LAST = "\U0010ffff"


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
    query = select(DeskItemRow).where(*_conditions(search, now))
    if search.view is View.WAITING:
        place = tuple_(DeskItemRow.order_at, DeskItemRow.record_id)
        query = query.order_by(DeskItemRow.order_at, DeskItemRow.record_id)
        query = query if after is None else query.where(place > tuple_(after.at, after.record_id))
    else:
        place = tuple_(DeskItemRow.received_at, DeskItemRow.record_id)
        query = query.order_by(DeskItemRow.received_at.desc(), DeskItemRow.record_id.desc())
        query = query if after is None else query.where(place < tuple_(after.at, after.record_id))
    return tuple(session.scalars(query.limit(most)))


def cursor_of(row: DeskItemRow, view: View) -> Cursor:
    """The place behind a row of a listing with this view."""
    return Cursor(row.order_at if view is View.WAITING else row.received_at, row.record_id)


def counted(session: Session, search: Search, now: datetime, most: int) -> int:
    """How many fit, counted no further than ``most``."""
    some = select(DeskItemRow.record_id).where(*_conditions(search, now)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def next_waiting(session: Session, search: Search, actor: str, now: datetime, after: Cursor | None = None) -> DeskItemRow | None:
    """Claim the most urgent record that nobody else works on; ``None`` where there is none."""
    query = select(DeskItemRow).where(*_conditions(search, now), DeskItemRow.waits, _free(actor, now))
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


def _conditions(search: Search, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.view is not View.ALL:
        found.append(DeskItemRow.waits.is_(search.view is View.WAITING))
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
    return [*found, *_by_times(search), *_by_keys(search)]


def _by_times(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.received_from is not None:
        found.append(DeskItemRow.received_at >= search.received_from)
    if search.received_before is not None:
        found.append(DeskItemRow.received_at < search.received_before)
    if search.due_before is not None:
        found.append(DeskItemRow.order_at < search.due_before)
    return found


def _by_keys(search: Search) -> list[ColumnElement[bool]]:
    asked = (
        (KeyKind.MEMBER, search.member),
        (KeyKind.MEMBER_ID, search.member_id),
        (KeyKind.BORN, search.date_of_birth),
        (KeyKind.AUTHORIZATION, search.authorization_number),
        (KeyKind.PROVIDER, search.provider),
        (KeyKind.FAX, search.fax),
    )
    found = [_has(kind, word) for kind, text in asked for word in words_of(kind, text)]
    return found + [_has_any(word) for word in search.text.split()]


def _has(kind: KeyKind, key: str) -> ColumnElement[bool]:
    return exists().where(
        DeskKeyRow.record_id == DeskItemRow.record_id,
        DeskKeyRow.kind == kind,
        DeskKeyRow.key >= key,
        DeskKeyRow.key < key + _LAST,
    )


def _has_any(word: str) -> ColumnElement[bool]:
    """Whether a record has something that begins so, whatever it is."""
    found = [_has(kind, key) for kind in KeyKind for key in words_of(kind, word)[:1]]
    return or_(*found) if found else and_(True)
