"""The durable workflow: every document's steps are checkpointed, and go on after a crash with the step that was in hand.

Steps pass ids, digests and counts: no pixels, and no value from a form, in what the workflow engine stores.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import structlog
from dbos import DBOS, DBOSConfiguredInstance, SQLAlchemyDatasource
from sqlalchemy.exc import InterfaceError, OperationalError

from intake.reader_pool import ServiceStoppingError
from intake.steps import Steps
from models.errors import IntakeError, StorageUnavailable

_log = structlog.get_logger(__name__)

QUEUE = "documents"
# Changed only when the steps below change their number or order. Left to the engine, it would follow the source code, and every
# new release would leave aside what an older one had queued.
APPLICATION_VERSION = "documents-1"
# Starts that a document may outlive before it is taken to be what ends the service. Stopping and killing count too.
MOST_RECOVERIES = 50

T = TypeVar("T")


def workflow_id(document_id: str, run: int) -> str:
    """The engine's id for one reading through of a document."""
    return f"{document_id}.{run}"


@DBOS.dbos_class()
class DocumentWorkflow(DBOSConfiguredInstance):
    """The way of one document: registered, read, stored, delivered, archived."""

    def __init__(self, steps: Steps, datasource: SQLAlchemyDatasource, stopping: threading.Event) -> None:
        super().__init__("documents")
        self._steps = steps
        self._datasource = datasource
        self._stopping = stopping
        self._in_hand: set[str] = set()
        self._lock = threading.Lock()

    @property
    def in_hand(self) -> frozenset[str]:
        """Ids of the workflows that run in this process now."""
        with self._lock:
            return frozenset(self._in_hand)

    @DBOS.workflow(max_recovery_attempts=MOST_RECOVERIES)
    def take_in(self, document_id: str, run: int) -> None:
        """Bring one document from the work folder to its archive."""
        steps, session = self._steps, self._datasource.sql_session
        with self._taken(workflow_id(document_id, run)), structlog.contextvars.bound_contextvars(document_id=document_id):
            sha256 = self._step("digest", lambda: steps.digest(document_id))
            self._commit("register", lambda: steps.register(session(), document_id, sha256))
            self._step("read", lambda: steps.read_document(document_id))
            # The source moves only after the commit of its records.
            self._commit("store", lambda: steps.store(session(), document_id))
            self._step("deliver", steps.deliver)
            reason = self._step("put_away", lambda: steps.put_away(document_id))
            self._commit("finish", lambda: steps.finish(session(), document_id, reason))

    def _step(self, name: str, work: Callable[[], T]) -> T:
        return self._patiently(name, work, lambda attempt: DBOS.run_step({"name": name}, attempt))

    def _commit(self, name: str, work: Callable[[], T]) -> T:
        """Our rows and the step's checkpoint, in one transaction."""
        return self._patiently(name, work, lambda attempt: self._datasource.run_tx_step({"name": name}, attempt))

    def _patiently(self, name: str, work: Callable[[], T], run: Callable[[Callable[[], T]], T]) -> T:
        """Do a step; where trouble may pass, wait, each time twice as long, and do it again.

        A try that failed is recorded, and fails again at once when the workflow is resumed: only one made now is waited for.
        """
        state, source = self._steps.state, f"document {threading.get_ident()}"
        delay_s = self._steps.settings.retry_first_s
        try:
            while True:
                attempt = _Attempt(work)
                try:
                    return run(attempt.make)
                except (OperationalError, InterfaceError):
                    trouble: IntakeError = StorageUnavailable("The database cannot be reached or written.")
                except IntakeError as error:
                    if error.permanent:
                        raise
                    trouble = error
                finally:
                    if attempt.took_s is not None:
                        state.counters.steps.labels(name).observe(attempt.took_s)
                state.met(trouble.code, str(trouble), source=source)
                if attempt.took_s is not None:
                    state.counters.retries.labels(name, trouble.code).inc()
                    _log.warning("step is tried again", step=name, code=trouble.code, reason=str(trouble), wait_s=delay_s)
                    if self._stopping.wait(delay_s):
                        raise ServiceStoppingError
                    delay_s = min(2 * delay_s, self._steps.settings.retry_longest_s)
        finally:
            state.over_all(source)

    @contextmanager
    def _taken(self, key: str) -> Iterator[None]:
        with self._lock:
            self._in_hand.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_hand.discard(key)


class _Attempt(Generic[T]):
    """One try of a step; ``took_s`` seconds, and ``None`` where it was not made, for its outcome came from the record."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.took_s: float | None = None

    def make(self) -> T:
        """Do the work."""
        began_s = time.monotonic()
        try:
            return self._work()
        finally:
            self.took_s = time.monotonic() - began_s
