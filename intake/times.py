"""Times as they are given on the command line."""

from __future__ import annotations

from datetime import datetime, tzinfo

import typer


def moment(text: str | None, zone: tzinfo) -> datetime | None:
    """A time; without an offset it is the site's.

    Raises:
        typer.BadParameter: it is no time.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time such as 2026-03-01T09:30") from error
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)
