"""The pages by which people come in and go out."""

from __future__ import annotations

import hmac
import math
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from models.store import accounts, sessions
from models.store.secrets import new_secret
from review.access import gate
from review.access.actor import Actor
from review.access.gate import Refused
from review.access.needs import Forbidden, check_origin, needs_a_person, open_to_all
from review.access.signed_in import actor_of, address_of, cookie_name
from review.forms import Form
from review.pages import Pages, go_to, page, services_of

router = APIRouter()

_BEFORE = "desk-before"
_WRONG = "The user name or the password is wrong."
Person = Annotated[Actor, Depends(needs_a_person())]


@router.get("/")
def home(request: Request, actor: Person) -> Response:
    """To the first page that this person may see."""
    pages: Pages = request.app.state.pages
    return go_to(request, next((place.path for place in pages.places if actor.may(place.permission)), "/account"))


@router.get("/sign-in")
@open_to_all
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """The page to sign in."""
    if actor_of(request, services_of(request), background=True) is not None:
        return go_to(request, local_path(next))
    return sign_in_page(request, "", 200, local_path(next))


@router.post("/sign-in")
@open_to_all
def do_sign_in(request: Request, form: Form) -> Response:
    """Sign in; whoever was signed in with this browser is not any more."""
    check_before(request, form.get("before", ""))
    services = services_of(request)
    onward = local_path(form.get("next", "/"))
    name = form.get("name", "")
    outcome = gate.sign_in(services, name, form.get("password", ""), address_of(request))
    if isinstance(outcome, Refused):
        return _refusal(request, onward, name, outcome)
    return with_session(request, outcome, onward)


@router.post("/sign-out")
def sign_out(request: Request, actor: Person) -> Response:
    """End the session."""
    services = services_of(request)
    if actor.account_id is not None:
        with Session(services.engine) as session, session.begin():
            sessions.end(session, actor.credential_id, actor.account_id)
            accounts.note(session, "signed_out", services.now(), actor=actor.name, subject=actor.name)
    response = go_to(request, "/sign-in", "You are signed out.")
    response.delete_cookie(cookie_name(services.settings), secure=services.settings.secure_cookies, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def with_session(request: Request, token: str, path: str, said: str = "") -> RedirectResponse:
    """Go on to a page with a new session, in place of the one that this browser may have had."""
    services = services_of(request)
    before = actor_of(request, services, background=True)
    if before is not None and before.account_id is not None:
        with Session(services.engine) as session, session.begin():
            sessions.end(session, before.credential_id, before.account_id)
    response = go_to(request, path, said)
    response.set_cookie(
        cookie_name(services.settings), token, httponly=True, samesite="lax", secure=services.settings.secure_cookies
    )
    response.delete_cookie(_BEFORE, httponly=True, samesite="strict")
    return response


def before_of(request: Request) -> str:
    """A random value for a form that is sent before anybody is signed in: it comes back by the form and by a cookie."""
    return request.cookies.get(_BEFORE) or new_secret()


def keep_before(request: Request, response: Response, before: str) -> Response:
    """Give the browser the cookie that belongs to such a form."""
    settings = services_of(request).settings
    response.set_cookie(_BEFORE, before, httponly=True, samesite="strict", secure=settings.secure_cookies)
    return response


def check_before(request: Request, given: str) -> None:
    """Refuse a form that another site's page sent, or that this browser did not get from here.

    Raises:
        Forbidden: so it is.
    """
    check_origin(request)
    if not given or not hmac.compare_digest(given.encode(), request.cookies.get(_BEFORE, "").encode()):
        raise Forbidden("This page was open for too long, or the browser takes no cookies. Reload it, and try again.")


def local_path(path: str) -> str:
    """A path of this desk: never an address elsewhere."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_local else "/"


def sign_in_page(request: Request, told: str, status: int = 403, onward: str = "/", name: str = "") -> Response:
    """The page to sign in; ``told`` says why somebody was not, who may try again without typing the ``name``."""
    before = before_of(request)
    openid = services_of(request).settings.openid is not None
    response = page(request, "sign_in.html", status=status, onward=onward, name=name, told=told, before=before, openid=openid)
    return keep_before(request, response, before)


def _refusal(request: Request, onward: str, name: str, refused: Refused) -> Response:
    wait_s = math.ceil(refused.wait_s)
    if not wait_s:
        return sign_in_page(request, _WRONG, 401, onward, name)
    response = sign_in_page(request, f"Too many attempts failed. Try again in {in_words(wait_s)}.", 429, onward, name)
    response.headers["retry-after"] = str(wait_s)
    return response


def in_words(seconds: int) -> str:
    """A time to wait, for a person."""
    if seconds < 120:
        return f"{seconds} seconds" if seconds != 1 else "1 second"
    return f"{math.ceil(seconds / 60)} minutes"
