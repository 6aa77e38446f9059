"""Words of labels that were read in pieces, and values with something else at their end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.fields import read_request
from extraction.lexicon import default_lexicon
from extraction.pages import PageKind, RequestPages
from extraction.wordparts import with_items_parted, with_whole_words
from models.geometry import Box
from models.page import Page, Word
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def page_of(*lines: str) -> Page:
    return Page(1, 1.294, typed.words_of(list(lines)))


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def broken(page: Page, text: str, at: int) -> Page:
    """The page with its first such word in two pieces that touch."""
    place = next(n for n, word in enumerate(page.words) if word.text == text)
    word = page.words[place]
    cut = word.box.left + word.box.width * at / len(text)
    first = replace(word, text=text[:at], box=Box(word.box.left, word.box.top, cut - 0.001, word.box.bottom))
    second = replace(word, text=text[at:], box=Box(cut, word.box.top, word.box.right, word.box.bottom))
    return replace(page, words=(*page.words[:place], first, second, *page.words[place + 1 :]))


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


@pytest.mark.parametrize("label", ["D.O.3", "D.O.8:", "n.O.B.:", "DO5", "D O.B.", "0.O.B."])
def test_a_misread_abbreviation_of_the_date_of_birth_is_a_label(label: str) -> None:
    found = values(page_of("Member name: Ana Reyes", f"{label} 9/12/1954", "NPI: 1234567893"))
    assert found["member.date_of_birth"] == date(1954, 9, 12)


@pytest.mark.parametrize("text", ["D.O.", "DO", "0.08", "DOE", "D.O. Box"])
def test_degrees_names_and_numbers_are_no_date_of_birth(text: str) -> None:
    assert texts(with_whole_words(page_of(text), default_lexicon()).words) == text.split()


def test_a_title_whose_first_word_was_broken_keeps_its_section() -> None:
    page = page_of(
        "Section C. Requesting Clinician         Section D. Vendor or Facility",
        "Prescriber name: Mark Lee               Name: Vera Silva",
        "NPI: 1234567893                         NPI: 1144316001",
        "Section E. Services",
    )
    found = values(broken(page, "Section", 5))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")


def test_a_broken_year_is_no_part_of_another_date() -> None:
    assert values(page_of("Member name: Ana Reyes", "Date of birth: 200 4-11-13"))["member.date_of_birth"] == date(2004, 11, 13)


def test_two_words_of_a_label_are_not_run_together() -> None:
    lines = ("Provider information", "To day", "Health Plan", "Be low")
    assert texts(with_whole_words(page_of(*lines), default_lexicon()).words) == " ".join(lines).split()


def test_the_number_of_the_next_item_is_no_part_of_a_value() -> None:
    page = page_of("Requesting NPI: 1234567893", "10 Tax ID 33-749057511 Office phone (310) 866-9846")
    found = values(page)
    assert found["requesting_provider.tin"] == "33-7490575"
    alone = page_of("10 Tax ID 33-749057511", "(310) 866-9846 33-749057511")
    assert texts(with_items_parted(alone).words) == texts(alone.words)
