"""What a record is linked with, from both sides."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from models.circumstances import Link, LinkKind
from models.store import match_records
from models.store.audit import Look
from models.store.desk_edits import newest_record
from review.api.common import RecordId, Services, Viewer, fails, reading
from review.api.models import Message
from review.api.views import VIEWED, note_view
from review.work.errors import UnknownRecord

router = APIRouter(tags=["records"])


class LinkedFrom(Message):
    """Another record's link to this one."""

    record_id: str
    kind: LinkKind
    confidence: float
    sure: bool
    set_aside: bool = Field(description="It repeats this one without a difference, and waits for nobody.")


class Links(Message):
    """The links of a record to earlier ones and to authorizations, and those of later records to it, in the order they came."""

    links: list[Link]
    linked_from: list[LinkedFrom]


@router.get("/records/{record_id}/links", responses=fails(404), summary="Get the links of a record")
def links(services: Services, actor: Viewer, record_id: RecordId) -> Links:
    """What the record repeats, changes or answers, and which later records repeat, change or answer it."""
    with reading(services) as session:
        known = newest_record(session, record_id)
        if known is None:
            raise UnknownRecord
        record, row = known
        others = [
            LinkedFrom(record_id=one.record_id, kind=one.kind, confidence=one.confidence, sure=one.sure, set_aside=one.set_aside)
            for one in match_records.linked_to(session, record_id)
        ]
    note_view(services, Look(actor.name, VIEWED, row.document_id, record_id, record.revision))
    return Links(links=record.related.links, linked_from=others)
