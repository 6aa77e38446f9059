"""Signs of life, and taking over from those that give none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.store import workers

_log = structlog.get_logger(__name__)

BEAT_S = 10.0
# Six beats missed: a worker that only waits for a busy database is not taken for dead.
SILENCE = timedelta(seconds=60)


class Heartbeat:
    """Notes that this worker lives, in a thread of its own, so that a long copy does not make it look dead."""

    def __init__(self, engine: Engine, executor_id: str) -> None:
        self._engine = engine
        self._executor_id = executor_id
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once now, and go on."""
        self.beat(datetime.now(UTC))
        self._thread.start()

    def stop(self) -> None:
        """Stop. The row stays: should something have been left in hand, another worker takes it over in time."""
        self._stop.set()
        self._thread.join()

    def beat(self, now: datetime) -> None:
        """Note a sign of life."""
        with Session(self._engine) as session, session.begin():
            workers.beat(session, self._executor_id, now)

    def _run(self) -> None:
        while not self._stop.wait(BEAT_S):
            try:
                self.beat(datetime.now(UTC))
            except OperationalError:
                _log.warning("no sign of life could be noted; the database cannot be reached or written")


def take_over(engine: Engine, executor_id: str, now: datetime, resume: Callable[[str], int]) -> int:
    """Resume what silent workers had in hand, and strike them off.

    Args:
        engine: the store.
        executor_id: our own id.
        now: the time.
        resume: queues again what a worker had in hand, and gives how many documents that were.

    Returns:
        How many documents were taken over.
    """
    with Session(engine) as session:
        silent = workers.silent_workers(session, executor_id, now, SILENCE)
    taken = 0
    for other in silent:
        taken += resume(other)
        with Session(engine) as session, session.begin():
            workers.forget(session, other)
        _log.warning("took over from a worker that gives no sign of life", worker=other)
    return taken
