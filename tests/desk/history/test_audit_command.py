"""``par-intake audit export``."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from intake.cli import app
from models.store.database import migrate, open_engine, sqlite_url
from models.store.tables import AuditRow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    engine = open_engine(sqlite_url(tmp_path / "par-intake.sqlite"))
    migrate(engine)
    with Session(engine) as session, session.begin():
        for day in (1, 2, 3):
            session.add(AuditRow(at=datetime(2026, 3, day, 20, tzinfo=UTC), actor="dana", action=f"a{day}", document_id="D"))
    engine.dispose()
    return tmp_path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["audit", "export", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_range_is_printed_one_event_a_line(data: Path) -> None:
    lines = run("--data", str(data), "--since", "2026-03-02", "--until", "2026-03-03").splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["a2"]


def test_the_export_is_an_event_of_the_next_one(data: Path) -> None:
    run("--data", str(data), "--since", "2026-03-02")
    told = csv.DictReader(io.StringIO(run("--data", str(data), "--format", "csv")))
    (event,) = [row for row in told if row["detail"].startswith("audit ndjson")]
    assert (event["actor"], event["action"], event["detail"]) == ("operator", "exported", "audit ndjson 2026-03-02..now")


@pytest.mark.parametrize("wrong", [("--format", "xml"), ("--since", "yesterday")])
def test_wrong_usage_is_told(data: Path, wrong: tuple[str, str]) -> None:
    assert CliRunner().invoke(app, ["audit", "export", "--data", str(data), *wrong]).exit_code == 2


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["audit", "export", "--data", str(tmp_path)]).exit_code != 0
