"""How the first administrator comes in, and the address that links to the desk begin with."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.settings import Settings
from review.access import links


def say_how_to_begin(settings: Settings, store: Engine, port: int) -> None:
    """While nobody has an account, say at the terminal by which link the first administrator comes in.

    It is written past the log, whose lines are kept and sent on.
    """
    with Session(store) as session, session.begin():
        secret = links.first_link(session, datetime.now(UTC))
    if secret is not None:
        link = links.link_of(address_of(settings, port), secret)
        sys.stderr.write(f"Nobody has an account yet. For the first administrator, once, within an hour: {link}\n")
        sys.stderr.flush()


def address_of(settings: Settings, port: int) -> str:
    """The address that a person reaches the desk by, as far as the settings tell."""
    if settings.desk_hosts and settings.desk_secure_cookies:
        return f"https://{settings.desk_hosts[0]}"
    if settings.desk_hosts:
        return f"http://{settings.desk_hosts[0]}:{port}"
    return f"http://localhost:{port}"
