"""The addresses by which people go to the OpenID provider and come back."""

from __future__ import annotations

import hmac
import math
from urllib.parse import quote, unquote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import accounts
from models.store.accounts import Account, NewAccount
from review.access import gate
from review.access.needs import open_to_all
from review.access.openid import Attempt, Person, Provider
from review.access.sign_in import in_words, local_path, sign_in_page, with_session
from review.access.signed_in import address_of
from review.pages import services_of
from review.services import DeskServices, OpenIdSettings

router = APIRouter()

_BACK = "/sign-in/openid/back"
_ATTEMPT = "desk-openid"
_ATTEMPT_S = 600


@router.get("/sign-in/openid")
@open_to_all
def go_to_provider(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """To the provider; the browser keeps what it is told there apart by."""
    settings = _settings(request)
    attempt = Attempt.begin()
    try:
        address = Provider(settings).address(attempt, _back(request))
    except AccountRefused as refusal:
        return sign_in_page(request, refusal.reason)
    response = RedirectResponse(address, 303)
    kept = ".".join((attempt.state, attempt.nonce, attempt.verifier, quote(local_path(next), safe="")))
    secure = services_of(request).settings.secure_cookies
    # Lax, for the browser comes back from another site.
    response.set_cookie(_ATTEMPT, kept, max_age=_ATTEMPT_S, path="/sign-in", httponly=True, samesite="lax", secure=secure)
    return response


@router.get(_BACK)
@open_to_all
def come_back(request: Request, code: str = "", state: str = "") -> Response:
    """From the provider, with a code that stands for the person."""
    settings = _settings(request)
    services = services_of(request)
    kept = request.cookies.get(_ATTEMPT, "").split(".")
    # A code that this browser did not go to fetch may be another person's.
    if len(kept) != 4 or not code or not hmac.compare_digest(kept[0].encode(), state.encode()):
        return _forget_attempt(sign_in_page(request, "The OpenID provider did not sign you in here. Start again."))
    wait_s = gate.may_try(services, address_of(request))
    if wait_s > 0:
        return sign_in_page(request, f"Too many attempts failed. Try again in {in_words(math.ceil(wait_s))}.", 429)
    try:
        person = Provider(settings).person(Attempt(*kept[:3]), code, _back(request), services.now())
        token = _session_of(services, settings.issuer, person, address_of(request))
    except AccountRefused as refusal:
        return _forget_attempt(sign_in_page(request, refusal.reason))
    gate.forgive(services, person.name, address_of(request))
    return _forget_attempt(with_session(request, token, local_path(unquote(kept[3]))))


def _session_of(services: DeskServices, issuer: str, person: Person, address: str) -> str:
    """A session for the person, whose account is made at the first sign-in and has the role that the provider gives each time."""
    if person.role is None:
        raise AccountRefused("Nothing that the OpenID provider says of you gives you a role here. Ask your administrator.")
    now = services.now()
    with Session(services.engine) as session, session.begin():
        account = accounts.of_subject(session, issuer, person.subject)
        if account is None:
            account = _new_account(session, services, issuer, person)
        if account.disabled_at is not None:
            raise AccountRefused("Your account here is switched off. Ask your administrator.")
        if account.role is not person.role:
            accounts.set_role(session, account, person.role, now, actor="openid")
        return gate.begin_session(session, services, account, address)


def _new_account(session: Session, services: DeskServices, issuer: str, person: Person) -> Account:
    if accounts.named(session, person.name) is not None:
        raise AccountRefused("Somebody else has an account here with your user name. Ask your administrator.")
    if person.role is None:
        raise ValueError("a person without a role gets no account")
    new = NewAccount(person.name, person.role, issuer=issuer, subject=person.subject)
    return accounts.add(session, new, services.now(), actor="openid")


def _settings(request: Request) -> OpenIdSettings:
    settings = services_of(request).settings.openid
    if settings is None:
        raise HTTPException(404)
    return settings


def _back(request: Request) -> str:
    base = request.base_url
    if services_of(request).settings.secure_cookies:
        # TLS may end before us.
        base = base.replace(scheme="https")
    return str(base).rstrip("/") + _BACK


def _forget_attempt(response: Response) -> Response:
    response.delete_cookie(_ATTEMPT, path="/sign-in", httponly=True, samesite="lax")
    return response
