"""A back-up that is made while the service works, everything else lost, and the restore."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from intake.sealing import new_key
from tests.intake.harness import Site, ask, fax, stop


def _ask(site: Site, *arguments: str | Path) -> tuple[int, str]:
    code, output, errors = ask(site, *arguments)
    return code, output.decode() + errors


def _count(database: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(sql).fetchone()[0])


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _wait_until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(params=["plain", "sealed"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    if request.param == "plain":
        return Site(tmp_path)
    (tmp_path / "keys").touch(mode=0o600)
    (tmp_path / "keys").write_text(new_key())
    return Site(tmp_path, {"PAR_ARCHIVE_KEYS": str(tmp_path / "keys")})


def test_what_was_taken_before_the_back_up_is_all_there_after_the_restore(site: Site, tmp_path: Path) -> None:
    early = [f"early-{number}.pdf" for number in range(2)]
    flowing = [f"flowing-{number}.pdf" for number in range(8)]
    for name in early:
        site.drop(name, fax(f"{name} @@requests=2"))
    site.drop("unreadable.pdf", b"")
    service = site.start()
    site.wait_for_log("document finished", len(early) + 1)
    for name in flowing:
        site.drop(name, fax(f"{name} @sleep=0.3 @@requests=2"))
    site.wait_for_log("document finished", len(early) + 2)
    # Documents are waiting, read, stored, and put away all the while.
    code, told = _ask(site, "backup", tmp_path / "safe")
    assert code == 0, told
    site.wait_for_log("document claimed", len(early) + 1 + len(flowing))
    stop(service, signal.SIGKILL)
    shutil.rmtree(site.data)
    shutil.rmtree(site.outbox)
    for left in site.inbox.iterdir():
        left.unlink()

    code, told = _ask(site, "restore", tmp_path / "safe")
    assert code == 0, told
    assert site.drain() == 0
    names = Counter(name for (name,) in site.query("SELECT file_name FROM documents"))
    assert set(names.values()) == {1}
    assert {*early, "unreadable.pdf"} <= set(names) <= {*early, *flowing, "unreadable.pdf"}
    assert len(names) > len(early) + 1, "some that were in flight are there too"
    ((count,),) = site.query("SELECT count(*) FROM documents WHERE state != 'working'")
    assert count == len(names) == len(list((site.data / "done").iterdir())) + 1
    assert site.query("SELECT count(*), max(revision) FROM records") == [(2 * (len(names) - 1) + 1, 1)]
    assert list((site.data / "work").iterdir()) == []
    for document_id, name in site.query("SELECT document_id, file_name FROM documents WHERE state = 'done'"):
        _, source, _ = ask(site, "source", document_id)
        assert source.startswith(b"%PDF-1.4\n" + name.encode()), "the source of this document, and of no other"


def test_one_that_was_put_away_before_its_folder_was_copied_goes_its_way_from_the_start(tmp_path: Path) -> None:
    site = Site(tmp_path)
    service = site.start()
    site.wait_for_log("listening")
    engine, store = site.data / "workflow.sqlite", site.data / "par-intake.sqlite"
    site.drop("fax.pdf", fax("put away early @sleep=2"))
    _wait_until(lambda: _count(store, "SELECT count(*) FROM documents") == 1)
    with closing(sqlite3.connect(store, isolation_level=None)) as locked:
        locked.execute("BEGIN IMMEDIATE")
        _wait_until(lambda: _count(engine, "SELECT count(*) FROM operation_outputs WHERE function_name = 'read'") == 1)
        # The document is read, and not stored: so says a copy of the engine's database that is made now.
        _copy(engine, tmp_path / "early.sqlite")
    site.wait_for_log("document finished")
    assert stop(service) == 0
    _copy(tmp_path / "early.sqlite", engine)
    assert _ask(site, "backup", tmp_path / "safe")[0] == 0
    shutil.rmtree(site.data)

    assert _ask(site, "restore", tmp_path / "safe")[0] == 0
    assert site.drain() == 0
    assert site.query("SELECT state FROM documents") == [("done",)]
    assert site.query("SELECT count(*), max(revision) FROM records") == [(1, 1)]
    assert site.archived("done") == {"fax.pdf": 1}


def test_a_back_up_that_is_not_whole_or_has_no_room_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.drain() == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert _ask(site, "backup", tmp_path / "full")[0] == 2
    assert _ask(site, "backup", site.data / "inside")[0] == 2
    assert _ask(site, "backup", tmp_path / "safe")[0] == 0
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "safe").rglob("*")} == {0}
    assert "not empty" in _ask(site, "restore", tmp_path / "safe")[1]
    shutil.rmtree(site.data)
    (tmp_path / "safe" / "backup.json").unlink()
    assert "no whole back-up" in _ask(site, "restore", tmp_path / "safe")[1]
