"""``par-intake import KIND FILE``: what other systems know, brought in from files. Each kind is one module."""

from __future__ import annotations

import typer

from intake.importing import authorizations, decisions, roster_commands

import_app = typer.Typer(name="import", help="Bring in what other systems know, from files.", no_args_is_help=True)
import_app.command("authorizations")(authorizations.import_authorizations)
import_app.command("decisions")(decisions.import_decisions)
import_app.command("members")(roster_commands.members)
import_app.command("providers")(roster_commands.providers)


@import_app.callback()
def _group() -> None:
    """Keep each kind a command of its own, however many there are."""
