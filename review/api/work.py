"""Work on a record: claim it, enter, undo, complete, dismiss, take it up again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.geometry import Box
from models.record import ReferralRecord
from models.store import desk_queue
from models.store.audit import Look, note
from models.store.desk_edits import Edit, Spot
from models.store.desk_queue import Cursor, Search, View
from models.store.desk_tables import DeskItemRow, EditAction
from review.access.actor import Actor
from review.api.common import (
    IfMatch,
    RecordId,
    Services,
    Supervisor,
    Viewer,
    Worker,
    check_seen,
    desk_over,
    etag_of,
    fails,
    kept_search,
    reading,
    working,
)
from review.api.models import Held
from review.api.views import VIEWED, note_view
from review.api.work_models import ChangeBody, CheckBody, Checked, EditBody, Ended, KeyBody, NextBody, NextRecord, StatedBody, Work
from review.api.work_view import PageSizes, work_of
from review.services import DeskServices
from review.work.apply import Rules
from review.work.changes import ChangeEntry, change
from review.work.entries import entry
from review.work.errors import Refused
from review.work.fields import Choice, field_at
from review.work.working import Desk

router = APIRouter(tags=["work"])


def _sizes_of(request: Request) -> PageSizes:
    sizes: PageSizes = request.app.state.page_sizes
    return sizes


Sizes = Annotated[PageSizes, Depends(_sizes_of)]


@router.get("/records/{record_id}/work", responses=fails(404), summary="Open a record")
def opened(services: Services, actor: Viewer, sizes: Sizes, record_id: RecordId, response: Response) -> Work:
    """The record with what was entered and is not completed yet, what is to be settled, and its pages. It claims nothing."""
    with reading(services) as session:
        work = work_of(session, services, sizes, actor, desk_over(session, services, actor, record_id).open(record_id))
    note_view(services, Look(actor.name, VIEWED, work.document_id, record_id, work.revision))
    response.headers["etag"] = etag_of(work.revision)
    return work


@router.post("/records/{record_id}/claim", responses=fails(404, 409), summary="Claim a record")
def claim(services: Services, actor: Worker, record_id: RecordId) -> Held:
    """Work on a record from now on, or show that one still does. Without a sign of life, a claim ends after ten minutes."""
    with working(services, actor, record_id) as desk:
        desk.take(record_id)
    return Held(by=actor.name, until=desk.now + desk_queue.CLAIM_LIFE)


@router.delete("/records/{record_id}/claim", status_code=204, responses=fails(404), summary="Let go of a record")
def let_go(services: Services, actor: Worker, record_id: RecordId) -> None:
    """Work on a record no more. What was entered stays."""
    with working(services, actor, record_id) as desk:
        desk_queue.release(desk.session, record_id, actor.name, desk.now)


@router.post("/records/{record_id}/claim/break", status_code=204, responses=fails(404), summary="Take a record from somebody")
def break_claim(services: Services, actor: Supervisor, record_id: RecordId) -> None:
    """Have whoever works on a record do so no more. What they entered stays."""
    with working(services, actor, record_id) as desk:
        item = desk.session.get_one(DeskItemRow, record_id)
        if desk_queue.release(desk.session, record_id, None, desk.now):
            note(desk.session, "claim_broken", item.document_id, desk.now, record_id=record_id, actor=actor.name)


@router.post("/records/{record_id}/edits", responses=fails(404, 409, 412), summary="Enter, accept or undo")
def edited(services: Services, actor: Worker, sizes: Sizes, record_id: RecordId, body: EditBody, if_match: IfMatch = None) -> Work:
    """Keep one thing that a person did, and give the record with it. The same key sent twice is kept once."""
    edit = edit_of(body)
    with working(services, actor, record_id) as desk:
        check_seen(desk, record_id, if_match)
        left = desk.enter(record_id, edit)
    with reading(services) as session:
        return work_of(session, services, sizes, actor, left)


def edit_of(body: EditBody) -> Edit:
    """What a person did, as it is kept."""
    value = body.value.model_dump(mode="json") if isinstance(body.value, ChangeBody | StatedBody) else body.value
    spot = None if body.page is None or body.box is None else Spot(body.page, Box.clipped(*body.box))
    return Edit(str(body.key), EditAction(body.action), body.revision, body.path, value, spot)


@router.post("/records/{record_id}/check", responses=fails(404), summary="Check a value")
def checked(services: Services, actor: Viewer, record_id: RecordId, body: CheckBody) -> Checked:
    """What a value would be kept as, and what is amiss with it. Nothing is kept."""
    with reading(services) as session:
        return check_value(body, desk_over(session, services, actor, record_id).rules)


def check_value(body: CheckBody, rules: Rules) -> Checked:
    """What a value would be kept as, by the plans of the site and on the day of receipt.

    Raises:
        Refused: there is no such field, or the value is none of its kind.
    """
    field, today = field_at(body.path, rules.plans), rules.today
    if field is None:
        raise Refused("There is no such field.")
    if isinstance(body.value, ChangeBody):
        if field.kind is not Choice.CHANGE:
            raise Refused("A value is sent as it is typed.")
        told, problem = change(ChangeEntry(**body.value.model_dump()), today)
        return Checked(value=told, problem=problem, hint=None, refused=told is None)
    if field.kind is Choice.CHANGE:
        raise Refused("A change needs what it does, to which field, and the values.")
    read = entry(field, body.value or "", today)
    return Checked(value=read.value, problem=read.problem, hint=read.hint, refused=read.refused)


@router.post("/records/{record_id}/complete", responses=fails(404, 409, 412), summary="Complete a record")
def completed(services: Services, actor: Worker, record_id: RecordId, body: KeyBody, if_match: IfMatch = None) -> Ended:
    """End the work: a last revision, which is delivered. Gaps may be left; doubtful readings may not."""
    return _ended(services, actor, record_id, if_match, lambda desk: desk.complete(record_id, str(body.key)))


@router.post("/records/{record_id}/dismiss", responses=fails(404, 409, 412), summary="Dismiss a record")
def dismissed(services: Services, actor: Worker, record_id: RecordId, body: KeyBody, if_match: IfMatch = None) -> Ended:
    """Say that there is no request in these pages."""
    return _ended(services, actor, record_id, if_match, lambda desk: desk.dismiss(record_id, str(body.key)))


@router.post("/records/{record_id}/reopen", responses=fails(404, 409, 412), summary="Take a record up again")
def reopened(services: Services, actor: Worker, record_id: RecordId, body: KeyBody, if_match: IfMatch = None) -> Ended:
    """Take up a record that is at its end; a dismissed one as it was before."""
    return _ended(services, actor, record_id, if_match, lambda desk: desk.reopen(record_id, str(body.key)))


@router.post(
    "/next",
    response_model=NextRecord,
    responses={**fails(404), 204: {"description": "Nothing waits that nobody works on."}},
    summary="Claim what comes next",
)
def claim_next(services: Services, actor: Worker, body: NextBody) -> NextRecord | Response:
    """Claim the most urgent record that nobody else works on; behind the last one, it begins from the first again."""
    now = services.now()
    search = Search() if body.filter_id is None else kept_search(services, actor, body.filter_id)
    search = replace(search, view=View.WAITING)
    with Session(services.engine) as session, session.begin():
        seen = session.get(DeskItemRow, body.after) if body.after else None
        row = None
        if seen is not None:
            row = desk_queue.next_waiting(session, search, actor.name, now, Cursor(seen.order_at, seen.record_id))
        row = row or desk_queue.next_waiting(session, search, actor.name, now)
        if row is None or row is seen:
            return Response(status_code=204)
        return NextRecord(record_id=row.record_id)


def _ended(
    services: DeskServices, actor: Actor, record_id: str, if_match: str | None, end: Callable[[Desk], ReferralRecord]
) -> Ended:
    """End the work on a record, or begin it again: its next revision is told to those who deliver."""
    with working(services, actor, record_id) as desk:
        check_seen(desk, record_id, if_match)
        left = end(desk)
    services.announce()
    return Ended(record_id=left.record_id, revision=left.revision, status=left.status, final=left.final)
