"""Codes of drugs that a hand wrote: their J comes as a 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.page import Method, Page
from models.reading import FieldReading
from tests.extraction.typed_pages import words_of


def read(code: str, modifier: str, described: str, method: Method = Method.OCR) -> dict[str, FieldReading]:
    lines = [
        "CPT / HCPCS Code    Modifier    Units     Description of service",
        f"{code:20}{modifier:12}25        {described}",
    ]
    words = tuple(replace(word, method=method) for word in words_of(lines))
    found = read_request(RequestPages(PageKind.FORM, (Page(1, 1.294, words),)), date(2026, 3, 10)).readings
    return {reading.path: reading for reading in found}


def test_a_surgery_with_a_dose_is_a_drug_and_doubtful() -> None:
    found = read("51745", "52", "Infliximab 10 mg infusion")
    code, modifiers = found["services.0.code"], found["services.0.modifiers"]
    assert (code.value, modifiers.value) == ("J1745", ("JZ",))
    assert max(code.evidence.fit, modifiers.evidence.fit) < 0.6


@pytest.mark.parametrize("described", ["Cystourethroscopy with stent", "Imaging guidance"])
def test_a_surgery_stays_what_it_is(described: str) -> None:
    found = read("52332", "52", described)
    assert (found["services.0.code"].value, found["services.0.modifiers"].value) == ("52332", ("52",))


def test_what_a_page_says_itself_is_never_changed() -> None:
    assert read("51745", "52", "Infliximab 10 mg infusion", Method.PDF_TEXT)["services.0.code"].value == "51745"
