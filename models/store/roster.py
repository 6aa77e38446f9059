"""Who is a member, and who a provider, by the lists in force. Each function reads in the session it is given.

Every look-up is one statement, which sees the list as it was before an import or after it, and nothing between.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, FromClause, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from models.roster import MemberSpan, ProviderPlace
from models.store.desk_keys import folded
from models.store.desk_tables import KeyKind
from models.store.roster_tables import RosterHeadRow, RosterList, RosterMemberRow, RosterProviderRow

MOST = 200
"""Rows that a look-up gives at most; sorted here, for a database asked to sort may go through all rows in that order."""

_M = KeyKind.MEMBER
_PAST_ALL = "\U0010ffff"
_HEADS, _MEMBERS, _PLACES = RosterHeadRow.__table__, RosterMemberRow.__table__, RosterProviderRow.__table__


def lists_in_force(session: Session) -> frozenset[RosterList]:
    """The lists that were ever imported."""
    return frozenset(RosterList(name) for name in session.scalars(select(RosterHeadRow.list_name)))


def count_in_force(session: Session, list_name: RosterList) -> int:
    """How many rows of a list are in force."""
    table = RosterMemberRow if list_name is RosterList.MEMBERS else RosterProviderRow
    query = select(func.count()).select_from(table).join(RosterHeadRow, RosterHeadRow.list_name == list_name)
    query = query.where(_in_force(table.__table__))
    if table is RosterProviderRow:
        query = query.where(RosterProviderRow.list_name == list_name)
    return session.scalar(query) or 0


def _in_force(table: FromClause) -> ColumnElement[bool]:
    brought = table.c.load_id.between(_HEADS.c.base_load, _HEADS.c.current_load)
    return brought & (table.c.until_load.is_(None) | (table.c.until_load > _HEADS.c.current_load))


# Written once, and of the tables: to build a statement takes longer than to answer it, and mapping its rows half as long.
MEMBER_VALUES = tuple(_MEMBERS.c[one.name] for one in fields(MemberSpan))
"""The columns of a span, in the order of its fields."""

_PLACE = tuple(_PLACES.c[one.name] for one in fields(ProviderPlace) if one.name != "national")
_MEMBER = (
    select(_MEMBERS.c.row_id, *MEMBER_VALUES)
    .join(_HEADS, _HEADS.c.list_name == RosterList.MEMBERS)
    .where(_in_force(_MEMBERS))
    .limit(MOST)
)
_PROVIDER = (
    select(_PLACES.c.row_id, *_PLACE, (_PLACES.c.list_name == RosterList.NPPES).label("national"))
    .join(_HEADS, _HEADS.c.list_name == _PLACES.c.list_name)
    .where(_in_force(_PLACES))
    .limit(MOST)
)
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_BY_ID = _MEMBER.where(
    or_(
        _MEMBERS.c.member_id.in_(_IDS),
        _MEMBERS.c.cin.in_(_IDS),
        _MEMBERS.c.mbi.in_(_IDS),
        _MEMBERS.c.medical_record.in_(_IDS),
    )
)
_BY_BIRTH = _MEMBER.where(_MEMBERS.c.date_of_birth == bindparam("born", type_=Date))
_LAST: BindParameter[str] = bindparam("last")
_FIRST: BindParameter[str] = bindparam("first")
_BY_NAME = _MEMBER.where(_MEMBERS.c.last_key == _LAST, _MEMBERS.c.first_key == _FIRST)
_LIKE_NAME = _MEMBER.where(
    _MEMBERS.c.last_key.between(_LAST, bindparam("past_last")),
    _MEMBERS.c.first_key.between(_FIRST, bindparam("past_first")),
)
_BY_NPI = _PROVIDER.where(_PLACES.c.npi.in_(bindparam("npis", expanding=True)))
_BY_TIN = _PROVIDER.where(_PLACES.c.tin == bindparam("tin"))
_BY_FAX = _PROVIDER.where(_PLACES.c.fax == bindparam("fax"))
_NAMED = _PROVIDER.where(_PLACES.c.name_key == bindparam("name"))
_NAMED_LIKE = _PROVIDER.where(_PLACES.c.name_key.between(bindparam("name"), bindparam("past")))


def members_by_id(session: Session, ids: Collection[str]) -> tuple[MemberSpan, ...]:
    """Who has one of these ids, as any of theirs; ids in capitals, without spaces and signs."""
    return _members(session, _BY_ID, {"ids": list(ids)}) if ids else ()


def members_by_birth(session: Session, born: date) -> tuple[MemberSpan, ...]:
    """Who was born on that day."""
    return _members(session, _BY_BIRTH, {"born": born})


def members_by_name(session: Session, last_name: str, first_name: str) -> tuple[MemberSpan, ...]:
    """Who is named so, accents, case and signs apart."""
    return _members(session, _BY_NAME, {"last": folded(_M, last_name), "first": folded(_M, first_name)})


def members_named_like(session: Session, last_name: str, first_name: str) -> tuple[MemberSpan, ...]:
    """Whose last and first name begin so."""
    last, first = folded(_M, last_name), folded(_M, first_name)
    past = {"past_last": last + _PAST_ALL, "past_first": first + _PAST_ALL}
    return _members(session, _LIKE_NAME, {"last": last, "first": first, **past})


def providers_by_npi(session: Session, npis: Collection[str]) -> tuple[ProviderPlace, ...]:
    """All places of the providers with these NPIs."""
    return _providers(session, _BY_NPI, {"npis": list(npis)})


def providers_by_tin(session: Session, tin: str) -> tuple[ProviderPlace, ...]:
    """Who bills under a TIN."""
    return _providers(session, _BY_TIN, {"tin": tin})


def providers_by_fax(session: Session, fax: str) -> tuple[ProviderPlace, ...]:
    """Whose fax number it is."""
    return _providers(session, _BY_FAX, {"fax": fax})


def providers_by_name(session: Session, name: str, *, begins: bool = False) -> tuple[ProviderPlace, ...]:
    """Who is named so, or whose name begins so; accents, case and signs apart."""
    key = folded(KeyKind.PROVIDER, name)
    return (
        _providers(session, _NAMED_LIKE, {"name": key, "past": key + _PAST_ALL})
        if begins
        else _providers(session, _NAMED, {"name": key})
    )


def _members(session: Session, query: Select[Any], told: dict[str, object]) -> tuple[MemberSpan, ...]:
    return tuple(MemberSpan(*row[1:]) for row in sorted(session.execute(query, told), key=itemgetter(0)))


def _providers(session: Session, query: Select[Any], told: dict[str, object]) -> tuple[ProviderPlace, ...]:
    return tuple(ProviderPlace(*row[1:]) for row in sorted(session.execute(query, told), key=itemgetter(0)))
