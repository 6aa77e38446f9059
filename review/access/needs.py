"""What every route declares: the permission that it needs, or that it is open to all.

::

    @router.get("/queue")
    def queue(request: Request, actor: Annotated[Actor, Depends(needs(Permission.VIEW))]) -> HTMLResponse: ...

A test looks at all routes and refuses one that declares neither.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from review.access.actor import Actor
from review.access.blind import check_not_blind, is_about_a_fax
from review.access.permissions import Permission
from review.access.signed_in import actor_of
from review.forms import form_of
from review.services import DeskServices

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
BACKGROUND_HEADER = "x-background"
"""Sent by our scripts with what nobody asked for, such as a listing that is renewed: it does not keep a session from its end."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., object])


class NotSignedIn(HTTPException):
    """Nobody is signed in, or the session is over. 401."""

    def __init__(self) -> None:
        super().__init__(
            401, "You are not signed in, or your session is over. Sign in, and try again.", {"WWW-Authenticate": "Bearer"}
        )


class Forbidden(HTTPException):
    """Whoever asks may not do this, or it was not this desk's page that asked. 403."""

    def __init__(self, why: str) -> None:
        super().__init__(403, why)


class Needs:
    """A dependency that lets in whoever has a permission, or with ``None`` whoever is signed in, and gives the actor.

    ``background`` is for what a page asks by itself, such as a stream of events: it does not keep the session from its idle end.
    """

    def __init__(self, permission: Permission | None, *, background: bool) -> None:
        self.permission = permission
        self.background = background

    async def __call__(self, request: Request) -> Actor:
        """Whoever asks.

        Raises:
            NotSignedIn: nobody is.
            Forbidden: the permission is missing, or the request does not come from a page of this desk.
            ReadBlind: it is of a fax that this person reads a second time now.
        """
        services: DeskServices = request.app.state.services
        background = self.background or BACKGROUND_HEADER in request.headers
        actor = await run_in_threadpool(actor_of, request, services, background=background)
        if actor is None:
            raise NotSignedIn
        request.state.actor = actor
        if not actor.by_token and request.method not in _SAFE:
            await _check_csrf(request, actor)
        if self.permission is not None and not actor.may(self.permission):
            raise Forbidden("Your account may not do this.")
        if self.permission is None and actor.by_token:
            raise Forbidden("This is for people who are signed in.")
        if is_about_a_fax(request.path_params):
            await run_in_threadpool(check_not_blind, services, actor.name, request.path_params)
        return actor


@cache
def needs(permission: Permission, *, background: bool = False) -> Needs:
    """The dependency for routes that need a permission."""
    return Needs(permission, background=background)


@cache
def needs_a_person() -> Needs:
    """The dependency for routes that are open to every person who is signed in, such as their own account."""
    return Needs(None, background=False)


def open_to_all(endpoint: _Endpoint) -> _Endpoint:
    """Mark a route that nobody needs to be signed in for."""
    endpoint.__dict__["open_to_all"] = True
    return endpoint


def check_origin(request: Request) -> None:
    """Refuse what another site's page sends.

    Raises:
        Forbidden: the browser says that the request comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("This was sent by a page of another site.")
    # The scheme is not compared: TLS may end before us, at a proxy that was not named as trusted.
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden("This was sent by a page of another site.")


async def _check_csrf(request: Request, actor: Actor) -> None:
    check_origin(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        given = (await form_of(request)).get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), actor.csrf.encode()):
        raise Forbidden("This page was opened in another session. Reload it, and try again.")
