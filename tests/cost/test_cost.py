"""The benchmark measures what it says, on programs that cost next to nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.cost import Cost, Run, Skipped, as_json, as_table, main, measured, page_images
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make

BURN = "import time\nwhile time.process_time() < 0.3: pass"
BELOW = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])"
HOLD = "held = bytearray(200 * 2**20); import time; time.sleep(0.3)"


def test_the_time_of_processes_below_is_counted() -> None:
    assert measured("burn", [[sys.executable, "-c", BELOW]]).cpu_s >= 0.3


def test_memory_is_that_of_the_largest_process() -> None:
    assert measured("hold", [[sys.executable, "-c", HOLD]]).peak_mib >= 200


def test_a_call_that_fails_is_told_of() -> None:
    cost: Cost | Skipped = measured("fail", [[sys.executable, "-c", "raise SystemExit(3)"], [sys.executable, "-c", ""]])
    assert isinstance(cost, Cost)
    assert cost.failed_calls == 1
    assert "1 calls failed" in as_table(Run("faxes", 1, 1, (cost,)))


def test_pages_come_with_square_dots(tmp_path: Path) -> None:
    document = make(Order("fax", "new", Condition.STANDARD_FAX, "cost-1"), tmp_path)
    for page in page_images([document], tmp_path):
        with Image.open(page) as image:
            assert image.width / image.height == pytest.approx(8.5 / 11, abs=0.02)


def test_the_table_says_how_many_times_and_what_was_skipped() -> None:
    results = (
        Cost("par-intake process", 6.0, 6.0, 500.0),
        Cost("tesseract", 3.0, 3.0, 40.0),
        Skipped("ocrmypdf", "not here"),
    )
    run = Run("faxes", 2, 3, results)
    table = as_table(run)
    assert "2.00 times" in table
    assert "skipped: not here" in table
    programs = json.loads(as_json([run]))["folders"][0]["programs"]
    assert programs[1]["our_cpu_ratio"] == 2.0
    assert programs[0]["cpu_s_a_page"] == 2.0


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
