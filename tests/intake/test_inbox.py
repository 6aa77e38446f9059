"""The scan: with a fake clock, fake listings, and a fake claim."""

from __future__ import annotations

import errno
import threading
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import pytest
from watchdog.events import FileClosedNoWriteEvent, FileCreatedEvent, FileOpenedEvent, FileSystemEventHandler

from intake.folders import Folders
from intake.inbox import Inbox, InboxWatch
from intake.listing import Entry, Listing
from intake.settings import Settings
from intake.stability import Patience, Ready, StabilityTracker

ROOM = 100


class FakeInbox:
    """An inbox whose listings, clock and claims are set by hand."""

    def __init__(self, tmp_path: Path) -> None:
        self.now_s = 0.0
        self.files: dict[str, Entry] = {}
        self.gone = False
        self.refused: set[str] = set()
        self.taken: list[str] = []
        folders = Folders.of(Settings(inbox=tmp_path / "in", outbox=tmp_path / "out", data=tmp_path / "data"), "w1")
        tracker = StabilityTracker(Patience(5, 30, 600))
        self.inbox = Inbox(folders, tracker, lambda: self.now_s, self._listing, lambda _: True, self._take)

    def drop(self, name: str) -> None:
        self.files[name] = Entry(name, 10, 1, len(self.files))

    def _listing(self, folder: Path) -> Listing:
        del folder
        if self.gone:
            raise OSError(errno.ESTALE, "stale")
        return Listing(tuple(self.files.values()))

    def _take(self, ready: Ready, folders: Folders, now: datetime) -> str | None:
        del folders, now
        if ready.entry.name in self.refused:
            raise OSError(errno.EBUSY, "busy", ready.entry.name)
        del self.files[ready.entry.name]
        self.taken.append(ready.entry.name)
        return f"id of {ready.entry.name}"


@pytest.fixture
def fake(tmp_path: Path) -> FakeInbox:
    return FakeInbox(tmp_path)


def test_what_stood_there_before_the_start_is_taken_by_the_same_rules(fake: FakeInbox) -> None:
    fake.drop("a.pdf")
    assert fake.inbox.scan(ROOM).claimed == ()
    fake.now_s = 5
    assert fake.inbox.scan(ROOM).claimed == ("id of a.pdf",)


def test_a_file_is_found_by_the_scan_alone_without_any_event(fake: FakeInbox) -> None:
    fake.inbox.scan(ROOM)
    fake.drop("a.pdf")
    fake.now_s = 1
    fake.inbox.scan(ROOM)
    fake.now_s = 6
    fake.inbox.scan(ROOM)
    assert fake.taken == ["a.pdf"]


def test_a_claimed_file_is_not_looked_for_again(fake: FakeInbox) -> None:
    fake.drop("a.pdf")
    for now_s in (0, 5, 10, 15):
        fake.now_s = now_s
        fake.inbox.scan(ROOM)
    assert fake.taken == ["a.pdf"]


def test_the_same_name_again_is_another_arrival(fake: FakeInbox) -> None:
    for start_s in (0, 20):
        fake.drop("a.pdf")
        for now_s in (start_s, start_s + 5):
            fake.now_s = now_s
            fake.inbox.scan(ROOM)
    assert fake.taken == ["a.pdf", "a.pdf"]


def test_a_file_that_cannot_be_taken_stays_and_stops_no_other(fake: FakeInbox) -> None:
    fake.drop("a.pdf")
    fake.drop("b.pdf")
    fake.refused.add("a.pdf")
    fake.inbox.scan(ROOM)
    fake.now_s = 5
    result = fake.inbox.scan(ROOM)
    assert fake.taken == ["b.pdf"]
    assert len(result.problems) == 1
    fake.refused.clear()
    fake.inbox.scan(ROOM)
    assert fake.taken == ["b.pdf", "a.pdf"]


