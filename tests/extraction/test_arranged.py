"""Requests whose pages a person named."""

from __future__ import annotations

import pytest

from extraction.arranged import Arrangement, requests_of
from extraction.pages import PageKind
from extraction.split import split
from models.page import Page
from tests.extraction import typed_pages as typed

REYES = typed.form("Ana Reyes", "95853791K")
DIAZ = typed.form("Luis Diaz", "91120034C")
THANKS = """
Dear Dr. Singh,

Thank you for seeing this pleasant patient so soon. She is doing well with her exercises, sleeps
through the night again, and hopes to return to her garden in the spring.

Sincerely,
Marisol Ortega, MD
"""


def pages(*texts: str) -> tuple[Page, ...]:
    return tuple(typed.page_of(text, number) for number, text in enumerate(texts, 1))


def arranged(texts: tuple[str, ...], arrangement: Arrangement) -> list[tuple[tuple[int, ...], list[int], list[int]]]:
    found = requests_of(pages(*texts), arrangement)
    return [(each.numbers, [page.number for page in each.pages], [page.number for page in each.attached]) for each in found]


@pytest.mark.parametrize(
    "texts",
    [(typed.COVER, REYES, typed.NOTES, DIAZ, typed.NOTES), (typed.FORM_PAGE_1, "", typed.FORM_PAGE_2), (typed.COVER, typed.LETTER)],
    ids=["packet of two", "blank back", "letter"],
)
def test_what_a_person_leaves_as_it_was_is_read_from_the_same_pages_and_beside_the_same(texts: tuple[str, ...]) -> None:
    by_itself = split(pages(*texts))
    named = tuple(tuple(page.number for page in each.pages) for each in by_itself)
    same = requests_of(pages(*texts), named)
    assert [(each.kind, each.pages, each.attached) for each in same] == [
        (each.kind, each.pages, each.attached) for each in by_itself
    ]
    assert [each.numbers for each in same] == [each.numbers for each in by_itself] == list(named)


def test_without_an_arrangement_the_pages_are_split() -> None:
    assert requests_of(pages(REYES, DIAZ), None) == split(pages(REYES, DIAZ))


def test_two_forms_that_a_person_joins_are_one_request_and_one_that_he_parts_are_two() -> None:
    assert arranged((REYES, DIAZ), ((1, 2),)) == [((1, 2), [1, 2], [])]
    assert arranged((typed.FORM_PAGE_1, typed.FORM_PAGE_2), ((1,), (2,))) == [((1,), [1], []), ((2,), [2], [])]


def test_a_named_page_that_carries_no_values_is_the_requests_and_is_attached() -> None:
    assert arranged((typed.COVER, REYES, typed.NOTES), ((1, 2, 3),)) == [((1, 2, 3), [2], [1, 3])]


def test_a_letter_beside_a_form_is_attached_to_it() -> None:
    assert arranged((typed.LETTER, DIAZ), ((1, 2),)) == [((1, 2), [2], [1])]


def test_pages_in_no_group_belong_to_no_request() -> None:
    assert arranged((REYES, DIAZ), ((2,),)) == [((2,), [2], [1])]
    assert arranged((REYES, DIAZ), ()) == []


@pytest.mark.parametrize(
    ("text", "kind"), [(typed.NOTES, PageKind.FORM), ("", PageKind.FORM), (typed.COVER, PageKind.FORM), (THANKS, PageKind.LETTER)]
)
def test_what_is_not_taken_for_a_request_is_one_where_a_person_says_so(text: str, kind: PageKind) -> None:
    assert split(pages(text)) == ()
    (found,) = requests_of(pages(text), ((1,),))
    assert (found.kind, found.numbers, len(found.pages)) == (kind, (1,), 1)


def test_groups_keep_their_order_and_those_that_are_no_request_of_their_own_are_left_out() -> None:
    assert arranged((REYES, DIAZ), ((2,), (9,), (1,), (2, 7), ())) == [((2,), [2], []), ((1,), [1], [])]
