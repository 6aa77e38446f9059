"""The page on which a person settles one record: its frame. What it shows comes from the API, and stands in no address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from models.record import AmendmentAction, AmendmentField
from models.taught_labels import TEACHABLE
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.pages import page, services_of

router = APIRouter()
Viewer = Annotated[Actor, Depends(needs(Permission.VIEW))]
RecordId = Annotated[str, Path(max_length=40, pattern=r"^[0-9a-zA-Z-]+$")]

_ACTIONS = {AmendmentAction.REPLACE: "Replace", AmendmentAction.ADD: "Add", AmendmentAction.REMOVE: "Remove"}
_CHANGED = {
    AmendmentField.SERVICE_CODE: "Service code",
    AmendmentField.MODIFIERS: "Modifiers",
    AmendmentField.UNITS: "Units",
    AmendmentField.FROM_DATE: "From date",
    AmendmentField.TO_DATE: "To date",
    AmendmentField.DIAGNOSIS_CODE: "Diagnosis code",
    AmendmentField.SERVICING_NAME: "Servicing provider's name",
    AmendmentField.SERVICING_NPI: "Servicing provider's NPI",
}


@router.get("/records/{record_id}")
def show_record(request: Request, actor: Viewer, record_id: RecordId) -> Response:
    """The page of a record. The same for every record, so that nothing of one is kept by anything but the API's answers."""
    return record_page(request, actor, record_id)


def record_page(request: Request, actor: Actor, record_id: str, *, is_second: bool = False) -> Response:
    """The page over a record, or over a second reading by its id."""
    return page(
        request,
        "record.html",
        record_id=record_id,
        is_second=is_second,
        zone=services_of(request).zone,
        may_work=actor.may(Permission.WORK),
        may_supervise=actor.may(Permission.SUPERVISE),
        actions={action.value: title for action, title in _ACTIONS.items()},
        changed={field.value: title for field, title in _CHANGED.items()},
        teachable=TEACHABLE,
    )
