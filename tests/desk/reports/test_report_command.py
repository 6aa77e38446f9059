"""``par-intake report`` and ``par-intake import decisions`` on a service's own folder."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from intake.cli import app
from models.store.database import sqlite_url
from models.store.tables import AuditRow
from review.reports.kinds import KINDS
from tests.desk.desks import Desk
from tests.desk.reports.history import stored

DAYS = ("--from", "2026-03-01", "--to", "2026-03-07")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    desk = Desk.of(tmp_path, url=sqlite_url(tmp_path / "par-intake.sqlite"))
    stored(desk)
    desk.close()
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_report_is_printed_a_row_on_a_line(data: Path, kind: str) -> None:
    rows = [json.loads(line) for line in run("report", kind, *DAYS, "--data", str(data)).splitlines()]
    assert rows
    assert all("table" in row for row in rows)


def test_one_table_as_csv_and_all_as_a_workbook_that_is_its_owners_alone(data: Path) -> None:
    told = run("report", "cms-0057-f", *DAYS, "--plan", "beta", "--format", "csv", "--data", str(data))
    (standard, *_) = csv.DictReader(io.StringIO(told, newline=""))
    assert (standard["plan"], standard["determinations"], standard["median_hours"]) == ("all plans", "1", "50.0000")
    left = run("report", "cms-0057-f", *DAYS, "--format", "csv", "--table", "left-out", "--data", str(data))
    assert left.splitlines()[0] == "what,count,why"
    out = data / "metrics.xlsx"
    run("report", "cms-0057-f", *DAYS, "--format", "xlsx", "--out", str(out), "--data", str(data))
    assert load_workbook(out).sheetnames == ["metrics", "left-out"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_that_a_report_was_made_is_in_the_audit_trail(data: Path) -> None:
    run("report", "matrix", *DAYS, "--data", str(data))
    desk = Desk.of(data, url=sqlite_url(data / "par-intake.sqlite"))
    with Session(desk.services.reading) as session:
        rows = [(row.actor, row.detail) for row in session.query(AuditRow).where(AuditRow.action == "exported")]
    desk.close()
    assert rows == [("operator", "report matrix json")]


@pytest.mark.parametrize(
    "wrong",
    [
        ("none",),
        ("matrix", "--format", "xml"),
        ("matrix", "--from", "March"),
        ("matrix", "--from", "2026-03-02", "--to", "2026-03-01"),
        ("matrix", "--line", "none"),
        ("turn-around", "--format", "csv", "--table", "none"),
    ],
)
def test_wrong_usage_is_told(data: Path, wrong: tuple[str, ...]) -> None:
    assert run("report", *wrong, "--data", str(data), code=2) == ""


def test_decisions_are_brought_in_and_a_line_that_is_wrong_makes_it_1(data: Path) -> None:
    file = data / "decisions.csv"
    file.write_text(
        "record_id,outcome,decided_at\nOPEN,approved,2026-03-06T08:00\nNOBODY,denied,2026-03-06T08:00\n", encoding="utf-8"
    )
    assert "1 decisions taken, 0 known before, 1 not taken" in run("import", "decisions", str(file), "--data", str(data), code=1)
    rows = [json.loads(line) for line in run("report", "matrix", *DAYS, "--data", str(data)).splitlines()]
    assert [row["outcome"] for row in rows if row["record_id"] == "OPEN"] == ["approved"]
