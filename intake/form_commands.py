"""``par-intake form``: register a form from its blank, look at its zones, list and remove forms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from intake.settings import Settings, load_settings

form_app = typer.Typer(name="form", help="Known forms, which are read by zone.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]
Readable = Annotated[Path, typer.Argument(metavar="BLANK", help="The blank form: PDF, TIFF, PNG or JPEG.", dir_okay=False)]


@form_app.command()
def add(
    blank: Readable,
    name: Annotated[str | None, typer.Option(help="The form's name; by default that of the file.")] = None,
    data: Data = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Write the file anew, and lose what was edited.")] = False,
) -> None:
    """Register a form from its blank: propose its zones and write its file, which a person can edit."""
    # Imported when asked for, here and below: drawing and reading are no part of listing and of the other commands.
    from intake import known_forms  # noqa: PLC0415
    from intake.pipeline import reading_options  # noqa: PLC0415

    settings = load_settings({"data": data})
    chosen = _plain_name(name or blank.stem)
    path = known_forms.add(blank, chosen, settings, reading_options(settings), anew=replace)
    form = known_forms.read_form(path)
    zones = [zone for page in form.pages for zone in page.zones]
    told = sum(bool(zone.fields or zone.columns) for zone in zones)
    typer.echo(f"{path}: {len(form.pages)} pages, {len(zones)} zones, {told} of them with fields of the record")
    typer.echo(f"Look at them: par-intake form check {chosen} --out {chosen}.png", err=True)


def _plain_name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:64]
    if not plain:
        raise typer.BadParameter("a form's name has letters or digits")
    return plain


@form_app.command()
def check(
    form: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A registered form's name, or a form file.")],
    out: Annotated[Path, typer.Option(help="The PNG to write.", dir_okay=False)],
    page: Annotated[Path | None, typer.Argument(metavar="[PAGE]", help="A document to draw on: the blank, or a fax.")] = None,
    data: Data = None,
) -> None:
    """Draw the zones of a form: on the pages of a document that match it, or on its printed words."""
    from intake import known_forms  # noqa: PLC0415
    from intake.pipeline import reading_options  # noqa: PLC0415

    settings = load_settings({"data": data})
    known = known_forms.read_form(_file_of(form, settings))
    known_forms.draw(known, page, settings, reading_options(settings)).save(out, "PNG")


def _file_of(form: str, settings: Settings) -> Path:
    from intake import known_forms  # noqa: PLC0415

    named = known_forms.path_of(form, settings)
    return named if named.is_file() else Path(form)


@form_app.command("list")
def list_forms(data: Data = None) -> None:
    """List the registered forms, each with its pages and zones."""
    from intake import known_forms  # noqa: PLC0415

    for form in known_forms.registered(load_settings({"data": data})):
        typer.echo(f"{form.name}  {len(form.pages)} pages  {sum(len(page.zones) for page in form.pages)} zones")


@form_app.command()
def remove(name: Annotated[str, typer.Argument(help="The registered form's name.")], data: Data = None) -> None:
    """Forget a form: its file is deleted."""
    from intake import known_forms  # noqa: PLC0415

    path = known_forms.path_of(name, load_settings({"data": data}))
    if not path.is_file():
        typer.echo(f"{name}: no such form", err=True)
        raise typer.Exit(1)
    path.unlink()
