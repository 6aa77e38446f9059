"""The audit trail: what was done, when, and by whom, in ids and no values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.tables import AuditRow

SERVICE = "service"
OPERATOR = "operator"
EVERYTHING = "ALL"
"""What stands for the document where no single one is meant."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody sees something, or takes a copy away. ``detail`` says which part, as a code."""

    actor: str
    action: str
    document_id: str
    record_id: str | None = None
    revision: int | None = None
    detail: str | None = None


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


def note_look(session: Session, look: Look, now: datetime) -> None:
    """Write one row, in the session's transaction."""
    row = AuditRow(at=now, actor=look.actor, action=look.action, document_id=look.document_id, record_id=look.record_id)
    row.revision, row.detail = look.revision, look.detail
    session.add(row)


def looked_lately(session: Session, look: Look, since: datetime) -> bool:
    """Whether a row says that the same was looked at by the same actor, at ``since`` or later; in whatever revision."""
    query = select(AuditRow.event_id).where(
        AuditRow.document_id == look.document_id,
        AuditRow.action == look.action,
        AuditRow.actor == look.actor,
        AuditRow.at >= since,
        AuditRow.record_id.is_(None) if look.record_id is None else AuditRow.record_id == look.record_id,
        AuditRow.detail.is_(None) if look.detail is None else AuditRow.detail == look.detail,
    )
    return session.execute(query.limit(1)).first() is not None
