"""What changed, asked for or told as it happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from models.store.changes import changes_since, newest_change
from review.access.actor import Actor
from review.access.signed_in import still_signed_in
from review.api.common import Follower, Services, fails, reading
from review.api.feed import Feed, Listener, Pace
from review.api.models import Change, Changes, NumberInAddress
from review.services import DeskServices

router = APIRouter(tags=["changes"])

Since = Annotated[NumberInAddress, Query(ge=0, le=2**31 - 1, description="The number of the last change that is known.")]
Begun = Annotated[NumberInAddress | None, Query(ge=0, le=2**31 - 1, description="As of changes; without it, from now on.")]
Limit = Annotated[NumberInAddress, Query(ge=1, le=1_000)]
_LONGEST_ID = 9
_RETRY_MS = 3_000
_BEAT = ": still here\n\n"
_END = 'event: end\ndata: {"code":"not_signed_in"}\n\n'


class _TooSlow(Exception):
    """A listener does not take what it is told."""


@router.get("/changes", responses=fails(), summary="List changes")
def changes(services: Services, actor: Follower, since: Since = 0, limit: Limit = 200) -> Changes:
    """The changes of records after one. Numbers only grow, and none appears below one that was told."""
    del actor
    with reading(services) as session:
        newest = newest_change(session)
        return Changes(changes=[Change.of(row) for row in changes_since(session, since, limit)], newest=newest)


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={**fails(), 200: {"description": "Events of the kind change.", "content": {"text/event-stream": {}}}},
    summary="Follow changes",
)
async def events(
    request: Request,
    services: Services,
    actor: Follower,
    since: Annotated[
        NumberInAddress | None, Query(ge=0, le=2**31 - 1, description="As of changes; without it, from now on.")
    ] = None,
    last_event_id: Annotated[str | None, Header(description="What a browser sends when it comes again.")] = None,
) -> StreamingResponse:
    """The same as server-sent events, as they happen. The stream ends with an event of the kind end when the session does."""
    feed: Feed = request.app.state.feed
    if feed.is_full():
        raise HTTPException(503, "Too many follow the changes already.")
    newest = await run_in_threadpool(feed.newest)
    known = _known(last_event_id)
    begin = known if known is not None else newest if since is None else since
    told = _told(services, actor, feed, newest, begin)
    return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _known(header: str | None) -> int | None:
    if header is None or not (header.isascii() and header.isdecimal()) or len(header) > _LONGEST_ID:
        return None
    return int(header)


async def _told(services: DeskServices, actor: Actor, feed: Feed, newest: int, last: int) -> AsyncIterator[str]:
    """The stream of one listener."""
    yield f"retry: {_RETRY_MS}\n\n"
    try:
        with feed.listening(newest) as listener:
            while batch := await run_in_threadpool(feed.since, last):
                yield "".join(map(_event, batch))
                last = batch[-1].change
            async for batch in _heard(services, actor, feed.pace, listener):
                fresh = [change for change in batch if change.change > last]
                yield "".join(map(_event, fresh)) or _BEAT
                last = fresh[-1].change if fresh else last
    except (OperationalError, InterfaceError, _TooSlow):
        # Whoever listens comes again: it is told what it missed, or that the database is away.
        return
    yield _END


async def _heard(services: DeskServices, actor: Actor, pace: Pace, listener: Listener) -> AsyncIterator[tuple[Change, ...]]:
    """What a listener hears, nothing at each heartbeat; it ends with the session."""
    check_at = time.monotonic() + pace.check_s
    beat_at = time.monotonic() + pace.beat_s
    while True:
        batch: tuple[Change, ...] | None = ()
        with suppress(TimeoutError):
            batch = await asyncio.wait_for(listener.queue.get(), max(0.0, min(check_at, beat_at) - time.monotonic()))
        if batch is None:
            # Too slow: what was not told is asked for when the browser comes again.
            raise _TooSlow
        now = time.monotonic()
        if now >= check_at:
            if not await run_in_threadpool(still_signed_in, services, actor):
                return
            check_at = now + pace.check_s
        if batch or now >= beat_at:
            beat_at = now + pace.beat_s
            yield batch


def _event(change: Change) -> str:
    return f"id: {change.change}\nevent: change\ndata: {change.model_dump_json()}\n\n"
