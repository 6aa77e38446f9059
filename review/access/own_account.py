"""A person's own account: the password, and where they are signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts, sessions
from models.store.accounts import Account
from review.access import gate
from review.access.actor import Actor
from review.access.needs import needs_a_person
from review.access.passwords import SHORTEST, hash_of
from review.access.sign_in import with_session
from review.access.signed_in import address_of, limits_of
from review.forms import Form
from review.pages import go_to, page, services_of

router = APIRouter()
Person = Annotated[Actor, Depends(needs_a_person())]


@router.get("/account")
def own_account(request: Request, actor: Person) -> Response:
    """The account of whoever asks."""
    return _account_page(request, actor)


@router.post("/account/password")
def change_password(request: Request, actor: Person, form: Form) -> Response:
    """Change the password: all sessions end, and this browser gets a new one."""
    services = services_of(request)
    account = _own(request, actor)
    if form.get("new", "") != form.get("again", ""):
        return _account_page(request, actor, "The two new passwords are not the same. Nothing was changed.")
    if not gate.password_is_right(services, account, form.get("password", ""), address_of(request)):
        return _account_page(request, actor, "The present password is wrong. Nothing was changed.")
    try:
        new_hash = hash_of(form.get("new", ""), account.name)
    except AccountRefused as refusal:
        return _account_page(request, actor, f"{refusal.reason} Nothing was changed.")
    with Session(services.engine) as session, session.begin():
        accounts.set_password(session, account, new_hash, services.now(), actor=actor.name)
        token = gate.begin_session(session, services, account, address_of(request))
    return with_session(request, token, "/account", "Your password is changed, and you are signed out everywhere else.")


@router.post("/account/sessions/{session_id}/end")
def end_session(request: Request, actor: Person, session_id: int) -> Response:
    """End one of one's own sessions."""
    services = services_of(request)
    account = _own(request, actor)
    with Session(services.engine) as session, session.begin():
        ended = sessions.end(session, session_id, account.account_id)
        if ended:
            accounts.note(session, "session_ended", services.now(), actor=actor.name, subject=account.name)
    return go_to(request, "/account", "The session is ended." if ended else "The session had ended before.")


@router.post("/account/sessions/end")
def end_other_sessions(request: Request, actor: Person) -> Response:
    """End all of one's own sessions but this one."""
    services = services_of(request)
    account = _own(request, actor)
    with Session(services.engine) as session, session.begin():
        accounts.end_sessions(session, account, services.now(), actor=actor.name, but=actor.credential_id)
    return go_to(request, "/account", "You are signed out everywhere else.")


def _own(request: Request, actor: Actor) -> Account:
    with Session(services_of(request).reading) as session:
        account = None if actor.account_id is None else accounts.numbered(session, actor.account_id)
    if account is None:
        raise AccountRefused("This account is gone.")
    return account


def _account_page(request: Request, actor: Actor, told: str = "") -> Response:
    services = services_of(request)
    account = _own(request, actor)
    with Session(services.reading) as session:
        open_sessions = sessions.of_account(session, account.account_id, services.now(), limits_of(services.settings))
    return page(
        request,
        "account.html",
        status=422 if told else 200,
        account=account,
        sessions=open_sessions,
        told=told,
        shortest=SHORTEST,
        zone=services.zone,
        minutes=round(services.settings.idle_s / 60),
    )
