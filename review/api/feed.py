"""The feed of changes to those who listen: one thread asks the database, however many there are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from models.store.changes import changes_since, newest_change
from review.api.models import Change

_log = structlog.get_logger(__name__)

BATCH = 200
"""Changes that are taken from the database at a time."""

_MOST_BATCHES = 50
_MOST_LISTENERS = 500


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two looks into the database, between two checks of a listener's session, and between two heartbeats."""

    look_s: float = 0.5
    check_s: float = 5.0
    beat_s: float = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One who listens; ``None`` in the queue tells one to come again: who is too slow, or when the service stops."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[tuple[Change, ...] | None] = field(default_factory=lambda: asyncio.Queue(_MOST_BATCHES))

    def tell(self, batch: tuple[Change, ...]) -> None:
        """Hand over some changes, from any thread."""
        with suppress(RuntimeError):  # the loop was closed: the service stops
            self.loop.call_soon_threadsafe(self._put, batch)

    def end(self) -> None:
        """Have the listener come again, from any thread."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._end)

    def _put(self, batch: tuple[Change, ...]) -> None:
        if self.queue.full():
            self._end()
        else:
            self.queue.put_nowait(batch)

    def _end(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Feed:
    """Listeners and the thread that serves them; it runs as long as there are any, and never keeps the service from its end."""

    def __init__(self, reading: Engine, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._reading = reading
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._newest = 0
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def close(self) -> None:
        """Have all who listen come again, and let no more listen: the service stops, and would wait for them."""
        with self._lock:
            self._is_closed = True
            for listener in self._listeners:
                listener.end()

    def since(self, change: int) -> tuple[Change, ...]:
        """Some changes after one, oldest first."""
        with Session(self._reading) as session:
            return tuple(Change.of(row) for row in changes_since(session, change, BATCH))

    def newest(self) -> int:
        """The number of the newest change."""
        with Session(self._reading) as session:
            return newest_change(session)

    def is_full(self) -> bool:
        """Whether nobody else should listen: there are as many as one service should have, or it stops."""
        with self._lock:
            return self._is_closed or len(self._listeners) >= _MOST_LISTENERS

    @contextmanager
    def listening(self, newest: int) -> Iterator[Listener]:
        """Listen, until the end of the block; in an event loop.

        Args:
            newest: the newest change, asked for before. What was changed by the time that this begins may not be told; ask for it
                then. What is changed later is.
        """
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(newest,), name="desk-feed", daemon=True)
                self._thread.start()
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
                if not self._listeners:
                    self._wake.set()

    def _run(self, position: int) -> None:
        while True:
            with self._lock:
                if not self._listeners:
                    self._thread = None
                    return
                self._wake.clear()
            try:
                position = self._look(position)
            except (OperationalError, InterfaceError):
                # Requests tell that the database is away; here it is only waited for.
                _log.warning("the feed of changes waits for the database")
            self._wake.wait(self.pace.look_s)

    def _look(self, position: int) -> int:
        while batch := self.since(position):
            with self._lock:
                listeners = tuple(self._listeners)
            for listener in listeners:
                listener.tell(batch)
            position = batch[-1].change
        return position
