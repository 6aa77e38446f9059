"""The audit trail: what was done, when, and by whom, in ids and no values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.store.tables import AuditRow

SERVICE = "service"
OPERATOR = "operator"


def note(
    session: Session,
    action: str,
    document_id: str,
    now: datetime,
    *,
    record_id: str | None = None,
    revision: int | None = None,
    actor: str = SERVICE,
) -> None:
    """Write one row, in the session's transaction."""
    session.add(AuditRow(at=now, actor=actor, action=action, document_id=document_id, record_id=record_id, revision=revision))
