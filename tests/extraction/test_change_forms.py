"""Change forms: what was and what shall be, in two columns or beside each item."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from extraction.changeheads import is_new, is_old
from extraction.classify import facts
from extraction.fields import read_request
from extraction.lexicon import tokens_of
from extraction.option_words import option_data
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import Word
from tests.extraction.typed_pages import page_of

Change = tuple[str, str, object, object]
TITLE = """
    Authorization Change Request Form
Authorization number: A5512077        Request date: 3/2/2026
Last name: Reyes     First name: Ana     Member ID: 95853791K

"""


def stated(rows: str, kind: PageKind = PageKind.CHANGE_FORM) -> list[Change]:
    page = page_of(TITLE + rows)
    found = read_request(RequestPages(kind, (page,), ()), date(2026, 4, 1)).amendments
    return [(each.action, each.field, each.old, each.new) for each in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Old", "New"),
        ("Was", "Now"),
        ("From", "To"),
        ("Now", "Should be"),
        ("Currently approved", "Requested"),
        ("Current (on file)", "Please change to"),
        ("Present information", "Revised information"),
        ("As authorized", "Requested change"),
    ],
)
def test_a_row_with_both_values_replaces_the_old_one(old: str, new: str) -> None:
    row = "{:24}{:28}{}"
    table = "\n".join(
        row.format(*cells)
        for cells in (
            ("", old, new),
            ("CPT code", "97110", "97140"),
            ("Modifier", "", ""),
            ("Units", "6", "12"),
            ("End date", "3/31/2026", "6/30/2026"),
            ("Servicing provider", "", ""),
        )
    )
    assert stated(table) == [
        ("replace", "services.code", "97110", "97140"),
        ("replace", "services.units", 6, 12),
        ("replace", "services.to_date", date(2026, 3, 31), date(2026, 6, 30)),
    ]


def test_a_value_that_stays_is_no_change() -> None:
    table = """
                        Current                     New
CPT code                97110                       97140
Units                   6                           6
End date                3/31/2026
"""
    assert stated(table) == [("replace", "services.code", "97110", "97140")]


@pytest.mark.parametrize("kind", [PageKind.CHANGE_FORM, PageKind.FORM])
def test_captions_repeated_at_each_item_are_read_side_by_side_and_stacked(kind: PageKind) -> None:
    rows = """
CPT code       Current: 97110             Requested: 97140

Units          Current:                   Requested:

End date
Current:  3/31/2026
Requested:  6/30/2026

Diagnosis code  Current: M17.11           Requested: M17.12
"""
    assert stated(rows, kind) == [
        ("replace", "services.code", "97110", "97140"),
        ("replace", "services.to_date", date(2026, 3, 31), date(2026, 6, 30)),
        ("replace", "diagnoses.code", "M17.11", "M17.12"),
    ]


def test_fields_below_the_table_are_their_own() -> None:
    rows = """
                        Old                         New
CPT code
Units

New end date: 6/30/2026         Additional visits: 12
"""
    assert sorted(stated(rows), key=repr) == [
        ("add", "services.units", None, 12),
        ("replace", "services.to_date", None, date(2026, 6, 30)),
    ]


def test_extra_visits_are_more_visits_wherever_the_label_begins() -> None:
    rows = """
                        Old                         New
CPT code
Units

Extend through: 6/30/2026         Extra units / visits needed: 12
"""
    assert ("add", "services.units", None, 12) in stated(rows)


@pytest.mark.parametrize("heading", ["New patient", "Requested by", "Current medications", "Approved requested", "To whom"])
def test_other_words_head_no_column(heading: str) -> None:
    assert not is_old(tokens_of(heading))
    assert not is_new(tokens_of(heading))


def test_identifiers_found_in_the_row_of_the_name_are_no_names() -> None:
    row = "{:24}{:16}{}"
    cells = (("", "Old", "New"), ("Servicing provider", "2836156390", "1622267635"), ("Units", "6", "12"))
    rows = "\n".join(row.format(*each) for each in cells)
    assert ("replace", "servicing_provider.npi", "2836156390", "1622267635") in stated(rows)


def test_from_and_to_beneath_a_change_of_provider_are_names_with_their_npis() -> None:
    rows = """
