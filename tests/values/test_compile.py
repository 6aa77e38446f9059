"""The compiler of the ICD-10-CM table."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType

import pytest

from models.codesets.compile_icd10cm import table_lines

CODES = {"1": "Chapter", "A00-A09": "Block", "A00": "Cholera", "A00.0": "Cholera,  classical", "A00.1": "Cholera, eltor"}


def test_chapters_and_blocks_are_left_out_and_headings_are_not_billable(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ModuleType("simple_icd_10_cm")
    functions = {
        "get_all_codes": lambda _dots: list(CODES),
        "is_leaf": lambda code: "." in code,
        "get_description": CODES.__getitem__,
    }
    for name, function in functions.items():
        monkeypatch.setattr(source, name, function, raising=False)
    monkeypatch.setitem(sys.modules, "simple_icd_10_cm", source)
    assert list(table_lines(date(2026, 4, 1))) == [
        "# ICD-10-CM\t2026-04-01",
        "A00\t0\t\t\tCholera",
        "A000\t1\t\t\tCholera, classical",
        "A001\t1\t\t\tCholera, eltor",
    ]
