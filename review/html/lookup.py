"""The page on which a member, a provider or an authorization is looked up: who it is, and all that is known of it, in one view."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.store import lookup_kept
from models.store.desk_queue import View
from models.store.lookup import About, Sought
from review.access.actor import Actor
from review.api.common import Viewer
from review.api.cursors import unpacked
from review.api.lookup import note_looked_up
from review.api.lookup_view import Page, Teller
from review.api.search_words import as_key_of_day
from review.forms import Form
from review.html import lookup_rows
from review.pages import go_to, page, services_of

router = APIRouter()

_ON_A_PAGE = 20
_LONGEST = 64
_MEMBER = "Enter a member ID, or a last name and the date of birth."
_BORN = "Enter the date of birth as 2/17/1980."
_PROVIDER = "Enter an NPI of ten digits, or a fax number with its area code."
_NUMBER = "Enter the number of an authorization."
_GONE = "What you looked up is not kept any more. Look it up again."


class NotAsked(Exception):
    """A form does not say what is looked up; the message says what to enter."""


@router.get("/lookup")
def looked_up(request: Request, actor: Viewer, of: str = "", after: str = "") -> Response:
    """What was looked up, under its id: the address holds nothing else."""
    services = services_of(request)
    with Session(services.reading) as session:
        sought = lookup_kept.find(session, actor.name, of) if of else None
    if sought is None:
        return _shown(request, _GONE if of else "")
    return _history(request, actor, sought, of, after)


@router.post("/lookup")
def look_up(request: Request, actor: Viewer, form: Form) -> Response:
    """Keep what is looked up, and show it under its id."""
    try:
        sought = sought_by(form)
    except NotAsked as why:
        return _shown(request, str(why), status=422, form=form)
    services = services_of(request)
    with Session(services.engine) as session, session.begin():
        kept = lookup_kept.keep(session, actor.name, sought, services.now())
    return go_to(request, f"/lookup?of={kept}")


def sought_by(form: Mapping[str, str]) -> Sought:
    """What a form asks for: its ``about`` names which of the three it is.

    Raises:
        NotAsked: something is missing, or is no such value.
    """
    given = {name: form.get(name, "").strip()[:_LONGEST] for name in ("member_id", "last_name", "first_name", "npi", "fax")}
    number = form.get("authorization_number", "").strip()[:_LONGEST]
    about = form.get("about", About.MEMBER)
    if about == About.AUTHORIZATION:
        if not re.search(r"[A-Za-z0-9]", number):
            raise NotAsked(_NUMBER)
        return Sought(authorization_number=number)
    if about == About.PROVIDER:
        return _provider(re.sub(r"\D", "", given["npi"]), given["fax"])
    return _member(given, form.get("date_of_birth", "").strip())


def _provider(npi: str, fax: str) -> Sought:
    if re.fullmatch(r"\d{10}", npi):
        return Sought(npi=npi)
    if npi or not 10 <= len(re.sub(r"\D", "", fax)) <= 15:
        raise NotAsked(_PROVIDER)
    return Sought(fax=fax)


def _member(given: Mapping[str, str], typed: str) -> Sought:
    try:
        born = date.fromisoformat(as_key_of_day(typed)) if typed else None
    except ValueError as error:
        raise NotAsked(_BORN) from error
    if re.search(r"[^\W_]", given["member_id"]):
        return Sought(member_id=given["member_id"], date_of_birth=born)
    if not re.search(r"[^\W_]", given["last_name"]) or born is None:
        raise NotAsked(_MEMBER)
    return Sought(last_name=given["last_name"], first_name=given["first_name"], date_of_birth=born)


def _history(request: Request, actor: Actor, sought: Sought, of: str, after: str) -> Response:
    services = services_of(request)
    with Session(services.reading) as session:
        told = Teller.of(session, services, actor).told(Page(sought, _ON_A_PAGE, unpacked(after, View.ALL) if after else None))
    note_looked_up(services, actor.name, sought, told.items)
    history = told.history
    return _shown(
        request,
        form={name: str(getattr(sought, name)) for name in sought.asked},
        of=of,
        after=after,
        history=history,
        rows=[lookup_rows.row_of(one) for one in history.requests],
        moments=lookup_rows.moments_of(history.requests),
    )


def _shown(
    request: Request, told: str = "", *, status: int = 200, form: Mapping[str, str] | None = None, **more: object
) -> Response:
    blank: dict[str, object] = {"of": "", "after": "", "history": None, "rows": (), "moments": ()}
    values = {
        "told": told,
        "form": form or {},
        "zone": services_of(request).zone,
        "line_of": lookup_rows.Line.of,
        **blank,
        **more,
    }
    return page(request, "lookup.html", status=status, **values)
