"""The audit trail read from beside the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.operator import open_store
from intake.settings import Settings
from models.store import audit_trail
from models.store.audit import EVERYTHING, OPERATOR, Look, note_look
from models.store.database import open_reading_engine
from review.work.audit_export import ExportFormat, lines


def export_lines(settings: Settings, since: datetime | None, until: datetime | None, written_as: ExportFormat) -> Iterator[str]:
    """The trail of a range, line by line; that it was exported is noted before the first."""
    store = open_store(settings, Folders.of(settings, executor_id_of(settings)))
    days = f"{'beginning' if since is None else since.date()}..{'now' if until is None else until.date()}"
    with Session(store) as session, session.begin():
        look = Look(OPERATOR, "exported", EVERYTHING, detail=f"audit {written_as.value} {days}")
        note_look(session, look, datetime.now(UTC))
    # Another engine: one that may write keeps the service from writing as long as it reads.
    reading = open_reading_engine(store.url.render_as_string(hide_password=False))
    with Session(reading) as session:
        yield from lines(audit_trail.whole(session, since, until), written_as)
