"""The administrator's page: who has an account, as what, and what programs have tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts, api_tokens, sessions
from models.store.accounts import Account, NewAccount
from models.store.roles import Role
from review.access import links, tokens
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import MEANINGS, Permission
from review.access.signed_in import limits_of
from review.forms import Form
from review.pages import go_to, page, services_of

router = APIRouter()
Administrator = Annotated[Actor, Depends(needs(Permission.ADMINISTER))]
_EVENTS_SHOWN = 50
Change = Callable[[Session, Account, datetime], object]


class Act(Protocol):
    """Something that is done to an account by somebody."""

    def __call__(self, session: Session, account: Account, now: datetime, *, actor: str) -> object:
        """Do it, and note who did."""


def _by(actor: Actor, act: Act) -> Change:
    return lambda session, account, now: act(session, account, now, actor=actor.name)


@router.get("/accounts")
def show_accounts(request: Request, actor: Administrator) -> Response:
    """All accounts and tokens."""
    del actor
    return _accounts_page(request)


@router.post("/accounts")
def add_account(request: Request, actor: Administrator, form: Form) -> Response:
    """Add an account, and show the link with which its person sets a password."""
    services = services_of(request)
    now = services.now()
    try:
        role = role_of(form.get("role", ""))
        with Session(services.engine) as session, session.begin():
            account = accounts.add(session, NewAccount(form.get("name", ""), role), now, actor=actor.name)
            secret = links.new_link(session, account, now, actor=actor.name)
    except AccountRefused as refusal:
        return _accounts_page(request, refusal.reason)
    return _link_page(request, account, secret)


@router.post("/accounts/{account_id}/role")
def change_role(request: Request, actor: Administrator, account_id: int, form: Form) -> Response:
    """Change what an account is for."""

    def change(session: Session, account: Account, now: datetime) -> None:
        accounts.set_role(session, account, role_of(form.get("role", "")), now, actor=actor.name)

    return _changed(request, account_id, change, "The role is changed; the person has to sign in again.")


@router.post("/accounts/{account_id}/disable")
def disable(request: Request, actor: Administrator, account_id: int) -> Response:
    """Switch an account off."""
    return _changed(request, account_id, _by(actor, accounts.disable), "The account is switched off, and its person is signed out.")


@router.post("/accounts/{account_id}/enable")
def enable(request: Request, actor: Administrator, account_id: int) -> Response:
    """Switch an account on again."""
    return _changed(request, account_id, _by(actor, accounts.enable), "The account is switched on.")


@router.post("/accounts/{account_id}/end-sessions")
def end_sessions(request: Request, actor: Administrator, account_id: int) -> Response:
    """Sign a person out everywhere."""
    return _changed(request, account_id, _by(actor, accounts.end_sessions), "The person is signed out everywhere.")


@router.post("/accounts/{account_id}/link")
def make_link(request: Request, actor: Administrator, account_id: int) -> Response:
    """Make a new link with which a person sets a password."""
    services = services_of(request)
    try:
        with Session(services.engine) as session, session.begin():
            account = _numbered(session, account_id)
            secret = links.new_link(session, account, services.now(), actor=actor.name)
    except AccountRefused as refusal:
        return _accounts_page(request, refusal.reason)
    return _link_page(request, account, secret)


def role_of(name: str) -> Role:
    """The role of this name.

    Raises:
        AccountRefused: there is none.
    """
    try:
        return Role(name)
    except ValueError as error:
        raise AccountRefused(f"The roles are {', '.join(role.value for role in Role)}.") from error


def _changed(request: Request, account_id: int, change: Change, said: str) -> Response:
    services = services_of(request)
    try:
        with Session(services.engine) as session, session.begin():
            change(session, _numbered(session, account_id), services.now())
    except AccountRefused as refusal:
        return _accounts_page(request, refusal.reason)
    return go_to(request, "/accounts", said)


def _numbered(session: Session, account_id: int) -> Account:
    account = accounts.numbered(session, account_id)
    if account is None:
        raise HTTPException(404)
    return account


def _link_page(request: Request, account: Account, secret: str) -> Response:
    base = request.base_url
    if services_of(request).settings.secure_cookies:
        # TLS may end before us.
        base = base.replace(scheme="https")
    link = links.link_of(str(base), secret)
    hours = round(links.LINK_S / 3600)
    return page(request, "shown_once.html", title=f"A link for {account.name}", secret=link, kind="link", hours=hours)


def _accounts_page(request: Request, told: str = "") -> Response:
    services = services_of(request)
    now = services.now()
    with Session(services.reading) as session:
        listed = accounts.listed(session)
        known_tokens = api_tokens.listed(session)
        happened = accounts.events(session, _EVENTS_SHOWN)
        open_sessions = sessions.count(session, now, limits_of(services.settings))
    return page(
        request,
        "accounts.html",
        status=409 if told else 200,
        told=told,
        accounts=listed,
        roles=tuple(Role),
        sessions=open_sessions,
        tokens=known_tokens,
        events=happened,
        scopes=[(scope, MEANINGS[scope]) for scope in tokens.SCOPES],
        longest_days=tokens.LONGEST_DAYS,
        now=now,
        zone=services.zone,
    )
