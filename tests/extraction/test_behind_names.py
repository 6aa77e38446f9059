"""Numbers behind the names of providers, values in a column of their own, who asks, and orders that are requests."""

from __future__ import annotations

from datetime import date

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from extraction.split import split
from models.page import Page
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def test_numbers_on_the_line_of_a_name_are_that_providers() -> None:
    found = values(
        typed.page_of("""
Member: Marcus Eldridge     DOB: 12/01/1959     ID#: 91176402C
Requesting provider: Sheila Banerjee MD, NPI 1234567893, Ph 916-555-2200, Fax 916-555-2201
Referred to: North Coast Cardiology (NPI 1144316001)
""")
    )
    assert found["requesting_provider.name"] == "Sheila Banerjee"
    assert found["requesting_provider.npi"] == "1234567893"
    assert (found["requesting_provider.phone"], found["requesting_provider.fax"]) == ("+19165552200", "+19165552201")
    assert (found["servicing_provider.name"], found["servicing_provider.npi"]) == ("North Coast Cardiology", "1144316001")


def test_a_label_of_name_and_npi_gives_both() -> None:
    found = values(typed.page_of("Requesting MD / NPI: Carla Venegas MD / 1234567893"))
    assert (found["requesting_provider.name"], found["requesting_provider.npi"]) == ("Carla Venegas", "1234567893")


def test_who_sends_the_form_yields_to_the_physician_who_asks() -> None:
    found = values(
        typed.page_of("""
Requestor's Name: Nina Castle       Relationship: Office manager

Prescriber / Ordering Physician
Name: Gerald Thornbury, MD          NPI: 1234567893
""")
    )
    assert found["requesting_provider.name"] == "Gerald Thornbury"


def test_values_in_a_column_of_their_own_answer_the_labels_far_on_their_left() -> None:
    rows = ["Member ID", "Date of birth", "Fax", "NPI", "Name"]
    said = ["KHP3300187", "06/07/1983", "(530) 555-1191", "1234567893", "Timothy Brandt DPM"]
    order = [("Requesting provider", "")] + [(rows[n], said[n]) for n in (4, 3, 2)] + [("Member", "")]
    order += [("Member name", "Wanda Okafor"), (rows[0], said[0]), (rows[1], said[1])]
    found = values(typed.page_of("\n".join(f"{label:32}{value}" for label, value in order)))
    assert (found["requesting_provider.name"], found["requesting_provider.npi"]) == ("Timothy Brandt", "1234567893")
    assert found["requesting_provider.fax"] == "+15305551191"


ORDER = """
Redwood Family Medicine                 REFERRAL ORDER
Name: Castellanos, Irma D     DOB: 03/19/1961     Member ID: 91203377E
Referred By: Anders Lindholm, MD (NPI 1234567893)
Referred To: North Coast Cardiology (NPI 1144316001)
Order date: 10/05/2026
Service: 93350 Stress echocardiogram     Start date: 10/12/2026
Diagnoses: I25.10 Atherosclerotic heart disease
Electronically signed by Anders Lindholm, MD on 10/05/2026
"""


def test_an_order_that_says_all_is_a_request_where_nothing_else_came() -> None:
    order = typed.page_of(ORDER)
    assert [request.kind for request in split((order,))] == [PageKind.FORM]
    form = typed.page_of(typed.form("Reyes, Ana", "95853791K"))
    follows = Page(2, order.aspect, order.words)
    assert [request.numbers for request in split((form, follows))] == [(1,)]
    assert split((typed.page_of(typed.DENIAL),)) == ()
