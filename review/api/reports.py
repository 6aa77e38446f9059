"""Reports for programs: the same tables as on the pages and in the files."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlalchemy.orm import Session

from models.circumstances import LineOfBusiness
from models.store import rater_samples
from models.store.audit import EVERYTHING, Look
from models.store.desk_spans import Span, Step
from models.store.report_figures import Wanted
from review.access.actor import Actor
from review.access.needs import needs
from review.access.permissions import Permission
from review.api.common import NotThere, Services, amiss, fails
from review.api.models import Message
from review.api.views import note_always
from review.html.figures import Figure
from review.reports.asked import Asked
from review.reports.files import Cell, told
from review.reports.kinds import KINDS
from review.services import DeskServices

router = APIRouter(tags=["reports"])
Reporter = Annotated[Actor, Depends(needs(Permission.REPORT))]

_USUAL_DAYS = 30
_MOST_DAYS = 1_100
_MOST_ROWS = 10_000
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


class ReportKind(Message):
    """A report that there is."""

    kind: str
    title: str
    about: str


class TableShown(Message):
    """One table. ``is_whole``: there are no rows behind the last one; the files have all."""

    name: str
    title: str
    note: str
    columns: list[str]
    rows: list[list[Cell]]
    is_whole: bool


class ReportShown(Message):
    """A report over a range of days at the site, both ends with it."""

    kind: str
    title: str
    first: date
    last: date
    plan: str | None
    line_of_business: LineOfBusiness | None
    tables: list[TableShown]


class ReportQuery(Message):
    """Which requests a report is of."""

    first: Annotated[date, Field(ge=_EARLIEST, le=_LATEST, description="Without it, the thirty days to the last.")] | None = None
    last: Annotated[date, Field(ge=_EARLIEST, le=_LATEST, description="Without it, today.")] | None = None
    plan: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\u0000]*$")] | None = None
    line_of_business: LineOfBusiness | None = None


@router.get("/reports", responses=fails(), summary="List the reports")
def kinds(actor: Reporter) -> list[ReportKind]:
    """All reports that there are."""
    del actor
    return [ReportKind(kind=one.name, title=one.title, about=one.about) for one in KINDS.values()]


@router.get("/reports/{kind}", responses=fails(404), summary="Get a report")
def report(services: Services, actor: Reporter, kind: str, query: Annotated[ReportQuery, Query()]) -> ReportShown:
    """A report; of a table of many lines, the first ten thousand."""
    found = KINDS.get(kind)
    if found is None:
        raise NotThere("There is no such report.")
    span = _span(services, query)
    note_always(services, Look(actor.name, "exported", EVERYTHING, detail=f"report {found.name} json"))
    with Session(services.reading) as session:
        hidden = rater_samples.hidden_from(session, actor.name)
        asked = Asked(Wanted(span, query.plan, query.line_of_business), services.now(), hidden)
        if found.lines is None:
            figures = found.make(session, asked)
        else:
            rows = tuple(islice(found.lines(session, asked), _MOST_ROWS + 1))
            figures = (Figure(found.name, found.title, found.about, found.head, rows),)
    return ReportShown(
        kind=found.name,
        title=found.title,
        first=span.first,
        last=span.last,
        plan=query.plan,
        line_of_business=query.line_of_business,
        tables=[_shown(one, services) for one in figures],
    )


def _shown(figure: Figure, services: DeskServices) -> TableShown:
    return TableShown(
        name=figure.name,
        title=figure.title,
        note=figure.note,
        columns=list(figure.head),
        rows=[[told(value, services.zone) for value in row] for row in figure.rows[:_MOST_ROWS]],
        is_whole=len(figure.rows) <= _MOST_ROWS,
    )


def _span(services: DeskServices, query: ReportQuery) -> Span:
    last = query.last or services.today()
    first = query.first or last - timedelta(days=_USUAL_DAYS - 1)
    if first > last:
        raise amiss("query/first", "The range ends before it begins.")
    if (last - first).days >= _MOST_DAYS:
        raise amiss("query/first", f"A range has at most {_MOST_DAYS} days.")
    return Span(first, last, Step.WEEK, services.zone)
