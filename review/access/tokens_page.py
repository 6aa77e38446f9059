"""Making and revoking tokens on the administrator's page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.store import api_tokens
from review.access import tokens
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.forms import Form
from review.pages import go_to, page, services_of

router = APIRouter()
Administrator = Annotated[Actor, Depends(needs(Permission.ADMINISTER))]
_SCOPE = "scope-"


@router.post("/tokens")
def add_token(request: Request, actor: Administrator, form: Form) -> Response:
    """Make a token, and show it this once."""
    services = services_of(request)
    scopes = [name.removeprefix(_SCOPE) for name in form if name.startswith(_SCOPE)]
    days = int(form["days"]) if form.get("days", "").isdecimal() else 0
    with Session(services.engine) as session, session.begin():
        token = tokens.new_token(session, form.get("name", ""), scopes, days, services.now(), actor=actor.name)
    return page(request, "shown_once.html", title="A new token", secret=token, kind="token", hours=0)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(request: Request, actor: Administrator, token_id: int) -> Response:
    """End a token."""
    services = services_of(request)
    with Session(services.engine) as session, session.begin():
        ended = api_tokens.revoke(session, token_id, services.now(), actor=actor.name)
    return go_to(request, "/accounts", "The token is revoked." if ended else "The token had ended before.")
