"""The tables of who may use the desk: accounts, sessions, one-time links, tokens, failed sign-ins, and what was done about them.

Secrets are kept as hashes alone: passwords as argon2, tokens as SHA-256, which is enough for 256 random bits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.roles import Role
from models.store.tables import Base, UtcTime


class AccountRow(Base):
    """One person. Accounts are switched off, never removed, so that a name in the audit trail stays one person's.

    ``name`` is in lower case. Without ``password_hash``, the person signs in by a one-time link or elsewhere (``issuer`` and
    ``subject`` name the person at an OpenID provider).
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(56), unique=True)
    role: Mapped[Role] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SessionRow(Base):
    """One sign-in that has not ended. ``seen_at`` is when the person last did something, told now and then."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account", "account_id"),)

    session_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.account_id"))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class SignInLinkRow(Base):
    """A link with which a person sets a password, once. Without an account, it makes the first administrator."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.account_id"))
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class ApiTokenRow(Base):
    """What a program signs in with. ``scopes`` are names of permissions, with spaces between them."""

    __tablename__ = "api_tokens"

    token_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(56), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInFailureRow(Base):
    """Failed sign-ins for one account name or from one address, since the last one that went well.

    ``subject`` is a hash: what is typed as a name may be a password.
    """

    __tablename__ = "sign_in_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime] = mapped_column(UtcTime)


class AccountEventRow(Base):
    """What happened to accounts and tokens, when, and by whom; the database refuses to change or remove a row."""

    __tablename__ = "account_events"

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[str | None] = mapped_column(String(200))
