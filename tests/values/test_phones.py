"""Telephone and fax numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import ValueKind, find_values

national = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)


@given(national)
def test_every_usual_way_of_writing_gives_the_same_number(number: str) -> None:
    area, exchange, line = number[:3], number[3:6], number[6:]
    for text in (
        f"{area}-{exchange}-{line}",
        f"({area}) {exchange}-{line}",
        f"({area}){exchange}-{line}",
        f"{area}.{exchange}.{line}",
        f"{area} {exchange} {line}",
        number,
        " ".join(number),
        f"1-{area}-{exchange}-{line}",
        f"+1{number}",
        f"Tel: ({area}) {exchange}-{line} ext. 12",
        f"{area}-{exchange}-{line} x123",
    ):
        (reading,) = find_values(ValueKind.PHONE, text)
        assert (reading.value, reading.valid) == (f"+1{number}", True)


def test_an_area_code_that_nobody_has_fits_worse() -> None:
    (assigned,) = find_values(ValueKind.PHONE, "619-787-8116")
    (other,) = find_values(ValueKind.PHONE, "679-787-8116")
    assert other.fit < assigned.fit


def test_two_numbers_in_one_cell() -> None:
    found = find_values(ValueKind.PHONE, "831-555-0142 / fax (831) 555-0143")
    assert [reading.value for reading in found] == ["+18315550142", "+18315550143"]


def test_letters_for_digits_are_repaired() -> None:
    (reading,) = find_values(ValueKind.PHONE, "(831) S55-O142")
    assert (reading.value, reading.repaired) == ("+18315550142", True)


def test_a_number_without_area_code_has_no_value() -> None:
    (reading,) = find_values(ValueKind.PHONE, "555-0142")
    assert (reading.value, reading.valid) == (None, False)


def test_a_number_abroad() -> None:
    (reading,) = find_values(ValueKind.PHONE, "+52 55 5555 0142")
    assert (reading.value, reading.valid) == ("+525555550142", True)


@pytest.mark.parametrize("text", ["", "call the office", "12/03/1960", "94-6383445"])
def test_other_texts_are_no_number(text: str) -> None:
    assert find_values(ValueKind.PHONE, text) == ()
