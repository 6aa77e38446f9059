"""Whose values are: section titles by their looks, boxes side by side, the same labels in several sections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from extraction.cells import value_cells
from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Method, Page, Rule, Word
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def test_a_title_in_a_bar_is_no_caption_of_the_value_over_it() -> None:
    lines = [
        "293736",
        "Referred by                         Servicing provider",
        "",
        "1234567893                          1144316001",
        "NPI:                                NPI:",
        "",
        "(831) 555-0101                      (831) 555-0102",
        "Fax:                                Fax:",
    ]
    words = typed.words_of(lines)
    under = [words[0], *(word for word in words if word.text[0] in "1(" or word.text.startswith("555"))]
    rules = tuple(
        Rule(Box(word.box.left, word.box.bottom + 0.001, word.box.left + 0.2, word.box.bottom + 0.002), True) for word in under
    )
    title = next(word for word in words if word.text == "Referred")
    bars = tuple(Box(left, title.box.top - 0.004, left + 0.3, title.box.bottom + 0.004) for left in (0.07, 0.41))
    edges = tuple(Rule(Box(bar.left, bar.top, bar.right, bar.top + 0.001), True) for bar in bars)
    found = values(Page(1, 1.294, words, rules=(*rules, *edges), shades=bars))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")
    assert found["requesting_provider.fax"] == "+18315550101"


def test_a_numbered_title_that_nobody_understands_still_ends_the_section_before_it() -> None:
    lines = [
        "Section A. Primary Care Physician",
        "Physician: Ann Lee      Phone: (831) 555-0103",
        "Section B. Whoever this concerns mostly",
        "Given name: Ana         Last name: Reyes",
        "Date of birth: 09/12/1954      Phone: (831) 555-0199",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["member.first_name"], found["member.last_name"]) == ("Ana", "Reyes")
    assert found["member.phone"] == "+18315550199"


def test_what_lies_between_boxes_of_one_row_is_no_cell() -> None:
    row = [Box(0.1, 0.2, 0.3, 0.22), Box(0.4, 0.2, 0.6, 0.22)]
    gap = Box(0.303, 0.19, 0.397, 0.23)
    spanning = Box(0.303, 0.2, 0.397, 0.22)
    assert gap not in value_cells(Page(1, 1.294, cells=(*row, gap)))
    assert spanning in value_cells(Page(1, 1.294, cells=(*row, spanning)))


def test_one_line_that_is_the_side_of_two_boxes_does_not_hide_what_they_hold() -> None:
    words = typed.words_of(["Section A. Requesting provider", "Tel:  8315550101", "", "TIN:  26-3699335"])
    page = Page(1, 1.294, words)
    phone, tin = (next(word.box for word in words if word.text.endswith(end)) for end in ("0101", "9335"))
    boxes = tuple(Box(box.left - 0.005, box.top - 0.005, 0.5, box.bottom + 0.005) for box in (phone, tin))
    side = Rule(Box(boxes[0].left - 0.002, boxes[0].top, boxes[0].left, boxes[1].bottom), False)
    edges = tuple(Rule(Box(box.left, y, box.right, y + 0.001), True) for box in boxes for y in (box.top, box.bottom))
    found = values(replace(page, cells=boxes, rules=(side, *edges)))
    assert (found["requesting_provider.phone"], found["requesting_provider.tin"]) == ("+18315550101", "26-3699335")


def test_a_short_label_holds_where_a_name_stands_apart_behind_it() -> None:
    found = values(typed.page_of("Provider Requesting Services\nProvider - Last Pettibone            First Emeka"))
    assert found["requesting_provider.name"] == "Emeka Pettibone"


def test_names_and_numbers_of_others_than_the_member_are_not_the_members() -> None:
    lines = [
        "Patient information",
        "Patient name: Reyes, Ana          Mother's first name: Rosa",
        "Authorized Representative Phone Number: (831) 555-0104",
        "Secondary Insurer Member ID Number: 77120034C",
        "Patient's PCP Information: Name: Luis Ortega",
        "Date of birth: 09/12/1954         Cigna ID: 95853791K",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["member.first_name"], found["member.last_name"]) == ("Ana", "Reyes")
    assert (found["member.member_id"], found["member.date_of_birth"]) == ("95853791K", date(1954, 9, 12))
    assert "member.phone" not in found


TWO_COLUMNS = """
Provider Requesting Services             Servicing Provider

