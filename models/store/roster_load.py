"""Bringing a list of members or providers in: beside what is in force, in short transactions, and in force as a whole at the end.

One load at a time writes to a list; one that begins overtakes another that was left, or still runs. No function here commits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.errors import ImportRefused
from models.roster import MemberSpan, ProviderPlace
from models.store.bulk import among, write_rows
from models.store.desk_keys import folded
from models.store.desk_tables import KeyKind
from models.store.roster import MEMBER_VALUES
from models.store.roster_tables import (
    LoadState,
    RosterHeadRow,
    RosterList,
    RosterLoadRow,
    RosterMemberRow,
    RosterProviderRow,
)

MEMBER_COLUMNS = (
    "load_id", "member_id", "person", "cin", "mbi", "medical_record", "last_name", "first_name", "middle_name", "last_key",
    "first_key", "date_of_birth", "sex", "phone", "plan", "line_of_business", "delegated_group", "eligible_from", "eligible_to",
    "other_coverage", "pcp_npi",
)  # fmt: skip
PROVIDER_COLUMNS = (
    "load_id", "list_name", "npi", "name", "name_key", "is_organization", "tin", "phone", "fax", "specialty", "network", "plan",
    "deactivated_on",
)  # fmt: skip
_TIDY_STEP = 5_000
_SHORT = 100
# No row of a roster is held by a session here, so that none has to be brought in step.
_NOT_HELD = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Load:
    """One import in work. ``replaces``: what it does not bring is gone."""

    load_id: int
    list_name: RosterList
    replaces: bool


def begin(session: Session, list_name: RosterList, now: datetime, *, replaces: bool) -> Load:
    """Begin an import; one that did not come to its end gives way to it."""
    overtaken = select(RosterLoadRow).where(RosterLoadRow.list_name == list_name, RosterLoadRow.state == LoadState.LOADING)
    for other in session.scalars(overtaken.with_for_update()):
        other.state, other.ended_at = LoadState.OVERTAKEN, now
    replaces = replaces or session.get(RosterHeadRow, list_name) is None
    row = RosterLoadRow(list_name=list_name, replaces=replaces, state=LoadState.LOADING, begun_at=now, rows_written=0)
    session.add(row)
    session.flush()
    return Load(row.load_id, list_name, replaces)


def add_members(session: Session, load: Load, spans: Sequence[MemberSpan]) -> None:
    """Write spans of coverage that come in force with the load; without ``replaces``, in place of all that the ids had before.

    Raises:
        ImportRefused: another import has begun meanwhile.
    """
    _still(session, load, len(spans))
    if not load.replaces:
        _end_members(session, load, {span.member_id for span in spans})
    _write_members(session, load, spans)


def swap_members(session: Session, load: Load, ids: Collection[str], spans: Sequence[MemberSpan]) -> None:
    """Write what persons of these ids have from now on, in place of all that :func:`members_so_far` gave.

    Raises:
        ImportRefused: another import has begun meanwhile.
    """
    _still(session, load, len(spans))
    own = delete(RosterMemberRow).where(RosterMemberRow.load_id == load.load_id, among(session, RosterMemberRow.member_id, ids))
    session.execute(own, execution_options=_NOT_HELD)
    if not load.replaces:
        _end_members(session, load, ids)
    _write_members(session, load, spans)


def _write_members(session: Session, load: Load, spans: Sequence[MemberSpan]) -> None:
    write_rows(session, RosterMemberRow.__tablename__, MEMBER_COLUMNS, (member_row(load.load_id, span) for span in spans))


def members_so_far(session: Session, load: Load, ids: Collection[str]) -> tuple[MemberSpan, ...]:
    """What the ids will have if the load ends here."""
    head = session.get(RosterHeadRow, load.list_name)
    current, base = (0, 1) if head is None else (head.current_load, head.base_load)
    before = RosterMemberRow.load_id.between(base, current)
    of_load = RosterMemberRow.load_id == load.load_id
    lasting = RosterMemberRow.until_load.is_(None)
    query = select(*MEMBER_VALUES).where(among(session, RosterMemberRow.member_id, ids), lasting)
    query = query.where(of_load if load.replaces else or_(of_load, before)).order_by(RosterMemberRow.row_id)
    return tuple(MemberSpan(*row) for row in session.execute(query))


def add_providers(session: Session, load: Load, places: Sequence[ProviderPlace]) -> None:
    """Write places of providers that come in force with the load; without ``replaces``, in place of all that their NPIs had.

    Raises:
        ImportRefused: another import has begun meanwhile.
    """
    _still(session, load, len(places))
    if not load.replaces:
        ended = update(RosterProviderRow).where(among(session, RosterProviderRow.npi, {place.npi for place in places}))
        ended = ended.where(RosterProviderRow.list_name == load.list_name, RosterProviderRow.load_id < load.load_id)
        ended = ended.where(RosterProviderRow.until_load.is_(None)).values(until_load=load.load_id)
        session.execute(ended, execution_options=_NOT_HELD)
    rows = (provider_row(load, place) for place in places)
    write_rows(session, RosterProviderRow.__tablename__, PROVIDER_COLUMNS, rows)


def _still(session: Session, load: Load, count: int) -> None:
    """Hold the load's row until the transaction ends, so that nobody overtakes it between a look and a write."""
    row = session.get(RosterLoadRow, load.load_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != LoadState.LOADING:
        raise ImportRefused("Another import of the same list has begun.")
    row.rows_written += count
    session.flush()


def _end_members(session: Session, load: Load, ids: Collection[str]) -> None:
    ended = update(RosterMemberRow).where(among(session, RosterMemberRow.member_id, ids), RosterMemberRow.load_id < load.load_id)
    ended = ended.where(RosterMemberRow.until_load.is_(None)).values(until_load=load.load_id)
    session.execute(ended, execution_options=_NOT_HELD)


def member_row(load_id: int, span: MemberSpan) -> tuple[object, ...]:
    """A span as a row of ``MEMBER_COLUMNS``."""
    return (
        load_id, span.member_id, span.person, span.cin, span.mbi, span.medical_record, span.last_name, span.first_name,
        span.middle_name, _key(span.last_name), _key(span.first_name),
        span.date_of_birth.isoformat(), span.sex, span.phone, span.plan, span.line_of_business, span.delegated_group,
        _day(span.eligible_from), _day(span.eligible_to), span.other_coverage, span.pcp_npi,
    )  # fmt: skip


def provider_row(load: Load, place: ProviderPlace) -> tuple[object, ...]:
    """A place as a row of ``PROVIDER_COLUMNS``."""
    return (
        load.load_id, load.list_name.value, place.npi, place.name, _key(place.name), place.is_organization,
        place.tin, place.phone, place.fax, place.specialty, place.network, place.plan, _day(place.deactivated_on),
    )  # fmt: skip


def _key(name: str) -> str:
    """A name as it is looked for."""
    if name.isascii() and name.isalpha() and len(name) <= _SHORT:
        return name.lower()
    return folded(KeyKind.MEMBER, name)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def put_in_force(session: Session, load: Load, now: datetime) -> None:
    """Let what was written hold from now on, in place of what it replaces.

    Raises:
        ImportRefused: another import has begun meanwhile.
    """
    _still(session, load, 0)
    row = session.get_one(RosterLoadRow, load.load_id)
    row.state, row.ended_at = LoadState.LOADED, now
    head = session.get(RosterHeadRow, load.list_name, with_for_update=True)
    if head is None:
        session.add(RosterHeadRow(list_name=load.list_name, base_load=load.load_id, current_load=load.load_id, untidy=True))
        return
    head.base_load = load.load_id if load.replaces else head.base_load
    head.current_load, head.untidy = load.load_id, True


def give_up(session: Session, load: Load, now: datetime) -> None:
    """Note that an import did not come to its end; what was in force stays so."""
    row = session.get(RosterLoadRow, load.load_id, with_for_update=True)
    if row is not None and row.state == LoadState.LOADING:
        row.state, row.ended_at = LoadState.FAILED, now


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What may be removed of a list: what loads up to ``current`` replaced, and what ``abandoned`` loads had written."""

    list_name: RosterList
    base: int
    current: int
    abandoned: tuple[int, ...]


def leftovers(session: Session, list_name: RosterList) -> Leftovers | None:
    """What is left of what was replaced, or of imports that did not come to their end; ``None`` where nothing is."""
    head = session.get(RosterHeadRow, list_name)
    ended = (LoadState.FAILED, LoadState.OVERTAKEN)
    query = select(RosterLoadRow.load_id).where(RosterLoadRow.list_name == list_name, RosterLoadRow.state.in_(ended))
    abandoned = tuple(session.scalars(query.order_by(RosterLoadRow.load_id)))
    if not abandoned and (head is None or not head.untidy):
        return None
    return Leftovers(list_name, 0 if head is None else head.base_load, 0 if head is None else head.current_load, abandoned)


def tidy(session: Session, left: Leftovers, after: int) -> int | None:
    """Remove some rows that hold no more, or never did, in a step of a fixed size.

    Args:
        session: the session.
        left: what may be removed.
        after: the last row of the step before; 0 at first.

    Returns:
        The last row of this step; ``None`` where all is done.
    """
    table = RosterMemberRow if left.list_name is RosterList.MEMBERS else RosterProviderRow
    first = session.scalar(select(func.min(table.row_id)).where(table.row_id > after))
    if first is None:
        _tidied(session, left)
        return None
    here: ColumnElement[bool] = table.row_id.between(first, first + _TIDY_STEP)
    if table is RosterProviderRow:
        here = and_(here, RosterProviderRow.list_name == left.list_name)
    gone = or_(table.load_id < left.base, table.until_load <= left.current, table.load_id.in_(left.abandoned))
    session.execute(delete(table).where(here, gone))
    session.execute(update(table).where(here, table.until_load.in_(left.abandoned)).values(until_load=None))
    return first + _TIDY_STEP


def _tidied(session: Session, left: Leftovers) -> None:
    head = session.get(RosterHeadRow, left.list_name, with_for_update=True)
    if head is not None and head.current_load == left.current:
        head.untidy = False
    session.execute(delete(RosterLoadRow).where(RosterLoadRow.load_id.in_(left.abandoned)))
