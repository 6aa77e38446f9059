"""The page that a one-time link leads to."""

from __future__ import annotations

import math

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models.errors import AccountRefused
from review.access import gate
from review.access.links import WELCOME, Choice, use_link
from review.access.needs import open_to_all
from review.access.passwords import SHORTEST
from review.access.sign_in import before_of, check_before, in_words, keep_before, with_session
from review.access.signed_in import address_of
from review.forms import Form
from review.pages import page, services_of

router = APIRouter()


@router.get(WELCOME)
@open_to_all
def show_welcome(request: Request) -> Response:
    """The page to set a password; its script takes the link's secret out of the address."""
    return _welcome_page(request)


@router.post(WELCOME)
@open_to_all
def set_first_password(request: Request, form: Form) -> Response:
    """Use a link: set the password and sign in."""
    check_before(request, form.get("before", ""))
    # Whoever pastes gives the whole link.
    choice = Choice(form.get("secret", "").strip().rpartition("#")[2], form.get("name", ""), form.get("new", ""))
    if choice.password != form.get("again", ""):
        return _welcome_page(request, choice, "The two passwords are not the same.")
    services = services_of(request)
    wait_s = gate.may_try(services, address_of(request))
    if wait_s > 0:
        return _welcome_page(request, choice, f"Too many attempts failed. Try again in {in_words(math.ceil(wait_s))}.", status=429)
    try:
        token = use_link(services, choice, address_of(request))
    except AccountRefused as refusal:
        return _welcome_page(request, choice, refusal.reason)
    gate.forgive(services, choice.name, address_of(request))
    return with_session(request, token, "/", "Welcome. Your password is set.")


def _welcome_page(request: Request, choice: Choice | None = None, told: str = "", status: int = 422) -> Response:
    before = before_of(request)
    response = page(
        request,
        "welcome.html",
        status=status if told else 200,
        told=told,
        before=before,
        secret=choice.secret if choice else "",
        name=choice.name if choice else "",
        shortest=SHORTEST,
    )
    return keep_before(request, response, before)
