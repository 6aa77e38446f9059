"""Tokens that programs sign in with: each has a name, scopes and an end, and is shown once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store.account_tables import ApiTokenRow
from models.store.accounts import note
from models.store.secrets import digest, new_secret

# So that programs that look for secrets in the wrong place know one of ours.
PREFIX = "par_"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,54}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token; ``scopes`` are names of permissions."""

    token_id: int
    name: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


def add(session: Session, name: str, scopes: Collection[str], now: datetime, expires_at: datetime, *, actor: str) -> str:
    """Make a token; gives it, and keeps its hash alone.

    Raises:
        AccountRefused: the name cannot be used or is taken, or the token would be good for nothing.
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise AccountRefused("A token's name is 1 to 56 letters, digits and any of . _ - with a letter or digit at both ends.")
    if not scopes or expires_at <= now:
        raise AccountRefused("A token needs a scope and an end in the future.")
    if session.scalar(select(ApiTokenRow.token_id).where(ApiTokenRow.name == name)) is not None:
        raise AccountRefused("There is, or was, a token with this name.")
    token = PREFIX + new_secret()
    row = ApiTokenRow(
        name=name,
        token_hash=digest(token),
        scopes=" ".join(sorted(scopes)),
        created_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    note(session, "token_added", now, actor=actor, subject=name, detail=row.scopes)
    return token


def find(session: Session, token: str, now: datetime) -> ApiToken | None:
    """What a token is good for; ``None`` where it is unknown, past its end or revoked."""
    row = session.scalar(
        select(ApiTokenRow).where(
            ApiTokenRow.token_hash == digest(token), ApiTokenRow.expires_at > now, ApiTokenRow.revoked_at.is_(None)
        )
    )
    return None if row is None else _token(row)


def stands(session: Session, token_id: int, now: datetime) -> bool:
    """Whether a token that was found before has not ended meanwhile."""
    row = session.get(ApiTokenRow, token_id)
    return row is not None and row.revoked_at is None and row.expires_at > now


def listed(session: Session) -> tuple[ApiToken, ...]:
    """All tokens, by name, those that are over among them."""
    return tuple(_token(row) for row in session.scalars(select(ApiTokenRow).order_by(ApiTokenRow.name)))


def revoke(session: Session, token_id: int, now: datetime, *, actor: str) -> bool:
    """End a token; gives whether there was one that stood."""
    row = session.get(ApiTokenRow, token_id)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    note(session, "token_revoked", now, actor=actor, subject=row.name)
    return True


def touch(session: Session, token_id: int, now: datetime) -> None:
    """Note that the token was used."""
    session.execute(update(ApiTokenRow).where(ApiTokenRow.token_id == token_id).values(used_at=now))


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        row.token_id,
        row.name,
        tuple(row.scopes.split()),
        row.created_by,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.used_at,
    )
