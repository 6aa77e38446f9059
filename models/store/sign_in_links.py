"""One-time links with which a person sets a password. Of each, the hash alone is kept, and it is removed when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.store.account_tables import SignInLinkRow
from models.store.secrets import digest, new_secret


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was used just now; without ``account_id`` it is the one for the first administrator."""

    account_id: int | None


def make(session: Session, account_id: int | None, now: datetime, life_s: float) -> str:
    """Make a link for an account, or for the first administrator; gives its secret. An account's older links end."""
    session.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= now))
    if account_id is not None:
        session.execute(delete(SignInLinkRow).where(SignInLinkRow.account_id == account_id))
    secret = new_secret()
    session.add(SignInLinkRow(token_hash=digest(secret), account_id=account_id, expires_at=now + timedelta(seconds=life_s)))
    return secret


def use(session: Session, secret: str, now: datetime) -> Link | None:
    """Use a link up; ``None`` where there is none, or its time is over."""
    gone = delete(SignInLinkRow).where(SignInLinkRow.token_hash == digest(secret), SignInLinkRow.expires_at > now)
    found = session.execute(gone.returning(SignInLinkRow.account_id)).first()
    return None if found is None else Link(found[0])


def forget_the_first(session: Session) -> None:
    """End all links for a first administrator: there is one now."""
    session.execute(delete(SignInLinkRow).where(SignInLinkRow.account_id.is_(None)))
