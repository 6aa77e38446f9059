"""Making a page: a template, and what every page shows around it."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review.access.actor import Actor
from review.access.permissions import Permission
from review.services import DeskServices

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
_SAID = "desk-said"
_SAID_S = 60
# Not left to the machine's own table: browsers run a script by this type alone.
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation, shown to whoever has the permission."""

    label: str
    path: str
    permission: Permission


PLACES = (
    Place("Queue", "/queue", Permission.VIEW),
    Place("Look up", "/lookup", Permission.VIEW),
    Place("Letters", "/letters", Permission.VIEW),
    Place("Dashboard", "/dashboard", Permission.REPORT),
    Place("Reports", "/reports", Permission.REPORT),
    Place("Labels", "/labels", Permission.TEACH),
    Place("History", "/history", Permission.VIEW),
    Place("Accounts", "/accounts", Permission.ADMINISTER),
)


class Pages:
    """Makes pages of templates. ``version`` is a hash over all static files, and stands in their addresses."""

    def __init__(self) -> None:
        self.version = _hash_of(STATIC)
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.templates.globals["static"] = lambda name: f"/static/{self.version}/{name}"
        self.places: tuple[Place, ...] = ()

    def show(self, request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A page. Every template knows ``actor`` (``None``: nobody is signed in), ``path``, ``places`` and ``said``."""
        actor: Actor | None = getattr(request.state, "actor", None)
        said = unquote(request.cookies.get(_SAID, ""))
        around = {
            "actor": actor,
            "path": request.url.path,
            "places": [place for place in self.places if actor is not None and actor.may(place.permission)],
            "said": said,
        }
        response = HTMLResponse(self.templates.get_template(template).render(**around, **values), status)
        if said:
            response.delete_cookie(_SAID, httponly=True, samesite="strict")
        return response


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page of the desk that the request came to; see :meth:`Pages.show`."""
    pages: Pages = request.app.state.pages
    return pages.show(request, template, status=status, **values)


def go_to(request: Request, path: str, said: str = "") -> RedirectResponse:
    """Send the browser to another page, which says this at its top. ``said`` holds no value from a form of a fax."""
    services = services_of(request)
    response = RedirectResponse(path, 303)
    if said:
        response.set_cookie(
            _SAID, quote(said), max_age=_SAID_S, httponly=True, samesite="strict", secure=services.settings.secure_cookies
        )
    return response


def services_of(request: Request) -> DeskServices:
    """What the desk works with."""
    services: DeskServices = request.app.state.services
    return services


def known_places(paths: Collection[str]) -> tuple[Place, ...]:
    """The entries of the navigation that lead somewhere."""
    return tuple(place for place in PLACES if place.path in paths)


def _hash_of(folder: Path) -> str:
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            told.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]
