"""Commands about what is kept: giving a source back, purge, back-up, and the keys that sources are sealed with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings

keeping_app = typer.Typer(no_args_is_help=True)
key_app = typer.Typer(name="key", help="The keys that archived sources are encrypted with.", no_args_is_help=True)
keeping_app.add_typer(key_app)

Data = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]


@keeping_app.command()
def source(
    document_id: Annotated[str, typer.Argument(metavar="DOCUMENT_ID", help="The document whose source is wanted.")],
    data: Data = None,
) -> None:
    """Write a document's source to standard output, as it arrived; the audit trail keeps who asked."""
    # Imported when asked for, here and below: the store is no part of the other commands.
    from intake.keeper import Keeper  # noqa: PLC0415

    if sys.stdout.isatty():
        raise typer.BadParameter("standard output is a terminal; write to a file, with > FILE")
    for piece in Keeper(load_settings({"data": data})).source(document_id):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


@keeping_app.command()
def purge(
    older_than: Annotated[str, typer.Option(metavar="AGE", help="What ended longer ago goes: 90d, 12w, 7y.")],
    data: Data = None,
    *,
    not_final: Annotated[bool, typer.Option("--not-final", help="Also what waits for a look or could not be read.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing; list what would go.")] = False,
) -> None:
    """Remove documents past an age: sources, records, deliveries, outbox files, workflows. Their ids stay in the audit trail."""
    from intake.keeper import Keeper  # noqa: PLC0415
    from intake.purge import PurgeOrder  # noqa: PLC0415

    done = Keeper(load_settings({"data": data})).purge(PurgeOrder(older_than, not_final, dry_run), typer.echo)
    said = "would be removed" if dry_run else "removed"
    typer.echo(f"{done.documents} documents {said}; {done.workflows} finished workflows forgotten", err=True)
    typer.echo(f"kept: {done.kept.not_final} not final, {done.kept.undelivered} with deliveries still to be made", err=True)


@keeping_app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder, on another disk.", file_okay=False)],
    data: Data = None,
) -> None:
    """Copy databases and documents into a new folder, whether the service runs or not."""
    from intake.keeper import Keeper  # noqa: PLC0415

    done = Keeper(load_settings({"data": data})).back_up(folder)
    typer.echo(
        f"{done.documents} documents" + ("" if done.databases else "; the PostgreSQL databases are yours to dump, before this")
    )


@keeping_app.command()
def restore(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="What par-intake backup made; none if a database alone was restored.", file_okay=False
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Bring a back-up into an empty data folder, or a data folder into step with a restored database, while no service runs."""
    from intake.keeper import Keeper  # noqa: PLC0415

    done = Keeper(load_settings({"data": data})).restore(folder)
    typer.echo(f"{done.documents} documents; {done.again} of them are in work, and go on when the service starts")


@key_app.command()
def new() -> None:
    """Print a new random key, to stand first in the file that archive_keys names."""
    from intake.sealing import new_key  # noqa: PLC0415

    typer.echo(new_key())


@key_app.command()
def rotate(data: Data = None) -> None:
    """Encrypt every archived source with the first key; then the other keys are needed no more, back-ups apart."""
    from intake.keeper import Keeper  # noqa: PLC0415

    done = Keeper(load_settings({"data": data})).reseal()
    typer.echo(f"{done.anew} documents sealed with the first key, {done.before} had been before")
