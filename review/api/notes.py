"""Notes beside a record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from models.store import desk_edits
from models.store.desk_tables import DeskItemRow
from review.api.common import RecordId, Services, Viewer, Worker, fails, reading, working
from review.api.models import Message
from review.work.errors import UnknownRecord

router = APIRouter(tags=["notes"])

NoteText = Annotated[str, StringConstraints(min_length=1, max_length=4_000, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]


class NoteBody(Message):
    """A note to write."""

    text: NoteText


class Note(Message):
    """A note, who wrote it and when."""

    text: str
    actor: str
    at: datetime


@router.get("/records/{record_id}/notes", responses=fails(404), summary="Read the notes")
def notes(services: Services, actor: Viewer, record_id: RecordId) -> list[Note]:
    """All notes beside a record, oldest first."""
    del actor
    with reading(services) as session:
        if session.get(DeskItemRow, record_id) is None:
            raise UnknownRecord
        return [Note(text=row.text, actor=row.actor, at=row.at) for row in desk_edits.notes_of(session, record_id)]


@router.post("/records/{record_id}/notes", status_code=201, responses=fails(404), summary="Write a note")
def write(services: Services, actor: Worker, record_id: RecordId, body: NoteBody) -> Note:
    """Write a note beside a record; it cannot be taken back. Whoever works on the record keeps it."""
    with working(services, actor, record_id) as desk:
        item = desk.session.get_one(DeskItemRow, record_id)
        desk_edits.note_beside(desk.session, record_id, item.document_id, item.revision, body.text, actor.name, desk.now)
    return Note(text=body.text, actor=actor.name, at=desk.now)
