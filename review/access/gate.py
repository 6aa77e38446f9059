"""Signing in: a name and a password, or a one-time link, become a session."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.store import accounts, sessions, throttle
from models.store.accounts import Account
from models.store.throttle import Counted
from review.access.passwords import is_right
from review.access.signed_in import limits_of
from review.services import DeskServices

# A person mistypes now and then; many persons may sit behind one address.
_FREE_FOR_A_NAME = 5
_FREE_FOR_AN_ADDRESS = 30
_IPV6_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True)
class Refused:
    """No session; ``wait_s`` seconds to wait before the next attempt counts at all, or 0."""

    wait_s: float


def sign_in(services: DeskServices, name: str, password: str, address: str) -> str | Refused:
    """A session's token for the right password. The answer is the same for a wrong password and for no such account."""
    counted = _counted(name, address)
    with Session(services.engine) as session, session.begin():
        wait_s = throttle.attempt(session, counted, services.now())
    if wait_s > 0:
        return Refused(wait_s)
    with Session(services.reading) as session:
        account = accounts.named(session, name)
        kept = None if account is None else accounts.password_hash_in_force(session, account.account_id)
    right, newer = is_right(password, kept)
    with Session(services.engine) as session, session.begin():
        # Looked at again: the hash took its time, and the account may have been switched off meanwhile.
        now_kept = None if account is None else accounts.password_hash_in_force(session, account.account_id)
        if account is None or not right or now_kept != kept:
            accounts.note(session, "sign_in_failed", services.now(), actor="desk", subject=account.name if account else None)
            return Refused(0)
        throttle.forgive(session, counted, services.now())
        if newer is not None:
            accounts.renew_hash(session, account.account_id, newer)
        return begin_session(session, services, account, address)


def password_is_right(services: DeskServices, account: Account, password: str, address: str) -> bool:
    """Whether this is the account's password; counted like an attempt to sign in, so that an open screen is no way to guess it."""
    counted = _counted(account.name, address)
    with Session(services.engine) as session, session.begin():
        if throttle.attempt(session, counted, services.now()) > 0:
            return False
        kept = accounts.password_hash_in_force(session, account.account_id)
    right, _ = is_right(password, kept)
    if right:
        with Session(services.engine) as session, session.begin():
            throttle.forgive(session, counted, services.now())
    return right


def begin_session(session: Session, services: DeskServices, account: Account, address: str) -> str:
    """Begin a session for an account that was proved; gives its token."""
    now = services.now()
    accounts.note(session, "signed_in", now, actor=account.name, subject=account.name)
    return sessions.begin(session, account.account_id, address, now, limits_of(services.settings))


def may_try(services: DeskServices, address: str) -> float:
    """Count an attempt with a link from an address; gives 0, or the seconds to wait."""
    with Session(services.engine) as session, session.begin():
        return throttle.attempt(session, (_from(address),), services.now())


def forgive(services: DeskServices, name: str, address: str) -> None:
    """Forget the failures for a name and from an address: the person was proved."""
    with Session(services.engine) as session, session.begin():
        throttle.forgive(session, _counted(name, address), services.now())


def _counted(name: str, address: str) -> tuple[Counted, ...]:
    return Counted(f"name:{name.strip().lower()}", _FREE_FOR_A_NAME), _from(address)


def _from(address: str) -> Counted:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Counted(f"address:{address}", _FREE_FOR_AN_ADDRESS)
    if parsed.version == 6:
        # Whoever has one address of version 6 has all of its network.
        parsed = ipaddress.ip_network((parsed, _IPV6_HOUSEHOLD), strict=False).network_address
    return Counted(f"address:{parsed}", _FREE_FOR_AN_ADDRESS)
