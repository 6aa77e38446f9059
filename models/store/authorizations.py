"""Authorizations as the plan's own system has them. Each function works in the session it is given and never commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from pydantic import TypeAdapter
from sqlalchemy import and_, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from models.circumstances import Standing
from models.record_parts import Diagnosis, Member, RequestingProvider, Service, ServicingProvider
from models.store import match_keys
from models.store.match_tables import AuthorizationRow, MatchKeyRow, MatchOwner

STATES = ("approved", "modified", "pending", "denied", "cancelled", "expired")
"""How an authorization may stand."""

_SERVICES = TypeAdapter(list[Service])
_DIAGNOSES = TypeAdapter(list[Diagnosis])
_BATCH = 500
_MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class NewAuthorization:
    """An authorization as it is brought in. ``plan`` is empty where there is one plan only; ``record_id`` is a record of ours."""

    number: str
    status: str
    plan: str = ""
    member: Member = field(default_factory=Member)
    requesting: RequestingProvider = field(default_factory=RequestingProvider)
    servicing: ServicingProvider = field(default_factory=ServicingProvider)
    diagnoses: tuple[Diagnosis, ...] = ()
    services: tuple[Service, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    record_id: str | None = None


def bring_in(session: Session, new: Sequence[NewAuthorization], now: datetime) -> tuple[AuthorizationRow, ...]:
    """Enter authorizations, or renew those with the same plan and number; the last of the same number counts.

    Returns:
        Their rows, with no record where the import named none and none was matched before.
    """
    wanted = {(one.plan, match_keys.number_key(one.number)): one for one in new}
    rows: dict[tuple[str, str], AuthorizationRow] = {}
    for some in _batches(list(wanted)):
        query = select(AuthorizationRow).where(tuple_(AuthorizationRow.plan, AuthorizationRow.number_key).in_(some))
        rows |= {(row.plan, row.number_key): row for row in session.scalars(query)}
    for key, one in wanted.items():
        row = rows.get(key)
        if row is None:
            row = rows[key] = AuthorizationRow(authorization_id=f"AUT-{secrets.token_hex(8).upper()}")
            session.add(row)
        _fill(row, one, now)
    session.flush()
    _keep_keys(session, list(rows.values()))
    return tuple(rows.values())


def _batches(keys: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    several = iter(keys)
    while some := list(islice(several, _BATCH)):
        yield some


def _fill(row: AuthorizationRow, one: NewAuthorization, now: datetime) -> None:
    row.plan, row.number, row.number_key = one.plan, one.number, match_keys.number_key(one.number)
    row.status, row.imported_at = one.status, now
    member, asks, serves = one.member, one.requesting, one.servicing
    row.last_name, row.first_name = member.last_name, member.first_name
    row.member_id, row.date_of_birth = member.member_id, member.date_of_birth
    row.requesting_name, row.requesting_npi, row.requesting_fax = asks.name, asks.npi, asks.fax
    row.servicing_name, row.servicing_npi = serves.name, serves.npi
    row.diagnoses = _DIAGNOSES.dump_json(list(one.diagnoses)).decode()
    row.services = _SERVICES.dump_json(list(one.services)).decode()
    row.valid_from, row.valid_to = one.valid_from, one.valid_to
    if one.record_id is not None:
        row.record_id, row.tied_by = one.record_id, "import"


def _keep_keys(session: Session, rows: Sequence[AuthorizationRow]) -> None:
    ids = [row.authorization_id for row in rows]
    for first in range(0, len(ids), _BATCH):
        match_keys.forget(session, ids[first : first + _BATCH])
    session.add_all(
        MatchKeyRow(
            owner_id=row.authorization_id,
            key=key,
            owner=MatchOwner.AUTHORIZATION,
            at=match_keys.start_of(row.valid_from, row.imported_at),
        )
        for row in rows
        for key in sorted(match_keys.keys_of_authorization(row))
    )
    session.flush()


def tie(row: AuthorizationRow, record_id: str) -> None:
    """Note that an authorization was given for a record of ours, as was found by matching; what an import said stays."""
    if row.tied_by != "import":
        row.record_id, row.tied_by = record_id, "match"


def any_known(session: Session) -> bool:
    """Whether any authorization was ever brought in."""
    return session.scalar(select(AuthorizationRow.authorization_id).limit(1)) is not None


def found(session: Session, keys: frozenset[int]) -> tuple[AuthorizationRow, ...]:
    """The authorizations that share a key, of each key the newest."""
    ids = match_keys.found(session, MatchOwner.AUTHORIZATION, keys)
    query = select(AuthorizationRow).where(AuthorizationRow.authorization_id.in_(ids)).order_by(AuthorizationRow.authorization_id)
    return tuple(session.scalars(query))


def with_number(session: Session, number: str, plan: str | None = None) -> tuple[AuthorizationRow, ...]:
    """The authorizations with a number, of one plan or of all."""
    query = select(AuthorizationRow).where(AuthorizationRow.number_key == match_keys.number_key(number))
    if plan is not None:
        query = query.where(AuthorizationRow.plan == plan)
    return tuple(session.scalars(query.order_by(AuthorizationRow.plan).limit(_MOST_FOUND)))


def of_member(session: Session, member_id: str) -> tuple[AuthorizationRow, ...]:
    """The newest authorizations of a member."""
    return found(session, match_keys.keys_of_member_id(member_id))


def of_records(session: Session, record_ids: Sequence[str]) -> tuple[AuthorizationRow, ...]:
    """The authorizations that were given for some records."""
    query = select(AuthorizationRow).where(AuthorizationRow.record_id.in_(record_ids)).order_by(AuthorizationRow.authorization_id)
    return tuple(session.scalars(query))


def standing_of(row: AuthorizationRow) -> Standing:
    """What an authorization says, as a request stands."""
    return Standing(
        authorization_number=row.number,
        member=Member(last_name=row.last_name, first_name=row.first_name, member_id=row.member_id, date_of_birth=row.date_of_birth),
        requesting_provider=RequestingProvider(name=row.requesting_name, npi=row.requesting_npi, fax=row.requesting_fax),
        servicing_provider=ServicingProvider(name=row.servicing_name, npi=row.servicing_npi),
        diagnoses=_DIAGNOSES.validate_json(row.diagnoses),
        services=_SERVICES.validate_json(row.services),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        cancelled=row.status == "cancelled",
    )


def remove_ended(session: Session, before: datetime, most: int) -> int:
    """Remove authorizations that ended before a moment, some at a time; gives how many. One without an end goes by its import."""
    ended = or_(
        AuthorizationRow.valid_to < before.date(),
        and_(AuthorizationRow.valid_to.is_(None), AuthorizationRow.imported_at < before),
    )
    ids = list(session.scalars(select(AuthorizationRow.authorization_id).where(ended).limit(most)))
    match_keys.forget(session, ids)
    session.execute(delete(AuthorizationRow).where(AuthorizationRow.authorization_id.in_(ids)))
    return len(ids)
