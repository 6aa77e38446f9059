"""Records: listed, searched, and one as it is delivered."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import desk_queue, rater_samples
from models.store.audit import Look
from models.store.changes import newest_change
from models.store.desk_queue import Search
from models.store.desk_tables import DeskItemRow
from models.store.tables import RecordRow
from review.access.actor import Actor
from review.api.common import NotThere, RecordId, Services, Viewer, amiss, etag_of, fails, kept_search, names, reading
from review.api.cursors import packed, unpacked
from review.api.listings import Noted
from review.api.models import Item, Listing, ListQuery, NumberInAddress, SearchBody
from review.api.views import VIEWED, note_view
from review.services import DeskServices
from review.work.errors import UnknownRecord

router = APIRouter(tags=["records"])

_JSON = "application/json"
IfNoneMatch = Annotated[str | None, Header(description="An ETag; 304 where it is still right.")]
Revision = Annotated[NumberInAddress | None, Query(ge=1, le=2**31 - 1, description="An earlier revision; without it, the newest.")]


@router.get("/records", response_model=Listing, responses=fails(304, 404), summary="List records")
def listed(
    services: Services, actor: Viewer, noted: Noted, asked: Annotated[ListQuery, Query()], if_none_match: IfNoneMatch = None
) -> Response:
    """What waits for a person by its deadline, the most urgent first; or what is at its end, the newest arrival first."""
    search = asked.search() if asked.filter_id is None else kept_search(services, actor, asked.filter_id)
    listing = _listing(services, actor, search, asked.cursor, asked.limit)
    noted.note(actor, search, len(listing.items), more=listing.next is not None)
    content = listing.model_dump_json().encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if names(if_none_match, etag):
        return Response(status_code=304, headers={"etag": etag})
    return Response(content, media_type=_JSON, headers={"etag": etag})


@router.post("/records/search", responses=fails(), summary="Search records")
def found(services: Services, actor: Viewer, noted: Noted, sought: SearchBody) -> Listing:
    """The same for a search that names people: it is sent in the body, and so stands in no address."""
    search = sought.search()
    listing = _listing(services, actor, search, sought.cursor, sought.limit)
    noted.note(actor, search, len(listing.items), more=listing.next is not None)
    return listing


@router.get("/records/{record_id}", response_model=ReferralRecord, responses=fails(304, 404), summary="Get a record")
def record(
    services: Services, actor: Viewer, record_id: RecordId, revision: Revision = None, if_none_match: IfNoneMatch = None
) -> Response:
    """The record as it is delivered, without what was entered and is not completed yet. Its ETag is that of the revision."""
    with reading(services) as session:
        row = _row(session, record_id, revision)
    note_view(services, Look(actor.name, VIEWED, row.document_id, record_id, row.revision))
    etag = etag_of(row.revision)
    if names(if_none_match, etag):
        return Response(status_code=304, headers={"etag": etag})
    return Response(row.body, media_type=_JSON, headers={"etag": etag})


def _row(session: Session, record_id: str, revision: int | None) -> RecordRow:
    item = session.get(DeskItemRow, record_id)
    if item is None:
        raise UnknownRecord
    row = session.get(RecordRow, (record_id, revision or item.revision))
    if row is None:
        raise NotThere("The record has no such revision.")
    return row


def _listing(services: DeskServices, actor: Actor, search: Search, word: str | None, limit: int) -> Listing:
    after = None
    if word is not None and (after := unpacked(word, search.view)) is None:
        raise amiss("cursor", "This is no cursor of this listing.")
    now = services.now()
    with reading(services) as session:
        change = newest_change(session)
        rows = desk_queue.listed(session, desk_queue.soon(search, now, services.settings.at_risk), limit + 1, now, after)
        hidden = rater_samples.hidden_from(session, actor.name)
    items = [Item.of(row, actor.name, now) for row in rows[:limit] if row.record_id not in hidden]
    more = packed(desk_queue.cursor_of(rows[limit - 1], search.view), search.view) if len(rows) > limit else None
    return Listing(items=items, next=more, change=change)
