"""What people looked up: noted in the audit trail, and kept under ids that may stand in addresses. No function here commits.

It is kept beside the searches of the queue, for as long as one without a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.store.audit import EVERYTHING, Look, note_look
from models.store.desk_filters import UNNAMED_LIFE
from models.store.desk_tables import DeskFilterRow, DeskItemRow
from models.store.lookup import Sought
from models.store.secrets import new_secret
from models.store.tables import AuditRow

_SOUGHT = TypeAdapter(Sought)
_MARK = "H-"
_SEARCHED, _VIEWED, _PART = "searched", "viewed", "lookup"


def keep(session: Session, owner: str, sought: Sought, now: datetime) -> str:
    """Keep what somebody looks up; gives its id, by which its owner alone finds it."""
    session.execute(delete(DeskFilterRow).where(DeskFilterRow.name.is_(None), DeskFilterRow.used_at < now - UNNAMED_LIFE))
    kept_id = f"{_MARK}{new_secret()[:20]}"
    body = _SOUGHT.dump_json(sought, exclude_defaults=True).decode()
    session.add(DeskFilterRow(filter_id=kept_id, owner=owner, name=None, body=body, used_at=now))
    session.flush()
    return kept_id


def find(session: Session, owner: str, kept_id: str) -> Sought | None:
    """What this owner looked up under an id; ``None`` where there is nothing, or it is somebody else's."""
    row = session.get(DeskFilterRow, kept_id) if kept_id.startswith(_MARK) else None
    return None if row is None or row.owner != owner else _SOUGHT.validate_json(row.body)


def note(session: Session, actor: str, sought: Sought, shown: Sequence[DeskItemRow], now: datetime, life: timedelta) -> None:
    """Note who looked up what, by the names of what was given, and which records were shown, each once in ``life``."""
    detail = f"{_PART} by {', '.join(sought.asked)}: {len(shown)} found"
    note_look(session, Look(actor, _SEARCHED, EVERYTHING, detail=detail), now)
    lately = select(AuditRow.record_id).where(
        AuditRow.document_id.in_({row.document_id for row in shown}),
        AuditRow.action == _VIEWED,
        AuditRow.actor == actor,
        AuditRow.detail == _PART,
        AuditRow.at >= now - life,
    )
    seen = set(session.scalars(lately))
    for row in shown:
        if row.record_id not in seen:
            note_look(session, Look(actor, _VIEWED, row.document_id, row.record_id, row.revision, _PART), now)
