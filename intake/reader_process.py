"""Reading in a process of its own, so that a crash, a hang or a lack of memory costs one document and never the service."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

import structlog

from intake.logs import error_place
from intake.reader_answer import MOST_BYTES, PROGRESS, Answer
from intake.reader_limits import limit_next_document, limit_process
from intake.reader_log import keep_words_of_libraries, speaking_of
from intake.settings import Settings
from intake.temporary import remove_reader_folder, use_reader_folder
from models.document import Document
from models.errors import IntakeError, OutOfMemory, ReaderStopped, ReaderUnavailable, ReadingTimedOut
from models.record import ReferralRecord

_log = structlog.get_logger(__name__)

_START_LIMIT_S = 300.0
_LAST_MOMENT_S = 5.0  # for the kernel to take down a process that crashed
_CPU_PER_SECOND = 2.0  # libraries use a thread of their own here and there
# How the kernel ends what takes all memory, and how a C library ends that gets none.
_SIGNS_OF_NO_MEMORY = frozenset({signal.SIGKILL, signal.SIGABRT})
_EXIT_FAULT = 70  # EX_SOFTWARE of sysexits.h


class ReaderProcess:
    """One child process that reads documents, one after another; it is started when first needed, and again after it died.

    With ``keep_pages`` it keeps each page in the document's folder as well, for people to look at. For one thread at a time.
    """

    def __init__(self, settings: Settings, *, keep_pages: bool = False) -> None:
        self._settings = settings
        self._keep_pages = keep_pages
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def read(self, document: Document) -> tuple[ReferralRecord, ...]:
        """The document's records.

        Raises:
            ReaderUnavailable: no child could be started; nothing is wrong with the document.
            ReaderStopped: the child ended without an answer.
            ReadingTimedOut: no answer came within ``document_timeout_s``, or no sign of life within ``page_timeout_s``.
            IntakeError: what the pipeline raised.
        """
        pipe = self._started()
        # Ends the child even where it stopped in the middle of an answer, which is waited for without a limit.
        watch = threading.Timer(self._settings.document_timeout_s + _LAST_MOMENT_S, self.interrupt)
        watch.start()
        try:
            pipe.send(document)
            answer = Answer.unpacked(self._answer(pipe))
        except (EOFError, OSError) as error:
            how = self._how_it_ended()
            self.kill()
            raise ReaderStopped(f"The reading process ended without an answer{how}.") from error
        except IntakeError:
            self.kill()
            raise
        finally:
            watch.cancel()
        if answer.code == OutOfMemory.code:
            self.kill()  # what is left of it is in pieces
        return answer.result()

    def _answer(self, pipe: Connection) -> bytes:
        """The child's answer, after any number of signs of life."""
        end_s = time.monotonic() + self._settings.document_timeout_s
        while True:
            left_s = end_s - time.monotonic()
            # Asked before what the child says is looked at: one that says nothing but that it is alive must end as well.
            if left_s <= 0 or (left_s <= self._settings.page_timeout_s and not pipe.poll(left_s)):
                raise ReadingTimedOut(f"Reading took more than {self._settings.document_timeout_s:g} s.")
            if not pipe.poll(self._settings.page_timeout_s):
                raise ReadingTimedOut(f"Reading one page took more than {self._settings.page_timeout_s:g} s.")
            message = pipe.recv_bytes(MOST_BYTES)
            if message != PROGRESS:
                return message

    def _how_it_ended(self) -> str:
        """The signal that ended the child, in brackets."""
        if self._process is None:
            return ""
        self._process.join(_LAST_MOMENT_S)
        code = self._process.exitcode
        if code is None or -code not in set(signal.Signals):
            return ""
        name = signal.Signals(-code).name
        return f" ({name}, perhaps for lack of memory)" if -code in _SIGNS_OF_NO_MEMORY else f" ({name})"

    def interrupt(self) -> None:
        """End the child, and what it started, at once; a ``read`` that waits in another thread raises ``ReaderStopped``."""
        process = self._process
        if process is not None:
            # Called from other threads as well, while the owner may be letting go of the process.
            with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
                if process.pid is not None:
                    os.killpg(process.pid, signal.SIGKILL)
            with contextlib.suppress(ValueError):
                process.kill()

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
            try:
                self._pipe = self._start()
            except (EOFError, OSError) as error:
                self.kill()
                raise ReaderUnavailable("The process that reads documents cannot be started.") from error
        return self._pipe

    def _start(self) -> Connection:
        # Spawned, not forked: the parent has threads, and a forked copy of their locks may never be released.
        context = get_context("spawn")
        self._pipe, child_end = context.Pipe()
        with child_end:
            arguments = (child_end, self._settings, self._keep_pages)
            self._process = context.Process(target=serve, args=arguments, name="par-intake-reader", daemon=True)
            self._process.start()
        # Told by the child when it is ready, so that its start is not taken from the time of the document.
        if not self._pipe.poll(_START_LIMIT_S):
            raise EOFError
        self._pipe.recv_bytes(MOST_BYTES)
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
        _log.error("reading stopped by a fault of the program", error=kind.__name__ if error is None else error_place(error))
        os._exit(_EXIT_FAULT)


def serve(pipe: Connection, settings: Settings, keep_pages: bool) -> None:
    """The child: answer each document with its records, until the parent closes the pipe."""
    # A process group of its own lets the parent end the engines with it, and keeps the terminal's Ctrl-C to the parent.
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A service manager signals all processes of the service; the parent decides what is still finished.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    keep_words_of_libraries(settings)
    use_reader_folder()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with _LastWords():
        limit_process(settings.max_memory_bytes)
        # Imported here, in the child alone: the engines and their models are the parent's to do without.
        from intake import pipeline  # noqa: F401, PLC0415

        pipe.send_bytes(PROGRESS)
        while True:
            try:
                document = pipe.recv()
            except EOFError:
                return
            limit_next_document(_CPU_PER_SECOND * settings.document_timeout_s)
            with speaking_of(document), _LastWords():
                answer = _answer_to(document, settings, keep_pages, lambda: pipe.send_bytes(PROGRESS))
            pipe.send_bytes(answer.packed())


def _answer_to(document: Document, settings: Settings, keep_pages: bool, progress: Callable[[], None]) -> Answer:
    import cv2  # noqa: PLC0415

    from intake.page_keeper import PageKeeper  # noqa: PLC0415
    from intake.pipeline import process_document  # noqa: PLC0415

    try:
        keep = PageKeeper(document).keep if keep_pages else None
        return Answer(records=process_document(document, settings, progress, keep))
    except IntakeError as error:
        return Answer.of_error(error)
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        return Answer.of_error(OutOfMemory(f"Reading took more than {settings.max_memory_bytes} bytes of memory."))


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        with contextlib.suppress(PermissionError):
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(_EXIT_FAULT)