Requesting name: Ann Lee                 Provider who will perform the service
                                         Delta Imaging
National Provider ID: 1234567893         NPI Number: 1144316001
Fax: (831) 555-0101                      Rendering provider fax: (831) 555-0102
Office phone: (831) 555-0103
"""


def test_the_caption_of_a_columns_first_field_begins_no_section_over_both_columns() -> None:
    found = values(typed.page_of(TWO_COLUMNS))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")
    assert (found["requesting_provider.fax"], found["servicing_provider.fax"]) == ("+18315550101", "+18315550102")
    assert found["servicing_provider.name"] == "Delta Imaging"


def test_the_number_of_a_facility_gives_way_to_the_providers_and_is_asked_about_where_it_stands_alone() -> None:
    alone = "Servicing provider information\nName: Delta Imaging     Facility tax ID: 26-3699335"
    both = f"{alone}\nServicing TIN: 12-3456789"
    assert values(typed.page_of(both))["servicing_provider.tin"] == "12-3456789"
    found = read_request(RequestPages(PageKind.FORM, (typed.page_of(alone),)), TODAY)
    assert next(r.confidence for r in found.readings if r.path == "servicing_provider.tin") <= 0.5


def test_the_address_of_a_facility_is_not_its_name() -> None:
    found = values(typed.page_of("Servicing provider information\nFacility address: 320 Quarry St, Linden Flats, CA 95336"))
    assert "servicing_provider.facility" not in found


def test_the_order_of_names_behind_a_colon_is_part_of_the_label() -> None:
    words = typed.words_of(["Beneficiary", "Member Name: Last, First", "Nakagawa, Thaddeus"])
    # Set as close as print is, so that the gaps part nothing.
    words = tuple(replace(w, box=replace(w.box, right=w.box.right + 0.006)) if w.box.top < 0.08 else w for w in words)
    box = next(word.box for word in words if word.text == "Nakagawa,")
    page = Page(1, 1.294, words, cells=(Box(0.07, box.top - 0.005, 0.5, box.bottom + 0.005),))
    found = values(page)
    assert (found["member.last_name"], found["member.first_name"]) == ("Nakagawa", "Thaddeus")


def test_the_title_of_the_services_takes_no_code_from_the_rows_over_it() -> None:
    words = typed.words_of(["ICD-10 code: M54.50", "3.", "Part 5: CPT / HCPCS Requested", "", "CPT code: 72148"])
    title = [word.box for word in words if word.text in ("Part", "Requested")]
    bar = Box(0.07, title[0].top - 0.004, 0.93, title[1].bottom + 0.004)
    edge = Rule(Box(bar.left, bar.top, bar.right, bar.top + 0.001), True)
    found = read_request(RequestPages(PageKind.FORM, (Page(1, 1.294, words, rules=(edge,), shades=(bar,)),)), TODAY)
    assert [r.value for r in found.readings if r.path.startswith("services.") and r.path.endswith(".code")] == ["72148"]


def test_a_number_beside_the_plans_reviewer_is_the_plans_own() -> None:
    lines = [
        "REQUESTING PROVIDER",
        "Name: Ana Reyes      NPI: 1234567893",
        "",
        "",
        "Control no.       Effective from       Effective to       Reviewer",
    ]
    found = values(typed.page_of("\n".join([*lines, "A57404367         03/01/2026           03/01/2026         Pended"])))
    assert "request.authorization_number" not in found
    kept = values(
        typed.page_of("\n".join([*lines[:4], "Authorization no.       Effective to", "A57404367               03/01/2026"]))
    )
    assert kept["request.authorization_number"] == "A57404367"


def test_a_specialty_is_no_title_of_a_practice() -> None:
    lines = [
        "Servicing Provider",
        "",
        "Provider name: Seacliff Orthotics",
        "Specialty:",
        "Family Practice",
        "Fax number: (530) 840-6738    Phone: (530) 973-5994",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["servicing_provider.fax"], found["servicing_provider.phone"]) == ("+15308406738", "+15309735994")


def _closer(word: Word) -> Word:
    """The word as one of a title set closer."""
    return replace(
        word, box=replace(word.box, left=0.08 + 0.6 * (word.box.left - 0.08), right=0.08 + 0.6 * (word.box.right - 0.08))
    )


def test_a_title_of_which_half_is_known_still_says_whose_its_section_is() -> None:
    lines = [
        "1. MEMBER",
        "Name: Tran, Omar                 DOB: 09/20/1999",
        "Parent / caregiver name: Helen Patel",
        "2. REFERRING PHYSICIAN OR PSYCHOLOGIST (REQUESTING)",
        "Name: Andre Whitfield            NPI: 1949191617",
        "Phone: (408) 276-7405            Fax: (530) 347-2799",
        "3. SERVICING PROVIDER",
        "Name: Ruth Brooks                NPI: 1144316001",
    ]
    words = typed.words_of(lines)
    heads = [word.box for word in words if word.text in ("1.", "2.", "3.")]
    words = tuple(_closer(word) if word.box.y < heads[1].bottom and word.box.y > heads[1].top else word for word in words)
    page = Page(1, 1.294, words, shades=tuple(Box(b.left - 0.005, b.top - 0.003, 0.94, b.bottom + 0.003) for b in heads))
    found = values(page)
    assert found["requesting_provider.fax"] == "+15303472799"
    assert found["requesting_provider.name"] == "Andre Whitfield"


def test_a_servicing_facility_below_the_section_of_who_serves_is_where_and_not_who() -> None:
    lines = [
        "Treating Provider",
        "Name: Ruth Brooks                NPI: 1951465388",
        "",
        "Servicing Facility",
        "Name: Oak Creek Surgery Center   Phone: (916) 302-2976",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert found["servicing_provider.name"] == "Ruth Brooks"
    assert found["servicing_provider.facility"] == "Oak Creek Surgery Center"


def test_words_set_larger_than_their_label_are_its_value_though_labels_have_them_too() -> None:
    words = typed.words_of(["Servicing provider", "", "Facility / location of service Harbor Hospital"])
    larger = {"Harbor", "Hospital"}
    words = tuple(
        replace(w, method=Method.PDF_TEXT, box=replace(w.box, bottom=w.box.top + (0.013 if w.text in larger else 0.0105)))
        for w in words
    )
    assert values(Page(1, 1.294, words))["servicing_provider.facility"] == "Harbor Hospital"


def test_a_name_is_of_whom_the_npi_beside_it_says_where_its_label_lost_the_owner() -> None:
    lines = [
        "Member name: Ana Reyes",
        "Primary we provider: Vera Silva     PCP NPI: 1144316001",
        "Roqueting MT Mark Lee               NPI (requesting): 1234567893",
    ]
    assert values(Page(1, 1.294, typed.words_of(lines))).get("requesting_provider.name") != "Vera Silva"
    lines[1] = "Provider: Vera Silva     Servicing NPI: 1144316001"
    assert values(Page(1, 1.294, typed.words_of(lines)))["servicing_provider.name"] == "Vera Silva"


def test_the_own_number_of_an_office_is_no_members() -> None:
    lines = [
        "Member",
        "Name: Larsen, Priya      DOB: 09/12/1940",
        "",
        "Requesting provider",
        "Name: Priya Stone     ID: 20-5294864",
    ]
    assert "member.member_id" not in values(Page(1, 1.294, typed.words_of(lines)))


def test_a_counted_title_of_which_half_is_known_needs_no_bar() -> None:
    lines = [
        "1. MEMBER",
        "Name: Tran, Omar                 DOB: 09/20/1999",
        "Parent / caregiver name: Helen Patel",
        "2. REFERRING PHYSICIAN OR LOGOPEDIST (REQUESTING)",
        "Name: Andre Whitfield            NPI: 1949191617",
        "Phone: (408) 276-7405            Fax: (530) 347-2799",
    ]
    words = typed.words_of(lines)
    head = next(word.box for word in words if word.text == "2.")
    words = tuple(_closer(word) if head.top < word.box.y < head.bottom else word for word in words)
    found = values(Page(1, 1.294, words))
    assert found["requesting_provider.name"] == "Andre Whitfield"


def test_a_box_with_a_heading_of_its_own_does_not_name_who_the_fields_beside_it_are_about() -> None:
    lines = [
        "Servicing provider information",
        "",
        "Where given:                        Dispensing pharmacy:",
        "NPI: 1234567893                     Name:",
        "Phone: (831) 555-0101               NPI:",
        "Fax: (831) 555-0102                 Phone:",
    ]
    words = typed.words_of(lines)
    top, bottom = words[3].box.top - 0.004, max(word.box.bottom for word in words) + 0.004
    left = next(word for word in words if word.text == "Dispensing").box.left - 0.01
    half = Box(left, top, 0.98, bottom)
    found = values(Page(1, 1.294, words, cells=(half,)))
    assert found["servicing_provider.npi"] == "1234567893"
    assert found["servicing_provider.phone"] == "+18315550101"


def test_the_contact_of_the_office_is_asked_for_in_its_section_behind_the_primary_care_provider_too() -> None:
    lines = [
        "REQUESTING PROVIDER",
        "Provider name: Ann Lee        NPI: 1234567893",
        "PCP name: Omar Ruiz           PCP phone: (831) 555-0103",
        "Office contact name: Ruth Osei",
    ]
    assert values(Page(1, 1.294, typed.words_of(lines)))["requesting_provider.contact"] == "Ruth Osei"


def test_who_requested_the_precertification_is_the_contact_and_not_the_prescriber() -> None:
    lines = [
        "Precertification Requested By: Ruth Osei      Phone:",
        "",
        "C. PRESCRIBER INFORMATION",
        "First Name: Ann        Last Name: Lee",
        "NPI #: 1234567893",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["requesting_provider.name"], found["requesting_provider.contact"]) == ("Ann Lee", "Ruth Osei")


def cells_of(rows: tuple[float, ...], columns: tuple[float, ...]) -> list[Box]:
    return [Box(left, top, right, bottom) for top, bottom in pairwise(rows) for left, right in pairwise(columns)]


def test_a_title_in_a_high_cell_owns_the_rows_beside_it() -> None:
    lines = [
        "SUBMITTING    NAME: Olive Grove Pediatric     NPI: 1730045584",
        "PROVIDER      TAX ID: 68-0091234              PHONE / FAX: 209-555-1400 / 209-555-1401",
        "RENDERING     NAME: Kelly Sato                NPI: 1164482097",
        "PROVIDER      LICENSE: SP 20114               PHONE: 209-555-1402",
    ]
    tops = [0.046 + 0.019 * n for n in range(5)]
    columns = (0.076, 0.205, 0.49, 0.95)
    high = [Box(columns[0], tops[0], columns[1], tops[2]), Box(columns[0], tops[2], columns[1], tops[4])]
    page = Page(1, 1.294, typed.words_of(lines), cells=(*high, *cells_of(tuple(tops), columns[1:])))
    found = values(page)
    assert (found["requesting_provider.name"], found["requesting_provider.tin"]) == ("Olive Grove Pediatric", "68-0091234")
    assert (found["requesting_provider.phone"], found["requesting_provider.fax"]) == ("+12095551400", "+12095551401")
    assert (found["servicing_provider.name"], found["servicing_provider.npi"]) == ("Kelly Sato", "1164482097")
    assert found["servicing_provider.phone"] == "+12095551402"
