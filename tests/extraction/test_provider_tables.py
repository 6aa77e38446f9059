"""Tables that say their headings once: a row of values under them, and providers as rows or as columns."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Page
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)
LINE = 0.019


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def ruled(first: int, rows: int, starts: tuple[int, ...]) -> tuple[Box, ...]:
    """Cells around the lines from the first on, with upright lines before these characters."""
    tops = [0.05 + LINE * (first + n) - 0.004 for n in range(rows + 1)]
    edges = [0.08 + 0.0095 * start - 0.004 for start in starts]
    return tuple(Box(left, top, right, bottom) for top, bottom in pairwise(tops) for left, right in pairwise(edges))


def test_a_row_of_headings_over_one_row_of_values() -> None:
    lines = [
        "1. Member",
        "Last name      First name   Birth date   Sex  Medicaid ID   Telephone",
        "MCBRIDE        BERNICE      05-01-2010   F    XYZ143753595",
    ]
    page = Page(1, 1.294, typed.words_of(lines), cells=ruled(1, 2, (0, 15, 28, 41, 46, 60, 72)))
    found = values(page)
    assert (found["member.last_name"], found["member.first_name"]) == ("MCBRIDE", "BERNICE")
    assert (found["member.date_of_birth"], found["member.member_id"]) == (date(2010, 5, 1), "XYZ143753595")
    assert "member.phone" not in found


PROVIDERS = [
    "2. Providers",
    "Role            Name             NPI         TIN         Phone         Fax",
    "Requesting      Wanda Ferraro    1809547940              512-785-8750  517-852-7283",
    "{}      Yolanda Nguyen   1964932069  77-9009571  718-592-5281",
]
STARTS = (0, 16, 33, 45, 57, 71, 84)


def test_providers_as_rows_of_a_table() -> None:
    lines = [line.format("Servicing ") for line in PROVIDERS]
    lines.append("PCP             Ruth Haddad      1246134567              512-943-4464  919-422-8763")
    found = values(Page(1, 1.294, typed.words_of(lines), cells=ruled(1, 4, STARTS)))
    assert (found["requesting_provider.name"], found["requesting_provider.npi"]) == ("Wanda Ferraro", "1809547940")
    assert (found["requesting_provider.phone"], found["requesting_provider.fax"]) == ("+15127858750", "+15178527283")
    assert "requesting_provider.tin" not in found
    assert (found["servicing_provider.name"], found["servicing_provider.npi"]) == ("Yolanda Nguyen", "1964932069")
    assert (found["servicing_provider.tin"], found["servicing_provider.phone"]) == ("77-9009571", "+17185925281")
    assert "servicing_provider.fax" not in found


def test_of_two_rows_the_one_that_does_not_request_serves() -> None:
    lines = [line.format("Quiet Home") for line in PROVIDERS]
    found = values(Page(1, 1.294, typed.words_of(lines), cells=ruled(1, 3, STARTS)))
    assert (found["servicing_provider.npi"], found["servicing_provider.phone"]) == ("1964932069", "+17185925281")


def test_providers_as_columns_of_a_table() -> None:
    lines = [
        "Provider Information",
        "                Requesting Provider       Servicing Provider",
        "Name            Wanda Ferraro             Yolanda Nguyen",
        "NPI             1809547940                1964932069",
        "Tax ID                                    77-9009571",
        "Telephone       512-785-8750              718-592-5281",
        "Fax             517-852-7283",
    ]
    found = values(Page(1, 1.294, typed.words_of(lines), cells=ruled(1, 6, (0, 16, 42, 68))))
    assert (found["requesting_provider.name"], found["servicing_provider.name"]) == ("Wanda Ferraro", "Yolanda Nguyen")
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1809547940", "1964932069")
    assert (found["requesting_provider.phone"], found["servicing_provider.phone"]) == ("+15127858750", "+17185925281")
    assert (found["requesting_provider.fax"], found["servicing_provider.tin"]) == ("+15178527283", "77-9009571")
    assert not {"requesting_provider.tin", "servicing_provider.fax", "member.last_name"} & found.keys()
