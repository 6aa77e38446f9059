"""The history of a record."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field, JsonValue

from models.store.audit import Look
from models.store.desk_tables import DeskItemRow
from review.api.common import RecordId, Services, Viewer, fails, reading, rules_of
from review.api.models import Message
from review.api.views import VIEWED, note_view
from review.work.errors import UnknownRecord
from review.work.history import Event, EventKind, history_of

router = APIRouter(tags=["records"])


class DifferenceShown(Message):
    """A value that became another one."""

    path: str
    old: JsonValue
    new: JsonValue


class EventShown(Message):
    """One thing that happened to a record."""

    at: datetime
    actor: str
    kind: EventKind
    action: str
    revision: int | None
    path: str | None = Field(description="Of an edit: the field.")
    detail: str | None = Field(description="The part that was looked at, or a delivery's target.")
    text: str | None = Field(description="Of a note.")
    differences: list[DifferenceShown]


@router.get("/records/{record_id}/history", responses=fails(404), summary="Read the history of a record")
def history(services: Services, actor: Viewer, record_id: RecordId) -> list[EventShown]:
    """Every reading, revision, edit with old and new value, note, view, download and delivery: who and when, oldest first."""
    with reading(services) as session:
        item = session.get(DeskItemRow, record_id)
        if item is None:
            raise UnknownRecord
        events = history_of(session, record_id, rules_of(session, services, item))
    note_view(services, Look(actor.name, VIEWED, item.document_id, record_id, item.revision))
    return [_shown(event) for event in events]


def _shown(event: Event) -> EventShown:
    return EventShown(
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        action=event.action,
        revision=event.revision,
        path=event.path,
        detail=event.detail,
        text=event.text,
        differences=[DifferenceShown(path=one.path, old=one.old, new=one.new) for one in event.differences],
    )
