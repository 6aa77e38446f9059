"""Documents: their pages, their source, reading them again, and new ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import anyio
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect

from models.store import arrangements
from models.store.arrangements import Groups
from models.store.audit import Look, note
from models.store.desk_queue import held
from models.store.desk_tables import DeskItemRow
from models.store.tables import DocumentRow, DocumentState
from review.access.actor import Actor
from review.api.common import DocumentId, NotNow, NotThere, PageNumber, Services, Viewer, Worker, amiss, fails, reading
from review.api.models import Message
from review.api.upload import FilePart, NoSuchFile, boundary_of
from review.api.views import DOWNLOADED, UPLOADED, VIEWED, note_always, note_view
from review.api.work_models import Number, Share
from review.services import DeskServices, PageView
from review.work.errors import HeldByOther

router = APIRouter(tags=["documents"])

_ENDINGS = {"application/pdf": "pdf", "image/tiff": "tif", "image/png": "png", "image/jpeg": "jpg"}
# The settings' own limit holds, which is found out while the file is written.
_MOST_BYTES = 1 << 40
_MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                    "additionalProperties": True,
                }
            }
        },
    }
}


class DocumentShown(Message):
    """A document. ``groups`` says which pages are which request, where a person said so."""

    document_id: str
    state: DocumentState
    received_at: datetime
    read_at: datetime | None = Field(description="When its last reading was at its end; a later one has another time.")
    pages: int = Field(description="How many there are to look at.")
    records: list[str]
    groups: list[list[int]] | None


class PageWordShown(Message):
    """A word of a page, and where it stands: left, top, right, bottom in fractions of the page."""

    text: str
    box: tuple[Share, Share, Share, Share]


class ArrangementBody(Message):
    """For each request its pages; a page may stand in none. ``null`` leaves it to the reader."""

    groups: list[list[Number]] | None = Field(max_length=1_000)


class Taken(Message):
    """A file that was taken in, and will be read."""

    accepted: bool


class ReadAgain(Message):
    """A document that is read again from now on; its records get new revisions."""

    document_id: str
    reading: bool


@router.post(
    "/documents",
    status_code=202,
    responses=fails(413),
    summary="Upload a document",
    openapi_extra=_MULTIPART,
    max_body_size=_MOST_BYTES,
)
async def upload(request: Request, services: Services, actor: Worker) -> Taken:
    """Take in a file as if it had been dropped into the inbox: the part named file. What it is shows once it is read."""

    def body() -> Iterator[bytes]:
        """The request's body, fetched from the loop's side piece by piece."""
        stream = request.stream()
        while True:
            try:
                yield anyio.from_thread.run(anext, stream)
            except StopAsyncIteration:
                return

    def take() -> None:
        """Lay the file down and note who sent it, in a thread that may wait."""
        part = FilePart(boundary_of(request.headers.get("content-type", "")), body())
        services.documents.upload(part.open(), part.pieces())
        with Session(services.engine) as session, session.begin():
            # It has no id yet: that is given when it is taken from the inbox.
            note(session, UPLOADED, "", services.now(), actor=actor.name)

    try:
        await run_in_threadpool(take)
    except NoSuchFile as error:
        raise amiss("body", str(error)) from None
    except ClientDisconnect:
        raise amiss("body", "The body is cut short.") from None
    return Taken(accepted=True)


@router.get("/documents/{document_id}", responses=fails(404), summary="Get a document")
def document(services: Services, actor: Viewer, document_id: DocumentId) -> DocumentShown:
    """How far a document is, and which records it has."""
    del actor
    with reading(services) as session:
        row = _known(session, document_id)
        query = select(DeskItemRow.record_id).where(DeskItemRow.document_id == document_id).order_by(DeskItemRow.record_id)
        records = list(session.scalars(query))
        groups = arrangements.current(session, document_id)
    return DocumentShown(
        document_id=document_id,
        state=DocumentState(row.state),
        received_at=row.received_at,
        read_at=row.finished_at,
        pages=services.pages.count(document_id),
        records=records,
        groups=None if groups is None else [list(group) for group in groups],
    )


@router.get(
    "/documents/{document_id}/pages/{number}",
    response_class=Response,
    responses={**fails(404), 200: {"content": {"image/png": {}}}},
    summary="Get a page's image",
)
def page(services: Services, actor: Viewer, document_id: DocumentId, number: PageNumber) -> Response:
    """A page as the reader saw it: upright and straight."""
    return Response(page_of(services, actor, document_id, number).image, media_type="image/png")


@router.get("/documents/{document_id}/pages/{number}/words", responses=fails(404), summary="Get a page's words")
def words(services: Services, actor: Viewer, document_id: DocumentId, number: PageNumber) -> list[PageWordShown]:
    """The words of a page as they were read, and where they stand."""
    return words_of(page_of(services, actor, document_id, number))


def words_of(view: PageView) -> list[PageWordShown]:
    """The words of a page as they are sent."""
    return [
        PageWordShown(text=word.text, box=(word.box.left, word.box.top, word.box.right, word.box.bottom)) for word in view.words
    ]


@router.get(
    "/documents/{document_id}/source",
    response_class=StreamingResponse,
    responses={**fails(404, 409), 200: {"content": {"application/octet-stream": {}, **{kind: {} for kind in _ENDINGS}}}},
    summary="Download the source",
)
def source(services: Services, actor: Viewer, document_id: DocumentId) -> StreamingResponse:
    """The document as it arrived, byte by byte."""
    return source_of(services, actor, document_id)


def source_of(services: DeskServices, actor: Actor, document_id: str) -> StreamingResponse:
    """A document's bytes as a file; that they were taken along is noted.

    Raises:
        NotThere: there is no such document, or not any more.
    """
    found = services.documents.source(document_id)
    if found is None:
        raise NotThere("There is no such document, or its source is not there any more.")
    media_type, pieces = found
    note_always(services, Look(actor.name, DOWNLOADED, document_id, detail="source"))
    name = f"{document_id}.{_ENDINGS.get(media_type, 'bin')}"
    return StreamingResponse(pieces, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.post("/documents/{document_id}/read-again", status_code=202, responses=fails(404, 409), summary="Read a document again")
def read_again(services: Services, actor: Worker, document_id: DocumentId) -> ReadAgain:
    """Have a document read again, with its pages as they are arranged. What a person completed stays as it is."""
    with Session(services.engine) as session, session.begin():
        _free(session, services, actor, document_id)
        note(session, "read_again", document_id, services.now(), actor=actor.name)
    return _begun(services, document_id, "This fax is being read at this moment. Try again in a minute.")


@router.put("/documents/{document_id}/arrangement", status_code=202, responses=fails(404, 409), summary="Arrange the pages")
def arrange(services: Services, actor: Worker, document_id: DocumentId, body: ArrangementBody) -> ReadAgain:
    """Say which pages are which request, and have the document read so."""
    groups = None if body.groups is None else tuple(tuple(group) for group in body.groups)
    with reading(services) as session:
        _known(session, document_id)
    if groups is not None:
        _check(groups, services.pages.count(document_id))
    with Session(services.engine) as session, session.begin():
        _free(session, services, actor, document_id)
        if arrangements.current(session, document_id) != groups:
            arrangements.arrange(session, document_id, groups, actor.name, services.now())
    told = "This fax is being read at this moment. The order of its pages is kept; send it again in a minute to have it read so."
    return _begun(services, document_id, told)


def _known(session: Session, document_id: str) -> DocumentRow:
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise NotThere("There is no such document.")
    return row


def page_of(services: DeskServices, actor: Actor, document_id: str, number: int) -> PageView:
    """A page of a document; that it was looked at is noted.

    Raises:
        NotThere: there is none, or not any more.
    """
    view = services.pages.page(document_id, number)
    if view is None:
        raise NotThere("There is no such page, or not any more.")
    note_view(services, Look(actor.name, VIEWED, document_id, detail=f"page {number}"))
    return view


def _free(session: Session, services: DeskServices, actor: Actor, document_id: str) -> None:
    """Let pass what nobody else works on.

    Raises:
        NotThere: there is no such document.
        HeldByOther: somebody else works on one of its records.
    """
    _known(session, document_id)
    for item in session.scalars(select(DeskItemRow).where(DeskItemRow.document_id == document_id)):
        holder = held(item, services.now())
        if holder is not None and holder.by != actor.name:
            raise HeldByOther(holder.by)


def _check(groups: Groups, pages: int) -> None:
    """Let an arrangement pass that the document can be read by.

    Raises:
        RequestValidationError: it cannot.
    """
    told = [number for group in groups for number in group]
    if not all(groups):
        raise amiss("body/groups", "A request has at least one page.")
    if len(set(told)) != len(told):
        raise amiss("body/groups", "A page belongs to one request at most.")
    if max(told, default=0) > pages:
        raise amiss("body/groups", f"The document has {pages} pages to look at.")


def _begun(services: DeskServices, document_id: str, otherwise: str) -> ReadAgain:
    if not services.documents.read_again(document_id):
        raise NotNow(otherwise)
    return ReadAgain(document_id=document_id, reading=True)
