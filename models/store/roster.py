"""Who is a member, and who a provider, by the lists in force. Each function reads in the session it is given.

Every look-up is one statement, which sees the list as it was before an import or after it, and nothing between.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.roster import MemberSpan, ProviderPlace
from models.store.desk_keys import folded
from models.store.desk_tables import KeyKind
from models.store.roster_tables import RosterHeadRow, RosterList, RosterMemberRow, RosterProviderRow

MOST = 200
"""Rows that a look-up gives at most; sorted here, for a database asked to sort may go through all rows in that order."""

_ID_COLUMNS = (RosterMemberRow.member_id, RosterMemberRow.cin, RosterMemberRow.mbi, RosterMemberRow.medical_record)
_PAST_ALL = "\U0010ffff"


def lists_in_force(session: Session) -> frozenset[RosterList]:
    """The lists that were ever imported."""
    return frozenset(RosterList(name) for name in session.scalars(select(RosterHeadRow.list_name)))


def count_in_force(session: Session, list_name: RosterList) -> int:
    """How many rows of a list are in force."""
    table = RosterMemberRow if list_name is RosterList.MEMBERS else RosterProviderRow
    query = select(func.count()).select_from(table).join(RosterHeadRow, RosterHeadRow.list_name == list_name)
    query = query.where(_in_force(table))
    if table is RosterProviderRow:
        query = query.where(RosterProviderRow.list_name == list_name)
    return session.scalar(query) or 0


def members_by_id(session: Session, ids: Collection[str]) -> tuple[MemberSpan, ...]:
    """Who has one of these ids, as any of theirs; ids in capitals, without spaces and signs."""
    # One statement for each kind of id: a database goes through all rows rather than through four indexes.
    return tuple({span: None for column in _ID_COLUMNS for span in _members(session, column.in_(ids))}) if ids else ()


def members_by_birth(session: Session, born: date) -> tuple[MemberSpan, ...]:
    """Who was born on that day."""
    return _members(session, RosterMemberRow.date_of_birth == born)


def members_by_name(session: Session, last_name: str, first_name: str) -> tuple[MemberSpan, ...]:
    """Who is named so, accents, case and signs apart."""
    last, first = folded(KeyKind.MEMBER, last_name), folded(KeyKind.MEMBER, first_name)
    return _members(session, (RosterMemberRow.last_key == last) & (RosterMemberRow.first_key == first))


def members_named_like(session: Session, last_name: str, first_name: str) -> tuple[MemberSpan, ...]:
    """Whose last and first name begin so."""
    last, first = folded(KeyKind.MEMBER, last_name), folded(KeyKind.MEMBER, first_name)
    begins = (RosterMemberRow.last_key >= last) & (RosterMemberRow.last_key < last + _PAST_ALL)
    if first:
        begins &= (RosterMemberRow.first_key >= first) & (RosterMemberRow.first_key < first + _PAST_ALL)
    return _members(session, begins)


def providers_by_npi(session: Session, npis: Collection[str]) -> tuple[ProviderPlace, ...]:
    """All places of the providers with these NPIs."""
    return _providers(session, RosterProviderRow.npi.in_(npis))


def providers_by_tin(session: Session, tin: str) -> tuple[ProviderPlace, ...]:
    """Who bills under a TIN."""
    return _providers(session, RosterProviderRow.tin == tin)


def providers_by_fax(session: Session, fax: str) -> tuple[ProviderPlace, ...]:
    """Whose fax number it is."""
    return _providers(session, RosterProviderRow.fax == fax)


def providers_by_name(session: Session, name: str, *, begins: bool = False) -> tuple[ProviderPlace, ...]:
    """Who is named so, or whose name begins so; accents, case and signs apart."""
    key = folded(KeyKind.PROVIDER, name)
    if not begins:
        return _providers(session, RosterProviderRow.name_key == key)
    return _providers(session, (RosterProviderRow.name_key >= key) & (RosterProviderRow.name_key < key + _PAST_ALL))


def _members(session: Session, which: ColumnElement[bool]) -> tuple[MemberSpan, ...]:
    head = RosterHeadRow.list_name == RosterList.MEMBERS
    query = select(RosterMemberRow).join(RosterHeadRow, head).where(which, _in_force(RosterMemberRow))
    rows = session.scalars(query.limit(MOST)).all()
    return tuple(member_span(row) for row in sorted(rows, key=lambda row: row.row_id))


def _providers(session: Session, which: ColumnElement[bool]) -> tuple[ProviderPlace, ...]:
    head = RosterHeadRow.list_name == RosterProviderRow.list_name
    query = select(RosterProviderRow).join(RosterHeadRow, head).where(which, _in_force(RosterProviderRow))
    rows = session.scalars(query.limit(MOST)).all()
    return tuple(_place(row) for row in sorted(rows, key=lambda row: row.row_id))


def _in_force(table: type[RosterMemberRow | RosterProviderRow]) -> ColumnElement[bool]:
    brought = table.load_id.between(RosterHeadRow.base_load, RosterHeadRow.current_load)
    return brought & (table.until_load.is_(None) | (table.until_load > RosterHeadRow.current_load))


def member_span(row: RosterMemberRow) -> MemberSpan:
    """A row as what it says."""
    return MemberSpan(
        member_id=row.member_id,
        last_name=row.last_name,
        first_name=row.first_name,
        date_of_birth=row.date_of_birth,
        person=row.person,
        cin=row.cin,
        mbi=row.mbi,
        medical_record=row.medical_record,
        middle_name=row.middle_name,
        sex=row.sex,
        phone=row.phone,
        plan=row.plan,
        line_of_business=row.line_of_business,
        delegated_group=row.delegated_group,
        eligible_from=row.eligible_from,
        eligible_to=row.eligible_to,
        other_coverage=row.other_coverage,
        pcp_npi=row.pcp_npi,
    )


def _place(row: RosterProviderRow) -> ProviderPlace:
    return ProviderPlace(
        npi=row.npi,
        name=row.name,
        is_organization=row.is_organization,
        tin=row.tin,
        phone=row.phone,
        fax=row.fax,
        specialty=row.specialty,
        network=row.network,
        plan=row.plan,
        deactivated_on=row.deactivated_on,
        national=row.list_name == RosterList.NPPES,
    )
