"""Signs of life of the services that share a database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.store.tables import WorkerRow


def beat(session: Session, executor_id: str, now: datetime) -> None:
    """Note that a worker lives."""
    row = session.get(WorkerRow, executor_id)
    if row is None:
        session.add(WorkerRow(executor_id=executor_id, started_at=now, beat_at=now))
    else:
        row.beat_at = now


def known_workers(session: Session) -> tuple[tuple[str, datetime], ...]:
    """All workers with their last sign of life."""
    return tuple((row.executor_id, row.beat_at) for row in session.scalars(select(WorkerRow).order_by(WorkerRow.executor_id)))


def hold_silent(session: Session, executor_id: str, beat_at: datetime) -> bool:
    """Hold a silent worker's row until the session's transaction ends, so that one worker alone takes over from it.

    Returns:
        Whether it is held; not where another worker holds it, where it was struck off, or its worker gave a sign after ``beat_at``.
    """
    query = select(WorkerRow).where(WorkerRow.executor_id == executor_id).with_for_update(skip_locked=True)
    row = session.scalar(query)
    return row is not None and row.beat_at == beat_at


def forget(session: Session, executor_id: str) -> None:
    """Strike a worker off, when it stopped or its work was taken over."""
    session.execute(delete(WorkerRow).where(WorkerRow.executor_id == executor_id))
