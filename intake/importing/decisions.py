"""``par-intake import decisions``: what the plan decided, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings


def import_decisions(
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns are told in docs/reports.md.", dir_okay=False)],
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
) -> None:
    """Bring in decisions from a CSV file. The same file brought in twice does nothing the second time.

    Each line that cannot be taken is told by its number and column; the others are taken, and the exit code is 1.
    """
    # Imported when asked for: the database is no part of the other commands.
    from intake.importing.decision_lines import take_decisions  # noqa: PLC0415

    taken = take_decisions(load_settings({"data": data}), file, lambda fault: typer.echo(fault, err=True))
    typer.echo(f"{taken.entered} decisions taken, {taken.known} known before, {taken.refused} not taken")
    raise typer.Exit(1 if taken.refused else 0)
