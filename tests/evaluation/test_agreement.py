"""Our scores against a reference scorer's, where one is named.

``TEST_REFERENCE_SCORER`` is a script that takes ``--truth DIR --records FILE.ndjson --json``; ``TEST_LABELLED_FAXES`` may name a
folder of labelled documents to use besides those drawn here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intake.evaluation.as_json import as_json
from intake.evaluation.labels import load_labels
from intake.evaluation.records import load_records
from intake.evaluation.score import evaluate
from tests.evaluation.standin import imperfect, labels_of, perfect, write_records

Json = dict[str, Any]
SCORER = os.environ.get("TEST_REFERENCE_SCORER")
FOLDER = os.environ.get("TEST_LABELLED_FAXES")

pytestmark = pytest.mark.skipif(not SCORER, reason="TEST_REFERENCE_SCORER names no script")

# what each calls the same thing
TALLY = {
    **{name: name for name in ("precision", "recall", "f1", "right", "wrong", "invented", "missed", "absent", "flag_rate")},
    "silent": "silent_errors",
    "silent_rate": "silent_error_rate",
}
SUMMARY = {
    **{name: name for name in ("documents", "requests", "records", "matched", "invented_requests", "ready", "ready_with_error")},
    "all_right_share": "requests_exact",
    "straight_through_share": "straight_through",
}


@pytest.mark.parametrize("seed", range(4))
def test_both_count_the_same(labelled: Path, tmp_path: Path, seed: int) -> None:
    folder = Path(FOLDER) if FOLDER and seed % 2 else labelled
    records = perfect(labels_of(folder))
    file = write_records(tmp_path / "records.ndjson", imperfect(Random(seed), records) if seed else records)
    ours, theirs = our_result(folder, file), reference_result(folder, file)
    assert_summary(ours["total"], theirs["total"])
    for path, tally in theirs["total"]["by_field"].items():
        assert_tally(ours["by_field"][path], tally)
    for path, tally in theirs["total"]["not_in_micro"].items():
        assert_tally(ours["not_in_micro"][path], tally)
    for grouping in ("by_condition", "by_kind", "by_form"):
        assert set(ours[grouping]) == set(theirs[grouping])
        for name, group in theirs[grouping].items():
            assert_summary(ours[grouping][name], group)


def our_result(folder: Path, file: Path) -> Json:
    records, problems = load_records(file)
    result: Json = json.loads(as_json(evaluate(load_labels(folder), records, problems)))
    return result


def reference_result(folder: Path, file: Path) -> Json:
    command = [sys.executable, str(SCORER), "--truth", str(folder), "--records", str(file), "--json"]
    result: Json = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return result


def assert_tally(ours: Json, theirs: Json) -> None:
    assert {name: ours[name] for name in TALLY} == {name: pytest.approx(theirs[other]) for name, other in TALLY.items()}


def assert_summary(ours: Json, theirs: Json) -> None:
    assert {name: ours[name] for name in SUMMARY} == {name: pytest.approx(theirs[other]) for name, other in SUMMARY.items()}
    assert ours["documents_split_right"] == pytest.approx(theirs["splitting"]["documents_right"])
    assert ours["requests_pages_right"] == pytest.approx(theirs["splitting"]["pages_right"])
    assert ours["illegible_gaps"] == theirs["gaps"]["illegible"]
    for part in ("micro", "diagnoses", "services", "amendments", "gaps"):
        assert_tally(ours[part], theirs[part])
