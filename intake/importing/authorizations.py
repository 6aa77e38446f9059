"""``par-intake import authorizations``: the authorizations that the plan's own system has given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings


def import_authorizations(
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns are told in docs/matching.md.", dir_okay=False)],
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
) -> None:
    """Bring in authorizations from a CSV file; one that is known by its plan and number is renewed.

    Each line that cannot be taken is told by its number and column; the others are taken, and the exit code is 1.
    """
    # Imported when asked for: the database is no part of the other commands.
    from intake.importing.authorization_lines import take_authorizations  # noqa: PLC0415

    taken = take_authorizations(load_settings({"data": data}), file, lambda fault: typer.echo(fault, err=True))
    typer.echo(f"{taken.kept} authorizations kept, {taken.tied} tied to requests by matching, {taken.refused} lines not taken")
    raise typer.Exit(1 if taken.refused else 0)
