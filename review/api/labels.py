"""Labels that the reader is taught: this text means this field."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from models.store import taught_labels
from models.store.desk_tables import LabelState, TaughtLabelRow
from models.store.taught_labels import Seen
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.common import NotThere, Services, Viewer, Worker, fails, reading
from review.api.models import Id, Message, NumberInAddress
from review.work import teaching

router = APIRouter(tags=["labels"])

Teacher = Annotated[Actor, Depends(needs(Permission.TEACH))]
LabelId = Annotated[NumberInAddress, Path(ge=1, le=2**31 - 1, description="The label's id.")]
LabelText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\u0000]*$")]


class LabelBody(Message):
    """A text that is printed on a form, and the field it asks for."""

    text: LabelText = Field(description="As printed, without what is filled in.")
    field: Annotated[str, StringConstraints(max_length=64)] = Field(description="A path of the record, or member.name.")
    document_id: Id | None = Field(None, description="Where it was seen.")
    page: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = Field(None, description="1-based.")


class Label(Message):
    """A label, and what was decided of it."""

    label_id: int
    text: str
    field: str
    state: LabelState
    document_id: str | None
    page: int | None
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str | None

    @classmethod
    def of(cls, row: TaughtLabelRow) -> Self:
        """A label as it is kept."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


@router.get("/labels", responses=fails(), summary="List taught labels")
def labels(services: Services, actor: Viewer, state: LabelState | None = None) -> list[Label]:
    """Labels that were proposed, confirmed or refused, the newest first."""
    del actor
    with reading(services) as session:
        return [Label.of(row) for row in taught_labels.listed(session, state)]


@router.post("/labels", status_code=201, responses=fails(409), summary="Propose a label")
def propose(services: Services, actor: Worker, body: LabelBody) -> Label:
    """Propose that a text means a field. What may be a value is refused; proposed twice it is kept once."""
    with Session(services.engine) as session, session.begin():
        seen = Seen(body.document_id, body.page)
        return Label.of(teaching.propose(services, session, body.text, body.field, seen, actor.name))


@router.post("/labels/{label_id}/confirm", responses=fails(404, 409), summary="Confirm a label")
def confirm(services: Services, actor: Teacher, label_id: LabelId) -> Label:
    """Have the reader know a label from its next document on."""
    return _decided(services, actor, label_id, LabelState.CONFIRMED)


@router.post("/labels/{label_id}/refuse", responses=fails(404, 409), summary="Refuse a label")
def refuse(services: Services, actor: Teacher, label_id: LabelId) -> Label:
    """Refuse a label, or take one back that was confirmed."""
    return _decided(services, actor, label_id, LabelState.REFUSED)


def _decided(services: Services, actor: Actor, label_id: int, state: LabelState) -> Label:
    with Session(services.engine) as session, session.begin():
        row = teaching.decide(services, session, label_id, state, actor.name)
        if row is None:
            raise NotThere("There is no such label.")
        return Label.of(row)
