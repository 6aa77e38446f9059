"""Reading in a process of its own, so that a crash, a hang or a lack of memory costs one document and never the service."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from intake.logs import error_place
from intake.settings import Settings
from intake.temporary import remove_reader_folder, use_reader_folder
from models.document import Document
from models.errors import IntakeError, ReaderStopped, ReadingTimedOut
from models.record import ReferralRecord

_START_LIMIT_S = 300.0
_EXIT_FAULT = 70  # EX_SOFTWARE of sysexits.h


class ReaderProcess:
    """One child process that reads documents, one after another; it is started when first needed, and again after it died.

    Use it from one thread at a time.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def read(self, document: Document) -> tuple[ReferralRecord, ...]:
        """The document's records.

        Raises:
            ReaderStopped: the child ended without an answer.
            ReadingTimedOut: no answer came within ``document_timeout_s``.
            IntakeError: what the pipeline raised.
        """
        try:
            pipe = self._started()
            pipe.send(document)
            if not pipe.poll(self._settings.document_timeout_s):
                self.kill()
                raise ReadingTimedOut(f"Reading took more than {self._settings.document_timeout_s:g} s.")
            answer = pipe.recv()
        except (EOFError, ConnectionError) as error:
            self.kill()
            raise ReaderStopped("The reading process ended without an answer.") from error
        if isinstance(answer, IntakeError):
            raise answer
        records: tuple[ReferralRecord, ...] = answer
        return records

    def interrupt(self) -> None:
        """End the child, and what it started, at once; a ``read`` that waits in another thread raises ``ReaderStopped``."""
        if self._process is not None and self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def kill(self) -> None:
        """End the child and let go of it."""
        if self._process is not None:
            self.interrupt()
            self._process.join()
            if self._process.pid is not None:
                remove_reader_folder(self._process.pid)
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _started(self) -> Connection:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            self.kill()
            # Spawned, not forked: the parent has threads, and a forked copy of their locks may never be released.
            context = get_context("spawn")
            self._pipe, child_end = context.Pipe()
            self._process = context.Process(target=serve, args=(child_end, self._settings), name="par-intake-reader", daemon=True)
            self._process.start()
            child_end.close()
            # Told by the child when it is ready, so that its start is not taken from the time of the document.
            if not self._pipe.poll(_START_LIMIT_S):
                raise EOFError
            self._pipe.recv()
        return self._pipe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()


class _LastWords:
    """Says where an unforeseen error arose, and ends the process.

    Only the type and the place are written: the message of an error may hold a value from the form.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            return
        sys.stderr.write(f"reading stopped by {kind.__name__ if error is None else error_place(error)}\n")
        sys.stderr.flush()
        os._exit(_EXIT_FAULT)


def serve(pipe: Connection, settings: Settings) -> None:
    """The child: answer each document with its records, until the parent closes the pipe."""
    # A process group of its own lets the parent end the engines with it, and keeps the terminal's Ctrl-C to the parent.
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A service manager signals all processes of the service; the parent decides what is still finished.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Standard output belongs to the records; whatever a library prints goes to standard error.
    os.dup2(2, 1)
    use_reader_folder()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with _LastWords():
        # Imported here, in the child alone: the engines and their models are the parent's to do without.
        from intake.pipeline import process_document  # noqa: PLC0415

        pipe.send(None)
        while True:
            try:
                document = pipe.recv()
            except EOFError:
                return
            try:
                answer: tuple[ReferralRecord, ...] | IntakeError = process_document(document, settings)
            except IntakeError as error:
                answer = error
            pipe.send(answer)


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        with contextlib.suppress(PermissionError):
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(_EXIT_FAULT)
