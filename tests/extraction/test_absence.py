"""Fields that nothing was read for: blank, or missed?"""

from __future__ import annotations

from datetime import date

import pytest

from extraction.evidence import with_context
from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.evidence import Evidence, Origin
from models.page import InkMap, Page
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)
FORM = [
    "MEMBER INFORMATION",
    "",
    "Last Name: Reyes          First Name: Ana",
    "Member ID: 91234567A      Date of Birth: 09/12/1954",
    "Phone: {phone}",
    "",
    "REQUESTING PROVIDER",
    "",
    "Name: Ann Lee             NPI: 1234567893",
    "Fax: 831-555-0142",
]


def absent(phone: str, *more: str, ink: InkMap | None = None) -> dict[str, Evidence]:
    lines = [line.format(phone=phone) for line in FORM]
    page = Page(1, 1.294, typed.words_of([*lines, *more]), ink=ink or InkMap(1, 1, b"\x00"))
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    assert all(reading.value is None for reading in found.readings if reading.evidence.origin is Origin.ABSENT)
    return {reading.path: reading.evidence for reading in found.readings if reading.evidence.origin is Origin.ABSENT}


def test_every_field_has_a_reading_and_what_was_read_is_not_absent() -> None:
    missing = absent("")
    assert {"member.phone", "member.sex", "requesting_provider.tin", "servicing_provider.npi", "services", "diagnoses"} <= set(
        missing
    )
    assert not {"member.last_name", "member.member_id", "requesting_provider.npi"} & set(missing)


def test_a_label_asks_for_a_field_and_words_in_its_place_speak_for_a_value() -> None:
    blank, scribble = absent("")["member.phone"], absent("lll~ rn")["member.phone"]
    assert (blank.labelled, blank.words) == (True, 0)
    assert (scribble.labelled, scribble.words) == (True, 2)
    assert not absent("")["requesting_provider.tin"].labelled


def inked(dark: dict[tuple[int, int], int]) -> InkMap:
    rows, columns = 220, 170
    return InkMap(columns, rows, bytes(dark.get((row, column), 0) for row in range(rows) for column in range(columns)))


def test_a_lone_letter_in_an_empty_place_is_told_from_the_rest_of_a_line_by_its_darkest_spot() -> None:
    place = next(word.box for word in typed.words_of([line.format(phone="") for line in FORM]) if word.text == "Phone:")
    row, column = round(place.y * 220) + 1, round(place.right * 170) + 4
    letter = inked({(row + down, column + right): 120 for down in (0, 1) for right in (0, 1)})
    stripe = inked({(row, column + right): 24 for right in range(20)})
    by_letter, by_line = absent("", ink=letter)["member.phone"], absent("", ink=stripe)["member.phone"]
    assert by_letter.ink == pytest.approx(by_line.ink, rel=0.1)
    assert by_letter.peak > 4 * by_line.peak > 0.0


def test_a_number_that_belongs_to_nothing_may_be_the_one_that_is_missing() -> None:
    assert absent("")["servicing_provider.npi"].leftover == 0
    stray = absent("", "", "", "", "1487793048")
    assert stray["servicing_provider.npi"].leftover == 1
    assert stray["servicing_provider.npi"].strays >= 1


def test_an_empty_request_has_nothing_to_judge() -> None:
    assert with_context((), ()) == ()


def test_a_section_that_the_form_has_asks_for_its_fields_and_no_other_does() -> None:
    assert not absent("")["servicing_provider.npi"].asked
    assert absent("", "", "SERVICING PROVIDER", "", "Fax: 831-555-0199")["servicing_provider.npi"].asked
    assert absent("")["requesting_provider.tin"].asked


def test_what_answers_a_label_for_something_else_is_left_over_for_no_field() -> None:
    services = ["", "CPT code: 72148", "Start date: 03/15/2026"]
    assert absent("", *services, "Clinic day: 11/15/2025")["services.0.to_date"].leftover == 1
    assert absent("", *services, "Date last seen: 11/15/2025")["services.0.to_date"].leftover == 0


def test_what_a_change_states_is_left_over_for_no_field() -> None:
    row = "{:24}{:20}{}"
    table = [row.format("", "Old", "New"), row.format("NPI", "1487793048", "1144316001"), row.format("Units", "6", "12")]
    page = Page(1, 1.294, typed.words_of([*(line.format(phone="") for line in FORM), "", *table]))
    found = read_request(RequestPages(PageKind.CHANGE_FORM, (page,)), TODAY)
    missing = next(reading.evidence for reading in found.readings if reading.path == "servicing_provider.npi")
    assert found.amendments
    assert missing.leftover == 0


def test_an_answer_behind_a_caption_that_nobody_knows_is_unread() -> None:
    plain, odd = absent("")["requesting_provider.contact"], absent("", "Liaison: Bettina Cruz")["requesting_provider.contact"]
    assert (plain.unread, odd.unread) == (0, 1)
    assert (plain.leftover, odd.leftover) == (0, 1)


@pytest.mark.parametrize("sentence", ["Remember: this form is sent back if a part of it was left blank", "Note:", "Liaison:"])
def test_a_sentence_and_an_empty_caption_are_no_answers(sentence: str) -> None:
    assert absent("", sentence)["requesting_provider.contact"].unread == 0


@pytest.mark.parametrize("value", ["Bettina Cruz", "QX-44071 B", "04/11/2026"])
def test_a_run_of_words_that_looks_like_a_value_and_answers_nothing_is_unclaimed(value: str) -> None:
    assert absent("")["requesting_provider.contact"].unclaimed == 0
    assert absent("", value)["requesting_provider.contact"].unclaimed == 1


@pytest.mark.parametrize(
    "print_of_form", ["Provider Information", "Complete every part of this form before it is sent to us", "Page 1 of 2"]
)
def test_what_a_form_prints_is_not_taken_for_a_value(print_of_form: str) -> None:
    assert absent("", print_of_form)["requesting_provider.contact"].unclaimed == 0
