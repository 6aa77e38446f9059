"""Who looked at what, in the audit trail: of a person who goes on looking, once in a while."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from models.store.audit import Look, looked_lately, note_look
from review.services import DeskServices

LOOK = timedelta(minutes=10)
"""How long a look lasts, as the audit trail counts them."""

VIEWED, DOWNLOADED, UPLOADED = "viewed", "downloaded", "uploaded"


def note_view(services: DeskServices, look: Look) -> None:
    """Note a look, unless it was noted a short time ago."""
    now = services.now()
    with Session(services.reading) as session:
        if looked_lately(session, look, now - LOOK):
            return
    note_always(services, look)


def note_always(services: DeskServices, look: Look) -> None:
    """Note it each time."""
    with Session(services.engine) as session, session.begin():
        note_look(session, look, services.now())