Change of servicing provider
   From: Ana Lee                NPI: 1234567893
   To: Omar Ruiz                NPI: 1144316001
"""
    assert stated(rows) == [
        ("replace", "servicing_provider.name", "Ana Lee", "Omar Ruiz"),
        ("replace", "servicing_provider.npi", "1234567893", "1144316001"),
    ]


def test_the_current_end_date_is_the_old_one_of_the_new_end_date() -> None:
    rows = """
Current authorization end date: 3/31/2026      New end date: 6/30/2026
"""
    assert stated(rows) == [("replace", "services.to_date", date(2026, 3, 31), date(2026, 6, 30))]


@pytest.mark.parametrize("title", ["Authorization Extension Request", "Request to Change an Approved Authorization"])
def test_a_title_in_other_words_is_that_of_a_change_form(title: str) -> None:
    text = f"""
    {title}
Authorization number: A5512077        Request date: 3/2/2026
Member name: Ana Reyes    Member ID: 95853791K    Date of birth: 9/12/1954
Requesting provider: Ann Lee      NPI: 1234567893
Current authorization end date: 3/31/2026
Requested new end date: 6/30/2026     Additional visits requested: 12
Reason:
Signature:
"""
    assert facts(page_of(text)).kind is PageKind.CHANGE_FORM


def test_items_with_from_and_to_make_a_change_form_whatever_its_title() -> None:
    lines = [
        "Referral Novation Sheet",
        "Authorization #: AUTH-2727559",
        "Member name: Reyes, Ana      ID Number: 91234567A",
        "",
        "Procedure      From: 43235      To: J1745",
        "Units          From:            To:",
        "ICD-10 code    From:            To:",
        "Modifier       From:            To:",
        "Service end    From: 3/8/26     To: 3/22/26",
    ]
    found = read_request(RequestPages(PageKind.FORM, (page_of("\n".join(lines)),)), date(2026, 3, 10))
    assert {(a.field, a.old, a.new) for a in found.amendments} == {
        ("services.code", "43235", "J1745"),
        ("services.to_date", date(2026, 3, 8), date(2026, 3, 22)),
    }


def test_an_item_of_two_words_that_are_labels_each_is_about_the_nearer_one() -> None:
    rows = """
( ) Service code           Old:                       New:
(X) Procedure modifier     Old: LT                    New: RT
( ) Quantity               Old:                       New:
(X) Expiration date        Old: 07/13/26              New: 08/08/26
"""
    changes = {(field, old, new) for _, field, old, new in stated(rows)}
    assert ("services.modifiers", "LT", "RT") in changes
    assert len(changes) == 2


def test_the_fields_of_an_extension_below_its_title_are_no_rows_of_the_table() -> None:
    rows = """
What               Old               New
CPT code
Units
Through date       2026-05-21        2026-08-28
Servicing NPI

Extension details
Additional units:  4
"""
    assert ("add", "services.units", None, 4) in stated(rows)


def test_a_modifier_to_change_is_asked_for_by_its_box_and_no_kind_of_request() -> None:
    assert option_data().values("Modifier(s)") == ()


def test_captions_in_the_wide_spaces_of_a_typewriter_are_whole() -> None:
    words: list[Word] = []
    for row, line in enumerate(("From date [X]       Original value: 03/27/2026", "Corrected value: 04/25/2026")):
        for match in re.finditer(r"\S+", line):
            left, top = 0.08 + 0.0105 * match.start(), 0.6 + 0.03 * row
            words.append(Word(match.group(), Box(left, top, left + 0.0095 * len(match.group()), top + 0.0095), 0.99))
    title = page_of(TITLE)
    page = replace(title, words=(*title.words, *words))
    more = [replace(w, box=Box(w.box.left, w.box.top + 0.08, w.box.right, w.box.bottom + 0.08)) for w in words]
    blank = [w for w in more if not any(c.isdigit() for c in w.text)]
    page = replace(page, words=(*page.words, *(replace(w, text="Through") if w.text == "From" else w for w in blank)))
    found = read_request(RequestPages(PageKind.CHANGE_FORM, (page,), ()), date(2026, 4, 1)).amendments
    assert [(a.field, a.old, a.new) for a in found] == [("services.from_date", date(2026, 3, 27), date(2026, 4, 25))]
