"""``par-intake labels export``: what people corrected, as labels to measure by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings
from intake.times import moment

labels_app = typer.Typer(name="labels", help="Completed records as labelled documents.", no_args_is_help=True)


@labels_app.callback()
def _group() -> None:
    """Keep ``export`` a command of its own while it is the only one."""


@labels_app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder; it will hold PHI.", file_okay=False)],
    since: Annotated[str | None, typer.Option(help="Only what was completed from this time on, such as 2026-03-01.")] = None,
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
) -> None:
    """Write sources and labels of the documents that people completed, for par-intake evaluate FOLDER."""
    # Imported when asked for: the database is no part of the other commands.
    from intake.label_export import export_labels  # noqa: PLC0415

    settings = load_settings({"data": data})
    count = export_labels(settings, folder, moment(since, settings.zone))
    typer.echo(f"{count} documents; the folder holds PHI and is open to its owner alone", err=True)
