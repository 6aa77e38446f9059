"""Accounts: who may use the desk, and as what. Changes end sessions, and are noted with who made them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store.account_tables import AccountEventRow, AccountRow, ApiTokenRow, SignInLinkRow
from models.store.roles import Role
from models.store.sessions import end_all

# What the audit trail calls others than the persons who have accounts.
_RESERVED = frozenset({"service", "operator", "desk", "link"})
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,54}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account. ``local``: it has a password here; ``issuer`` names the OpenID provider that it belongs to."""

    account_id: int
    name: str
    role: Role
    local: bool
    issuer: str | None
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made. ``issuer`` and ``subject`` are those of an OpenID provider."""

    name: str
    role: Role
    password_hash: str | None = None
    issuer: str | None = None
    subject: str | None = None


def note(
    session: Session, action: str, now: datetime, *, actor: str, subject: str | None = None, detail: str | None = None
) -> None:
    """Write what was done about an account or a token, in the session's transaction."""
    session.add(AccountEventRow(at=now, actor=actor, action=action, subject=subject, detail=detail))


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """What was done about an account or a token."""

    at: datetime
    actor: str
    action: str
    subject: str | None
    detail: str | None


def events(session: Session, most: int) -> tuple[AccountEvent, ...]:
    """What was done last, the newest first."""
    rows = session.scalars(select(AccountEventRow).order_by(AccountEventRow.event_id.desc()).limit(most))
    return tuple(AccountEvent(row.at, row.actor, row.action, row.subject, row.detail) for row in rows)


def there_are_any(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(AccountRow.account_id).limit(1)) is not None


def add(session: Session, new: NewAccount, now: datetime, *, actor: str) -> Account:
    """Make an account.

    Raises:
        AccountRefused: the name cannot be used, or is another's.
    """
    name = new.name.strip().lower()
    if not _NAME.fullmatch(name):
        raise AccountRefused("A user name is 1 to 56 letters, digits and any of . _ @ + - with a letter or digit at both ends.")
    if name in _RESERVED or named(session, name) is not None:
        raise AccountRefused("There is an account with this name.")
    row = AccountRow(
        name=name,
        role=new.role,
        password_hash=new.password_hash,
        issuer=new.issuer,
        subject=new.subject,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise AccountRefused("There is an account with this name.") from error
    note(session, "account_added", now, actor=actor, subject=name, detail=new.role.value)
    return _account(row)


def listed(session: Session) -> tuple[Account, ...]:
    """All accounts, by name."""
    return tuple(_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name)))


def named(session: Session, name: str) -> Account | None:
    """The account with a name, however its letters are written."""
    row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
    return None if row is None else _account(row)


def numbered(session: Session, account_id: int) -> Account | None:
    """The account with an id."""
    row = session.get(AccountRow, account_id)
    return None if row is None else _account(row)


def of_subject(session: Session, issuer: str, subject: str) -> Account | None:
    """The account of a person at an OpenID provider."""
    row = session.scalar(select(AccountRow).where(AccountRow.issuer == issuer, AccountRow.subject == subject))
    return None if row is None else _account(row)


def password_hash_in_force(session: Session, account_id: int) -> str | None:
    """The argon2 hash of an account's password; ``None`` where it has none or is switched off."""
    query = select(AccountRow.password_hash).where(AccountRow.account_id == account_id, AccountRow.disabled_at.is_(None))
    return session.scalar(query)


def set_password(session: Session, account: Account, new_hash: str, now: datetime, *, actor: str) -> None:
    """Change the password; the account's sessions and links end."""
    session.execute(_of(account, {"password_hash": new_hash}))
    _forget(session, account)
    note(session, "password_changed", now, actor=actor, subject=account.name)


def renew_hash(session: Session, account_id: int, new_hash: str) -> None:
    """Keep the same password by newer rules of hashing."""
    session.execute(update(AccountRow).where(AccountRow.account_id == account_id).values(password_hash=new_hash))


def set_role(session: Session, account: Account, role: Role, now: datetime, *, actor: str) -> None:
    """Change what the account is for; its sessions end.

    Raises:
        AccountRefused: nobody could administer the desk any more.
    """
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, account)
    session.execute(_of(account, {"role": role}))
    _forget(session, account)
    note(session, "role_changed", now, actor=actor, subject=account.name, detail=role.value)


def disable(session: Session, account: Account, now: datetime, *, actor: str) -> None:
    """Switch the account off; its sessions, its links, and the tokens that this person made end.

    Raises:
        AccountRefused: nobody could administer the desk any more.
    """
    _keep_an_administrator(session, account)
    session.execute(_of(account, {"disabled_at": now}))
    made = update(ApiTokenRow).where(ApiTokenRow.created_by == account.name, ApiTokenRow.revoked_at.is_(None))
    session.execute(made.values(revoked_at=now))
    _forget(session, account)
    note(session, "account_disabled", now, actor=actor, subject=account.name)


def enable(session: Session, account: Account, now: datetime, *, actor: str) -> None:
    """Switch the account on again."""
    session.execute(_of(account, {"disabled_at": None}))
    note(session, "account_enabled", now, actor=actor, subject=account.name)


def end_sessions(session: Session, account: Account, now: datetime, *, actor: str, but: int | None = None) -> int:
    """End the account's sessions, all but one; gives how many there were."""
    ended = end_all(session, account.account_id, but=but)
    note(session, "sessions_ended", now, actor=actor, subject=account.name)
    return ended


def _keep_an_administrator(session: Session, account: Account) -> None:
    # The rows are locked, so that two administrators cannot switch each other off at the same time.
    others = session.scalars(
        select(AccountRow.account_id)
        .where(AccountRow.role == Role.ADMINISTRATOR, AccountRow.disabled_at.is_(None))
        .with_for_update()
    ).all()
    if others == [account.account_id]:
        raise AccountRefused("This is the only administrator.")


def _forget(session: Session, account: Account) -> None:
    end_all(session, account.account_id)
    session.execute(delete(SignInLinkRow).where(SignInLinkRow.account_id == account.account_id))


def _of(account: Account, values: Mapping[str, object]) -> Update:
    return update(AccountRow).where(AccountRow.account_id == account.account_id).values(values)


def _account(row: AccountRow) -> Account:
    return Account(
        account_id=row.account_id,
        name=row.name,
        role=Role(row.role),
        local=row.password_hash is not None,
        issuer=row.issuer,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        disabled_at=row.disabled_at,
    )
