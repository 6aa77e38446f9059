"""What the routes of the API have in common: who asks, what of, and what is answered when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Path
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from models.store import desk_filters
from models.store.desk_queue import Search
from models.store.desk_tables import DeskItemRow
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.models import NumberInAddress, Problem
from review.pages import services_of
from review.services import DeskServices
from review.work.apply import Rules
from review.work.errors import UnknownRecord
from review.work.working import Desk

Viewer = Annotated[Actor, Depends(needs(Permission.VIEW))]
Follower = Annotated[Actor, Depends(needs(Permission.VIEW, background=True))]
Worker = Annotated[Actor, Depends(needs(Permission.WORK))]
Supervisor = Annotated[Actor, Depends(needs(Permission.SUPERVISE))]
Services = Annotated[DeskServices, Depends(services_of)]

_ID = r"^[A-Za-z0-9-]{1,40}$"
RecordId = Annotated[str, Path(pattern=_ID, description="The record's id.", examples=["PAR-AAAAAAAAAAAAAAAA"])]
DocumentId = Annotated[str, Path(pattern=_ID, description="The document's id.", examples=["DOC-0000000000000000000000"])]
PageNumber = Annotated[NumberInAddress, Path(ge=1, le=100_000, description="1-based, in the source.")]
IfMatch = Annotated[str | None, Header(description="The ETag of the revision that was seen; 412 where it is not the newest.")]

_FAILURES = 400
_WHY = {
    304: "It is what the ETag says already.",
    400: "The body cannot be read.",
    401: "Nobody is signed in, or the token is not good.",
    403: "The account or token may not do this, or the CSRF token is missing.",
    404: "There is no such thing.",
    409: "Somebody else works on it, or it is not as it was.",
    412: "The record has a newer revision than the one that If-Match names.",
    413: "The body is too large.",
    422: "The request is not as it should be, or what was entered cannot be kept.",
    503: "The database or the folders cannot be reached now.",
}


def fails(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures that a route tells of in the description, with those that any route may have."""
    told = sorted({400, 401, 403, 422, 503, *statuses})
    return {status: {"description": _WHY[status]} | ({"model": Problem} if status >= _FAILURES else {}) for status in told}


class NotThere(HTTPException):
    """There is no such thing. 404."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, detail)


class Outdated(HTTPException):
    """The record has a newer revision than the one that was seen. 412."""

    def __init__(self) -> None:
        super().__init__(412, "The record has a newer revision than the one that you saw. Nothing was changed.")


class NotNow(HTTPException):
    """It cannot be as things stand. 409."""

    def __init__(self, detail: str) -> None:
        super().__init__(409, detail)


def amiss(place: str, message: str) -> RequestValidationError:
    """A part of the request that is not as it should be. The message holds nothing of what was sent."""
    return RequestValidationError([{"type": "value_error", "loc": tuple(place.split("/")), "msg": message}])


def rules_of(session: Session, services: DeskServices, item: DeskItemRow) -> Rules:
    """What a record is placed and checked by: as its reading was, on the day of its receipt."""
    today = item.received_at.astimezone(services.zone).date()
    return Rules(services.policies, today, services.zone, partial(services.placed, session))


def desk_over(session: Session, services: DeskServices, actor: Actor, record_id: str) -> Desk:
    """One person's work on a record, in a session.

    Raises:
        UnknownRecord: there is no such record.
    """
    item = session.get(DeskItemRow, record_id)
    if item is None:
        raise UnknownRecord
    rules = rules_of(session, services, item)
    return Desk(session, actor.name, rules, services.sinks, services.now(), partial(services.letters.ended, session))


@contextmanager
def working(services: DeskServices, actor: Actor, record_id: str) -> Iterator[Desk]:
    """One transaction of one person's work on a record; what raises in it leaves nothing behind.

    Raises:
        UnknownRecord: there is no such record.
    """
    with Session(services.engine) as session, session.begin():
        yield desk_over(session, services, actor, record_id)


@contextmanager
def reading(services: DeskServices) -> Iterator[Session]:
    """A session that sees one state of the store, and waits for nobody."""
    with Session(services.reading) as session:
        yield session


def kept_search(services: DeskServices, actor: Actor, filter_id: str) -> Search:
    """What a filter of one's own looks for.

    Raises:
        NotThere: there is no such filter.
    """
    with Session(services.reading) as session:
        kept = desk_filters.find(session, actor.name, filter_id)
    if kept is None:
        raise NotThere("You have no such filter.")
    if kept.is_to_touch(services.now()):
        with Session(services.engine) as session, session.begin():
            desk_filters.touch(session, filter_id, services.now())
    return kept.search


def etag_of(revision: int) -> str:
    """The ETag of a revision: of one record, a revision is never changed."""
    return f'"{revision}"'


def names(header: str | None, etag: str) -> bool:
    """Whether an If-Match or If-None-Match header names an ETag (RFC 9110, 13.1; those of a proxy's making are weak)."""
    if header is None:
        return False
    given = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in given or etag in given


def check_seen(desk: Desk, record_id: str, if_match: str | None) -> None:
    """Let a change pass that is of the newest revision, or names none.

    Raises:
        Outdated: it names an earlier one.
        UnknownRecord: there is no such record.
    """
    if if_match is None:
        return
    item = desk.session.get(DeskItemRow, record_id)
    if item is None:
        raise UnknownRecord
    if not names(if_match, etag_of(item.revision)):
        raise Outdated
