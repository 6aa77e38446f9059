"""``par-intake import members`` and ``import providers``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.settings import load_settings
from models.circumstances import LineOfBusiness

if TYPE_CHECKING:
    from intake.importing.rosters import Imported

Source = Annotated[Path, typer.Argument(metavar="FILE", help="The file.", dir_okay=False, exists=True)]
Data = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]
Replace = Annotated[bool, typer.Option("--replace", help="What the file does not bring is gone.")]
Broken = Annotated[int, typer.Option("--broken", min=0, help="So many broken rows are left out; with more, nothing is imported.")]


def members(
    file: Source,
    data: Data = None,
    plan: Annotated[str | None, typer.Option(help="The plan of all members whose row names none.")] = None,
    line_of_business: Annotated[LineOfBusiness | None, typer.Option(help="The line of business, likewise.")] = None,
    delegated_group: Annotated[str | None, typer.Option(help="The delegated group, likewise.")] = None,
    *,
    replace: Replace = False,
    broken: Broken = 0,
) -> None:
    """Bring in a member roster: a table (CSV) or an X12 834. Members that it names have from then on what it says."""
    # Imported when asked for, here and below: the store is no part of the other commands.
    from intake.importing.rosters import Order, import_members  # noqa: PLC0415
    from roster.changes import Defaults  # noqa: PLC0415

    defaults = Defaults(plan, None if line_of_business is None else line_of_business.value, delegated_group)
    _tell(import_members(load_settings({"data": data}), Order(file, replace, broken, defaults)))


def providers(file: Source, data: Data = None, *, replace: Replace = False, broken: Broken = 0) -> None:
    """Bring in providers: the plan's own directory (CSV), or a monthly or weekly file of NPPES. Each replaces its own."""
    from intake.importing.rosters import Order, import_providers  # noqa: PLC0415

    _tell(import_providers(load_settings({"data": data}), Order(file, replace, broken)))


def _tell(done: Imported) -> None:
    for one in done.left_out:
        typer.echo(f"left out: {one}", err=True)
    typer.echo(f"{done.list_name.value}: {done.rows} rows written, {done.broken} left out; {done.in_force} rows are in force")
