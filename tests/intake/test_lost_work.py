"""What a document's way needs is gone for good: nothing waits for it without end, and each arrival ends where a person sees it."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from intake.folders import Folders
from intake.lost_work import LostWork, Runs
from intake.settings import Settings
from models.store import documents
from models.store.database import migrate, open_engine, sqlite_url
from tests.intake.harness import Site, fax, stop

_RECORDS = Path(".intake", "records.json")
_LIMIT_S = 120
_ALL_READ = "SELECT count(*) FROM operation_outputs WHERE function_name = 'read' AND error IS NULL"


def _truncated(folder: Path) -> None:
    (folder / _RECORDS).write_bytes((folder / _RECORDS).read_bytes()[:40])


def _archived(folder: Path) -> None:
    """As the folders stand where the databases were restored from an older copy than theirs."""
    (folder / _RECORDS).unlink()
    folder.rename(folder.parent.parent / "done" / folder.name)


# What happens to a document that is read and not stored, by the name of its fax.
_DAMAGE: dict[str, Callable[[Path], None]] = {
    "records-lost.pdf": lambda folder: (folder / _RECORDS).unlink(),
    "records-truncated.pdf": _truncated,
    "claim-lost.pdf": lambda folder: (folder / ".intake" / "claim.json").unlink(),
    "archived.pdf": _archived,
    "folder-lost.pdf": shutil.rmtree,
}


def _ask(database: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(sql).fetchone()[0])


def _wait_for(count: int, database: Path, sql: str) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not database.exists() or _ask(database, sql) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _killed_when_all_are_read_and_none_is_stored(site: Site) -> None:
    engine, store = site.data / "workflow.sqlite", site.data / "par-intake.sqlite"
    for name in _DAMAGE:
        site.drop(name, fax(f"{name} @sleep=2"))
    service = site.start(env={"PAR_WORKERS": str(len(_DAMAGE))})
    try:
        site.wait_for_log("document is read", len(_DAMAGE))
        with closing(sqlite3.connect(store, isolation_level=None)) as locked:
            locked.execute("BEGIN IMMEDIATE")
            _wait_for(len(_DAMAGE), engine, _ALL_READ)
            stop(service, signal.SIGKILL)
    finally:
        service.kill()
    assert site.query("SELECT count(*) FROM records") == [(0,)]


def test_what_was_read_and_is_gone_is_read_again_and_what_is_gone_altogether_is_set_aside(site: Site) -> None:
    _killed_when_all_are_read_and_none_is_stored(site)
    for folder in sorted((site.data / "work").iterdir()):
        (source,) = folder.glob("*.pdf")
        _DAMAGE[source.name](folder)
    assert site.drain() == 0
    lost = "folder-lost.pdf"
    assert site.archived("done") == {name: 1 for name in _DAMAGE if name != lost}
    statuses = {record["source"]["file_name"]: record["status"] for record in site.records().values()}
    assert statuses == {name: "unreadable" if name == lost else "ready" for name in _DAMAGE}
    assert site.query("SELECT count(*), max(revision) FROM records") == [(len(_DAMAGE), 1)]
    assert site.query("SELECT file_name FROM documents WHERE state = 'failed'") == [(lost,)]
    assert len(list((site.data / "failed").glob("*/*.failure.json"))) == 1
    assert list((site.data / "work").iterdir()) == []
    told = {line.get("document_id") for line in site.log() if line["level"] in {"warning", "error"}}
    again = {one for (one,) in site.query("SELECT document_id FROM documents WHERE file_name != 'claim-lost.pdf'")}
    assert told >= again, "the log names each document that does not go its way straight on"
    assert len(list((site.data / "done").glob("*/.intake/claim.json"))) == len(_DAMAGE) - 1


def test_what_is_finished_and_stands_elsewhere_comes_to_its_end_again_without_a_second_record(site: Site) -> None:
    for name in ("back-in-work.pdf", "store-is-older.pdf", "source-is-gone.pdf"):
        site.drop(name, fax(name))
    assert site.drain() == 0
    ids = {name: document_id for document_id, name in site.query("SELECT document_id, file_name FROM documents")}
    done, work = site.data / "done", site.data / "work"
    shutil.copytree(done / ids["back-in-work.pdf"], work / ids["back-in-work.pdf"])
    shutil.rmtree(done / ids["back-in-work.pdf"])
    shutil.rmtree(done / ids["source-is-gone.pdf"])
    with closing(sqlite3.connect(site.data / "par-intake.sqlite")) as store, store:
        store.execute("UPDATE documents SET state = 'working' WHERE file_name != 'back-in-work.pdf'")
    assert site.drain() == 0
    assert site.archived("done") == {"back-in-work.pdf": 1, "store-is-older.pdf": 1}
    assert site.query("SELECT count(*), max(revision) FROM records") == [(3, 1)]
    ((failed, reason),) = site.query("SELECT document_id, reason FROM documents WHERE state != 'done'")
    assert failed == ids["source-is-gone.pdf"]
    (told,) = (site.data / "failed" / failed).glob("*.failure.json")
    assert json.loads(told.read_bytes())["reason"] == reason


def test_an_archived_document_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    folders = Folders.of(Settings(inbox=tmp_path / "in", outbox=tmp_path / "out", data=tmp_path / "data"), "local")
    folders.prepare()
    document_id = "DOC-" + 22 * "1"
    (folders.done / document_id).mkdir()
    store = open_engine(sqlite_url(folders.database))
    migrate(store)
    now = datetime.now(UTC)
    with Session(store) as session, session.begin():
        documents.register(session, documents.NewDocument(document_id, "0" * 64, "a.pdf", now, None), now)
    goes_on = [True]
    lost = LostWork(folders, store, lambda _: Runs(1, goes_on[0]), None, lambda: 0.0)
    # As long as its workflow goes on, nobody else sees to it.
    before = [(lost.look(always=True), lost.open) for _ in range(2)]
    goes_on[0] = False
    after = (lost.look(always=True), lost.open)
    assert [(named, bool(still)) for named, still in (*before, after)] == [((), True), ((), True), ((document_id,), False)]
    store.dispose()
