"""Signs of life of the services that share a database."""

from __future__ import annotations

from datetime import datetime, timedelta

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


def silent_workers(session: Session, own_id: str, now: datetime, silence: timedelta) -> tuple[str, ...]:
    """The workers, other than our own, that gave no sign for ``silence``."""
    query = select(WorkerRow.executor_id).where(WorkerRow.beat_at < now - silence, WorkerRow.executor_id != own_id)
    return tuple(session.scalars(query))


def known_workers(session: Session) -> tuple[tuple[str, datetime], ...]:
    """All workers with their last sign of life."""
    return tuple((row.executor_id, row.beat_at) for row in session.scalars(select(WorkerRow).order_by(WorkerRow.executor_id)))


def forget(session: Session, executor_id: str) -> None:
    """Strike a worker off, when it stopped or its work was taken over."""
    session.execute(delete(WorkerRow).where(WorkerRow.executor_id == executor_id))
