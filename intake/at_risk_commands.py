"""``par-intake at-risk``: what is late or due soon, by ids and times."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from intake.settings import load_settings

at_risk_app = typer.Typer()


@at_risk_app.command(name="at-risk")
def at_risk(
    within: Annotated[int | None, typer.Option(help="Hours; without it, at_risk_hours of the settings.", min=0, max=8784)] = None,
    most: Annotated[int, typer.Option("--most", help="How many to list.", min=1, max=100_000)] = 1_000,
    data: Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of lines.")] = False,
) -> None:
    """List the requests that are late or due soon, the most urgent first: when, by which rule, and what they wait for."""
    # Imported when asked for: the database is no part of the other commands.
    from intake.at_risk import requests_at_risk  # noqa: PLC0415

    found = requests_at_risk(load_settings({"data": data}), within, most)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, default=datetime.isoformat))
        return
    for one in found:
        due = one.due_at.isoformat(timespec="minutes")
        typer.echo(f"{one.record_id}  {'late' if one.late else 'due'} {due}  {one.rule or 'no rule'}  waits for {one.waits_for}")
