"""Second readings: a record is settled again by somebody who sees nothing of the first one's entries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import rater_samples
from models.store.audit import Look
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import RaterSampleRow
from review.access.actor import Actor
from review.api.common import IfMatch, NotNow, PageNumber, Services, Worker, fails, reading, rules_of
from review.api.documents import PageWordShown, page_of, source_of, words_of
from review.api.models import Held, Message
from review.api.views import VIEWED, note_view
from review.api.work import Sizes, check_value, edit_of
from review.api.work_models import CheckBody, Checked, EditBody, Ended, KeyBody, Work
from review.api.work_view import work_of
from review.services import DeskServices
from review.work.errors import UnknownRecord
from review.work.second import SecondDesk

router = APIRouter(tags=["second readings"])

SampleId = Annotated[str, Path(pattern=r"^IRR-[A-Z2-7]{16}$", description="The second reading's id.")]


class NextReading(Message):
    """A second reading that this person has taken."""

    sample_id: str
    taken_at: datetime


@router.post(
    "/second-readings/next",
    response_model=NextReading,
    responses={**fails(409), 204: {"description": "None waits that this person may read."}},
    summary="Take the next second reading",
)
def take_next(services: Services, actor: Worker) -> NextReading | Response:
    """The one that was taken before and is not done, else the next; never one of a record that this person has had to do with."""
    if actor.by_token:
        raise NotNow("A second reading is a person's, who is signed in.")
    with Session(services.engine) as session, session.begin():
        taken = rater_samples.take(session, actor.name, services.now())
        if taken is None or taken.taken_at is None:
            return Response(status_code=204)
        return NextReading(sample_id=taken.sample_id, taken_at=taken.taken_at)


@contextmanager
def _reading_again(services: DeskServices, actor: Actor, sample_id: str, *, writes: bool) -> Iterator[SecondDesk]:
    """One transaction of one person's second reading.

    Raises:
        UnknownRecord: there is none that this person has taken.
    """
    with Session(services.engine if writes else services.reading) as session, session.begin():
        sample = session.get(RaterSampleRow, sample_id)
        item = None if sample is None else session.get(DeskItemRow, sample.record_id)
        if sample is None or item is None or sample.second_actor != actor.name:
            raise UnknownRecord
        rules = replace(rules_of(session, services, item), placed=_by_itself)
        yield SecondDesk(session, actor.name, rules, services.sinks, services.now())


def _by_itself(record: ReferralRecord) -> ReferralRecord:
    """What the store knows of the request would tell what the first person entered."""
    return record


def _shown(desk: SecondDesk, services: DeskServices, sizes: Sizes, actor: Actor, sample_id: str) -> Work:
    work = work_of(desk.session, services, sizes, actor, desk.open(sample_id))
    # Neither the document nor its other records: they lead to the record as it stands.
    return work.model_copy(update={"document_id": sample_id, "siblings": []})


@router.get("/second-readings/{sample_id}/work", responses=fails(404), summary="Open a second reading")
def opened(services: Services, actor: Worker, sizes: Sizes, sample_id: SampleId) -> Work:
    """What the first person began with, and what this person has entered; its record_id is that of the second reading."""
    with _reading_again(services, actor, sample_id, writes=False) as desk:
        work, document_id = _shown(desk, services, sizes, actor, sample_id), desk.open(sample_id).document_id
    note_view(services, Look(actor.name, VIEWED, document_id, sample_id, work.revision))
    return work


@router.post("/second-readings/{sample_id}/claim", responses=fails(404), summary="Go on with a second reading")
def claim(services: Services, actor: Worker, sample_id: SampleId) -> Held:
    """It stays with whoever has taken it, until it is done."""
    with _reading_again(services, actor, sample_id, writes=False) as desk:
        held = desk.open(sample_id).held
    return Held(by=actor.name, until=services.now() if held is None else held.until)


@router.post("/second-readings/{sample_id}/edits", responses=fails(404, 409, 412), summary="Enter, accept or undo")
def edited(services: Services, actor: Worker, sizes: Sizes, sample_id: SampleId, body: EditBody, if_match: IfMatch = None) -> Work:
    """As of a record. The same key sent twice is kept once."""
    del if_match
    edit = edit_of(body)
    with _reading_again(services, actor, sample_id, writes=True) as desk:
        desk.enter(sample_id, edit)
        return _shown(desk, services, sizes, actor, sample_id)


@router.post("/second-readings/{sample_id}/check", responses=fails(404), summary="Check a value")
def checked(services: Services, actor: Worker, sample_id: SampleId, body: CheckBody) -> Checked:
    """As of a record: what a value would be kept as, and what is amiss with it."""
    with _reading_again(services, actor, sample_id, writes=False) as desk:
        return check_value(body, desk.rules)


@router.post("/second-readings/{sample_id}/complete", responses=fails(404, 409), summary="Complete a second reading")
def completed(services: Services, actor: Worker, sample_id: SampleId, body: KeyBody) -> Ended:
    """Keep how far the two readings agree. The record stays as it is, and nothing is delivered."""
    with _reading_again(services, actor, sample_id, writes=True) as desk:
        left = desk.complete(sample_id, str(body.key))
    return Ended(record_id=sample_id, revision=left.revision, status=left.status, final=left.final)


@router.get(
    "/second-readings/{sample_id}/pages/{number}",
    response_class=Response,
    responses={**fails(404), 200: {"content": {"image/png": {}}}},
    summary="Get a page's image",
)
def page(services: Services, actor: Worker, sample_id: SampleId, number: PageNumber) -> Response:
    """A page as the reader saw it."""
    view = page_of(services, actor, _document_of(services, actor, sample_id), number)
    return Response(view.image, media_type="image/png")


@router.get("/second-readings/{sample_id}/pages/{number}/words", responses=fails(404), summary="Get a page's words")
def words(services: Services, actor: Worker, sample_id: SampleId, number: PageNumber) -> list[PageWordShown]:
    """The words of a page as they were read, and where they stand."""
    return words_of(page_of(services, actor, _document_of(services, actor, sample_id), number))


@router.get(
    "/second-readings/{sample_id}/source",
    response_class=StreamingResponse,
    responses={**fails(404), 200: {"content": {"application/octet-stream": {}}}},
    summary="Download the source",
)
def source(services: Services, actor: Worker, sample_id: SampleId) -> Response:
    """The fax as it came."""
    return source_of(services, actor, _document_of(services, actor, sample_id))


def _document_of(services: DeskServices, actor: Actor, sample_id: str) -> str:
    with reading(services) as session:
        sample = session.get(RaterSampleRow, sample_id)
        if sample is None or sample.second_actor != actor.name:
            raise UnknownRecord
        return sample.document_id
