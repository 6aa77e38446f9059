"""Signs of life, and taking over from those that give none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from models.store import workers

_log = structlog.get_logger(__name__)

BEAT_S = 10.0
# Six beats missed: a worker that only waits for a busy database is not taken for dead.
SILENCE_S = 60.0


class Heartbeat:
    """Notes that this worker lives, in a thread of its own, so that a long copy does not make it look dead.

    ``missed`` is called where that cannot be done: this thread learns that a database is away also while the loop waits for it.
    """

    def __init__(self, engine: Engine, executor_id: str, missed: Callable[[], None] = lambda: None) -> None:
        self._engine = engine
        self._executor_id = executor_id
        self._missed = missed
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
            except (OperationalError, InterfaceError):
                _log.warning("no sign of life could be noted; the database cannot be reached or written")
                self._missed()


class SilenceWatch:
    """Finds the workers that give no sign of life.

    A sign is a row that changed between two looks. Neither the clocks of other machines nor our own calendar is asked, so a clock
    that is wrong, or is set, makes nobody look dead.
    """

    def __init__(self, own_id: str, monotonic_s: Callable[[], float]) -> None:
        self._own_id = own_id
        self._monotonic_s = monotonic_s
        self._seen: dict[str, tuple[datetime, float]] = {}

    def look(self, beats: Sequence[tuple[str, datetime]]) -> tuple[tuple[str, datetime], ...]:
        """The workers whose last sign has stayed the same for long as seen by us, each with that sign."""
        now_s = self._monotonic_s()
        before = self._seen
        self._seen = {}
        silent = []
        for other, beat_at in beats:
            if other == self._own_id:
                continue
            last, since_s = before.get(other, (beat_at, now_s))
            self._seen[other] = (beat_at, since_s if last == beat_at else now_s)
            if now_s - self._seen[other][1] >= SILENCE_S:
                silent.append((other, beat_at))
        return tuple(silent)


def take_over(engine: Engine, watch: SilenceWatch, resume: Callable[[str], int]) -> int:
    """Resume what silent workers had in hand, and strike them off.

    Args:
        engine: the store.
        watch: knows who is silent.
        resume: queues again what a worker had in hand, and gives how many documents that were.

    Returns:
        How many documents were taken over.
    """
    with Session(engine) as session:
        beats = workers.known_workers(session)
    taken = 0
    for other, beat_at in watch.look(beats):
        # Held until it is struck off: two that took over at once could run the same document twice.
        with Session(engine) as session, session.begin():
            if not workers.hold_silent(session, other, beat_at):
                continue
            documents = resume(other)
            workers.forget(session, other)
        taken += documents
        _log.warning("took over from a worker that gives no sign of life", worker=other, documents=documents)
    return taken
