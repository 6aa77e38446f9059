"""What is answered when something cannot be done: a page to a person, a problem in JSON (RFC 9457) to a program.

No answer holds a value from a form, and none is logged but by its place in the code and a reference that the answer shows.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from models.errors import DocumentError, IntakeError, StorageUnavailable, TooLarge
from review.access.needs import NotSignedIn
from review.access.signed_in import actor_of
from review.headers import protect
from review.pages import page, services_of
from review.work.errors import Changed, DeskError, HeldByOther, LetterGone, LetterOutdated, NoLetter, UnknownRecord, Unsettled

_log = structlog.get_logger(__name__)

_API = "/api"
_CODES: Mapping[int, str] = {
    400: "invalid",
    401: "not_signed_in",
    403: "forbidden",
    404: "unknown",
    409: "not_now",
    405: "method",
    412: "changed",
    413: "too_large",
    422: "invalid",
    500: "defect",
    503: "storage_unavailable",
}
_WORDS: Mapping[int, str] = {
    401: "You are not signed in, or your session is over.",
    403: "Your account may not do this.",
    404: "There is nothing at this address.",
    405: "This address does not take such a request.",
    409: "This is not as it was when you opened it.",
    413: "This is larger than the desk takes.",
    422: "The request is not as it should be.",
    500: "Something went wrong here.",
    503: "The desk cannot reach its database or folders now. Try again in a minute.",
}


_NOT_SO = "This is not as it should be."
# Whose words name our limits, and nothing that was sent.
_FAULTS = frozenset(
    {
        "missing", "extra_forbidden", "enum", "literal_error", "string_type", "string_too_short", "string_too_long",
        "int_type", "int_parsing", "float_type", "float_parsing", "bool_type", "bool_parsing", "list_type", "tuple_type",
        "too_short", "too_long", "greater_than_equal", "less_than_equal", "timezone_aware", "model_attributes_type",
    }
)  # fmt: skip


def answer_failures(app: FastAPI) -> None:
    """Have the desk answer every failure in its own words."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(DeskError, _of_work)
    app.add_exception_handler(IntakeError, _of_ours)
    app.add_exception_handler(OperationalError, _of_database)
    app.add_exception_handler(InterfaceError, _of_database)
    app.add_exception_handler(Exception, _of_defect)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks for a page, and not a script or a program for data."""
    return not request.url.path.startswith(_API) and "text/html" in request.headers.get("accept", "")


def _of_http(request: Request, error: Exception) -> Response:
    known = cast(HTTPException, error)
    if isinstance(error, NotSignedIn) and wants_page(request) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    if wants_page(request) and getattr(request.state, "actor", None) is None:
        # No route, or one that is open, has looked who asks; the page shows them their way on.
        request.state.actor = actor_of(request, services_of(request), background=True)
    standard = HTTPStatus(known.status_code).phrase
    detail = known.detail if known.detail != standard else _WORDS.get(known.status_code, standard)
    headers = {
        **(known.headers or {}),
        **({"allow": _allowed(request)} if known.status_code == HTTPStatus.METHOD_NOT_ALLOWED else {}),
    }
    return _answer(request, known.status_code, str(detail), headers=headers)


def _allowed(request: Request) -> str:
    """All methods of an address, whichever route has them; one that names the address itself goes before one for any id."""
    path = request.url.path
    routes = [one for one in iter_route_contexts(request.app.routes) if one.path and compile_path(one.path)[0].match(path)]
    routes = [one for one in routes if one.path == path] or routes
    return ", ".join(sorted({method for one in routes for method in one.methods or ()}))


def _of_validation(request: Request, error: Exception) -> Response:
    # What was given is left out: it goes back to whoever sent it, but also to wherever answers are kept.
    errors = cast(RequestValidationError, error).errors()
    return _answer(request, 422, _WORDS[422], {"errors": [_fault(one) for one in errors]})


def _fault(one: Mapping[str, Any]) -> Mapping[str, str]:
    """What is wrong with one part. Names that the sender made up, and words that repeat a part of what was sent, are left out."""
    kind, place = str(one["type"]), [str(step) for step in one["loc"]]
    if kind == "extra_forbidden":
        place = place[:-1]
    known = kind in _FAULTS or kind == "value_error"
    return {"at": "/".join(place), "message": str(one["msg"]) if known else _NOT_SO, "code": kind}


def _of_work(request: Request, error: Exception) -> Response:
    if isinstance(error, UnknownRecord):
        return _answer(request, 404, str(error), {"code": "unknown"})
    if isinstance(error, HeldByOther):
        return _answer(request, 409, str(error), {"code": "held", "by": error.by})
    if isinstance(error, Unsettled):
        return _answer(request, 409, str(error), {"code": "unsettled", "paths": list(error.paths)})
    if isinstance(error, NoLetter):
        return _answer(request, 404, str(error), {"code": "unknown"})
    if isinstance(error, (LetterGone, LetterOutdated)):
        return _answer(request, 409, str(error), {"code": "not_now"})
    if isinstance(error, Changed):
        return _answer(request, 409, str(error), {"code": "changed"})
    return _answer(request, 422, str(error), {"code": "refused"})


def _of_ours(request: Request, error: Exception) -> Response:
    known = cast(IntakeError, error)
    status = 409
    if isinstance(error, TooLarge):
        status = 413
    elif isinstance(error, DocumentError):
        status = 422
    elif isinstance(error, StorageUnavailable):
        status = 503
    return _answer(request, status, known.reason, {"code": known.code})


def _of_database(request: Request, error: Exception) -> Response:
    reference = _noted(request, error)
    return _answer(request, 503, _WORDS[503], {"code": StorageUnavailable.code, "reference": reference})


def _of_defect(request: Request, error: Exception) -> Response:
    response = _answer(request, 500, _WORDS[500], {"reference": _noted(request, error)})
    # Made outside of all other middleware, which would have put the headers on.
    protect(response.headers, request.url.path, 500, services_of(request).settings)
    return response


def _noted(request: Request, error: Exception) -> str:
    """Log the failure by its place; gives the reference by which the line is found."""
    reference = secrets.token_hex(4)
    route = getattr(request.scope.get("route"), "path", None)
    _log.error("a request to the desk failed", reference=reference, method=request.method, route=route, exc_info=error)
    return reference


def _answer(
    request: Request,
    status: int,
    detail: str,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    title = HTTPStatus(status).phrase
    told = dict(more or {})
    response: Response
    if wants_page(request):
        response = page(request, "failure.html", status=status, title=title, detail=detail, reference=told.get("reference"))
    else:
        code = _CODES.get(status, "refused")
        body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **told}
        response = JSONResponse(body, status, media_type="application/problem+json")
    response.headers.update(headers or {})
    return response
