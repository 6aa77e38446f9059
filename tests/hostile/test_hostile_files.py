"""Every hostile file ends in exactly one record, for a reason that can be told, and the file after it is read as if nothing was."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from models import errors
from models.errors import IntakeError
from tests.hostile import pdfs
from tests.hostile.hostile_pdfs import hostile_pdfs
from tests.hostile.hostile_rasters import hostile_rasters
from tests.hostile.sample import Sample
from tests.intake.harness import command, environment

SAMPLES: tuple[Sample, ...] = (*hostile_pdfs(), *hostile_rasters())
LIMITS = {"PAR_WORKERS": "2", "PAR_PAGE_TIMEOUT_S": "20", "PAR_DOCUMENT_TIMEOUT_S": "40", "PAR_MAX_MEMORY_BYTES": "2500000000"}
LIMITS["PAR_MAX_ATTEMPTS"] = "1"
FINE = "a fine file at the end"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("hostile")
    for sample in SAMPLES:
        (folder / sample.name).write_bytes(sample.make())
    (folder / FINE).write_bytes(pdfs.one_page())
    names = [*(sample.name for sample in SAMPLES), FINE]
    yield subprocess.run(
        command("process", *names), cwd=folder, env=environment(LIMITS, standin=False), capture_output=True, text=True, check=False
    )
    for name in names:
        (folder / name).unlink()


@pytest.fixture(scope="module")
def records(outcome: subprocess.CompletedProcess[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in outcome.stdout.splitlines():
        record = json.loads(line)
        found.setdefault(record["source"]["file_name"], []).append(record)
    return found


def test_samples_have_names_of_their_own() -> None:
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)


def test_lines_come_in_order_and_one_for_each_file(outcome: subprocess.CompletedProcess[str]) -> None:
    names = [json.loads(line)["source"]["file_name"] for line in outcome.stdout.splitlines()]
    assert names == [*(sample.name for sample in SAMPLES), FINE]
    assert outcome.returncode == 1


def test_nothing_that_is_printed_names_a_file_or_is_a_traceback(outcome: subprocess.CompletedProcess[str]) -> None:
    assert not [sample.name for sample in SAMPLES if sample.name in outcome.stderr]
    assert "Traceback" not in outcome.stderr


def test_the_file_after_all_others_is_read(records: dict[str, list[dict[str, Any]]]) -> None:
    (record,) = records[FINE]
    assert record["status"] == "no_request"
    assert record["source"]["problems"] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_hostile_file_ends_as_it_should(sample: Sample, records: dict[str, list[dict[str, Any]]]) -> None:
    (record,) = records[sample.name]
    found = {"read"} if record["status"] != "unreadable" else codes_of(record["gaps"][0]["message"])
    assert found & sample.right, (record["status"], record["gaps"])


def codes_of(message: str) -> set[str]:
    """The errors whose next step the message ends with; several have the same one."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, IntakeError)]
    return {kind.code for kind in kinds if message.endswith(kind.next_step)}
