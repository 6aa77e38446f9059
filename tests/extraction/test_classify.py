"""The kind of a single page, and the data it is told by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.classify import facts, page_kind_data
from extraction.pages import PageKind
from extraction.split import split
from tests.extraction import typed_pages as typed

KINDS = [
    (typed.COVER, PageKind.COVER),
    (typed.NOTES, PageKind.NOTES),
    (typed.INSTRUCTIONS, PageKind.INSTRUCTIONS),
    (typed.DENIAL, PageKind.OTHER),
    (typed.LETTER, PageKind.LETTER),
    (typed.FORM_PAGE_1, PageKind.FORM),
    (typed.form("Ana Reyes", "95853791K"), PageKind.FORM),
]


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=[kind.value + str(place) for place, (_, kind) in enumerate(KINDS)])
def test_a_page_is_named_by_what_it_prints(text: str, kind: PageKind) -> None:
    assert facts(typed.page_of(text)).kind is kind


def test_an_approval_notice_with_a_members_data_is_no_request() -> None:
    approval = typed.DENIAL.replace("NOTICE OF DENIAL", "NOTICE OF APPROVAL").replace("DENIED", "APPROVED")
    assert facts(typed.page_of(approval)).kind is PageKind.OTHER


def test_a_form_title_is_not_a_change_form_title() -> None:
    page = typed.page_of(
        "Prior Authorization Request for Medication\nMember name: A B\nDate of birth: 1/1/1990\nMember ID: 1\nCPT code: 1"
    )
    assert facts(page).kind is PageKind.FORM


def test_a_form_whose_labels_are_all_abbreviated_is_known() -> None:
    """Its fax was read word by word, and no request was seen in it."""
    lines = (
        "                    PRE-CERTIFICATION",
        "Pt Name:Reyes, Ana   Pt DOB:05/15/1981   Ins ID:WTX8810023",
        "Ref MD:Arturo Beltran   Ref NPI:1639927700   Ref Ph:530-555-4300",
        "Rend MD/Fac:Feather River Surgery   Rend NPI:1407739105",
        "Dx1:M65.331   Dx2:   Px1:26055   Mod:F7   Qty:1",
    )
    assert facts(typed.page_of("\n".join(lines))).kind is PageKind.FORM


def test_a_word_of_labels_is_not_another_word_misread() -> None:
    """ "Authorization" over "Date of request" is no "authorization update request"."""
    title = "                    Outpatient Treatment Authorization"
    page = typed.page_of(f"{title}\nDate of request: 03/25/2026\n\nMember name: A B\nDate of birth: 1/1/1990")
    assert facts(page).score(PageKind.CHANGE_FORM) == 0


def test_the_forms_own_page_mark_is_read() -> None:
    second = facts(typed.page_of(typed.FORM_PAGE_2))
    assert (second.number, second.count) == (2, 2)


def test_every_cue_is_lower_case_and_weighs_something() -> None:
    data = page_kind_data()
    for cues in data.kinds.values():
        for cue in cues:
            assert cue.cue == cue.cue.lower()
            assert cue.weight > 0


def test_a_form_whose_labels_are_misread_on_a_poor_page_is_known() -> None:
    garbled = """
        First recuest      Mod'ty exieting auth
Cient Intermation
Sumeme: Reyes            Fus nane: Ana
Sredate: 09/12/1954      Ide.tlicaton nunbar: 95853791K
Ordernng Provaer
Nane: Corazon Patel, MD     NPP: 1234567893
Treating Pravder
Nane: Delta Imaging Center  NP): 1144316001
Dragnasis eode: M54.5      Procodure eode: 73721
"""
    page = typed.page_of(garbled)
    assert facts(replace(page, words=tuple(replace(word, confidence=0.9) for word in page.words))).kind is PageKind.FORM
    assert facts(page).kind is PageKind.OTHER


def test_a_plans_letter_about_its_decision_asks_for_nothing() -> None:
    letter = typed.page_of(
        """
Larkspur Health Alliance
Denial of Services
Member: Ana Reyes
Member ID: 95853791K
We received a request for an evaluation, code 97166, on Jan 27, 2026. The request does not
meet the criteria for medical necessity and was denied.
You may appeal this decision within 60 days of the date of this letter.
"""
    )
    assert split((letter,)) == ()


CHANGE_LETTER = """
Tamarack Primary Care
6657 Second St, Linden Flats, CA 95336  Tel: 213-565-5484  Fax: 213-424-6701  TIN 928065757

08/14/2026

Prior Authorization Unit
Via fax 530-353-6166

Re: Bell Ximena
Birth date: 01/28/1992
Health plan ID: 91677968M
Approved auth nunber: A30862889

Attention: Utilization Peview

This letter reguests a change to the authorization referenced above, which was
issued for Ximena Bell. Please take 94060 off of the auth. Please chanoe ths
diagnosis from J44.1 to R19.4.

Contact Jo at 213-565-5484 with any questions.

With best regards

Wilhelmina De Leon, PhD
NPI 1267399516
"""


def test_a_letter_that_asks_for_a_change_in_the_words_of_a_form_is_a_letter() -> None:
    asking = CHANGE_LETTER.replace("With best", "Change requested: diagnosis\nChange from J44.1\nRequesting provider\nWith best")
    assert facts(typed.page_of(asking)).kind is PageKind.LETTER
