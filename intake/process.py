"""``par-intake process``: files in, one record a line out, with no database."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Event

from intake.identify import digest_of, identify
from intake.reader_process import ReaderProcess
from intake.settings import Settings
from intake.temporary import private_temporary_files
from intake.unreadable import Arrival, printable_name, unreadable_record, with_duplicate
from models.document import Document
from models.errors import ConfigurationError, DocumentError, IntakeError, ReaderStopped
from models.record import ReferralRecord, Status

# Files for each worker that may be done before their turn to be written comes: one long document keeps no worker idle.
_AHEAD_OF_TURN = 256


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What one argument gave: its position from 1, and its records."""

    position: int
    records: tuple[ReferralRecord, ...]

    @property
    def unreadable(self) -> bool:
        """Whether the file could not be read."""
        return any(record.status is Status.UNREADABLE for record in self.records)


def read_files(paths: Sequence[Path], settings: Settings) -> Generator[FileOutcome, None, None]:
    """The outcome of each file, in the order given, each as soon as its turn comes.

    Args:
        paths: files to read; what is no readable file has an outcome too.
        settings: limits, engines and the number of processes.

    Raises:
        ConfigurationError: a setting names what is not there.
    """
    with private_temporary_files():
        yield from _read_files(paths, settings)


def _read_files(paths: Sequence[Path], settings: Settings) -> Generator[FileOutcome, None, None]:
    count = max(1, min(settings.worker_count, len(paths)))
    readers = [ReaderProcess(settings) for _ in range(count)]
    free: SimpleQueue[ReaderProcess] = SimpleQueue()
    for reader in readers:
        free.put(reader)
    threads = ThreadPoolExecutor(count)
    lent = _Lent(free, settings.max_attempts)
    arrivals: Counter[str] = Counter()
    pending: deque[Future[FileOutcome]] = deque()
    try:
        for position, path in enumerate(paths, start=1):
            pending.append(threads.submit(_outcome, position, _arrived(path, settings, arrivals), lent))
            if len(pending) >= count * _AHEAD_OF_TURN:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        lent.ending.set()
        threads.shutdown(wait=False, cancel_futures=True)
        for reader in readers:
            reader.interrupt()
        threads.shutdown(wait=True)
        for reader in readers:
            reader.kill()


@dataclass(frozen=True, slots=True)
class _Lent:
    """The readers that are free, how often each file may end one, and whether the command is ending them itself."""

    free: SimpleQueue[ReaderProcess]
    attempts: int
    ending: Event = field(default_factory=Event)

    def read(self, reader: ReaderProcess, document: Document) -> tuple[ReferralRecord, ...]:
        """Read again where the reader was ended: others' hunger for memory may have done it. What takes too long does so again."""
        for _ in range(self.attempts - 1):
            try:
                return reader.read(document)
            except ReaderStopped:
                if self.ending.is_set():
                    raise
        return reader.read(document)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A file that has no document, and why."""

    arrival: Arrival
    error: DocumentError


def _arrived(path: Path, settings: Settings, arrivals: Counter[str]) -> Document | _Refused:
    sha256 = ""
    try:
        sha256 = digest_of(path, settings.max_file_bytes)
        media_type = identify(path, settings.max_file_bytes)
    except DocumentError as error:
        return _Refused(_arrival(path, sha256, settings, arrivals), error)
    arrival = _arrival(path, sha256, settings, arrivals)
    return Document(path, arrival.file_name, sha256, media_type, arrival.received_at, arrival.arrival)


def _arrival(path: Path, sha256: str, settings: Settings, arrivals: Counter[str]) -> Arrival:
    arrivals[sha256] += 1
    try:
        received_at = datetime.fromtimestamp(path.stat().st_mtime, settings.zone)
    except (OSError, ValueError):
        received_at = datetime.now(UTC).astimezone(settings.zone)
    return Arrival(printable_name(path.name), sha256, received_at, arrivals[sha256])


def _outcome(position: int, arrived: Document | _Refused, lent: _Lent) -> FileOutcome:
    if isinstance(arrived, _Refused):
        return _unreadable(position, arrived.arrival, arrived.error)
    reader = lent.free.get()
    try:
        return FileOutcome(position, lent.read(reader, arrived))
    except ConfigurationError:
        raise  # no fault of the file: the command ends, and says what to correct
    except IntakeError as error:
        return _unreadable(position, Arrival.of(arrived), error)
    finally:
        lent.free.put(reader)


def _unreadable(position: int, arrival: Arrival, error: IntakeError) -> FileOutcome:
    return FileOutcome(position, (with_duplicate(unreadable_record(arrival, error), arrival.arrival),))


def write_outcomes(outcomes: Iterable[FileOutcome], write_line: Callable[[str], None], note: Callable[[FileOutcome], None]) -> bool:
    """Write every record as a line, flushed as soon as its turn comes.

    Args:
        outcomes: in the order of the arguments.
        write_line: takes one line of JSON, without its end, and flushes it.
        note: told of each file after its lines are written.

    Returns:
        Whether every file could be read.
    """
    all_read = True
    for outcome in outcomes:
        for record in outcome.records:
            write_line(record.model_dump_json())
        note(outcome)
        all_read = all_read and not outcome.unreadable
    return all_read
