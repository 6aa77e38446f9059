"""The authorizations of a member, and those with a number, with how they stand now. No function here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.circumstances import Standing
from models.store import authorizations
from models.store.desk_keys import folded, words_of
from models.store.desk_tables import KeyKind
from models.store.lookup import Identity
from models.store.lookup_around import Unseen, existing, newest_changes
from models.store.match_keys import keys_of_member_id, keys_of_name
from models.store.match_tables import AuthorizationRow, MatchKeyRow, MatchOwner

MOST = 100
"""So many of a member's authorizations are given, the newest."""


def of_member(session: Session, identity: Identity, unseen: Unseen) -> tuple[AuthorizationRow, ...]:
    """The newest authorizations of a member, by the day on which they begin."""
    keys = {key for one in identity.ids for key in keys_of_member_id(one)}
    keys |= {key for name in identity.names for key in keys_of_name("".join(name.last), "".join(name.first), name.born)}
    query = (
        select(AuthorizationRow)
        .join(MatchKeyRow, MatchKeyRow.owner_id == AuthorizationRow.authorization_id)
        .where(MatchKeyRow.owner == MatchOwner.AUTHORIZATION, MatchKeyRow.key.in_(keys))
        .order_by(MatchKeyRow.at.desc(), MatchKeyRow.owner_id.desc())
        # One authorization has at most three of the keys.
        .limit(3 * MOST)
    )
    found = dict.fromkeys(row for row in session.scalars(query) if not unseen.hides(row) and _is_theirs(row, identity))
    return tuple(found)[:MOST]


def _is_theirs(row: AuthorizationRow, identity: Identity) -> bool:
    """Whether it is of that very ID, or of those very names: the keys take letters for the digits that they are misread as."""
    is_born_so = identity.born is None or row.date_of_birth in (None, identity.born)
    if row.member_id is not None and folded(KeyKind.MEMBER_ID, row.member_id) in identity.ids and is_born_so:
        return True
    words = {*words_of(KeyKind.MEMBER, row.last_name or ""), *words_of(KeyKind.MEMBER, row.first_name or "")}
    return any(name.born == row.date_of_birth and words >= {*name.last, *name.first} for name in identity.names)


@dataclass(frozen=True, slots=True)
class Granted:
    """An authorization as it was brought in, how it stands now, and the record of the newest sure change, where there is one.

    ``record_id`` is the request that it was given for, where that was not purged.
    """

    row: AuthorizationRow
    stands: Standing
    changed_by: str | None
    record_id: str | None


def standing(session: Session, rows: Sequence[AuthorizationRow], unseen: Unseen) -> tuple[Granted, ...]:
    """Authorizations with how they stand now."""
    if not rows:
        return ()
    tied = [row.record_id for row in rows if row.record_id is not None]
    changes = newest_changes(session, tied, [row.number_key for row in rows], unseen)
    known = existing(session, tied)
    told = []
    for row in rows:
        change = changes.get(row.number_key) or changes.get(row.record_id or "")
        stands = authorizations.standing_of(row) if change is None else change.after
        changed_by = None if change is None else change.record_id
        told.append(Granted(row, stands, changed_by, row.record_id if row.record_id in known else None))
    return tuple(told)
