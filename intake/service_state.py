"""What the service knows of its own health. No value from a form and no file name goes in here."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from intake.stability import Outlook


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps work from going on; ``code`` is stable, ``since`` is when it was first met."""

    code: str
    message: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment.

    ``waiting`` files have not been taken from the inbox yet, ``waiting_urgent`` of them in its folder for urgent ones; ``in_work``
    documents have been taken, of which nobody has begun ``queued``.
    """

    started_at: datetime
    last_good_scan_at: datetime | None
    waiting: int
    waiting_urgent: int
    oldest_wait_s: float
    in_work: int
    queued: int
    finished: tuple[tuple[str, int], ...]
    records: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


class ServiceState:
    """Collects what the parts of the service report; used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started_at = datetime.now(UTC)
        self._last_good_scan_at: datetime | None = None
        self._outlook = Outlook((), 0, 0.0)
        self._in_work = 0
        self._queued = 0
        self._finished: Counter[str] = Counter()
        self._records: Counter[str] = Counter()
        self._problems: dict[str, Problem] = {}

    def scanned(self, outlook: Outlook, in_work: int, queued: int) -> None:
        """A scan of the inbox went well."""
        with self._lock:
            self._last_good_scan_at = datetime.now(UTC)
            self._outlook, self._in_work, self._queued = replace(outlook, ready=()), in_work, queued

    def finished(self, state: str) -> None:
        """A document reached its archive, ``done`` or ``failed``."""
        with self._lock:
            self._finished[state] += 1

    def stored(self, status: str) -> None:
        """A revision of a record of this status was stored."""
        with self._lock:
            self._records[status] += 1

    def met(self, code: str, message: str) -> None:
        """Trouble was met, or is still there."""
        with self._lock:
            known = self._problems.get(code)
            self._problems[code] = Problem(code, message, datetime.now(UTC) if known is None else known.since)

    def over(self, code: str) -> None:
        """The trouble is over."""
        with self._lock:
            self._problems.pop(code, None)

    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._lock:
            return Snapshot(
                self._started_at,
                self._last_good_scan_at,
                self._outlook.waiting,
                self._outlook.waiting_urgent,
                self._outlook.oldest_wait_s,
                self._in_work,
                self._queued,
                tuple(sorted(self._finished.items())),
                tuple(sorted(self._records.items())),
                tuple(self._problems.values()),
            )
