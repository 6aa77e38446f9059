"""``par-intake evaluate`` on labelled documents, with records that were made before."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intake import evaluation
from tests.evaluation.standin import imperfect, perfect, write_records

Json = dict[str, Any]


@pytest.fixture
def records(labels: list[Json], tmp_path: Path) -> Path:
    return write_records(tmp_path / "records.ndjson", imperfect(Random(5), perfect(labels)))


def test_the_tables_name_every_grouping(labelled: Path, records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluation.run(labelled, None, None, records) == 0
    printed = capsys.readouterr().out
    for heading in ("micro F1", "condition ", "kind ", "form ", "field ", "confidence ", "member.member_id"):
        assert heading in printed


def test_json_is_one_object(labelled: Path, records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluation.run(labelled, None, None, records, json=True)
    printed = json.loads(capsys.readouterr().out)
    assert 0 < printed["total"]["micro"]["f1"] < 1
    assert sum(held["count"] for held in printed["calibration"]["bins"]) == printed["calibration"]["readings"]


def test_the_report_stands_alone_and_shows_errors_beside_their_crops(labelled: Path, records: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    evaluation.run(labelled, report, None, records)
    page = report.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", page)
    assert "https:" not in page
    assert page.count("data:image/png") > 0
    assert page.count("data:image/jpeg") > 0
    assert "<svg" in page


def test_a_report_of_perfect_records_has_no_errors(labelled: Path, labels: list[Json], tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    evaluation.run(labelled, report, None, write_records(tmp_path / "r.ndjson", perfect(labels)))
    assert "data:image" not in report.read_text(encoding="utf-8")


def test_what_a_form_holds_cannot_become_markup(labelled: Path, labels: list[Json], tmp_path: Path) -> None:
    records = perfect(labels)
    for record in records:
        record["member"]["last_name"] = "<script>x</script>"
    report = tmp_path / "report.html"
    evaluation.run(labelled, report, None, write_records(tmp_path / "r.ndjson", records))
    assert "<script" not in report.read_text(encoding="utf-8").lower()
