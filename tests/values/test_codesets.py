"""The ICD-10-CM table, the procedure list of a site, and the search by words."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models.codesets import icd10cm, procedures
from models.codesets.modifiers import known_modifiers
from models.errors import ConfigurationError


@pytest.fixture
def own_tables() -> Iterator[None]:
    yield
    icd10cm.use_table(icd10cm.SHIPPED)
    procedures._in_force.clear()


def write_table(path: Path, *lines: str) -> Path:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.mark.parametrize("code", ["M54.16", "m5416", "S93.401A", "U07.1", "I10", "C7A.024", "E11.65"])
def test_billable_codes(code: str) -> None:
    assert icd10cm.exists(code)
    assert icd10cm.is_billable(code, date(2026, 4, 1))


@pytest.mark.parametrize("code", ["M54.1", "S93.401", "I25.1", "F90"])
def test_headings_exist_and_are_not_billable(code: str) -> None:
    assert icd10cm.exists(code)
    assert not icd10cm.is_billable(code)


@pytest.mark.parametrize("code", ["M99.99", "A00-A09", "1", "", "ZZZ"])
def test_other_texts_do_not_exist(code: str) -> None:
    assert not icd10cm.exists(code)
    assert icd10cm.description(code) is None


def test_the_table_is_dated_and_sorted() -> None:
    table = icd10cm.table()
    assert table.release == date(2026, 4, 1)
    assert len(table.lines) > 90_000
    assert list(table.lines) == sorted(table.lines, key=lambda line: line.split("\t")[0])


def test_the_description_of_a_code_with_a_seventh_character_is_whole() -> None:
    assert icd10cm.description("S93.401A") == "Sprain of unspecified ligament of right ankle, initial encounter"


@pytest.mark.usefixtures("own_tables")
def test_a_site_can_use_a_table_of_its_own_with_the_validity_of_each_code(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "own.tsv.gz",
        "# ICD-10-CM\t2021-10-01",
        "M545\t1\t\t2021-09-30\tLow back pain",
        "M5450\t1\t2021-10-01\t\tLow back pain",
    )
    icd10cm.use_table(path)
    assert icd10cm.is_billable("M54.5", date(2021, 9, 30))
    assert not icd10cm.is_billable("M54.5", date(2021, 10, 1))
    assert not icd10cm.is_billable("M54.50", date(2021, 9, 30))
    assert icd10cm.is_billable("M54.50", date(2021, 10, 1))
    assert not icd10cm.exists("I10")


def test_a_file_that_is_no_table_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "plain.gz").write_bytes(b"M545")
    for path in (tmp_path / "missing.gz", tmp_path / "plain.gz", write_table(tmp_path / "other.gz", "# CPT\t2026-01-01")):
        with pytest.raises(ConfigurationError):
            icd10cm.load(path)


def test_codes_are_found_by_what_they_say() -> None:
    best, *_ = icd10cm.search("radiculopathy lumbar region", limit=3)
    assert best.code == "M54.16"
    assert icd10cm.search("", limit=3) == ()


def test_a_description_bears_witness_for_its_code() -> None:
    said = "Radiculopathy, lumbar reg"
    assert icd10cm.similarity("M54.16", said) > icd10cm.similarity("M51.17", said)
    assert icd10cm.similarity("ZZZ", said) == 0


@pytest.mark.usefixtures("own_tables")
def test_a_site_can_name_the_procedures_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_text("# ours\n72148\nJ3262\tfirst column only\n", encoding="utf-8")
    procedures.use_list(path)
    assert procedures.is_procedure("72148")
    assert procedures.is_procedure("J3262")
    assert not procedures.is_procedure("72141")


def test_a_list_with_another_thing_in_it_is_a_wrong_setting(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_text("72148\nhello\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="Entry 2"):
        procedures.use_list(path)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("00100", True),
        ("99607", True),
        ("02345", False),
        ("70009", False),
        ("J3262", True),
        ("N1234", False),
        ("W1234", False),
        ("R1234", False),
    ],
)
def test_sections_of_the_code_sets(code: str, known: bool) -> None:
    assert procedures.is_procedure(code) is known


def test_all_modifiers_have_two_characters() -> None:
    assert {"LT", "RT", "59", "GP", "JZ", "25"} <= known_modifiers()
    assert all(len(code) == 2 and code.isalnum() and code.upper() == code for code in known_modifiers())
