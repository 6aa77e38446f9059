"""A report written from beside the service."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.settings import Settings
from models.circumstances import LineOfBusiness
from models.errors import StorageUnavailable
from models.files import write_atomically
from models.store import report_index
from models.store.audit import EVERYTHING, OPERATOR, Look, note_look
from models.store.database import open_reading_engine
from models.store.desk_spans import Span, Step
from models.store.report_figures import Wanted
from review.reports import files
from review.reports.asked import Asked
from review.reports.kinds import KINDS, Kind

_USUAL_DAYS = 30
_FORMATS = ("json", "csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for, as it was typed."""

    kind: str
    first: str | None
    last: str | None
    plan: str | None
    line: str | None
    written_as: str
    table: str | None


def write_report(settings: Settings, wish: Wish, out: Path | None) -> None:
    """Write a report to a file, or to standard output; that it was made is noted before.

    Raises:
        typer.BadParameter: there is no such report, day, line of business, format or table.
        ConfigurationError: there is no store.
        StorageUnavailable: the store cannot be reached, or the file cannot be written.
    """
    kind = KINDS.get(wish.kind)
    if kind is None:
        raise typer.BadParameter(f"the report is one of {', '.join(KINDS)}")
    if wish.written_as not in _FORMATS:
        raise typer.BadParameter(f"the format is one of {', '.join(_FORMATS)}")
    asked = _asked(settings, wish)
    store = open_store(settings, Folders.of(settings, executor_id_of(settings)))
    _prepare(store, kind, wish.written_as)
    reading = open_reading_engine(store.url.render_as_string(hide_password=False))
    with Session(reading) as session:
        pieces = _pieces(session, kind, asked, wish, settings)
        if out is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        try:
            write_atomically(out, b"".join(pieces), mode=0o600)
        except OSError as error:
            raise StorageUnavailable("The file for the report cannot be written.") from error


def _prepare(store: Engine, kind: Kind, written_as: str) -> None:
    """Have everything counted that was stored before there were reports, and note that one is made."""
    while True:
        with Session(store) as session, session.begin():
            if not report_index.index_missing(session):
                break
    with Session(store) as session, session.begin():
        look = Look(OPERATOR, "exported", EVERYTHING, detail=f"report {kind.name} {written_as}")
        note_look(session, look, datetime.now(UTC))


def _asked(settings: Settings, wish: Wish) -> Asked:
    now = datetime.now(UTC)
    last = _day(wish.last, "--to") or now.astimezone(settings.zone).date()
    first = _day(wish.first, "--from") or last - timedelta(days=_USUAL_DAYS - 1)
    if first > last:
        raise typer.BadParameter("the range ends before it begins")
    if wish.line is not None and wish.line not in set(LineOfBusiness):
        raise typer.BadParameter(f"the line of business is one of {', '.join(LineOfBusiness)}")
    return Asked(Wanted(Span(first, last, Step.WEEK, settings.zone), wish.plan, wish.line), now)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option} is a day such as 2026-03-01") from None


def _pieces(session: Session, kind: Kind, asked: Asked, wish: Wish, settings: Settings) -> Iterator[bytes]:
    if wish.written_as == "xlsx":
        return iter((files.xlsx_of(kind, session, asked, settings.zone),))
    if wish.written_as == "json":
        return (line.encode() for line in files.json_of(kind, session, asked, settings.zone))
    table = wish.table or files.table_names(kind, kind.make(session, asked))[0]
    lines = files.csv_of(kind, session, asked, table, settings.zone)
    if lines is None:
        raise typer.BadParameter("the report has no such table")
    return (line.encode() for line in lines)
