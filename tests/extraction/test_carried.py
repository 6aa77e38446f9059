"""Sections that go on over a page break."""

from __future__ import annotations

from datetime import date

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.page import Page
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)
FIRST = [
    "Sierra Foothill IPA     Questions? Fax: (800) 555-0100",
    "",
    "MEMBER INFORMATION",
    "Member name: Tran, Priya      Member ID: 97321617C",
    "",
    "REQUESTING PROVIDER",
    "Name: Tomas Patel             NPI: 1250971110",
    "Phone: (310) 258-1158         Fax: (619) 523-8853",
    "",
    "SERVICING PROVIDER",
    "Name: Xiomara Okafor          NPI: 1737918700",
]


def values(*pages: list[str]) -> dict[str, FieldValue]:
    read = tuple(Page(n, 1.294, typed.words_of(lines)) for n, lines in enumerate(pages, 1))
    found = read_request(RequestPages(PageKind.FORM, read), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def test_a_section_goes_on_over_the_page_break_though_the_members_name_heads_the_next_page() -> None:
    second = [
        "Member: Tran, Priya           ID: 97321617C",
        "",
        "TIN: 33-5774771    Phone: (916) 528-1031    Fax: (530) 974-4289",
        "",
        "SERVICES REQUESTED",
        "CPT code: 72148",
    ]
    found = values(FIRST, second)
    assert found["servicing_provider.tin"] == "33-5774771"
    assert found["servicing_provider.fax"] == "+15309744289"
    assert found["servicing_provider.phone"] == "+19165281031"
    assert found["requesting_provider.fax"] == "+16195238853"


def test_what_the_section_had_before_the_break_and_a_letterhead_are_not_its_own_again() -> None:
    again = values([*FIRST, "Fax: (209) 555-0111"], ["TIN: 33-5774771    Fax: (530) 974-4289", "", "CPT code: 72148"])
    assert again["servicing_provider.fax"] == "+12095550111"
    letterhead = values(FIRST, ["Questions? Call us", "Fax: (800) 555-0100", "", "CPT code: 72148"])
    assert "servicing_provider.fax" not in letterhead


def test_what_follows_a_section_that_is_no_providers_is_not_carried() -> None:
    found = values([*FIRST, "", "SERVICES REQUESTED", "CPT code: 72148"], ["TIN: 33-5774771    Fax: (530) 974-4289"])
    assert "servicing_provider.fax" not in found


def test_a_phone_beside_a_label_that_names_the_sections_owner_goes_on_with_it() -> None:
    found = values(
        FIRST, ["Member: Tran, Priya", "", "Tel: (916) 528-1031    Rendering provider fax: (530) 974-4289", "", "CPT code: 72148"]
    )
    assert found["servicing_provider.phone"] == "+19165281031"
    assert "member.phone" not in found
