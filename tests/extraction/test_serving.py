"""A facility with numbers of its own is who serves where the form asks for nobody else; combs below captions."""

from __future__ import annotations

from datetime import date

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Comb, Page, Rule
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


HOSPITAL = """
PATIENT INFORMATION
Last name: Whitfield        First name: Ingrid
ADMITTING FACILITY
Facility name: Grant Memorial Hospital      Facility NPI: 1465727919
Facility tax ID: 33-9291854                 Facility phone: (305) 346-5492
REQUESTING PHYSICIAN
Physician name: Andre McBride               NPI: 1531242521
UR contact name: Hugo Whitfield
"""


def test_the_only_facility_with_an_npi_is_who_serves() -> None:
    found = values(typed.page_of(HOSPITAL))
    assert (found["servicing_provider.name"], found["servicing_provider.npi"]) == ("Grant Memorial Hospital", "1465727919")
    assert (found["servicing_provider.tin"], found["servicing_provider.phone"]) == ("33-9291854", "+13053465492")
    assert (found["requesting_provider.npi"], found["requesting_provider.contact"]) == ("1531242521", "Hugo Whitfield")


def test_a_facility_beside_a_servicing_provider_is_where_and_not_who() -> None:
    serving = "SERVICING PROVIDER\nName: Omar Yamada            NPI: 1964932069\n"
    found = values(typed.page_of(HOSPITAL + serving))
    assert (found["servicing_provider.name"], found["servicing_provider.npi"]) == ("Omar Yamada", "1964932069")
    assert found["servicing_provider.facility"] == "Grant Memorial Hospital"


def test_the_top_of_a_comb_that_a_caption_touches_is_no_line_to_write_on() -> None:
    words = typed.words_of(["REQUESTING PROVIDER", "Requesting NPI", "1809547940"])
    comb = Box(0.08, 0.081, 0.28, 0.1)
    rules = (Rule(Box(0.215, 0.08, 0.28, 0.0805), True),)
    edges = tuple(Box(comb.left + n * 0.02, comb.top, comb.left + (n + 1) * 0.02, comb.bottom) for n in range(10))
    found = values(Page(1, 1.294, words, rules=rules, combs=(Comb(comb, edges),)))
    assert found["requesting_provider.npi"] == "1809547940"


def test_fields_for_the_first_code_and_for_more_are_no_heads_of_columns() -> None:
    """As columns of a table they would take the dates below them for codes."""
    lines = [
        "Primary procedure code     Modifier    Additional procedure code     Modifier    Diagnosis code",
        "27447                                  70553                         59          M17.11",
        "Start date                 End date",
        "03/15/2026                 04/15/2026",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines)))
    assert (found["services.0.code"], found["services.1.code"], found["diagnoses.0.code"]) == ("27447", "70553", "M17.11")
    assert found["services.0.from_date"] == found["services.1.from_date"] == date(2026, 3, 15)
