"""Commands about what is kept: giving a source back, and the keys that sources are sealed with."""

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
