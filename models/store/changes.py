"""The feed of changes. Each function works in the session it is given and never commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.store.desk_tables import ChangeKind, ChangeRow

# Any fixed number. Who writes a change holds it until the commit, so that numbers become visible in their order.
_LOCK = 728_279


def note_change(session: Session, kind: ChangeKind, record_id: str, revision: int, now: datetime) -> None:
    """Add a change. Best done last in a transaction: on PostgreSQL, others that note a change wait for its end."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    session.add(ChangeRow(kind=kind, record_id=record_id, revision=revision, at=now))
    session.flush()


def changes_since(
    session: Session, change_id: int, most: int, kinds: Collection[ChangeKind] = tuple(ChangeKind)
) -> tuple[ChangeRow, ...]:
    """The changes after one, oldest first."""
    query = select(ChangeRow).where(ChangeRow.change_id > change_id, ChangeRow.kind.in_(tuple(kinds)))
    return tuple(session.scalars(query.order_by(ChangeRow.change_id).limit(most)))


def newest_change(session: Session) -> int:
    """The number of the newest change; 0 where there is none."""
    return session.scalar(select(func.max(ChangeRow.change_id))) or 0
