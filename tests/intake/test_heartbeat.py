"""Who is silent: with a clock of our own, whatever other machines' clocks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.heartbeat import SILENCE_S, Heartbeat, SilenceWatch, take_over
from models.store import workers
from models.store.database import migrate, open_engine, sqlite_url

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Watch:
    """A watch with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.watch = SilenceWatch("own", lambda: self.now_s)

    def silent(self, **beats: datetime) -> list[str]:
        return [name for name, _ in self.watch.look(tuple(beats.items()))]


def test_a_worker_is_silent_when_its_sign_stayed_the_same_for_long_as_seen_by_us() -> None:
    seen = Watch()
    assert seen.silent(other=NOW) == []
    seen.now_s += SILENCE_S - 1
    assert seen.silent(other=NOW) == []
    seen.now_s += 1
    assert seen.silent(other=NOW) == ["other"]


@pytest.mark.parametrize("wrong", [timedelta(days=-400), timedelta(hours=-1), timedelta(days=400)])
def test_a_clock_that_is_wrong_or_set_back_makes_nobody_look_dead(wrong: timedelta) -> None:
    seen = Watch()
    assert seen.silent(other=NOW) == []
    for beat in range(20):
        seen.now_s += SILENCE_S / 2
        assert seen.silent(other=NOW + wrong + beat * timedelta(seconds=30)) == []


def test_a_clock_that_is_right_does_not_make_the_dead_look_alive() -> None:
    seen = Watch()
    seen.silent(other=NOW + timedelta(days=400))
    seen.now_s += SILENCE_S
    assert seen.silent(other=NOW + timedelta(days=400)) == ["other"]


def test_we_are_never_silent_to_ourselves() -> None:
    seen = Watch()
    seen.silent(own=NOW)
    seen.now_s += 10 * SILENCE_S
    assert seen.silent(own=NOW) == []


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    return engine


def test_what_a_silent_worker_had_is_resumed_once_and_its_row_struck_off(store: Engine) -> None:
    seen = Watch()
    Heartbeat(store, "lost").beat(NOW)
    Heartbeat(store, "own").beat(NOW)
    resumed: list[str] = []

    def resume(other: str) -> int:
        resumed.append(other)
        return 3

    assert take_over(store, seen.watch, resume) == 0
    seen.now_s += SILENCE_S
    assert take_over(store, seen.watch, resume) == 3
    seen.now_s += SILENCE_S
    assert take_over(store, seen.watch, resume) == 0
    assert resumed == ["lost"]
    with Session(store) as session:
        assert [name for name, _ in workers.known_workers(session)] == ["own"]


def test_a_worker_whose_folder_cannot_be_read_now_is_not_struck_off(store: Engine) -> None:
    seen = Watch()
    Heartbeat(store, "lost").beat(NOW)
    take_over(store, seen.watch, lambda _: 0)
    seen.now_s += SILENCE_S

    def no_share(other: str) -> int:
        raise OSError(other)

    with pytest.raises(OSError, match="lost"):
        take_over(store, seen.watch, no_share)
    assert take_over(store, seen.watch, lambda _: 1) == 1
