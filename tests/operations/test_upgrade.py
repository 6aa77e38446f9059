"""A new release goes on where an older one, with an older database, was stopped."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import models.store
from intake.workflow import APPLICATION_VERSION
from tests.intake.harness import Site

OLD = Path(__file__).with_name("release-0001.tar.xz")
PENDING = {f"pending-{number}.pdf": 1 for number in range(5)}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    with tarfile.open(OLD) as archive:
        archive.extractall(tmp_path)  # noqa: S202 -- our own archive; "filter" is not in every Python 3.11
    return Site(tmp_path)


def _newest_schema() -> str:
    config = Config()
    config.set_main_option("script_location", str(Path(str(models.store.__file__)).parent / "migrations"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def test_the_old_release_left_what_this_is_about(site: Site) -> None:
    assert site.query("SELECT version_num FROM alembic_version") == [("0001",)]
    assert _newest_schema() != "0001"
    assert site.query("SELECT state, count(*) FROM documents GROUP BY state ORDER BY state") == [
        ("done", 2),
        ("failed", 1),
        ("working", 5),
    ]
    assert _workflows(site) == {("PENDING", "documents-1"): 5, ("SUCCESS", "documents-1"): 3}


def _workflows(site: Site) -> dict[tuple[str, str], int]:
    with closing(sqlite3.connect(site.data / "workflow.sqlite")) as connection:
        rows = connection.execute("SELECT status, application_version, count(*) FROM workflow_status GROUP BY 1, 2").fetchall()
    return {(status, version): count for status, version, count in rows}


def test_documents_in_flight_are_finished_once_by_the_new_release(site: Site) -> None:
    before = site.records()
    assert site.drain() == 0
    assert site.query("SELECT version_num FROM alembic_version") == [(_newest_schema(),)]
    assert _workflows(site) == {("SUCCESS", APPLICATION_VERSION): 8}
    assert site.archived("done") == {"done.pdf": 1, "failed.pdf": 1, **PENDING}
    assert list((site.data / "work").iterdir()) == []
    records = site.records()
    assert {name: records[name] for name in before} == before, "what was delivered stays as it was"
    names = sorted(record["source"]["file_name"] for name, record in records.items() if name not in before)
    assert names == sorted(2 * list(PENDING))
    assert {record["revision"] for record in records.values()} == {1}
    assert site.query("SELECT count(*), count(delivered_at) FROM deliveries") == [(14, 14)]
    assert site.query("SELECT sender_number FROM documents WHERE file_name = 'pending-0.pdf'") == [("+18315550142",)]
    assert site.query("SELECT document_id, count(*) FROM audit_events WHERE action = 'done' GROUP BY 1 HAVING count(*) > 1") == []
    site.drop("new.pdf", b"%PDF-1.4\nnew\n%%EOF\n")
    assert site.drain() == 0
    assert site.archived("done")["new.pdf"] == 1
