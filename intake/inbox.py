"""The watched folder: the scan is the truth, and a file system event only makes the next scan come sooner."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from watchdog.events import EVENT_TYPE_CLOSED_NO_WRITE, EVENT_TYPE_OPENED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from intake.claim import claim
from intake.folders import Folders
from intake.listing import EntryKey, Listing, Stranger, look_into
from intake.stability import Outlook, Ready, StabilityTracker
from intake.whole import is_whole

_log = structlog.get_logger(__name__)
_READING = frozenset({EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE})


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one scan came to: the ids claimed, what still waits, and the reasons why files could not be claimed."""

    claimed: tuple[str, ...]
    outlook: Outlook
    problems: tuple[str, ...] = ()


class Inbox:
    """Scans the folder and claims what is ready.

    The listing, the claim and the clocks are passed in, so that every rule of the folder can be tried without waiting.
    """

    def __init__(
        self,
        folders: Folders,
        tracker: StabilityTracker,
        monotonic_s: Callable[[], float],
        listing: Callable[[Path], Listing] = look_into,
        whole: Callable[[Path], bool] = is_whole,
        take: Callable[[Ready, Folders, datetime], str | None] = claim,
    ) -> None:
        self._folders = folders
        self._tracker = tracker
        self._monotonic_s = monotonic_s
        self._listing = listing
        self._whole = whole
        self._take = take
        # Why files could not be claimed when that was last tried. They go behind the others, and so never fill the room for them.
        self._refused: dict[EntryKey, str] = {}
        self._strangers: Counter[Stranger] = Counter()

    def scan(self, room: int) -> ScanResult:
        """Look at the folder once, and claim what is ready. A file that cannot be claimed stays, and stops no other.

        Args:
            room: how many files to claim at most.

        Raises:
            OSError: the folder itself cannot be read.
        """
        listing = self._listing(self._folders.inbox)
        entries = sorted(listing.entries, key=lambda entry: entry.key in self._refused)
        outlook = self._tracker.look(entries, self._monotonic_s(), lambda entry: self._whole(entry.path(self._folders.inbox)), room)
        claimed = tuple(document_id for ready in outlook.ready if (document_id := self._claimed(ready)) is not None)
        there = {entry.key for entry in entries}
        self._refused = {key: reason for key, reason in self._refused.items() if key in there}
        self._tell_of_strangers(listing.strangers)
        return ScanResult(claimed, outlook, tuple(self._refused.values()))

    def _tell_of_strangers(self, found: Counter[Stranger]) -> None:
        """Once, when there are others than before: a link or a folder will never be read, however long it is waited for."""
        if found != self._strangers:
            counts = {f"{kind.name.lower()}s": found[kind] for kind in Stranger if found[kind]}
            _log.warning("what is no file stays in the inbox" if counts else "nothing but files is left in the inbox", **counts)
        self._strangers = found

    def _claimed(self, ready: Ready) -> str | None:
        self._refused.pop(ready.entry.key, None)
        try:
            return self._take(ready, self._folders, datetime.now(UTC))
        except OSError as error:
            self._refused[ready.entry.key] = os.strerror(error.errno or 0)
            return None


class _Waker(FileSystemEventHandler):
    """Only wakes: an exception here would end the observer's thread."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something happened in the folder; reading in it, as our own scan does, is not worth another scan."""
        if event.event_type not in _READING:
            self._wake.set()


class InboxWatch:
    """File system events for the folder, renewed when the folder was replaced. Without them, the scans go on by the clock."""

    def __init__(self, folder: Path, wake: threading.Event) -> None:
        self._folder = folder
        self._wake = wake
        self._observer: BaseObserver | None = None
        self._inode: int | None = None

    def renew(self) -> None:
        """Watch the folder that stands there now; an observer goes on watching a folder that was replaced."""
        try:
            inode = self._folder.stat().st_ino
        except OSError:
            return
        if inode == self._inode and (self._observer is None or self._observer.is_alive()):
            return
        self.stop()
        observer = Observer()
        try:
            observer.schedule(_Waker(self._wake), str(self._folder), recursive=False)
            observer.start()
        except OSError:
            # No events to be had, as on a network share or at the system's limit of watches.
            _log.info("no file system events for the inbox; it is scanned by the clock")
        else:
            self._observer = observer
        self._inode = inode

    def stop(self) -> None:
        """Stop watching."""
        if self._observer is not None:
            with suppress(RuntimeError):
                self._observer.stop()
                self._observer.join(timeout=5.0)
        self._observer = None
