"""What the service knows of its own health. No value from a form and no file name goes in here."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from intake.counters import Counters
from intake.stability import Outlook
from models.errors import IntakeError, StorageUnavailable
from models.store.deliveries import SinkTally

# Documents in a row on which the engine fails, from which on it is taken for broken.
_ENGINE_FAULTS = 3


class Severity(StrEnum):
    """``warning``: faxes are read and stored all the same. ``critical``: they are not."""

    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps work from going on; ``code`` is stable, ``since`` is when it was first met."""

    code: str
    message: str
    since: datetime
    severity: Severity = Severity.CRITICAL


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment.

    ``waiting`` files have not been taken from the inbox yet, ``waiting_urgent`` of them in its folder for urgent ones; ``in_work``
    documents have been taken, of which nobody has begun ``queued``, and of which the oldest was taken at ``oldest_in_work_at``.
    ``documents`` is what the store holds by state, ``finished`` and ``records`` what this service made since its start.
    """

    started_at: datetime
    last_turn_at: datetime
    last_good_scan_at: datetime | None
    waiting: int
    waiting_urgent: int
    oldest_wait_s: float
    in_work: int
    queued: int
    oldest_in_work_at: datetime | None
    documents: tuple[tuple[str, int], ...]
    finished: tuple[tuple[str, int], ...]
    records: tuple[tuple[str, int], ...]
    deliveries: tuple[SinkTally, ...]
    problems: tuple[Problem, ...]


class ServiceState:
    """Collects what the parts of the service report; used from several threads."""

    def __init__(self) -> None:
        self.counters = Counters()
        self._lock = threading.Lock()
        self._started_at = self._last_turn_at = datetime.now(UTC)
        self._last_good_scan_at: datetime | None = None
        self._outlook = Outlook((), 0, 0.0)
        self._in_work = 0
        self._queued = 0
        self._oldest_in_work_at: datetime | None = None
        self._documents: tuple[tuple[str, int], ...] = ()
        self._deliveries: tuple[SinkTally, ...] = ()
        self._finished: Counter[str] = Counter()
        self._records: Counter[str] = Counter()
        self._problems: dict[tuple[str, str], Problem] = {}
        self._failed_in_a_row = 0

    def turned(self) -> None:
        """The service's loop goes round, whatever it meets."""
        with self._lock:
            self._last_turn_at = datetime.now(UTC)

    def scanned(self, outlook: Outlook, in_work: int, queued: int, oldest_in_work_at: datetime | None = None) -> None:
        """A scan of the inbox went well."""
        with self._lock:
            self._last_good_scan_at = datetime.now(UTC)
            self._outlook, self._in_work, self._queued = replace(outlook, ready=()), in_work, queued
            self._oldest_in_work_at = oldest_in_work_at

    def stands(self, documents: tuple[tuple[str, int], ...]) -> None:
        """The store holds so many documents in each state."""
        with self._lock:
            self._documents = documents

    def undelivered(self, open_deliveries: tuple[SinkTally, ...]) -> None:
        """The store holds these open deliveries."""
        parked = sum(one.parked for one in open_deliveries)
        with self._lock:
            self._deliveries = open_deliveries
        if parked:
            message = f"{parked} deliveries are parked; par-intake deliveries lists them."
            self.met("deliveries_parked", message, severity=Severity.WARNING)
        else:
            self.over("deliveries_parked")

    def finished(self, state: str) -> None:
        """A document reached its archive, ``done`` or ``failed``."""
        with self._lock:
            self._finished[state] += 1

    def stored(self, status: str) -> None:
        """A revision of a record of this status was stored."""
        with self._lock:
            self._records[status] += 1

    def delivery(self, sink: str, outcome: str) -> None:
        """A delivery was ``delivered``, ``put_off`` or ``parked``."""
        self.counters.deliveries.labels(sink, outcome).inc()

    def target(self, sink: str, trouble: IntakeError | None) -> None:
        """A delivery target is in trouble, or it is not. Trouble of our own, such as a full disk, is critical."""
        source = f"delivery to {sink}"
        if trouble is None:
            self.over_all(source)
        else:
            own = isinstance(trouble, StorageUnavailable)
            self.met(trouble.code, str(trouble), source=source, severity=Severity.CRITICAL if own else Severity.WARNING)

    def engine_failed(self) -> None:
        """The OCR engine failed on every page of a document. One may do that to it; several in a row are its own fault."""
        with self._lock:
            self._failed_in_a_row += 1
            count = self._failed_in_a_row
        severity = Severity.CRITICAL if count >= _ENGINE_FAULTS else Severity.WARNING
        message = f"The OCR engine failed on every page of the last {count} documents that need it; par-intake failed lists them."
        self.met("engine_failing", message, severity=severity)

    def engine_worked(self) -> None:
        """The OCR engine read something."""
        with self._lock:
            self._failed_in_a_row = 0
        self.over("engine_failing")

    def met(self, code: str, message: str, *, source: str = "service", severity: Severity = Severity.CRITICAL) -> None:
        """Trouble was met, or is still there; ``source`` is who met it, and the same code of another source is another trouble."""
        with self._lock:
            known = self._problems.get((code, source))
            since = datetime.now(UTC) if known is None else known.since
            self._problems[code, source] = Problem(code, message, since, severity)

    def over(self, code: str, *, source: str = "service") -> None:
        """The trouble is over for whom met it."""
        with self._lock:
            self._problems.pop((code, source), None)

    def over_all(self, source: str) -> None:
        """Nothing troubles this source any more."""
        with self._lock:
            for key in [key for key in self._problems if key[1] == source]:
                del self._problems[key]

    def snapshot(self) -> Snapshot:
        """The state now; a trouble that several met is one."""
        with self._lock:
            return Snapshot(
                self._started_at,
                self._last_turn_at,
                self._last_good_scan_at,
                self._outlook.waiting,
                self._outlook.waiting_urgent,
                self._outlook.oldest_wait_s,
                self._in_work,
                self._queued,
                self._oldest_in_work_at,
                self._documents,
                tuple(sorted(self._finished.items())),
                tuple(sorted(self._records.items())),
                self._deliveries,
                _by_code(self._problems.values()),
            )


def _by_code(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """One for each code: since its first, and as bad as its worst."""
    merged: dict[str, Problem] = {}
    for one in problems:
        known = merged.get(one.code, one)
        worst = known if known.severity is Severity.CRITICAL else one
        merged[one.code] = replace(worst, since=min(known.since, one.since))
    return tuple(merged.values())
