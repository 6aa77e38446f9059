"""Removing what is past its age: all of it, nothing else, and the same after being killed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.age import moment_before
from tests.intake.harness import Site, ask, command, environment, fax

_CANARY = "quagmarch"
_NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "moment"),
    [
        ("1d", datetime(2028, 2, 28, 12, tzinfo=UTC)),
        ("2w", datetime(2028, 2, 15, 12, tzinfo=UTC)),
        ("4y", datetime(2024, 2, 28, 12, tzinfo=UTC)),
        ("7y", datetime(2021, 2, 28, 12, tzinfo=UTC)),
    ],
)
def test_an_age_reaches_back_by_the_calendar(age: str, moment: datetime) -> None:
    assert moment_before(_NOW, age) == moment


@pytest.mark.parametrize("age", ["", "0d", "-1d", "7", "y", "1.5y", "7Y", "7m", "99999d", "9999y"])
def test_what_is_no_age_is_refused(age: str) -> None:
    with pytest.raises(ValueError, match=r"age|year"):
        moment_before(_NOW, age)


def _write(site: Site, database: str, sql: str, *values: str) -> None:
    with closing(sqlite3.connect(site.data / database)) as connection, connection:
        connection.execute(sql, values)


def _ids(site: Site) -> dict[str, str]:
    return dict(site.query("SELECT file_name, document_id FROM documents"))


def _let_years_go_by(site: Site, part: str = "") -> None:
    for name, document_id in _ids(site).items():
        if part in name:
            _write(site, "par-intake.sqlite", "UPDATE documents SET finished_at = '2020-01-01' WHERE document_id = ?", document_id)
            ended = "UPDATE workflow_status SET completed_at = 1577836800000 WHERE workflow_uuid = ?"
            _write(site, "workflow.sqlite", ended, f"{document_id}.1")


def _purge(site: Site, *arguments: str) -> tuple[int, list[str], str]:
    code, output, errors = ask(site, "purge", *arguments)
    return code, output.decode().split(), errors


def _workflow_rows(site: Site) -> set[str]:
    queries = (
        "SELECT workflow_uuid FROM workflow_status",
        "SELECT workflow_uuid FROM workflow_input",
        "SELECT workflow_uuid FROM workflow_output",
        "SELECT workflow_uuid FROM operation_outputs",
    )
    with closing(sqlite3.connect(site.data / "workflow.sqlite")) as connection:
        return {row for query in queries for (row,) in connection.execute(query)}


def _everything(site: Site) -> bytes:
    roots = (site.data, site.outbox)
    return b"".join(path.name.encode() + path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_final_document_goes_with_all_its_traces_but_the_ids_in_the_audit_trail(site: Site) -> None:
    site.drop(f"{_CANARY}.pdf", fax(f"{_CANARY} @@requests=2"))
    site.drop(f"{_CANARY}.json", b'{"sender_number": "+18315550142"}')
    site.drop("young.pdf", fax("young"))
    assert site.drain() == 0
    _let_years_go_by(site, _CANARY)
    document_id, young = _ids(site)[f"{_CANARY}.pdf"], _ids(site)["young.pdf"]
    for one in (document_id, young):  # as a run that ended badly leaves it
        sql = "INSERT INTO datasource_outputs (workflow_id, step_id) VALUES (?, 2)"
        _write(site, "par-intake.sqlite", sql, f"{one}.1")
    record_ids = sorted(site.records())
    before = _everything(site)

    assert _purge(site, "--older-than", "3y", "--dry-run")[:2] == (0, [document_id])
    assert _CANARY.encode() in _everything(site)

    code, told, said = _purge(site, "--older-than", "3y")
    assert (code, told) == (0, [document_id])
    assert "1 documents removed" in said
    left = _everything(site)
    for trace in (_CANARY, "8315550142"):
        assert trace.encode() in before
        assert trace.encode() not in left
    assert site.archived("done") == {"young.pdf": 1}
    (kept,) = site.records()
    assert _ids(site) == {"young.pdf": young}
    assert site.query("SELECT DISTINCT workflow_id FROM datasource_outputs") == [(f"{young}.1",)]
    assert _workflow_rows(site) == {f"{young}.1"}
    noted = site.query("SELECT document_id, record_id, actor FROM audit_events WHERE action = 'purged' ORDER BY record_id")
    assert [row[:2] for row in noted] == [(document_id, None), *((document_id, one) for one in record_ids if one != kept)]
    assert all(actor.startswith("account:") for _, _, actor in noted)
    assert _purge(site, "--older-than", "3y")[:2] == (0, [])


def test_what_is_not_final_not_delivered_or_in_work_stays_unless_told(site: Site) -> None:
    for name in ("final", "undelivered"):
        site.drop(f"{name}.pdf", fax(name))
    site.drop("failed.pdf", b"")
    site.drop("again.pdf", b"")
    assert site.drain() == 0
    _let_years_go_by(site)
    ids = _ids(site)
    parked = "UPDATE deliveries SET state = 'parked', delivered_at = NULL WHERE document_id = ?"
    _write(site, "par-intake.sqlite", parked, ids["undelivered.pdf"])
    assert ask(site, "retry", ids["again.pdf"])[0] == 0
    code, told, said = _purge(site, "--older-than", "90d")
    assert (code, told) == (0, [ids["final.pdf"]])
    assert "2 not final, 1 with deliveries" in said
    assert _purge(site, "--older-than", "90d", "--not-final")[1] == [ids["failed.pdf"]]
    assert site.drain() == 0
    assert _purge(site, "--older-than", "90d", "--not-final")[1] == []
    assert _ids(site) == {name: ids[name] for name in ("undelivered.pdf", "again.pdf")}
    assert site.archived("failed") == {"again.pdf": 1}
    assert site.archived("done") == {"undelivered.pdf": 1}


def test_a_purge_that_is_killed_again_and_again_comes_to_the_same_end(site: Site) -> None:
    for number in range(30):
        site.drop(f"{number}-{'old' if number % 2 else 'young'}.pdf", fax(f"{number}"))
    assert site.drain() == 0
    _let_years_go_by(site, "-old")
    rng, killed = random.Random(3), 0
    for _ in range(4):
        purge = subprocess.Popen(
            command("purge", "--data", site.data, "--older-than", "1y"),
            env=environment({"PAR_OUTBOX": str(site.outbox)}),
            cwd=site.root,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert purge.stdout is not None
        purge.stdout.readline()
        # Some way into the documents: between two removals, or in the middle of one.
        time.sleep(rng.uniform(0.0, 0.05))
        purge.kill()
        purge.communicate()
        killed += purge.returncode != 0
    assert killed
    assert _purge(site, "--older-than", "1y")[0] == 0
    young = sorted(f"{number}-young.pdf" for number in range(0, 30, 2))
    assert sorted(site.archived("done").elements()) == young
    assert sorted(record["source"]["file_name"] for record in site.records().values()) == young
    assert sorted(name for (name,) in site.query("SELECT file_name FROM documents")) == young
    assert site.query("SELECT count(*) FROM records") == site.query("SELECT count(*) FROM deliveries") == [(15,)]
    assert len(_workflow_rows(site)) == 15
    assert site.query("SELECT count(*), count(DISTINCT document_id) FROM audit_events WHERE action = 'purged'") == [(30, 15)]
    assert not list((site.data / "purge").iterdir())


def test_the_service_purges_daily_where_the_settings_ask_for_it(site: Site) -> None:
    site.drop("old.pdf", fax("old"))
    site.drop("young.pdf", fax("young"))
    assert site.drain() == 0
    _let_years_go_by(site, "old")
    for number, setting in enumerate(("", "1y")):
        site.drop(f"new-{number}.pdf", fax("new @sleep=2"))
        assert site.drain({"PAR_PURGE_AFTER": setting}) == 0
        assert ("old.pdf" in _ids(site)) == (setting == "")
    assert sorted(_ids(site)) == ["new-0.pdf", "new-1.pdf", "young.pdf"]


def test_an_age_that_is_none_is_refused_at_the_start(site: Site) -> None:
    assert site.drain({"PAR_PURGE_AFTER": "soon"}) == 2
