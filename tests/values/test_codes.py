"""Diagnosis and procedure codes, modifiers and units."""

from __future__ import annotations

import pytest

from models.values import ValueKind, code_system, find_values


def read(kind: ValueKind, text: str) -> list[object]:
    readings = find_values(kind, text)
    assert all(text[reading.start : reading.end] == reading.text for reading in readings)
    return [reading.value for reading in readings]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("K63.5, R13.10", ["K63.5", "R13.10"]),
        ("K63.5,R13.10", ["K63.5", "R13.10"]),
        ("K635", ["K63.5"]),
        ("m54.16", ["M54.16"]),
        ("M54.16 Radiculopathy, lumbar region", ["M54.16"]),
        ("S93401A", ["S93.401A"]),
        ("C7A.024", ["C7A.024"]),
        ("E11 65", ["E11.65"]),
        ("K63,5", ["K63.5"]),
        ("M 54.16", ["M54.16"]),
        ("I10. E11.9", ["I10", "E11.9"]),
        ("1. M54.16 2. M51.17", ["M54.16", "M51.17"]),
        ("M 5 4 . 1 6", ["M54.16"]),
        ("|M|5|4|1|6|", ["M54.16"]),
        ("low back pain", []),
        ("$125.10", []),
    ],
)
def test_diagnosis_codes_in_a_text(text: str, codes: list[str]) -> None:
    assert read(ValueKind.ICD10, text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("M17.72", "M17.12"),
        ("125.10", "I25.10"),
        ("189.153", "L89.153"),
        ("l10", "I10"),
        ("M54.l6", "M54.16"),
        ("593.401A", "S93.401A"),
        ("J45.SO", "J45.50"),
        ("Ell.65", "E11.65"),
        ("C78.OO", "C78.00"),
    ],
)
def test_a_repair_that_the_table_allows_alone(text: str, code: str) -> None:
    (reading,) = find_values(ValueKind.ICD10, text)
    assert (reading.value, reading.repaired, reading.valid) == (code, True, True)


@pytest.mark.parametrize("code", ["M54.1", "G56.0", "F90", "M54.5", "M99.88Z"])
def test_a_code_that_cannot_be_billed_stands_as_it_is(code: str) -> None:
    (reading,) = find_values(ValueKind.ICD10, code)
    assert (reading.value, reading.repaired, reading.valid) == (code, False, False)


def test_a_bare_number_among_words_is_hardly_a_diagnosis() -> None:
    assert all(reading.fit < 0.5 for reading in find_values(ValueKind.ICD10, "seen in 2024 for 110 days"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("45385 x 1, 43235 x 1", ["45385", "43235"]),
        ("45385x1", ["45385"]),
        ("73722-LT", ["73722"]),
        ("73722LT", ["73722"]),
        ("J3262", ["J3262"]),
        ("0042T", ["0042T"]),
        ("3048F 0001U", ["3048F", "0001U"]),
        ("97110-97112", ["97110", "97112"]),
        ("7 2 1 4 8", ["72148"]),
        ("J326Z", ["J3262"]),
        ("6448S", ["64485"]),
        ("l0060", ["10060"]),
        ("O042T", ["0042T"]),
        ("L8OOO", ["L8000"]),
        ("[72 148", ["72148"]),
        ("J9299, ]9271", ["J9299"]),
        ("]9271", ["J9271"]),
        ("(3000", ["L3000"]),
        ("(3000)", []),
        ("room 72 148", []),
        ("physical therapy", []),
        ("2509-28186", []),
        ("Salinas 95060-1234", []),
        ("7071979-674", []),
    ],
)
def test_procedure_codes_in_a_text(text: str, codes: list[str]) -> None:
    assert read(ValueKind.PROCEDURE, text) == codes


def test_a_number_outside_every_section_is_no_known_code() -> None:
    (reading,) = find_values(ValueKind.PROCEDURE, "02345")
    assert not reading.valid


@pytest.mark.parametrize(
    ("code", "system"), [("72148", "CPT"), ("0042T", "CPT"), ("3048F", "CPT"), ("J3262", "HCPCS"), ("T1019", "HCPCS")]
)
def test_the_code_system_is_told_by_the_first_character(code: str, system: str) -> None:
    assert code_system(code) == system


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ("59,RT", ["59", "RT"]),
        ("73722LT", ["LT"]),
        ("45385-59", ["59"]),
        ("RT/LT", ["RT", "LT"]),
        ("5O", ["50"]),
        ("", []),
        ("45385", []),
    ],
)
def test_modifiers(text: str, modifiers: list[str]) -> None:
    assert read(ValueKind.MODIFIER, text) == modifiers


def test_a_count_beside_a_code_is_hardly_a_modifier() -> None:
    assert all(reading.fit < 0.5 for reading in find_values(ValueKind.MODIFIER, "45385 x2"))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("x 3", [3]),
        ("12 visits", [12]),
        ("#4", [4]),
        ("1,200", [1200]),
        ("3.0", [3]),
        ("Qty: 6", [6]),
        ("l2", [12]),
        ("45385 x 2", [2]),
        ("45385x2", [2]),
        ("x2", [2]),
        ("two additional visits", [2]),
        ("0", [None]),
        ("none", []),
        ("02/21/2026", []),
    ],
)
def test_units(text: str, units: list[int | None]) -> None:
    assert read(ValueKind.UNITS, text) == units


@pytest.mark.parametrize(
    ("text", "sexes"), [("Female", ["F"]), ("M", ["M"]), ("male", ["M"]), ("X", ["X"]), ("Male / Female", ["M", "F"]), ("", [])]
)
def test_sex(text: str, sexes: list[str]) -> None:
    assert read(ValueKind.SEX, text) == sexes


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ValueKind.ICD10, "M75.1C1", "M75.101"),
        (ValueKind.ICD10, "ICC", None),
        (ValueKind.PROCEDURE, "EC143", "E0143"),
        (ValueKind.PROCEDURE, "C8900", "C8900"),
        (ValueKind.NPI, "1C03000002", "1003000002"),
        (ValueKind.PHONE, "(4C8) 555-0142", "+14085550142"),
    ],
)
def test_an_open_nought_of_a_hand_is_a_nought_where_digits_stand(kind: ValueKind, text: str, value: str | None) -> None:
    assert read(kind, text) == ([value] if value else [])


@pytest.mark.parametrize(("text", "modifiers"), [("71250X1", []), ("71250x 2", []), ("71250RT", ["RT"]), ("71250-X1", ["X1"])])
def test_units_written_on_to_a_code_are_no_modifier(text: str, modifiers: list[str]) -> None:
    assert [reading.value for reading in find_values(ValueKind.MODIFIER, text)] == modifiers
