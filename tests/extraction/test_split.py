"""Which pages are one request."""

from __future__ import annotations

import pytest

from extraction.pages import PageKind
from extraction.split import split
from models.geometry import Box
from models.page import Page, Word
from tests.extraction import typed_pages as typed

REYES = typed.form("Ana Reyes", "95853791K")
DIAZ = typed.form("Luis Diaz", "91120034C")


def pages(*texts: str) -> tuple[Page, ...]:
    return tuple(typed.page_of(text, number) for number, text in enumerate(texts, 1))


def numbers(*texts: str) -> list[tuple[list[int], list[int]]]:
    return [([page.number for page in r.pages], [page.number for page in r.attached]) for r in split(pages(*texts))]


@pytest.mark.parametrize(
    "texts",
    [(typed.COVER,), (typed.NOTES,), (typed.DENIAL,), (typed.COVER, typed.NOTES), (typed.INSTRUCTIONS,), ("",), ()],
    ids=["cover", "notes", "denial", "cover and notes", "instructions", "blank page", "no page"],
)
def test_pages_without_a_request_give_none(texts: tuple[str, ...]) -> None:
    assert split(pages(*texts)) == ()


def test_a_cover_sheet_that_cancels_a_members_authorization_is_a_request_where_nothing_else_is() -> None:
    cover = typed.COVER + "\nPatient: Ana Reyes  DOB: 11/02/1957\nAuth #: 26031877\nPlease cancel the above referral.\n"
    assert [(found.kind, [page.number for page in found.pages]) for found in split(pages(cover))] == [(PageKind.LETTER, [1])]
    assert numbers(cover, REYES) == [([2], [1])]


def test_a_packet_is_its_form_with_cover_and_notes_attached() -> None:
    assert numbers(typed.COVER, REYES, typed.NOTES, typed.NOTES) == [([2], [1, 3, 4])]


def test_a_second_page_of_the_same_form_belongs_to_the_first() -> None:
    assert numbers(typed.FORM_PAGE_1, typed.FORM_PAGE_2) == [([1, 2], [])]


def test_a_second_page_that_came_first_is_put_in_order_with_its_form() -> None:
    assert numbers(typed.FORM_PAGE_2, typed.FORM_PAGE_1) == [([1, 2], [])]


def test_the_back_of_a_sheet_does_not_part_a_form() -> None:
    assert numbers(typed.FORM_PAGE_1, "", typed.FORM_PAGE_2) == [([1, 3], [])]


def test_a_last_page_with_the_plans_own_box_belongs_to_the_form() -> None:
    assert numbers(REYES, typed.TAIL_PAGE, typed.NOTES) == [([1, 2], [3])]


def test_two_members_on_the_same_form_are_two_requests() -> None:
    assert numbers(typed.COVER, REYES, DIAZ) == [([2], [1]), ([3], [1])]


def test_a_letter_and_a_form_of_another_member_are_two_requests() -> None:
    assert numbers(typed.LETTER, DIAZ) == [([1], []), ([2], [])]


def test_an_instruction_page_is_attached() -> None:
    assert numbers(typed.INSTRUCTIONS, REYES) == [([2], [1])]


def test_a_letter_of_medical_necessity_is_attached_to_the_form_it_supports() -> None:
    support = """
To whom it may concern:
I am writing on behalf of my patient Ana Reyes, member ID 95853791K, to request authorization of an
MRI of the lumbar spine. She has failed six weeks of conservative treatment.
Sincerely,
Corazon Patel, MD
"""
    assert numbers(REYES, support) == [([1], [2])]


def test_the_kind_of_a_request_is_that_of_its_first_page() -> None:
    change = REYES.replace("Prior Authorization Request", "Authorization Change Request")
    kinds = [split(pages(text))[0].kind for text in (REYES, change, typed.LETTER)]
    assert kinds == [PageKind.FORM, PageKind.CHANGE_FORM, PageKind.LETTER]


def test_misread_letters_do_not_change_the_split() -> None:
    noisy = [text.replace("o", "c").replace("Requ", "Reqv") for text in (typed.COVER, REYES, typed.NOTES)]
    assert numbers(*noisy) == [([2], [1, 3])]


def test_a_form_that_could_hardly_be_read_is_still_one_by_its_cells() -> None:
    cells = tuple(Box(0.1, 0.1 + 0.04 * row, 0.9, 0.13 + 0.04 * row) for row in range(15))
    word = Word("~x;", Box(0.2, 0.2, 0.3, 0.21), 0.2)
    requests = split((Page(1, 1.29, (word,) * 5, cells=cells),))
    assert [request.kind for request in requests] == [PageKind.FORM]


OTHER_FORM = """
              TAMARACK HEALTH ALLIANCE
         Treatment Authorization Request
Client data
Last: Diaz                  First: Luis
Born: 04/02/1961            Card number: 91120034C
Referring physician: Corazon Patel, MD      NPI: 1234567893
Rendering provider: Delta Imaging Center    NPI: 1144316001
ICD-10 code: M19.90         CPT code: 73721
Start date: 03/20/2026      Priority: Routine
"""

SECOND_SHEET = """
Member: Ana Reyes
Date of birth: 09/12/1954   ID number: 95853791K      Phone: (831) 555-0199
Authorization request
Request date: 03/04/2026    Review level: [ ] Routine  [X] Urgent
Signature of requesting provider:                     Date: 03/04/2026
"""

FIRST_SHEET = """
         Service Authorization Request
Referring physician: Corazon Patel, MD      NPI: 1234567893     Fax: (831) 555-0101
Rendering provider: Delta Imaging Center    NPI: 1144316001
Diagnosis code: M54.50      Procedure code: 72148     Start date: 03/15/2026
Patient information
First name: Ana             Last name: Reyes
"""


def test_two_members_on_different_forms_are_two_requests() -> None:
    assert numbers(REYES, OTHER_FORM) == [([1], []), ([2], [])]


def test_a_box_for_continuations_does_not_make_a_form_the_next_page_of_another() -> None:
    offering = OTHER_FORM.replace("Client data", "[ ] Initial   [ ] Continuation   [ ] Continued service\nClient data")
    assert numbers(REYES, offering) == [([1], []), ([2], [])]


def test_a_sheet_that_asks_for_what_the_first_left_out_belongs_to_it() -> None:
    assert numbers(FIRST_SHEET, SECOND_SHEET) == [([1, 2], [])]


POORLY_READ = """
         Prior Authorization Request
Actor eque ted:  Innal Modification    Service s  Emergen
Requested By
Pad eNe FARIDA STAVROS   IN 33-1884947
O 4871 OLD MILL LANE, LINDEN FLATS
Services By
FOXGLOVE INFUSION SERVICE  TIN 47-9008770
Member Data
Member ID No. ~~
Diagnoses
Dx Code F41.1
"""


def test_a_whole_form_behind_one_that_could_hardly_be_read_is_another_request() -> None:
    assert numbers(POORLY_READ, DIAZ) == [([1], []), ([2], [])]
    assert numbers(POORLY_READ.replace("~~", "91120034C"), DIAZ) == [([1, 2], [])]


def test_a_last_page_whose_heading_is_like_that_of_another_paper_belongs_to_the_form() -> None:
    tail = """
Member: Ana Reyes
Diagnosis Information
Description                     Code
Solitary pulmonary nodule       R91.1
Signed:                         Signature date: 03/04/2026
                 HEALTH PLAN USE ONLY - DO NOT WRITE BELOW
Control no.      Effective from      Effective to     Reviewer
"""
    assert numbers(typed.FORM_PAGE_1, tail) == [([1, 2], [])]
