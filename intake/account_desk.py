"""Accounts and tokens of the desk, from beside the service: a running one takes changes up at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.first_link import address_of
from intake.folders import Folders
from intake.keeper import account as system_account
from intake.settings import Settings
from models.errors import AccountRefused, StorageUnavailable
from models.store import accounts, api_tokens, sessions
from models.store.accounts import Account, NewAccount
from models.store.api_tokens import ApiToken
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from models.store.roles import Role
from models.store.sessions import SessionLimits
from review.access import links, tokens
from review.access.passwords import hash_of


@dataclass(frozen=True, slots=True)
class Listed:
    """An account, and how many sessions it has."""

    account: Account
    sessions: int


class AccountDesk:
    """Changes accounts and tokens; who did it is the system's account, in the log of what happened to accounts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = _open_or_make_store(settings)
        self._actor = system_account()

    def listed(self) -> tuple[Listed, ...]:
        """All accounts, by name."""
        limits = SessionLimits(self._settings.desk_idle_s, self._settings.desk_session_life_s)
        with self._transaction() as (session, now):
            open_sessions = sessions.count(session, now, limits)
            return tuple(Listed(one, open_sessions.get(one.account_id, 0)) for one in accounts.listed(session))

    def add(self, name: str, role: Role, password: str | None) -> None:
        """Make an account; without a password, its person needs a link."""
        new_hash = None if password is None else hash_of(password, name)
        with self._transaction() as (session, now):
            accounts.add(session, NewAccount(name, role, new_hash), now, actor=self._actor)

    def set_role(self, name: str, role: Role) -> None:
        """Change what an account is for; its sessions end."""
        with self._transaction() as (session, now):
            accounts.set_role(session, _named(session, name), role, now, actor=self._actor)

    def set_password(self, name: str, password: str) -> None:
        """Set a password; the account's sessions end."""
        new_hash = hash_of(password, name)
        with self._transaction() as (session, now):
            account = _named(session, name)
            if account.issuer is not None:
                raise AccountRefused("This person signs in at the OpenID provider, and has no password here.")
            accounts.set_password(session, account, new_hash, now, actor=self._actor)

    def new_link(self, name: str) -> str:
        """A new link with which an account's person sets a password."""
        with self._transaction() as (session, now):
            secret = links.new_link(session, _named(session, name), now, actor=self._actor)
        return links.link_of(address_of(self._settings, self._settings.port), secret)

    def disable(self, name: str) -> None:
        """Switch an account off."""
        with self._transaction() as (session, now):
            accounts.disable(session, _named(session, name), now, actor=self._actor)

    def enable(self, name: str) -> None:
        """Switch an account on again."""
        with self._transaction() as (session, now):
            accounts.enable(session, _named(session, name), now, actor=self._actor)

    def end_sessions(self, name: str | None) -> int:
        """Sign a person out everywhere, or everybody; gives how many sessions that were."""
        with self._transaction() as (session, now):
            chosen = accounts.listed(session) if name is None else (_named(session, name),)
            return sum(accounts.end_sessions(session, one, now, actor=self._actor) for one in chosen)

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens, by name."""
        with self._transaction() as (session, _):
            return api_tokens.listed(session)

    def new_token(self, name: str, scopes: list[str], days: int) -> str:
        """Make a token."""
        with self._transaction() as (session, now):
            return tokens.new_token(session, name, scopes, days, now, actor=self._actor)

    def revoke(self, name: str) -> None:
        """End a token."""
        with self._transaction() as (session, now):
            known = next((one for one in api_tokens.listed(session) if one.name == name.lower()), None)
            if known is None or not api_tokens.revoke(session, known.token_id, now, actor=self._actor):
                raise AccountRefused("There is no such token, or it was revoked before.")

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Session, datetime]]:
        try:
            with Session(self._store) as session, session.begin():
                yield session, datetime.now(UTC)
        except (OperationalError, InterfaceError) as error:
            raise StorageUnavailable("The database cannot be reached or written.") from error


def _open_or_make_store(settings: Settings) -> Engine:
    """The service's store; made where no service has run yet, so that accounts can be there before it is open to anybody."""
    if settings.database_url is not None:
        store = open_engine(normalised_url(settings.database_url))
    else:
        folders = Folders.of(settings, executor_id_of(settings))
        try:
            folders.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable("The data folder cannot be made.") from error
        store = open_engine(sqlite_url(folders.database))
    migrate(store)
    return store


def _named(session: Session, name: str) -> Account:
    account = accounts.named(session, name)
    if account is None:
        raise AccountRefused("There is no account with this name.")
    return account
