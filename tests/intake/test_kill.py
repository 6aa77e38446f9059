"""SIGKILL at any moment, and start again: nothing is lost and nothing doubled."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from intake.workflow import APPLICATION_VERSION
from tests.intake.harness import Site, fax, stop

_KILLS = 12


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _engine_rows(site: Site, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(site.data / "workflow.sqlite")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_a_dozen_kills_at_random_moments_lose_and_double_nothing(site: Site) -> None:
    rng = random.Random(20260301)
    names = []
    for turn in range(_KILLS):
        for number in range(4):
            names.append(f"{turn}-{number}.pdf")
            site.drop(names[-1], fax(f"{names[-1]} @sleep=0.2 @@requests=2"))
            site.drop(f"{turn}-{number}.json", b'{"sender_number": "+18315550142"}')
        process = site.start()
        site.wait_for_log("listening", turn + 1)
        # The moment is meant to be any: between two lines of a claim, a commit, a delivery, a move.
        time.sleep(rng.uniform(0.1, 2.0))
        stop(process, signal.SIGKILL)
    assert site.drain() == 0
    assert site.archived("done") == Counter(names)
    assert site.archived("failed") == {}
    assert list(site.inbox.iterdir()) == []
    records = site.records()
    assert Counter(record["source"]["file_name"] for record in records.values()) == dict.fromkeys(names, 2)
    assert site.query("SELECT count(*), min(arrival), max(arrival) FROM documents") == [(len(names), 1, 1)]
    assert site.query("SELECT count(*), max(revision) FROM records") == [(2 * len(names), 1)]
    assert site.query("SELECT count(*) FROM deliveries WHERE delivered_at IS NULL") == [(0,)]
    assert site.query("SELECT count(*) FROM documents WHERE sender_number IS NULL OR state != 'done'") == [(0,)]
    assert site.query("SELECT action, count(*) FROM audit_events GROUP BY action ORDER BY action") == [
        ("delivered", 2 * len(names)),
        ("done", len(names)),
        ("registered", len(names)),
        ("stored", 2 * len(names)),
    ]
    assert not list(site.outbox.glob(".*")), "no half-written file is left"


def test_what_was_queued_goes_on_under_the_same_version_and_worker_name(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=30"))
    process = site.start()
    site.wait_for_log("document is read")
    stop(process, signal.SIGKILL)
    named = "SELECT application_version, executor_id FROM workflow_status"
    assert _engine_rows(site, named) == [(APPLICATION_VERSION, "local")]
    (folder,) = (site.data / "work").iterdir()
    (folder / "a.pdf").write_bytes(fax("now quick"))
    assert site.drain() == 0
    # Other bytes in the claimed file's place are read anew, in a workflow of their own.
    assert set(_engine_rows(site, named)) == {(APPLICATION_VERSION, "local")}


def test_a_document_that_ends_the_service_each_time_is_set_aside(site: Site) -> None:
    site.drop("a.pdf", fax("@sleep=30"))
    process = site.start()
    site.wait_for_log("document is read")
    stop(process, signal.SIGKILL)
    connection = sqlite3.connect(site.data / "workflow.sqlite")
    with connection:
        connection.execute("UPDATE workflow_status SET recovery_attempts = 1000")
    connection.close()
    assert site.drain() == 0
    assert site.archived("failed") == {"a.pdf": 1}
    (record,) = site.records().values()
    assert record["status"] == "unreadable"


def test_what_the_workflow_engine_stores_names_no_file_and_holds_no_value(site: Site) -> None:
    site.drop("smith-john.pdf", fax("a"))
    site.drop("smith-jane.pdf", fax("@fault=SMITH"))
    site.drop("smith-empty.pdf", b"")
    assert site.drain() == 0
    stored = b"".join(path.read_bytes() for path in site.data.glob("workflow.sqlite*"))
    assert b"DOC-" in stored
    assert b"smith" not in stored.lower()
