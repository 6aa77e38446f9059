"""Searches that are kept: under an id, which may stand in an address, and if a person likes, under a name."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from models.record import RequestKind, Status, Urgency
from models.store import desk_filters
from models.store.desk_filters import LONGEST_NAME, MOST_NAMED, Filter
from models.store.desk_queue import Search
from review.api.common import NotNow, NotThere, Services, Viewer, fails, reading
from review.api.models import Message, Sought

router = APIRouter(tags=["filters"])

FilterId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="The filter's id.")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]


class FilterBody(Sought):
    """A search to keep; one without a name goes some days after its last use."""

    name: Name | None = Field(None, description="A filter of this name is replaced.")


class FilterShown(Sought):
    """A search that is kept."""

    filter_id: str
    name: str | None

    @classmethod
    def of(cls, kept: Filter) -> Self:
        """A filter as it is kept."""
        search: Search = kept.search
        same = {name: getattr(search, name) for name in Sought.model_fields if name not in _OTHERWISE}
        return cls(
            filter_id=kept.filter_id,
            name=kept.name,
            status=[Status(one) for one in search.statuses],
            kind=[RequestKind(one) for one in search.kinds],
            urgency=[Urgency(one) for one in search.urgencies],
            document_id=search.document_id or None,
            since=search.changed_since,
            **same,
        )


_OTHERWISE = frozenset({"status", "kind", "urgency", "document_id", "since"})


class FilterKept(Message):
    """The id of a filter."""

    filter_id: str


@router.post("/filters", status_code=201, responses=fails(409), summary="Keep a search")
def keep(services: Services, actor: Viewer, body: FilterBody) -> FilterKept:
    """Keep a search for oneself."""
    with Session(services.engine) as session, session.begin():
        names = {kept.name for kept in desk_filters.named(session, actor.name)}
        if body.name is not None and body.name not in names and len(names) >= MOST_NAMED:
            raise NotNow(f"You have {MOST_NAMED} named filters. Remove one first.")
        return FilterKept(filter_id=desk_filters.keep(session, actor.name, body.search(), body.name, services.now()))


@router.get("/filters", responses=fails(), summary="List one's named filters")
def named(services: Services, actor: Viewer) -> list[FilterShown]:
    """The filters of one's own that have a name, by it."""
    with reading(services) as session:
        return [FilterShown.of(kept) for kept in desk_filters.named(session, actor.name)]


@router.delete("/filters/{filter_id}", status_code=204, responses=fails(404), summary="Forget a filter")
def forget(services: Services, actor: Viewer, filter_id: FilterId) -> None:
    """Remove a filter of one's own."""
    with Session(services.engine) as session, session.begin():
        if not desk_filters.forget(session, actor.name, filter_id):
            raise NotThere("You have no such filter.")
