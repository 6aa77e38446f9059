"""SIGKILL at any moment, and start again: nothing is lost and nothing doubled."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import pytest

from intake.workflow import APPLICATION_VERSION
from tests.intake.harness import Site, fax, stop
from tests.reliability.killed_service import kill_points
from tests.reliability.soak import Plan, soaked

_BOUNDARIES = tuple(f"after step {name}" for name in ("digest", "register", "read_document", "store", "put_away", "finish"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _engine_rows(site: Site, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(site.data / "workflow.sqlite")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_kills_after_each_step_and_at_random_moments_lose_and_double_nothing() -> None:
    """The soak in short: python -m tests.reliability.soak has all points, hundreds of kills, and PostgreSQL."""
    plan = Plan(kills=8, services=1, faxes=3, seed=20260301, random_every=4, points=_BOUNDARIES)
    assert set(_BOUNDARIES) < set(kill_points())
    with soaked(plan, "sqlite") as soak:
        verdict = soak.run()
        assert soak.deaths["at a step, a commit, a rename or a write"] == len(_BOUNDARIES)
    assert verdict.faxes == 24
    assert verdict.clean, verdict


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