def test_files_that_cannot_be_taken_leave_the_room_to_those_that_can(fake: FakeInbox) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        fake.drop(name)
    fake.refused.update({"a.pdf", "b.pdf"})
    fake.inbox.scan(2)
    fake.now_s = 5
    fake.inbox.scan(2)
    assert fake.taken == []
    result = fake.inbox.scan(2)
    assert fake.taken == ["c.pdf"]
    assert len(result.problems) == 2, "what is not tried again for want of room is still a problem"


def test_no_more_is_claimed_than_there_is_room_for_and_the_rest_waits(fake: FakeInbox) -> None:
    for number in range(10):
        fake.drop(f"{number}.pdf")
    fake.inbox.scan(4)
    fake.now_s = 5
    result = fake.inbox.scan(4)
    assert fake.taken == ["0.pdf", "1.pdf", "2.pdf", "3.pdf"]
    assert (result.outlook.waiting, result.outlook.oldest_wait_s) == (6, 5)
    assert fake.inbox.scan(0).claimed == ()


def test_the_problem_does_not_name_the_file(fake: FakeInbox) -> None:
    fake.drop("smith-john.pdf")
    fake.refused.add("smith-john.pdf")
    fake.inbox.scan(ROOM)
    fake.now_s = 5
    assert "smith" not in "".join(fake.inbox.scan(ROOM).problems)


def test_a_share_that_went_away_and_came_back_costs_only_the_scans_between(fake: FakeInbox) -> None:
    fake.drop("a.pdf")
    fake.inbox.scan(ROOM)
    fake.gone = True
    fake.now_s = 5
    with pytest.raises(OSError, match="stale"):
        fake.inbox.scan(ROOM)
    fake.gone = False
    assert fake.inbox.scan(ROOM).claimed == ("id of a.pdf",)


class FakeObserver:
    """Says that it is alive whatever became of the folder, as the real one does."""

    made: ClassVar[list[FakeObserver]] = []

    def __init__(self) -> None:
        self.made.append(self)
        self.handlers: list[FileSystemEventHandler] = []

    def schedule(self, handler: FileSystemEventHandler, path: str, *, recursive: bool) -> None:
        del path
        assert not recursive
        self.handlers.append(handler)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, timeout: float) -> None: ...

    def is_alive(self) -> bool:
        return True


@pytest.fixture
def observers(monkeypatch: pytest.MonkeyPatch) -> list[FakeObserver]:
    monkeypatch.setattr("intake.inbox.Observer", FakeObserver)
    FakeObserver.made.clear()
    return FakeObserver.made


def test_an_event_only_wakes_and_reading_in_the_folder_does_not(tmp_path: Path, observers: list[FakeObserver]) -> None:
    wake = threading.Event()
    InboxWatch(tmp_path, wake).renew()
    (handler,) = observers[0].handlers
    handler.dispatch(FileOpenedEvent("a.pdf"))
    handler.dispatch(FileClosedNoWriteEvent("a.pdf"))
    assert not wake.is_set()
    handler.dispatch(FileCreatedEvent("a.pdf"))
    assert wake.is_set()


def test_a_folder_that_was_replaced_is_watched_anew_and_one_that_was_not_is_left(
    tmp_path: Path, observers: list[FakeObserver]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    watch = InboxWatch(folder, threading.Event())
    watch.renew()
    watch.renew()
    assert len(observers) == 1
    folder.rename(tmp_path / "old")
    watch.renew()  # gone: the watch waits for the next scan
    folder.mkdir()
    watch.renew()
    assert len(observers) == 2


def test_no_events_to_be_had_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, observers: list[FakeObserver]) -> None:
    def no_watches_left(self: FakeObserver) -> None:
        del self
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(FakeObserver, "start", no_watches_left)
    watch = InboxWatch(tmp_path, threading.Event())
    watch.renew()
    watch.renew()
    watch.stop()
    assert len(observers) == 1
