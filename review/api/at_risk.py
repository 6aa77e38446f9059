"""What is late or due soon, and what it waits for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field

from models.record import Urgency
from models.store import rater_samples
from models.store.at_risk import AtRisk, at_risk
from models.store.desk_queue import Cursor, Search, View
from models.waiting import WaitsFor, waits_for
from review.access.actor import Actor
from review.api.common import Services, Viewer, amiss, fails, reading
from review.api.cursors import packed, unpacked
from review.api.listings import Noted
from review.api.models import Item, Message, NumberInAddress, Place

router = APIRouter(tags=["clocks"])

_HOUR = timedelta(hours=1)
_MOST_HOURS = 24 * 366


class AtRiskQuery(Message):
    """The query of the list."""

    within_hours: NumberInAddress | None = Field(
        None,
        ge=0,
        le=_MOST_HOURS,
        description="Only what is due sooner, or late; without it, as the settings say.",
    )
    cursor: Place | None = Field(None, description="What an earlier answer gave as next.")
    limit: NumberInAddress = Field(50, ge=1, le=200)


class AtRiskItem(Message):
    """A request that is late or due soon.

    ``rule`` is the one that is due first, with its ``source``; without one, ``due_at`` is when it would be due if it were urgent.
    ``waits_for`` is whose turn it is.
    """

    item: Item
    due_at: datetime
    late: bool
    rule: str | None
    source: str | None
    priority: Urgency | None
    paused: bool
    extended: bool
    waits_for: WaitsFor | None

    @classmethod
    def of(cls, found: AtRisk, actor: str, now: datetime) -> Self:
        """A request as somebody sees it."""
        record = found.record
        rule = None if record.deadline is None else record.deadline.rule
        first = min((clock for clock in record.clocks if clock.rule == rule), key=lambda clock: clock.due_at, default=None)
        return cls(
            item=Item.of(found.item, actor, now),
            due_at=found.item.order_at,
            late=found.item.order_at <= now,
            rule=rule,
            source=None if first is None else first.source,
            priority=record.priority.effective,
            paused=first is not None and first.paused,
            extended=first is not None and first.extended,
            waits_for=waits_for(record),
        )


class AtRiskListing(Message):
    """Some of them, the most urgent first. ``next`` is the cursor of those behind them."""

    items: list[AtRiskItem]
    next: str | None
    before: datetime = Field(description="What is listed is due before this.")


@router.get("/at-risk", responses=fails(), summary="List what is late or due soon")
def listed(services: Services, actor: Viewer, noted: Noted, asked: Annotated[AtRiskQuery, Query()]) -> AtRiskListing:
    """What waits for a person and is late or due soon, the most urgent first; or as the settings say, all that is not decided."""
    after = _place(asked.cursor)
    now, hours = services.now(), asked.within_hours
    before = now + (services.settings.at_risk if hours is None else hours * _HOUR)
    with reading(services) as session:
        until_decided = services.settings.at_risk_until_decided
        found = at_risk(session, before, asked.limit + 1, after, until_decided=until_decided)
        hidden = rater_samples.hidden_from(session, actor.name)
    listing = _listing(found, asked.limit, actor, now, before)
    listing = listing.model_copy(update={"items": [one for one in listing.items if one.item.record_id not in hidden]})
    noted.note(actor, Search(view=View.AT_RISK), len(listing.items), more=listing.next is not None)
    return listing


def _place(word: str | None) -> Cursor | None:
    after = None
    if word is not None and (after := unpacked(word, View.AT_RISK)) is None:
        raise amiss("cursor", "This is no cursor of this listing.")
    return after


def _listing(found: tuple[AtRisk, ...], limit: int, actor: Actor, now: datetime, before: datetime) -> AtRiskListing:
    items = [AtRiskItem.of(one, actor.name, now) for one in found[:limit]]
    last = found[limit - 1].item if len(found) > limit else None
    onward = None if last is None else packed(Cursor(last.order_at, last.record_id), View.AT_RISK)
    return AtRiskListing(items=items, next=onward, before=before)
