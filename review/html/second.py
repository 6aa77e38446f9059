"""Second readings as pages: what waits, one of them on the record page, and what a supervisor rules on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.store import rater_samples
from models.store.audit import Look
from models.store.report_tables import RaterSampleRow, Ruling
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.views import VIEWED, note_view
from review.forms import Form
from review.html.record import record_page
from review.pages import go_to, page, services_of
from review.work.drawing import draw_samples

router = APIRouter()
Worker = Annotated[Actor, Depends(needs(Permission.WORK))]
Supervisor = Annotated[Actor, Depends(needs(Permission.SUPERVISE))]
SampleId = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z-]+$")]

_MOST = 200
_HOME = "/second-readings"


@router.get("/second-readings")
def second_readings(request: Request, actor: Worker) -> Response:
    """What this person may read a second time; and for a supervisor, where two readings differ."""
    services = services_of(request)
    draw_samples(services)
    may_supervise = actor.may(Permission.SUPERVISE)
    with Session(services.reading) as session:
        waits, own = rater_samples.waiting(session, actor.name), rater_samples.own(session, actor.name)
        found = rater_samples.differing(session, _MOST) if may_supervise else ()
        taken = rater_samples.in_hand(session) if may_supervise else ()
    return page(
        request,
        "second_readings.html",
        waits=waits,
        own=own,
        found=[one for one in found if not _is_partys(one[0], actor)],
        taken=taken,
        may_supervise=may_supervise,
        is_on=services.settings.rater_share > 0,
        zone=services.zone,
    )


@router.post("/second-readings/next")
def take_next(request: Request, actor: Worker) -> Response:
    """Take the next one, and open it."""
    services = services_of(request)
    if actor.by_token:
        return go_to(request, _HOME)
    with Session(services.engine) as session, session.begin():
        taken = rater_samples.take(session, actor.name, services.now())
        sample_id = None if taken is None else taken.sample_id
    if sample_id is None:
        return go_to(request, _HOME, "No fax waits for a second reading that you may do.")
    return go_to(request, f"{_HOME}/{sample_id}")


@router.get("/second-readings/{sample_id}")
def show(request: Request, actor: Worker, sample_id: SampleId) -> Response:
    """The record page over a second reading; what it shows comes from the API, to whoever has taken it alone."""
    return record_page(request, actor, sample_id, is_second=True)


@router.get("/second-readings/{sample_id}/differences")
def differences(request: Request, actor: Supervisor, sample_id: SampleId) -> Response:
    """Where two readings differ, with both values."""
    services = services_of(request)
    with Session(services.reading) as session:
        sample = _completed(session, sample_id, actor)
        rows = rater_samples.differences(session, sample_id)
    note_view(services, Look(actor.name, VIEWED, sample.document_id, sample.record_id, sample.first_revision, "differences"))
    return page(request, "second_differences.html", sample=sample, rows=rows, rulings=tuple(Ruling), zone=services.zone)


@router.post("/second-readings/{sample_id}/differences")
def rule(request: Request, actor: Supervisor, sample_id: SampleId, form: Form) -> Response:
    """Say who was right, field by field."""
    services = services_of(request)
    count = 0
    with Session(services.engine) as session, session.begin():
        sample = _completed(session, sample_id, actor)
        known = {row.position: row.ruling for row in rater_samples.differences(session, sample_id)}
        for position, before in known.items():
            said = form.get(f"ruling-{position}", "")
            if said in set(Ruling) and said != before:
                count += rater_samples.rule(session, sample, position, Ruling(said), actor.name, services.now())
    return go_to(request, f"{_HOME}/{sample_id}/differences", f"{count} {'ruling is' if count == 1 else 'rulings are'} kept.")


@router.post("/second-readings/{sample_id}/release")
def release(request: Request, actor: Supervisor, sample_id: SampleId) -> Response:
    """Have somebody else do a second reading that was taken and not done."""
    services = services_of(request)
    with Session(services.engine) as session, session.begin():
        done = rater_samples.release(session, sample_id, actor.name, services.now())
    return go_to(request, _HOME, "Somebody else can take it now." if done else "Nobody has it in hand.")


def _completed(session: Session, sample_id: str, actor: Actor) -> RaterSampleRow:
    """A completed second reading, that this person is no party of.

    Raises:
        HTTPException: there is none, or this person did one of the two readings.
    """
    sample = session.get(RaterSampleRow, sample_id)
    if sample is None or sample.completed_at is None:
        raise HTTPException(404)
    if _is_partys(sample, actor):
        raise HTTPException(409, "You did one of the two readings; somebody else says who was right.")
    return sample


def _is_partys(sample: RaterSampleRow, actor: Actor) -> bool:
    return actor.name in (sample.first_actor, sample.second_actor)
