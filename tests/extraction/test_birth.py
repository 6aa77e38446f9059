"""Birth dates behind labels that noise has spoilt: given, doubted, and never the date of a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.page import Method, Page
from models.reading import FieldReading
from tests.extraction import typed_pages as typed

TODAY = date(2026, 6, 10)
MEMBER = ["MEMBER INFORMATION", "Member Name: Ana Reyes", "Member ID: 99517881"]
PROVIDER = ["", "REQUESTING PROVIDER", "Provider name: Mark Lee", "NPI: 1234567893"]


def read(lines: list[str], method: Method = Method.OCR) -> dict[str, FieldReading]:
    words = tuple(replace(word, method=method) for word in typed.words_of(lines))
    found = read_request(RequestPages(PageKind.FORM, (Page(1, 1.294, words),)), TODAY)
    return {reading.path: reading for reading in found.readings if reading.value is not None}


def with_service(line: str) -> dict[str, FieldReading]:
    services = ["", "SERVICES REQUESTED", "CPT/HCPCS Code(s): 64721 x 1", "Requested start date: 06/14/2026"]
    return read([*MEMBER, line, *PROVIDER, *services])


def test_a_date_of_service_among_the_fields_of_a_member_is_the_birth_date() -> None:
    found = with_service("Dos: 01/03/1985")
    assert found["member.date_of_birth"].value == date(1985, 1, 3)
    assert found["member.date_of_birth"].confidence <= 0.5
    assert found["services.0.from_date"].value == date(2026, 6, 14)


def test_a_date_of_long_ago_among_the_fields_of_a_member_is_a_guess() -> None:
    found = read([*MEMBER, "9CB: 08/04/1955", *PROVIDER])
    assert found["member.date_of_birth"].value == date(1955, 8, 4)
    assert found["member.date_of_birth"].confidence <= 0.5


@pytest.mark.parametrize("line", ["9CB: 05/04/2026", "Effective date: 08/04/2015", "Date of injury: 08/04/2015"])
def test_other_dates_are_no_birth_dates(line: str) -> None:
    assert "member.date_of_birth" not in read([*MEMBER, line, *PROVIDER])


def test_a_label_that_was_not_read_by_ocr_is_not_misread() -> None:
    assert "member.date_of_birth" not in read([*MEMBER, "9CB: 08/04/1955", *PROVIDER], Method.PDF_TEXT)


def test_the_last_name_comes_first_though_the_word_behind_it_is_spoilt() -> None:
    found = read(["MEMBER INFORMATION", "Name (iast Fri): Wojcik Mary-Ellen", "Member ID: 99517881"])
    assert (found["member.last_name"].value, found["member.first_name"].value) == ("Wojcik", "Mary-Ellen")
