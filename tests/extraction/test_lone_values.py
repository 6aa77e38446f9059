"""Numbers behind labels that noise has spoilt: given by their shape and their section, and always doubted."""

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
FORM = [
    "MEMBER INFORMATION",
    "Member Name: Ana Reyes",
    "{member}",
    "Date of Birth: 09/12/1954",
    "",
    "REQUESTING PROVIDER",
    "Provider name: Mark Lee",
    "{requesting}",
    "Phone: (831) 555-0142",
    "{fax}",
    "Specialty: Cardiology",
    "",
    "SERVICING PROVIDER",
    "Provider name: Ann Wong",
    "Phone: (831) 555-0175",
    "Address: 12 Oak St",
]


PLAIN = {"member": "Member ID: 91234567A", "requesting": "NPI: 1234567893", "fax": "Fax: (831) 555-0143"}


def read(lines: dict[str, str], method: Method = Method.OCR) -> dict[str, FieldReading]:
    whole = PLAIN | lines
    words = tuple(replace(word, method=method) for word in typed.words_of([line.format(**whole) for line in FORM]))
    found = read_request(RequestPages(PageKind.FORM, (Page(1, 1.294, words),)), TODAY)
    return {reading.path: reading for reading in found.readings if reading.value is not None}


@pytest.mark.parametrize(
    ("path", "line", "value"),
    [
        ("requesting_provider.npi", {"requesting": "Kqw Nr 1234567893"}, "1234567893"),
        ("requesting_provider.fax", {"fax": "Prnxcr bzx 831-555-0143"}, "+18315550143"),
        ("member.member_id", {"member": "Hcalh plx lQ JBH500188488"}, "JBH500188488"),
    ],
)
def test_a_number_of_a_telling_shape_among_somebodys_fields_is_a_guess(path: str, line: dict[str, str], value: str) -> None:
    found = read(line)
    assert found[path].value == value
    assert found[path].confidence <= 0.5
    assert path not in read(line, Method.PDF_TEXT)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("requesting_provider.npi", {"requesting": "Kqw Nr 1234567890"}),
        ("requesting_provider.fax", {"fax": "Fax to the plan at (831) 555-0199 or (831) 555-0198"}),
        ("member.member_id", {"member": "Group Number: JBH500188488"}),
    ],
)
def test_what_does_not_tell_or_answers_another_label_is_no_guess(path: str, line: dict[str, str]) -> None:
    assert path not in read(line)


def test_a_number_that_a_label_asks_for_is_as_sure_as_ever() -> None:
    assert read({})["requesting_provider.npi"].confidence > 0.9
