"""The dashboard: how much comes, how long it takes, and how well the machine reads; with the numbers as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from models.store import desk_accuracy, desk_figures
from models.store.audit import EVERYTHING, Look
from models.store.desk_spans import Span, Step
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.views import note_always
from review.html import csv_files, durations
from review.html.figures import FIGURES, Figure, Wanted
from review.pages import page, services_of
from review.services import DeskServices

router = APIRouter()
Reporter = Annotated[Actor, Depends(needs(Permission.REPORT))]

_USUAL_DAYS = 30
_MOST_DAYS = 1100
_MOST_PARTS = 120
_RANGES = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the top, in words; ``haste`` marks what should not be."""

    title: str
    value: str
    note: str
    haste: str = ""


@router.get("/dashboard")
def dashboard(
    request: Request,
    actor: Reporter,
    first: str = "",
    last: str = "",
    by: str = "",
    field: str = "",
) -> Response:
    """All figures of a range of days."""
    del actor
    services = services_of(request)
    span, told = span_of(services, first, last, by)
    with Session(services.reading) as session:
        known = tuple(one.field for one in desk_accuracy.by_field(session, span))
        wanted = Wanted(span, field if field in known else None)
        figures = {name: make(session, wanted) for name, make in FIGURES.items()}
        tiles = _tiles(session, services, span, figures)
    return page(
        request,
        "dashboard.html",
        figures=figures,
        tiles=tiles,
        span=span,
        steps=tuple(Step),
        wanted=wanted,
        fields=known,
        told=told,
        address=address_of(wanted),
        ranges=tuple((days, _range_address(services.today(), days)) for days in _RANGES),
        zone=services.zone,
    )


@router.get("/dashboard/{name}.csv")
def dashboard_csv(
    request: Request, actor: Reporter, name: str, first: str = "", last: str = "", by: str = "", field: str = ""
) -> Response:
    """The numbers of one figure. It names providers' offices, and nobody else."""
    make = FIGURES.get(name)
    if make is None:
        raise HTTPException(404)
    services = services_of(request)
    span, _ = span_of(services, first, last, by)
    with Session(services.reading) as session:
        known = tuple(one.field for one in desk_accuracy.by_field(session, span)) if field else ()
        figure = make(session, Wanted(span, field if field in known else None))
    note_always(services, Look(actor.name, "exported", EVERYTHING, detail=f"dashboard {figure.name}"))
    file_name = f"{figure.name}-{span.first}-{span.last}.csv"
    return StreamingResponse(
        csv_files.lines_of(figure.head, figure.rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{file_name}"'},
    )


def span_of(services: DeskServices, first: str, last: str, by: str) -> tuple[Span, str]:
    """The range that an address names, and what was wrong with it; the last thirty days where it names none."""
    today = services.today()
    begins, ends = _day(first), _day(last)
    told = "" if (begins or not first) and (ends or not last) else "That is no day; the last thirty days are shown."
    ends = min(ends or today, today)
    begins = begins or ends - timedelta(days=_USUAL_DAYS - 1)
    if begins > ends:
        begins, told = ends - timedelta(days=_USUAL_DAYS - 1), "The range ends before it begins; thirty days are shown."
    if (ends - begins).days >= _MOST_DAYS:
        begins, told = ends - timedelta(days=_MOST_DAYS - 1), f"A range has at most {_MOST_DAYS} days; its last ones are shown."
    step = Step.WEEK if by == Step.WEEK.value or (ends - begins).days >= _MOST_PARTS else Step.DAY
    return Span(begins, ends, step, services.zone), told


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def address_of(wanted: Wanted) -> str:
    """The range and the field as they stand in an address."""
    span = wanted.span
    told = {"first": span.first.isoformat(), "last": span.last.isoformat(), "by": span.step.value}
    return urlencode(told if wanted.field is None else {**told, "field": wanted.field})


def _range_address(today: date, days: int) -> str:
    step = Step.DAY if days <= _USUAL_DAYS else Step.WEEK
    return urlencode({"first": today - timedelta(days=days - 1), "last": today, "by": step.value})


def _tiles(session: Session, services: DeskServices, span: Span, figures: Mapping[str, Figure]) -> tuple[Tile, ...]:
    now = services.now()
    standing = desk_figures.standing(session, now)
    everyone = desk_figures.turn_around(session, span)
    people = desk_figures.turn_around(session, span, by_a_person=True)
    flow, straight = figures["flow"].rows, figures["straight-through"].rows
    received, machine, person = (_sum(flow, column) for column in (1, 2, 3))
    requests, untouched = _sum(straight, 1), _sum(straight, 2)
    oldest = "" if standing.oldest is None else f"the oldest for {durations.in_words(now - standing.oldest)}"
    return (
        Tile("Waiting now", str(standing.waiting), oldest),
        Tile("Late now", str(standing.late), "past the day of decision", "late" if standing.late else ""),
        Tile("Received", str(received), "in the range"),
        Tile("Completed", str(machine + person), f"{person} by a person"),
        Tile("Turn-around", _took(everyone.median_s), f"median; by a person {_took(people.median_s)}"),
        Tile("90 % done within", _took(everyone.ninth_s), f"by a person {_took(people.ninth_s)}"),
        Tile("Straight through", f"{100 * untouched / requests:.0f} %" if requests else "–", f"{untouched} of {requests}"),
    )


def _sum(rows: tuple[tuple[object, ...], ...], column: int) -> int:
    return sum(value for row in rows if isinstance(value := row[column], int))


def _took(seconds: float | None) -> str:
    return "–" if seconds is None else durations.in_words(timedelta(seconds=seconds))
