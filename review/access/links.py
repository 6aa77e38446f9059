"""One-time links: how they are written, made, and used.

The secret stands behind the ``#`` of the address, which browsers send to nobody: it is in no log, of ours or of a proxy, and in no
``Referer``. The page's script takes it out of the address before anything else, and it travels in the body of a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts, sign_in_links
from models.store.accounts import Account, NewAccount
from models.store.roles import Role
from review.access import gate
from review.access.passwords import hash_of
from review.services import DeskServices

WELCOME = "/welcome"
FIRST_LINK_S = 3600.0
LINK_S = 86_400.0
_OVER = "This link was used before, is past its time, or is for another user name. Ask your administrator for a new one."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person enters on the page of a link."""

    secret: str
    name: str
    password: str


def link_of(address: str, secret: str) -> str:
    """The link to a desk at ``address``."""
    return f"{address.rstrip('/')}{WELCOME}#{secret}"


def first_link(session: Session, now: datetime) -> str | None:
    """The secret of a link with which the first administrator comes in; ``None`` where anybody has an account."""
    return None if accounts.there_are_any(session) else sign_in_links.make(session, None, now, FIRST_LINK_S)


def new_link(session: Session, account: Account, now: datetime, *, actor: str) -> str:
    """The secret of a new link for an account; older ones end.

    Raises:
        AccountRefused: the account is switched off, or signs in at an OpenID provider.
    """
    if account.disabled_at is not None:
        raise AccountRefused("This account is switched off.")
    if account.issuer is not None:
        raise AccountRefused("This person signs in at the OpenID provider, and has no password here.")
    accounts.note(session, "link_made", now, actor=actor, subject=account.name)
    return sign_in_links.make(session, account.account_id, now, LINK_S)


def use_link(services: DeskServices, choice: Choice, address: str) -> str:
    """Set the password, and for the first administrator also make the account; gives the token of a session.

    A link is used up only when all went well.

    Raises:
        AccountRefused: the link is good for nothing, or the name or password cannot be used.
    """
    new_hash = hash_of(choice.password, choice.name)
    now = services.now()
    with Session(services.engine) as session, session.begin():
        link = sign_in_links.use(session, choice.secret, now)
        if link is None:
            raise AccountRefused(_OVER)
        if link.account_id is None:
            account = _first_administrator(session, choice.name, new_hash, now)
        else:
            account = _known(session, link.account_id, choice.name)
            accounts.set_password(session, account, new_hash, now, actor=account.name)
        return gate.begin_session(session, services, account, address)


def _first_administrator(session: Session, name: str, new_hash: str, now: datetime) -> Account:
    if accounts.there_are_any(session):
        raise AccountRefused(_OVER)
    sign_in_links.forget_the_first(session)
    return accounts.add(session, NewAccount(name, Role.ADMINISTRATOR, new_hash), now, actor="link")


def _known(session: Session, account_id: int, name: str) -> Account:
    account = accounts.numbered(session, account_id)
    if account is None or account.disabled_at is not None or account.name != name.strip().lower():
        raise AccountRefused(_OVER)
    return account
