"""Dates: the ways of writing them, and what is not guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import ValueKind, find_values

TODAY = date(2026, 3, 10)
days = st.dates(date(1931, 1, 1), date(2035, 12, 31))


def read(text: str, *, birth: bool = False) -> list[date | None]:
    readings = find_values(ValueKind.DATE, text, birth=birth, today=TODAY)
    for reading in readings:
        assert text[reading.start : reading.end] == reading.text
        assert reading.value is None or isinstance(reading.value, date)
    return [reading.value if isinstance(reading.value, date) else None for reading in readings]


@given(days)
def test_every_usual_way_of_writing_gives_the_same_day(day: date) -> None:
    for form in (
        "%m/%d/%Y",
        "%m-%d-%Y",
        "%m.%d.%Y",
        "%m / %d / %Y",
        "%m %d %Y",
        "%m%d%Y",
        "%Y-%m-%d",
        "%b %d, %Y",
        "%B %d, %Y",
        "%d %b %Y",
        "%ml%dl%Y",
        "%m|%d|%Y",
        "%m/%d1%Y",
        "%m1%d1%Y",
    ):
        assert read(day.strftime(form)) == [day], form
    assert read(" ".join(day.strftime("%m%d%Y"))) == [day]
    assert read("|".join(day.strftime("%m%d%Y"))) == [day]
    assert read(f"{day.month}/{day.day}/{day.year}") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "Sep 28, 1974",
        "Sept. 28 1974",
        "28 Sep 1974",
        "September 28th, 1974",
        "O9/28/I974",
        "9/281/1974",
        "09.28:74",
        "09-28 1974",
        "0928 74",
        "091/28/1974",
        "09/28/74",
        "9-28-74",
        "09-281 974",
        "0928-1974",
        "197409-28",
        "1974-0928",
        "09.28 1974",
        "09 28.1974",
    ],
)
def test_one_day_in_many_hands(text: str) -> None:
    assert read(text, birth=True) == [date(1974, 9, 28)]


@pytest.mark.parametrize("text", ["09 128 1974", "09 12811974", "09 /28 /1974", "09 128 /1974", "09 I28 1 1974"])
def test_strokes_printed_between_the_places_of_a_date_are_no_digits(text: str) -> None:
    (reading,) = find_values(ValueKind.DATE, text, today=TODAY)
    assert (reading.value, reading.valid) == (date(1974, 9, 28), True)


@pytest.mark.parametrize("text", ["10/02/19", "10/02/20 6"])
def test_a_year_that_may_be_half_a_century_fits_badly(text: str) -> None:
    (reading,) = find_values(ValueKind.DATE, text, birth=True, today=TODAY)
    assert reading.value is not None
    assert reading.fit < 0.5


@pytest.mark.parametrize("text", ["09/31/1935", "02/29/2026", "13/01/2026", "February 30, 2026", "09 31 1935"])
def test_a_day_that_does_not_exist_keeps_its_text_and_has_no_value(text: str) -> None:
    (reading,) = find_values(ValueKind.DATE, text, today=TODAY)
    assert (reading.value, reading.valid, reading.text) == (None, False, text)


def test_a_day_zero_is_a_lost_digit_and_fits_badly() -> None:
    (reading,) = find_values(ValueKind.DATE, "2/0/2026", today=TODAY)
    assert reading.value is None
    assert reading.fit < 0.5


@pytest.mark.parametrize(
    ("text", "birth", "day"),
    [
        ("03/09/26", True, date(2026, 3, 9)),
        ("03/11/26", True, date(1926, 3, 11)),
        ("10/23/67", True, date(1967, 10, 23)),
        ("10/23/30", True, date(1930, 10, 23)),
        ("10/23/30", False, date(2030, 10, 23)),
        ("10/23/67", False, date(1967, 10, 23)),
    ],
)
def test_the_field_decides_the_century(text: str, birth: bool, day: date) -> None:
    assert read(text, birth=birth) == [day]


def test_a_birth_date_in_the_future_stands_as_it_is_and_is_not_valid() -> None:
    (reading,) = find_values(ValueKind.DATE, "10/23/2067", birth=True, today=TODAY)
    assert (reading.value, reading.valid) == (date(2067, 10, 23), False)


@pytest.mark.parametrize(
    "text",
    [
        "02/21/2026 - 05/01/2026",
        "02/21/26-05/01/26",
        "From 2/21/2026 thru 5/1/2026",
        "02212026 05012026",
        "02-21-2026t0 05-01-2026",
        "02/21/2026 to05/01/2026",
        "2/21/26to5/1/26",
        "02-21-26THRU 05-01-26",
    ],
)
def test_both_ends_of_a_range(text: str) -> None:
    assert read(text) == [date(2026, 2, 21), date(2026, 5, 1)]


@pytest.mark.parametrize(
    "text",
    ["12", "99213", "1/2", "831-555-0142", "94-6383445", "1234567893", "A1-02-2026", "10:30", "10:30:15", "", "May", "M54.16"],
)
def test_nothing_is_guessed(text: str) -> None:
    assert read(text) == []


def test_the_end_of_one_date_and_the_beginning_of_the_next_make_none() -> None:
    assert read("09-07-2026 - 12-05-2026") == [date(2026, 9, 7), date(2026, 12, 5)]
    assert read("09/07/2026 - 12/05/2026") == [date(2026, 9, 7), date(2026, 12, 5)]


@pytest.mark.parametrize("text", ["10-Auq-2026", "10-Avg-2026", "10 AUC. 2026", "Aug 10, 2C26", "Auqust 10, 2026", "C8/1C/2C26"])
def test_letters_that_a_hand_makes_alike_give_a_doubtful_day(text: str) -> None:
    (reading,) = find_values(ValueKind.DATE, text, today=TODAY)
    assert (reading.value, reading.repaired) == (date(2026, 8, 10), True)
    assert reading.fit < 0.8


@pytest.mark.parametrize("text", ["12 Per 2026", "Room 12, 2026", "JXN 4, 2026", "10 Jul 20 units", "30-5JN-2026"])
def test_other_words_are_no_months(text: str) -> None:
    assert date(2026, 1, 30) not in read(text)
    assert not [day for day in read(text) if day is not None and day.month not in {1, 7}]


@pytest.mark.parametrize("text", ["05/2/2026", "5/02/2026", "05-2-26"])
def test_one_part_alone_filled_up_to_two_digits_is_a_lost_digit_and_fits_badly(text: str) -> None:
    (reading,) = find_values(ValueKind.DATE, text, today=TODAY)
    assert (reading.value, reading.valid) == (date(2026, 5, 2), True)
    assert reading.fit < 0.65
