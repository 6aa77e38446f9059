"""Makes the deliveries that the store holds: for each target threads of its own, beside the documents' work.

A target that is slow or dead holds its own threads and nothing else. Several services on one database share the work by claims, see
:mod:`models.store.deliveries`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from delivery.pace import Pace, TargetRest
from delivery.sink import LetterSink, Sink
from models.errors import DeliveryRefused, IntakeError, StorageUnavailable, TargetUnavailable
from models.letter import OutgoingLetter, ReleasedLetter
from models.record import ReferralRecord
from models.store import deliveries
from models.store.deliveries import LONGEST_WAIT, ClaimedDelivery

_log = structlog.get_logger(__name__)

# How often a thread asks for what became due, or what another service stored; of what this one stored it is told at once.
_LOOK_S = 1.0
_DATABASE_WAIT_S = 2.0
_STOP_LOOK_S = 0.05

T = TypeVar("T")

Drawn = Callable[[ReleasedLetter], OutgoingLetter]
"""Draws a letter: the same one always gives the same bytes."""


class DeliveryReport(Protocol):
    """Who is told how deliveries go; called from several threads."""

    def delivery(self, sink: str, outcome: str) -> None:
        """A delivery was ``delivered``, ``put_off`` or ``parked``."""
        ...

    def target(self, sink: str, trouble: IntakeError | None) -> None:
        """A target is in trouble, or it is not."""
        ...


class Deliverer:
    """The threads that deliver, for all targets of one service."""

    def __init__(
        self,
        store: Engine,
        sinks: Mapping[str, Sink],
        worker: str,
        pace: Pace,
        report: DeliveryReport,
        *,
        parallel: int,
        drawn: Drawn | None = None,
    ) -> None:
        self._store = store
        self._worker = worker
        self._stopping = threading.Event()
        targets = [_Target(name, sink, TargetRest(pace, time.monotonic)) for name, sink in sinks.items()]
        self._desk = _Desk(store, worker, pace, report, self._stopping, drawn)
        self._threads = [_DeliveryThread(self._desk, target, place) for target in targets for place in range(parallel)]

    def start(self) -> None:
        """Free what this worker had claimed when it last ended, and deliver from now on.

        Raises:
            OperationalError: the database cannot be reached.
        """
        self.release(self._worker)
        for thread in self._threads:
            thread.start()

    def release(self, worker: str) -> None:
        """Free what a worker had claimed that has ended."""
        with Session(self._store) as session, session.begin():
            deliveries.release_claims(session, worker)

    def wake(self) -> None:
        """There is something new to deliver."""
        for thread in self._threads:
            thread.bell.set()

    def renew(self) -> None:
        """Put a new thread in the place of one that a fault of the program ended, and put off what it had in hand."""
        for index, thread in enumerate(self._threads):
            if thread.is_alive() or self._stopping.is_set():
                continue
            if thread.in_hand is not None:
                self._desk.put_off(thread.target, thread.in_hand, StorageUnavailable("The program failed while delivering."))
            self._threads[index] = _DeliveryThread(self._desk, thread.target, thread.place)
            self._threads[index].start()

    def stop(self, patience_s: float, hurry: threading.Event) -> None:
        """Take no more, and give what is in hand ``patience_s`` in all, or until ``hurry``; the rest is made at the next start."""
        self._stopping.set()
        self.wake()
        until_s = time.monotonic() + patience_s
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < until_s:
            if hurry.wait(_STOP_LOOK_S):
                return


@dataclass(frozen=True, slots=True)
class _Target:
    """A sink, and whether it is left in peace."""

    name: str
    sink: Sink
    rest: TargetRest


class _Desk:
    """Claims deliveries and notes their outcomes, in transactions of their own."""

    def __init__(
        self, store: Engine, worker: str, pace: Pace, report: DeliveryReport, stopping: threading.Event, drawn: Drawn | None
    ) -> None:
        self._store = store
        self._worker = worker
        self._pace = pace
        self._report = report
        self.stopping = stopping
        self.drawn = drawn

    def claim(self, target: _Target) -> ClaimedDelivery | None:
        """The next delivery to make now, if there is one."""
        if target.rest.remaining_s() > 0:
            return None
        return self._patiently(lambda session: deliveries.claim_next(session, target.name, self._worker, _now()))

    def is_exhausted(self, claimed: ClaimedDelivery) -> bool:
        """Whether it was tried as often as it may be, without an outcome."""
        return claimed.attempt > self._pace.attempts

    def delivered(self, target: _Target, claimed: ClaimedDelivery) -> None:
        """The record is there."""
        self._patiently(lambda session: deliveries.mark_delivered(session, claimed.delivery_id, _now()))
        self._answered(target)
        self._tell("delivered", "record delivered", target, claimed)

    def refused(self, target: _Target, claimed: ClaimedDelivery, error: IntakeError) -> None:
        """The target will not have it; that it says so shows that it is there."""
        self.park(target, claimed, error)
        self._answered(target)

    def failed(self, target: _Target, claimed: ClaimedDelivery, error: TargetUnavailable | StorageUnavailable) -> None:
        """Trouble that may pass. Our own is waited for as long as it lasts, and is never the record's fault."""
        own = isinstance(error, StorageUnavailable)
        target.rest.failed(None if isinstance(error, StorageUnavailable) else _bounded(error.retry_after_s), surely=own)
        if target.rest.remaining_s() > 0:
            self._report.target(target.name, error)
        if not own and claimed.attempt >= self._pace.attempts:
            self.park(target, claimed, error)
        else:
            self.put_off(target, claimed, error, counted=not own)

    def park(self, target: _Target, claimed: ClaimedDelivery, error: IntakeError) -> None:
        """Set it aside for a person."""
        reason = error.reason
        self._patiently(lambda session: deliveries.park(session, claimed.delivery_id, self._worker, reason, _now()))
        self._tell("parked", "delivery is parked", target, claimed, error)

    def put_off(self, target: _Target, claimed: ClaimedDelivery, error: IntakeError, *, counted: bool = True) -> None:
        """Leave it for later, and not sooner than the target asks."""
        asked_s = error.retry_after_s if isinstance(error, TargetUnavailable) else None
        wait_s = max(self._pace.wait_s(claimed.attempt), _bounded(asked_s) or 0.0)
        due_at, reason = _now() + timedelta(seconds=wait_s), error.reason

        def note(session: Session) -> None:
            deliveries.put_off(session, claimed.delivery_id, self._worker, reason, due_at, counted=counted)

        self._patiently(note)
        self._tell("put_off", "delivery is tried again", target, claimed, error)

    def _answered(self, target: _Target) -> None:
        target.rest.answered()
        self._report.target(target.name, None)

    def _tell(self, outcome: str, event: str, target: _Target, claimed: ClaimedDelivery, error: IntakeError | None = None) -> None:
        self._report.delivery(target.name, outcome)
        told = _log.bind(sink=target.name, document_id=claimed.document_id, record_id=claimed.record_id, revision=claimed.revision)
        if error is None:
            told.info(event, attempt=claimed.attempt)
        else:
            told.warning(event, attempt=claimed.attempt, code=error.code, reason=error.reason)

    def _patiently(self, work: Callable[[Session], T]) -> T | None:
        """One transaction; where the database cannot be reached, again. Gives up only when the service stops."""
        while True:
            try:
                with Session(self._store) as session, session.begin():
                    return work(session)
            except (OperationalError, InterfaceError):
                if self.stopping.wait(_DATABASE_WAIT_S):
                    return None


