"""The queue: what needs a person, the most urgent first; with what has ended, and a search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.store import desk_filters, desk_queue, rater_samples
from models.store.desk_filters import Filter
from models.store.desk_queue import Search, View
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.cursors import packed, unpacked
from review.api.listings import Listings, Noted
from review.forms import Form, FormLists
from review.html import searches
from review.html.queue_rows import QueueRow, row_of
from review.pages import go_to, page, services_of
from review.services import DeskServices

router = APIRouter()
Viewer = Annotated[Actor, Depends(needs(Permission.VIEW))]
# What a page asks by itself does not keep its session from its idle end.
Watcher = Annotated[Actor, Depends(needs(Permission.VIEW, background=True))]
Worker = Annotated[Actor, Depends(needs(Permission.WORK))]

_ON_A_PAGE = 50
_COUNTED_TO = 1000
_GONE = "That filter is gone, or is somebody else’s; this is the whole queue."


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, are late and are due soon; no more than ``most`` of each are counted."""

    waiting: int
    late: int
    at_risk: int
    most: int = _COUNTED_TO

    def told(self, count: int) -> str:
        """A count, or that there are more."""
        return f"{self.most}+" if count >= self.most else str(count)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is on the page. ``onward`` is the place behind the last row, empty where nothing follows."""

    rows: tuple[QueueRow, ...]
    counts: Counts
    onward: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``found`` is the filter that it names; ``gone`` says that there is no such filter."""

    search: Search
    found: Filter | None
    gone: bool
    after: str


def asked(
    request: Request,
    actor: Actor,
    *,
    view: View | None,
    filter_id: str,
    after: str,
) -> Asked:
    """The search that an address stands for."""
    services = services_of(request)
    found = None
    if filter_id:
        with Session(services.reading) as session:
            found = desk_filters.find(session, actor.name, filter_id)
        if found is not None and found.is_to_touch(services.now()):
            with Session(services.engine) as session, session.begin():
                desk_filters.touch(session, filter_id, services.now())
    search = Search() if found is None else found.search
    return Asked(search if view is None else replace(search, view=view), found, bool(filter_id) and found is None, after)


@router.get("/queue")
def queue(
    request: Request,
    actor: Viewer,
    noted: Noted,
    view: View | None = None,
    filter: str = "",  # noqa: A002
    after: str = "",
) -> Response:
    """The queue. The address names a filter by its id and a place in the listing, and nothing else."""
    return _queue_page(request, actor, noted, asked(request, actor, view=view, filter_id=filter, after=after))


def _queue_page(request: Request, actor: Actor, noted: Listings, what: Asked, told: str = "") -> Response:
    services = services_of(request)
    with Session(services.reading) as session:
        filters = desk_filters.named(session, actor.name)
        listing = _listing(session, services, actor, what)
    noted.note(actor, what.search, len(listing.rows), more=bool(listing.onward))
    return page(
        request,
        "queue.html",
        status=422 if told else 200,
        told=told or (_GONE if what.gone else ""),
        asked=what,
        listing=listing,
        filters=filters,
        days=searches.days_of(what.search, services.zone),
        texts=searches.TEXTS,
        choices=searches.CHOICES,
        is_filtered=not searches.is_empty(what.search),
        in_words=searches.in_words(what.search, services.zone),
        zone=services.zone,
        views=tuple(View),
        soon=_hours_in_words(services.settings.at_risk),
        may_work=actor.may(Permission.WORK),
    )


def _hours_in_words(time: timedelta) -> str:
    hours = round(time / timedelta(hours=1))
    return "a day" if hours == 24 else f"{hours} hours"


@router.get("/queue/rows")
def queue_rows(
    request: Request,
    actor: Watcher,
    noted: Noted,
    view: View | None = None,
    filter: str = "",  # noqa: A002
    after: str = "",
) -> Response:
    """The rows alone, as they stand now."""
    what = asked(request, actor, view=view, filter_id=filter, after=after)
    services = services_of(request)
    with Session(services.reading) as session:
        listing = _listing(session, services, actor, what)
    noted.note(actor, what.search, len(listing.rows), more=bool(listing.onward))
    return page(request, "queue_rows.html", listing=listing, asked=what, zone=services.zone)


def _listing(session: Session, services: DeskServices, actor: Actor, what: Asked) -> Listing:
    now = services.now()
    risk, search = services.settings.at_risk, desk_queue.soon(what.search, now, services.settings.at_risk)
    items = desk_queue.listed(session, search, _ON_A_PAGE + 1, now, unpacked(what.after, search.view))
    hidden = rater_samples.hidden_from(session, actor.name)
    shown = items[:_ON_A_PAGE]
    more = len(items) > _ON_A_PAGE
    onward = packed(desk_queue.cursor_of(shown[-1], search.view), search.view) if more else ""
    rows = tuple(row_of(item, actor.name, now, risk) for item in shown if item.record_id not in hidden)
    return Listing(rows, _counts(session, now, risk), onward, now)


def _counts(session: Session, now: datetime, at_risk: timedelta) -> Counts:
    due = (None, now, now + at_risk)
    waiting, late, soon = (desk_queue.counted(session, Search(due_before=before), now, _COUNTED_TO) for before in due)
    return Counts(waiting, late, soon - late)


@router.post("/queue")
def search_queue(request: Request, actor: Viewer, noted: Noted, form: FormLists) -> Response:
    """Keep what a person looks for, and show it under its id."""
    services = services_of(request)
    search = replace(searches.search_of(form, services.zone), view=_view(form.get("view", ())))
    name = next(iter(form.get("name", ())), "").strip()[: desk_filters.LONGEST_NAME] or None
    if searches.is_empty(search) and name is None:
        return go_to(request, f"/queue?view={search.view.value}")
    if name is not None and _has_all_filters(services, actor):
        too_many = f"You have {desk_filters.MOST_NAMED} named filters. Remove one first."
        return _queue_page(request, actor, noted, Asked(search, None, gone=False, after=""), too_many)
    with Session(services.engine) as session, session.begin():
        filter_id = desk_filters.keep(session, actor.name, search, name, services.now())
    return go_to(request, f"/queue?filter={filter_id}", "" if name is None else "The filter is kept under its name.")


def _has_all_filters(services: DeskServices, actor: Actor) -> bool:
    with Session(services.reading) as session:
        return len(desk_filters.named(session, actor.name)) >= desk_filters.MOST_NAMED


def _view(given: tuple[str, ...]) -> View:
    return next((view for view in View if view.value in given), View.WAITING)


@router.post("/queue/forget")
def forget_filter(request: Request, actor: Viewer, form: Form) -> Response:
    """Remove one of one's own filters."""
    with Session(services_of(request).engine) as session, session.begin():
        gone = desk_filters.forget(session, actor.name, form.get("filter", ""))
    return go_to(request, "/queue", "The filter is removed." if gone else "The filter was removed before.")


@router.post("/queue/next")
def take_next(request: Request, actor: Worker, form: Form) -> Response:
    """Take the most urgent request that nobody works on, of those that the filter finds, and open it."""
    services = services_of(request)
    filter_id = form.get("filter", "")
    what = asked(request, actor, view=View.WAITING, filter_id=filter_id, after="")
    with Session(services.engine) as session, session.begin():
        found = desk_queue.next_waiting(session, what.search, actor.name, services.now())
        record_id = None if found is None else found.record_id
    if record_id is not None:
        return go_to(request, f"/records/{record_id}")
    back = f"/queue?filter={what.found.filter_id}" if what.found is not None else "/queue"
    return go_to(request, back, "Nothing waits here that nobody works on.")
