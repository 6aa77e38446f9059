"""``par-intake audit export``: the audit trail as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings
from intake.times import moment

audit_app = typer.Typer(name="audit", help="What happened, by whom and when.", no_args_is_help=True)


@audit_app.callback()
def _group() -> None:
    """Keep ``export`` a command of its own while it is the only one."""


@audit_app.command()
def export(
    since: Annotated[str | None, typer.Option(help="From this time on, such as 2026-03-01 or 2026-03-01T09:30-05:00.")] = None,
    until: Annotated[str | None, typer.Option(help="Before this time.")] = None,
    written_as: Annotated[str, typer.Option("--format", help="csv or ndjson.")] = "ndjson",
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
) -> None:
    """Print every event of a range, of documents and of accounts; it holds ids and no values. The export is an event itself."""
    # Imported when asked for: the database is no part of the other commands.
    from intake.audit_export import export_lines  # noqa: PLC0415
    from review.work.audit_export import ExportFormat  # noqa: PLC0415

    if written_as not in set(ExportFormat):
        raise typer.BadParameter("the format is csv or ndjson")
    settings = load_settings({"data": data})
    range_of = moment(since, settings.zone), moment(until, settings.zone)
    for line in export_lines(settings, *range_of, ExportFormat(written_as)):
        typer.echo(line, nl=False)
