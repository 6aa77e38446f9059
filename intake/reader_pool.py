"""The service's reading processes, lent to one workflow at a time."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue

import structlog

from intake.reader_process import ReaderProcess
from intake.settings import Settings
from models.document import Document
from models.errors import ReaderStopped, ReaderUnavailable
from models.record import ReferralRecord

_log = structlog.get_logger(__name__)
_LOOK_S = 0.5


class ServiceStoppingError(BaseException):
    """The service is stopping, and this work is left for the next start.

    No ``Exception``, so that the workflow engine does not take it for the work's outcome: what is not recorded is done again.
    """


class ReaderPool:
    """As many reading processes as documents may be read at the same time. Each keeps the pages that it reads."""

    def __init__(self, settings: Settings, stopping: threading.Event) -> None:
        self._all = [ReaderProcess(settings, keep_pages=True) for _ in range(settings.worker_count)]
        self._free: SimpleQueue[ReaderProcess] = SimpleQueue()
        for reader in self._all:
            self._free.put(reader)
        self._stopping = stopping
        self._abandoned = threading.Event()

    def read(self, document: Document) -> tuple[ReferralRecord, ...]:
        """Read a document when a process is free.

        Raises:
            ServiceStoppingError: before it began, or because the time for stopping ran out.
            IntakeError: as :meth:`ReaderProcess.read`.
        """
        reader = self._borrow()
        _log.info("document is read", document_id=document.path.parent.name)
        try:
            return reader.read(document)
        except (ReaderStopped, ReaderUnavailable):
            if self._abandoned.is_set():
                raise ServiceStoppingError from None
            raise
        finally:
            self._free.put(reader)

    def _borrow(self) -> ReaderProcess:
        while not self._stopping.is_set():
            try:
                return self._free.get(timeout=_LOOK_S)
            except Empty:
                continue
        raise ServiceStoppingError

    def abandon(self) -> None:
        """End all reading at once; the documents in hand are read again at the next start."""
        self._abandoned.set()
        self._stopping.set()
        for reader in self._all:
            reader.interrupt()

    def close(self) -> None:
        """Let go of the processes."""
        for reader in self._all:
            reader.kill()
