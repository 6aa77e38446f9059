"""``par-intake report``: reports as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings

report_app = typer.Typer()


@report_app.command()
def report(  # noqa: PLR0913, PLR0917 - each is an option of the command
    kind: Annotated[str, typer.Argument(help="turn-around, matrix, cms-0057-f, missing-information or agreement.")],
    first: Annotated[str | None, typer.Option("--from", help="The first day, such as 2026-01-01; else the last thirty.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day; else today.")] = None,
    plan: Annotated[str | None, typer.Option(help="Requests of this plan alone.")] = None,
    line: Annotated[str | None, typer.Option("--line", help="Requests of this line of business alone.")] = None,
    written_as: Annotated[
        str, typer.Option("--format", help="json (a line for each row) and xlsx hold all tables, csv holds one.")
    ] = "json",
    table: Annotated[str | None, typer.Option(help="The table that a CSV file is of; else the report's first.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file, in place of standard output.", dir_okay=False)] = None,
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
) -> None:
    """Print or write a report over a range of days. It names offices and requests, and no member."""
    # Imported when asked for: the database is no part of the other commands.
    from intake.report_file import Wish, write_report  # noqa: PLC0415

    wish = Wish(kind, first, last, plan, line, written_as, table)
    write_report(load_settings({"data": data}), wish, out)
