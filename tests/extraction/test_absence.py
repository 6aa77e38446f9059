"""Fields that nothing was read for: blank, or missed?"""

from __future__ import annotations

from datetime import date

from extraction.evidence import with_context
from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.evidence import Evidence, Origin
from models.page import Page
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


def absent(phone: str, *more: str) -> dict[str, Evidence]:
    lines = [line.format(phone=phone) for line in FORM]
    page = Page(1, 1.294, typed.words_of([*lines, *more]))
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


def test_a_number_that_belongs_to_nothing_may_be_the_one_that_is_missing() -> None:
    assert absent("")["servicing_provider.npi"].leftover == 0
    stray = absent("", "", "", "", "1487793048")
    assert stray["servicing_provider.npi"].leftover == 1
    assert stray["servicing_provider.npi"].strays >= 1


def test_an_empty_request_has_nothing_to_judge() -> None:
    assert with_context((), ()) == ()
