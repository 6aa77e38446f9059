"""Reports as pages, with their numbers as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from models.circumstances import LineOfBusiness
from models.store import rater_samples, report_figures, report_index
from models.store.audit import EVERYTHING, Look
from models.store.desk_spans import Span
from models.store.report_figures import Wanted
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.views import note_always
from review.html.dashboard import span_of
from review.pages import page, services_of
from review.reports import files
from review.reports.asked import Asked
from review.reports.kinds import KINDS, Kind
from review.reports.workbook import MEDIA_TYPE
from review.services import DeskServices
from review.work.drawing import draw_samples

router = APIRouter()
Reporter = Annotated[Actor, Depends(needs(Permission.REPORT))]

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks for, in its own words."""

    first: str = ""
    last: str = ""
    plan: str = ""
    line: str = ""


def _query(first: str = "", last: str = "", plan: str = "", line: str = "") -> Query:
    return Query(first, last, plan[:_LONGEST_NAME], line)


Asks = Annotated[Query, Depends(_query)]


@router.get("/reports")
def reports(request: Request, actor: Reporter) -> Response:
    """All reports, and the second readings that wait."""
    services = services_of(request)
    waits = own = 0
    if actor.may(Permission.WORK):
        draw_samples(services)
        with Session(services.reading) as session:
            waits, own = rater_samples.waiting(session, actor.name), len(rater_samples.own(session, actor.name))
    return page(
        request,
        "reports.html",
        kinds=tuple(KINDS.values()),
        waits=waits,
        own=own,
        may_work=actor.may(Permission.WORK),
        is_on=services.settings.rater_share > 0,
    )


@router.get("/reports/{kind}.xlsx")
def report_xlsx(request: Request, actor: Reporter, kind: str, asks: Asks) -> Response:
    """All tables of a report, a sheet each."""
    services, found = services_of(request), _kind(kind)
    asked, _ = _asked(services, actor, asks)
    _note(services, actor, found, "xlsx")
    with Session(services.reading) as session:
        content = files.xlsx_of(found, session, asked, services.zone)
    return Response(content, media_type=MEDIA_TYPE, headers=_as_file(found.name, asked.wanted.span, "xlsx"))


@router.get("/reports/{kind}/{table}.csv")
def report_csv(request: Request, actor: Reporter, kind: str, table: str, asks: Asks) -> Response:
    """One table of a report."""
    services, found = services_of(request), _kind(kind)
    asked, _ = _asked(services, actor, asks)
    lines = _lines(services, found, asked, table)
    first = next(lines, None)
    if first is None:
        raise HTTPException(404)
    _note(services, actor, found, "csv")

    def whole() -> Iterator[str]:
        yield first
        yield from lines

    return StreamingResponse(whole(), media_type="text/csv; charset=utf-8", headers=_as_file(table, asked.wanted.span, "csv"))


def _lines(services: DeskServices, kind: Kind, asked: Asked, table: str) -> Iterator[str]:
    with Session(services.reading) as session:
        yield from files.csv_of(kind, session, asked, table, services.zone) or ()


@router.get("/reports/{kind}")
def report(request: Request, actor: Reporter, kind: str, asks: Asks) -> Response:
    """One report over a range of days."""
    services, found = services_of(request), _kind(kind)
    index_missing(services)
    asked, told = _asked(services, actor, asks)
    wanted = asked.wanted
    with Session(services.reading) as session:
        figures = found.make(session, asked)
        plans = report_figures.plans(session)
    return page(
        request,
        "report.html",
        kind=found,
        figures=figures,
        span=wanted.span,
        told=told,
        plans=plans,
        lines=tuple(LineOfBusiness),
        wanted=wanted,
        address=address_of(wanted),
        ranges=tuple((title, _range_address(wanted, first, last)) for title, first, last in _ranges(services.today())),
        zone=services.zone,
        is_moment=lambda value: isinstance(value, datetime),
    )


def index_missing(services: DeskServices) -> None:
    """Have the reports count what was stored before there were any."""
    while True:
        with Session(services.engine) as session, session.begin():
            if not report_index.index_missing(session):
                return


def _kind(name: str) -> Kind:
    found = KINDS.get(name)
    if found is None:
        raise HTTPException(404)
    return found


def _asked(services: DeskServices, actor: Actor, asks: Query) -> tuple[Asked, str]:
    span, told = span_of(services, asks.first, asks.last, "")
    line = asks.line if asks.line in set(LineOfBusiness) else None
    with Session(services.reading) as session:
        hidden = rater_samples.hidden_from(session, actor.name)
    return Asked(Wanted(span, asks.plan or None, line), services.now(), hidden), told


def address_of(wanted: Wanted) -> str:
    """The range, the plan and the line of business as they stand in an address."""
    return _range_address(wanted, wanted.span.first, wanted.span.last)


def _range_address(wanted: Wanted, first: date, last: date) -> str:
    parts = {"first": first.isoformat(), "last": last.isoformat(), "plan": wanted.plan, "line": wanted.line_of_business}
    return urlencode({name: value for name, value in parts.items() if value is not None})


def _ranges(today: date) -> tuple[tuple[str, date, date], ...]:
    month = today.replace(day=1)
    before = month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)
    year = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return (
        ("Last month", before, date.fromordinal(month.toordinal() - 1)),
        ("This year", date(today.year, 1, 1), today),
        ("Last year", *year),
    )


def _note(services: DeskServices, actor: Actor, kind: Kind, form: str) -> None:
    note_always(services, Look(actor.name, "exported", EVERYTHING, detail=f"report {kind.name} {form}"))


def _as_file(name: str, span: Span, ending: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}-{span.first}-{span.last}.{ending}"'}
