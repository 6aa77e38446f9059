"""Asks the member roster and the provider directories about a request: who it is, are they covered, what belongs to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.roster import MemberSpan, ProviderPlace, plain_id
from models.store import roster as lists
from models.store.roster_tables import RosterList
from roster.ccs import with_ccs
from roster.members import confirmed_member
from roster.providers import ROLES, Directories, Role, confirmed_providers, provider_of

_BIC_LENGTH, _CIN_LENGTH = 14, 9


def confirmed(session: Session, record: ReferralRecord, own_groups: Collection[str] = ()) -> ReferralRecord:
    """The record with what the lists in force say of its member and providers; nothing where none was ever imported.

    Args:
        session: of the transaction that the record is stored in, or that it is looked at in.
        record: as it was read or corrected.
        own_groups: the delegated groups that this site decides for.
    """
    known = lists.lists_in_force(session)
    if RosterList.MEMBERS in known:
        record = confirmed_member(record, tuple(_members(session, record)), own_groups)
    directories = Directories(RosterList.DIRECTORY in known, RosterList.NPPES in known)
    if directories.own or directories.national:
        found: dict[Role, tuple[ProviderPlace, ...]] = {role: tuple(_providers(session, record, role)) for role in ROLES}
        record = confirmed_providers(record, found, directories)
    return with_ccs(record)


def _members(session: Session, record: ReferralRecord) -> Iterator[MemberSpan]:
    member = record.member
    if member.member_id is not None:
        given = plain_id(member.member_id)
        # A BIC begins with the CIN.
        ids = {given, given[:_CIN_LENGTH]} if len(given) == _BIC_LENGTH else {given}
        yield from lists.members_by_id(session, ids)
    if member.date_of_birth is not None:
        yield from lists.members_by_birth(session, member.date_of_birth)
    if member.last_name is not None and member.first_name is not None:
        yield from lists.members_by_name(session, member.last_name, member.first_name)


def _providers(session: Session, record: ReferralRecord, role: Role) -> Iterator[ProviderPlace]:
    said = provider_of(record, role)
    if said.npi is not None:
        yield from lists.providers_by_npi(session, {said.npi})
    if said.tin is not None:
        yield from lists.providers_by_tin(session, said.tin)
    if said.fax is not None:
        yield from lists.providers_by_fax(session, said.fax)
    if said.name is not None:
        yield from lists.providers_by_name(session, said.name)
