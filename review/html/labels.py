"""The page on which a supervisor confirms what the reader is taught."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import taught_labels
from models.store.desk_tables import DeskItemRow, LabelState
from models.store.taught_labels import Seen
from models.taught_labels import LONGEST, TEACHABLE
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.forms import Form
from review.pages import go_to, page, services_of
from review.work import teaching
from review.work.errors import Refused

router = APIRouter()
Teacher = Annotated[Actor, Depends(needs(Permission.TEACH))]
LabelId = Annotated[int, Path(ge=1, le=2**31 - 1)]

_DECIDED = {
    LabelState.CONFIRMED: "The label is confirmed. The reader knows it from its next document on.",
    LabelState.REFUSED: "The label is refused; the reader does not go by it.",
}


@router.get("/labels")
def labels(request: Request, actor: Teacher) -> Response:
    """All labels by their state."""
    del actor
    return _labels_page(request)


def _labels_page(request: Request, told: str = "") -> Response:
    services = services_of(request)
    with Session(services.reading) as session:
        by_state = {state.value: taught_labels.listed(session, state) for state in LabelState}
        documents = {row.document_id for rows in by_state.values() for row in rows if row.document_id}
        records = _records_of(session, documents)
    return page(
        request,
        "labels.html",
        status=422 if told else 200,
        told=told,
        labels=by_state,
        records=records,
        fields=TEACHABLE,
        longest=LONGEST,
        zone=services.zone,
    )


def _records_of(session: Session, documents: Collection[str]) -> dict[str, str]:
    """For each document a record of it, to look at the page where a label was seen."""
    query = select(DeskItemRow.document_id, DeskItemRow.record_id).where(DeskItemRow.document_id.in_(documents))
    return {str(row[0]): str(row[1]) for row in session.execute(query.order_by(DeskItemRow.record_id.desc()))}


@router.post("/labels")
def teach(request: Request, actor: Teacher, form: Form) -> Response:
    """Propose a label by hand; it is confirmed like any other."""
    services = services_of(request)
    try:
        with Session(services.engine) as session, session.begin():
            teaching.propose(services, session, form.get("text", ""), form.get("field", ""), Seen(), actor.name)
    except Refused as refusal:
        return _labels_page(request, str(refusal))
    return go_to(request, "/labels", "The label is proposed.")


@router.post("/labels/{label_id}/{decision}")
def decide(request: Request, actor: Teacher, label_id: LabelId, decision: str) -> Response:
    """Confirm or refuse a label, or take one back."""
    state = {"confirm": LabelState.CONFIRMED, "refuse": LabelState.REFUSED}.get(decision)
    if state is None:
        raise HTTPException(404)
    services = services_of(request)
    with Session(services.engine) as session, session.begin():
        if teaching.decide(services, session, label_id, state, actor.name) is None:
            raise HTTPException(404)
    return go_to(request, "/labels", _DECIDED[state])