class _DeliveryThread(threading.Thread):
    """Delivers to one target, one record after the other; ``bell`` tells it of new work, ``in_hand`` is what it delivers now."""

    def __init__(self, desk: _Desk, target: _Target, place: int) -> None:
        super().__init__(name=f"deliver-{target.name}-{place}", daemon=True)
        self._desk = desk
        self.target = target
        self.place = place
        self.bell = threading.Event()
        self.in_hand: ClaimedDelivery | None = None

    def run(self) -> None:
        """Deliver until the service stops."""
        while not self._desk.stopping.is_set():
            self.bell.clear()
            self.in_hand = self._desk.claim(self.target)
            if self.in_hand is None:
                self.bell.wait(min(_LOOK_S, self.target.rest.remaining_s() or _LOOK_S))
                continue
            self._make(self.in_hand)
            self.in_hand = None

    def _make(self, claimed: ClaimedDelivery) -> None:
        if self._desk.is_exhausted(claimed):
            # Each attempt ended with the process, or with a fault of the program.
            self._desk.park(self.target, claimed, DeliveryRefused("Delivering never came to an end."))
            return
        try:
            self._hand_over(claimed)
        except (TargetUnavailable, StorageUnavailable) as error:
            self._desk.failed(self.target, claimed, error)
        except DeliveryRefused as error:
            self._desk.refused(self.target, claimed, error)
        else:
            self._desk.delivered(self.target, claimed)

    def _hand_over(self, claimed: ClaimedDelivery) -> None:
        sink = self.target.sink
        if claimed.letter is None:
            sink.deliver(ReferralRecord.model_validate_json(claimed.body))
        elif self._desk.drawn is not None and isinstance(sink, LetterSink):
            sink.deliver_letter(self._desk.drawn(claimed.letter))
        else:
            raise DeliveryRefused("This target takes no letters.")


def _bounded(asked_s: float | None) -> float | None:
    """What a target may ask for: a wrong date must not put its deliveries off for years."""
    return None if asked_s is None else min(asked_s, LONGEST_WAIT.total_seconds())


def _now() -> datetime:
    return datetime.now(UTC)
