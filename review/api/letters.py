"""Letters to offices that ask for what is missing, and the answers to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from models.record import GapReason
from models.store import letters as store
from models.store import rater_samples
from models.store.audit import Look
from models.store.letter_tables import LetterRow, LetterState
from review.api.common import NotThere, RecordId, Services, Viewer, Worker, fails, reading
from review.api.models import Id, Message
from review.api.views import DOWNLOADED, VIEWED, note_always, note_view
from review.api.work_models import Ended
from review.services import DeskServices
from review.work.errors import NoLetter

router = APIRouter(tags=["letters"])

LetterId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="The letter's id.", examples=["LTR-AAAAAAAAAAAAAAAA-1"])
]
LetterPage = Annotated[int, Path(ge=1, le=100, description="1-based, in the letter.")]
FaxNumber = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]


class AskedShown(Message):
    """A field that a letter asks for, and the reason of its gap."""

    field: str
    reason: GapReason


class Letter(Message):
    """A letter. ``fax_number`` is where it goes, ``answered_by`` the record of the answer that was attached last."""

    letter_id: str
    record_id: str
    document_id: str
    revision: int = Field(description="The revision of the record that it asks about.")
    reply_code: str
    state: LetterState
    asked: list[AskedShown]
    fax_number: str | None
    created_at: datetime
    created_by: str
    released_at: datetime | None
    released_by: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None

    @classmethod
    def of(cls, row: LetterRow, number: str | None) -> Self:
        """A letter as it is kept, with the number that it goes to."""
        asked = [AskedShown(field=one.path, reason=one.reason) for one in store.asked_by(row)]
        kept = {name: getattr(row, name) for name in cls.model_fields if name not in ("asked", "fax_number")}
        return cls(asked=asked, fax_number=number, **kept)


class ReleaseBody(Message):
    """Where the letter goes, where that is not the number that it shows."""

    fax_number: FaxNumber | None = Field(None, description="E.164, such as +18315550142.")


class AnswersBody(Message):
    """The request that a reply answers."""

    record_id: Id


@router.get("/letters", responses=fails(), summary="List letters")
def letters(services: Services, actor: Viewer, state: LetterState | None = None) -> list[Letter]:
    """The letters in a state, those that wait longest first; without one, the newest first. At most 500."""
    with reading(services) as session:
        hidden = rater_samples.hidden_from(session, actor.name)
        return [_shown(session, services, row) for row in store.listed(session, state) if row.record_id not in hidden]


@router.get("/records/{record_id}/letters", responses=fails(), summary="List a record's letters")
def of_record(services: Services, actor: Viewer, record_id: RecordId) -> list[Letter]:
    """All letters about a record, oldest first."""
    del actor
    with reading(services) as session:
        return [_shown(session, services, row) for row in store.of_record(session, record_id)]


@router.post("/records/{record_id}/letter", responses=fails(404), summary="Propose a letter")
def propose(services: Services, actor: Worker, record_id: RecordId) -> Letter:
    """The letter that a record needs as it stands: held for release, or a draft where the record is not completed."""
    with Session(services.engine) as session, session.begin():
        return _shown(session, services, services.letters.proposed(session, record_id, actor.name, services.now()))


@router.get("/letters/{letter_id}", responses=fails(404), summary="Read a letter")
def letter(services: Services, actor: Viewer, letter_id: LetterId) -> Letter:
    """One letter, without its text."""
    del actor
    with reading(services) as session:
        return _shown(session, services, known(session, letter_id))


@router.get(
    "/letters/{letter_id}/pdf",
    response_class=Response,
    responses={**fails(404), 200: {"content": {"application/pdf": {}}, "description": "The letter."}},
    summary="Download a letter",
)
def pdf(services: Services, actor: Viewer, letter_id: LetterId) -> Response:
    """The letter as PDF; the same bytes each time."""
    with reading(services) as session:
        row = known(session, letter_id)
        drawn = services.letters.pdf(session, row)
        look = Look(actor.name, DOWNLOADED, row.document_id, row.record_id, row.revision, row.letter_id)
    note_always(services, look)
    return Response(drawn, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{letter_id}.pdf"'})


@router.get(
    "/letters/{letter_id}/pages/{number}",
    response_class=Response,
    responses={**fails(404), 200: {"content": {"image/png": {}}, "description": "The page."}},
    summary="Look at a page of a letter",
)
def page(services: Services, actor: Viewer, letter_id: LetterId, number: LetterPage) -> Response:
    """One page of a letter as PNG."""
    with reading(services) as session:
        row = known(session, letter_id)
        image = services.letters.page(services.letters.pdf(session, row), number)
        look = Look(actor.name, VIEWED, row.document_id, row.record_id, row.revision, row.letter_id)
    if image is None:
        raise NotThere("The letter has no such page.")
    note_view(services, look)
    return Response(image, media_type="image/png")


@router.post("/letters/{letter_id}/release", responses=fails(404, 409), summary="Release a letter")
def release(services: Services, actor: Worker, letter_id: LetterId, body: ReleaseBody) -> Letter:
    """Send a letter on its way. Its record says from then on that the information was requested. Released twice it is sent once."""
    with Session(services.engine) as session, session.begin():
        row = services.letters.release(session, letter_id, body.fax_number, actor.name, services.now())
        shown = _shown(session, services, row)
    services.announce()
    return shown


@router.post("/letters/{letter_id}/withdraw", responses=fails(404, 409), summary="Withdraw a letter")
def withdraw(services: Services, actor: Worker, letter_id: LetterId) -> Letter:
    """Give up a letter that was not released."""
    with Session(services.engine) as session, session.begin():
        return _shown(session, services, services.letters.withdraw(session, letter_id, actor.name, services.now()))


@router.post("/records/{record_id}/answers", responses=fails(404), summary="Attach a reply")
def answers(services: Services, actor: Worker, record_id: RecordId, body: AnswersBody) -> Ended:
    """Attach a reply to the request that it answers, about which a letter was released; what it answers is taken into that."""
    with Session(services.engine) as session, session.begin():
        left = services.letters.attach(session, record_id, body.record_id, actor.name, services.now())
    services.announce()
    return Ended(record_id=left.record_id, revision=left.revision, status=left.status, final=left.final)


def known(session: Session, letter_id: str) -> LetterRow:
    """A letter that there is.

    Raises:
        NoLetter: there is none.
    """
    row = store.find(session, letter_id)
    if row is None:
        raise NoLetter
    return row


def _shown(session: Session, services: DeskServices, row: LetterRow) -> Letter:
    return Letter.of(row, services.letters.number(session, row))
