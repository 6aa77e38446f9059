"""Sessions of people at the desk: kept here, so that they can be ended; the browser holds a random token and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.store.account_tables import AccountRow, SessionRow
from models.store.roles import Role
from models.store.secrets import digest, new_secret


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Seconds without a request that end a session, and seconds that it lasts at most."""

    idle_s: float
    life_s: float


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that stands, and whose it is."""

    session_id: int
    account_id: int
    name: str
    role: Role
    address: str
    created_at: datetime
    seen_at: datetime


def begin(session: Session, account_id: int, address: str, now: datetime, limits: SessionLimits) -> str:
    """Begin a session; gives its token, which is not kept. Sessions that are over are forgotten by the way."""
    session.execute(delete(SessionRow).where(_is_over(now, limits)))
    token = new_secret()
    row = SessionRow(
        token_hash=digest(token),
        account_id=account_id,
        address=address,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(seconds=limits.life_s),
    )
    session.add(row)
    session.execute(update(AccountRow).where(AccountRow.account_id == account_id).values(signed_in_at=now))
    return token


def find(session: Session, token: str, now: datetime, limits: SessionLimits) -> SignedIn | None:
    """The session of a token, unless it is over or its account is switched off."""
    found = session.execute(
        _standing(now, limits).where(SessionRow.token_hash == digest(token), AccountRow.disabled_at.is_(None))
    ).first()
    return None if found is None else _signed_in(found[0], found[1])


def stands(session: Session, session_id: int, now: datetime, limits: SessionLimits) -> bool:
    """Whether a session that was found before has not ended meanwhile."""
    query = _standing(now, limits).where(SessionRow.session_id == session_id, AccountRow.disabled_at.is_(None))
    return session.execute(query).first() is not None


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Note that the person did something."""
    session.execute(update(SessionRow).where(SessionRow.session_id == session_id, SessionRow.seen_at < now).values(seen_at=now))


def of_account(session: Session, account_id: int, now: datetime, limits: SessionLimits) -> tuple[SignedIn, ...]:
    """An account's sessions, the newest first."""
    query = _standing(now, limits).where(SessionRow.account_id == account_id).order_by(SessionRow.created_at.desc())
    return tuple(_signed_in(row[0], row[1]) for row in session.execute(query))


def count(session: Session, now: datetime, limits: SessionLimits) -> dict[int, int]:
    """How many sessions each account has that has any."""
    query = select(SessionRow.account_id, func.count()).where(~_is_over(now, limits)).group_by(SessionRow.account_id)
    return {row[0]: row[1] for row in session.execute(query)}


def end(session: Session, session_id: int, account_id: int) -> bool:
    """End one session of an account; gives whether there was one."""
    gone = delete(SessionRow).where(SessionRow.session_id == session_id, SessionRow.account_id == account_id)
    return session.execute(gone.returning(SessionRow.session_id)).first() is not None


def end_all(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End an account's sessions, all but one; gives how many there were."""
    gone = delete(SessionRow).where(SessionRow.account_id == account_id)
    if but is not None:
        gone = gone.where(SessionRow.session_id != but)
    return len(session.execute(gone.returning(SessionRow.session_id)).all())


def _is_over(now: datetime, limits: SessionLimits) -> ColumnElement[bool]:
    return or_(SessionRow.expires_at <= now, SessionRow.seen_at <= now - timedelta(seconds=limits.idle_s))


def _standing(now: datetime, limits: SessionLimits) -> Select[SessionRow, AccountRow]:
    joined = select(SessionRow, AccountRow).join(AccountRow, AccountRow.account_id == SessionRow.account_id)
    return joined.where(~_is_over(now, limits))


def _signed_in(row: SessionRow, account: AccountRow) -> SignedIn:
    return SignedIn(row.session_id, row.account_id, account.name, Role(account.role), row.address, row.created_at, row.seen_at)
