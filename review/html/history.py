"""What happened: a search over the audit trail, and its export. Addresses and rows hold ids, names of accounts, and no value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from models.store import audit_trail
from models.store.audit import EVERYTHING, Look
from models.store.audit_trail import Asked
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.views import note_always
from review.pages import page, services_of
from review.services import DeskServices
from review.work.audit_export import MEDIA_TYPES, ExportFormat, lines

router = APIRouter()
Viewer = Annotated[Actor, Depends(needs(Permission.VIEW))]
Auditor = Annotated[Actor, Depends(needs(Permission.AUDIT))]
Short = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]

_ON_A_PAGE = 100
_BATCH = 200
_USUAL = ExportFormat.CSV


class HistoryQuery(BaseModel):
    """What the address of the page asks for."""

    model_config = ConfigDict(frozen=True)

    of: Short = ""
    by: Short = ""
    action: Short = ""
    first: Short = ""
    last: Short = ""
    before: int | None = Field(None, ge=1, le=2**62)


@router.get("/history")
def history(request: Request, actor: Viewer, query: Annotated[HistoryQuery, Query()]) -> Response:
    """What happened, the newest first."""
    services = services_of(request)
    asked = _asked(services.zone, query)
    with Session(services.reading) as session:
        found = audit_trail.newest(session, asked, _ON_A_PAGE + 1, query.before)
        actions = audit_trail.actions(session)
    return page(
        request,
        "history.html",
        events=[event for _, event in found[:_ON_A_PAGE]],
        onward=found[_ON_A_PAGE - 1][0] if len(found) > _ON_A_PAGE else None,
        query=query.model_copy(update={"first": _shown(query.first), "last": _shown(query.last)}),
        actions=actions,
        formats=tuple(ExportFormat),
        may_export=actor.may(Permission.AUDIT),
        zone=services.zone,
    )


@router.get("/history/export")
def export(
    request: Request, actor: Auditor, first: Short = "", last: Short = "", form: ExportFormat = ExportFormat.CSV
) -> Response:
    """The whole audit trail of a range of days, as it is read from the store; the export is a row of the trail itself."""
    services = services_of(request)
    asked = _asked(services.zone, HistoryQuery(first=first, last=last))
    days = f"{_shown(first) or 'beginning'}..{_shown(last) or 'now'}"
    note_always(services, Look(actor.name, "exported", EVERYTHING, detail=f"audit {form.value} {days}"))
    return StreamingResponse(
        _streamed(services, asked, form),
        media_type=MEDIA_TYPES[form],
        headers={"content-disposition": f'attachment; filename="audit-{days.replace("..", "-")}.{form.value}"'},
    )


def _streamed(services: DeskServices, asked: Asked, form: ExportFormat) -> Iterator[str]:
    with Session(services.reading) as session:
        batch: list[str] = []
        for line in lines(audit_trail.whole(session, asked.since, asked.until), form):
            batch.append(line)
            if len(batch) >= _BATCH:
                yield "".join(batch)
                batch = []
        yield "".join(batch)


def _asked(zone: tzinfo, query: HistoryQuery) -> Asked:
    begins, ends = _day(query.first), _day(query.last)
    since = None if begins is None else datetime.combine(begins, time(), zone)
    until = None if ends is None else datetime.combine(ends + timedelta(days=1), time(), zone)
    return Asked(query.of, query.by, query.action, since, until)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


def _shown(text: str) -> str:
    found = _day(text)
    return "" if found is None else found.isoformat()
