"""What forms of payers do that drawn ones do not: values that run on, labels that only a rule ends, services to tick."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from extraction.split import split
from models.geometry import Box
from models.page import CheckBox, MarkState, Method, Page, Rule, Word
from models.reading import FieldValue

TODAY = date(2026, 3, 10)
HEIGHT = 0.012
PLANS = ((0.06, MarkState.EMPTY), (0.38, MarkState.AMBIGUOUS))


def line(left: float, top: float, *words: str, width: float = 0.009) -> tuple[Word, ...]:
    placed = []
    for word in words:
        right = left + width * len(word)
        placed.append(Word(word, Box(left, top, right, top + HEIGHT), 0.99, Method.PDF_TEXT))
        left = right + 0.006
    return tuple(placed)


def values(page: Page) -> dict[str, FieldValue]:
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def test_a_value_goes_on_in_the_next_line_of_its_cell_where_it_had_no_room() -> None:
    label = line(0.05, 0.10, "Servicing", "Provider:")
    words = (*label, *line(label[-1].box.right + 0.01, 0.10, "Valley", "Orthopedic"), *line(0.05, 0.12, "Center"))
    end = words[3].box.right
    full, wide = (Page(1, 1.294, words, cells=(Box(0.044, 0.095, right, 0.14),)) for right in (end + 0.03, end + 0.2))
    assert values(full)["servicing_provider.name"] == "Valley Orthopedic Center"
    assert values(wide)["servicing_provider.name"] == "Valley Orthopedic"


def test_a_rule_to_write_on_ends_the_label_before_it() -> None:
    name = line(0.05, 0.10, "Requesting", "Provider", "Name", "Samuel", "Ortega")
    phone = line(name[-1].box.right + 0.03, 0.10, "Phone", "7145550123")
    starts = ((name[3].box.left, name[4].box.right + 0.02), (phone[1].box.left, phone[1].box.right + 0.02))
    rules = tuple(Rule(Box(left - 0.002, 0.1125, right, 0.1135), horizontal=True) for left, right in starts)
    found = values(Page(1, 1.294, (*name, *phone), rules=rules))
    assert (found["requesting_provider.name"], found["requesting_provider.phone"]) == ("Samuel Ortega", "+17145550123")
    assert "requesting_provider.name" not in values(Page(1, 1.294, (*name, *phone)))


def test_ticked_ones_of_printed_services_are_requested() -> None:
    captions = (("Brain", "(70551)"), ("Lumbar", "spine", "(72148)"), ("Neck", "(72141)"))
    words = tuple(word for n, caption in enumerate(captions) for word in line(0.1, 0.3 + 0.02 * n, *caption))
    states = (MarkState.EMPTY, MarkState.TICKED, MarkState.EMPTY)
    boxes = tuple(CheckBox(Box(0.08, 0.3 + 0.02 * n, 0.092, 0.312 + 0.02 * n), state, 0.9) for n, state in enumerate(states))
    member = line(0.05, 0.1, "Member", "Name:", "Ana", "Reyes")
    found = values(Page(1, 1.294, (*member, *words), check_boxes=boxes))
    assert [value for path, value in found.items() if path.endswith(".code")] == ["72148"]


def test_what_needs_to_change_is_read_to_the_end_of_its_sentence() -> None:
    title = line(0.1, 0.05, "Existing", "Authorization", "-", "Modification")
    fields = (*line(0.05, 0.1, "Auth", "no.", "PA7719203"), *line(0.05, 0.13, "Member", "Name:", "Ana", "Reyes"))
    text = ("What needs to change?", "Please remove M20.11 and use M20.12 instead. Extend the end date to", "07/15/2026.")
    words = tuple(word for n, part in enumerate(text) for word in line(0.05, 0.2 + 0.018 * n, *part.split()))
    found = read_request(RequestPages(PageKind.CHANGE_FORM, (Page(1, 1.294, (*title, *fields, *words)),)), TODAY)
    assert {(change.action, change.field, str(change.old), str(change.new)) for change in found.amendments} == {
        ("replace", "diagnoses.code", "M20.11", "M20.12"),
        ("replace", "services.to_date", "None", "2026-07-15"),
    }


def test_a_form_to_modify_an_authorization_is_a_change_form() -> None:
    lines = (
        "Existing Authorization - Modification",
        "Auth no. PA7719203",
        "Member Name: Ana Reyes",
        "ID: 91234567A DOB: 03/14/1985",
    )
    rest = ("Requesting Provider: Mark Lee NPI: 1234567893", "What needs to change?", "Modifier RT should be LT.")
    words = tuple(word for n, part in enumerate((*lines, *rest)) for word in line(0.05, 0.05 + 0.03 * n, *part.split()))
    cells = tuple(Box(0.04, 0.07 + 0.03 * n, 0.9, 0.1 + 0.03 * n) for n in range(4))
    assert [found.kind for found in split((Page(1, 1.294, words, cells=cells),))] == [PageKind.CHANGE_FORM]


def test_of_two_codes_on_a_row_each_has_the_quantity_behind_it() -> None:
    words = line(0.05, 0.1, "CPT", "1:", "95004", "Qty:", "60", "CPT", "2:", "94010", "Qty:", "12", "Start", "Date:", "3/20/2026")
    found = values(Page(1, 1.294, (*line(0.05, 0.05, "Member:", "Ana", "Reyes"), *words)))
    assert [found[f"services.{n}.from_date"] for n in (0, 1)] == [date(2026, 3, 20)] * 2
    assert [(found[f"services.{n}.code"], found[f"services.{n}.units"]) for n in (0, 1)] == [("95004", 60), ("94010", 12)]


def test_a_label_before_the_first_box_says_on_which_side_the_options_stand() -> None:
    words = (*line(0.05, 0.1, "Type", "of", "Request"), *line(0.24, 0.1, "Initial"), *line(0.34, 0.1, "Reauthorization"))
    wrapped = line(0.05, 0.12, "Modification")
    boxes = tuple(
        CheckBox(Box(left, 0.1, left + 0.012, 0.112), state, 0.9)
        for left, state in ((0.222, MarkState.EMPTY), (0.322, MarkState.TICKED), (0.49, MarkState.EMPTY))
    )
    member = line(0.05, 0.05, "Member", "Name:", "Ana", "Reyes")
    assert values(Page(1, 1.294, (*member, *words, *wrapped), check_boxes=boxes))["request.kind"] == "extension"


def test_abbreviated_providers_and_the_numbers_of_a_facility_have_their_owners() -> None:
    rows = (
        ("Req.", "Prov.:", "Amy", "Castellano", "NPI:", "1234567893", "Ph:", "559-555-6100"),
        ("Svc.", "Prov.:", "Sierra", "Clinic", "NPI:", "1740992312", "Fx:", "559-555-7101"),
    )
    found = values(Page(1, 1.294, tuple(word for n, row in enumerate(rows) for word in line(0.05, 0.1 + 0.03 * n, *row))))
    assert (found["requesting_provider.name"], found["requesting_provider.phone"]) == ("Amy Castellano", "+15595556100")
    assert (found["servicing_provider.npi"], found["servicing_provider.fax"]) == ("1740992312", "+15595557101")
    apart = (("Ordering", "physician:", "Mark", "Lee"), ("NPI:", "1234567893"), ("Facility", "NPI:", "1740992312"))
    found = values(Page(1, 1.294, tuple(word for n, row in enumerate(apart) for word in line(0.05, 0.1 + 0.03 * n, *row))))
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1740992312")


def test_the_last_word_of_a_caption_in_its_second_line_asks_for_nothing_of_its_own() -> None:
    member = line(0.05, 0.05, "Member", "Name:", "Ana", "Reyes")
    code = line(0.05, 0.1, "CPT", "Code:", "64483")
    caption = (*line(0.3, 0.2, "End", "Date", "OR", "Discharge"), *line(0.3, 0.217, "Date"), *line(0.3, 0.234, "10042026"))
    found = values(Page(1, 1.294, (*member, *code, *caption), cells=(Box(0.29, 0.195, 0.6, 0.25),)))
    assert found["services.0.to_date"] == date(2026, 10, 4)
    assert "request.requested_on" not in found


def test_items_of_a_list_state_changes_however_short() -> None:
    rows = (
        "Please make the following corrections to the authorization:",
        "1. Change CPT 73721 to 73723.",
        "2. Start date is 7/9/26.",
    )
    words = tuple(word for n, row in enumerate(rows) for word in line(0.05, 0.3 + 0.02 * n, *row.split()))
    member = line(0.05, 0.05, "Member", "Name:", "Ana", "Reyes")
    found = read_request(RequestPages(PageKind.CHANGE_FORM, (Page(1, 1.294, (*member, *words)),)), TODAY)
    assert ("replace", "services.code", "73721", "73723") in {(c.action, c.field, c.old, c.new) for c in found.amendments}


def test_a_form_for_more_visits_is_an_extension() -> None:
    rows = (
        ("Request", "for", "Additional", "Visits"),
        ("Authorization", "Number:", "R-2607-00912"),
        ("Member", "Name:", "Ana", "Reyes"),
        ("Member", "ID:", "91234567A"),
        ("Additional", "visits", "requested:", "6"),
        ("New", "end", "date:", "10/31/2026"),
    )
    words = tuple(word for n, row in enumerate(rows) for word in line(0.05, 0.05 + 0.03 * n, *row))
    page = Page(1, 1.294, words, cells=tuple(Box(0.04, 0.07 + 0.03 * n, 0.9, 0.1 + 0.03 * n) for n in range(5)))
    (request,) = split((page,))
    found = read_request(request, TODAY)
    assert {reading.path: reading.value for reading in found.readings}["request.kind"] == "extension"
    assert {(c.action, c.field, c.new) for c in found.amendments} == {
        ("add", "services.units", 6),
        ("replace", "services.to_date", date(2026, 10, 31)),
    }


def test_words_that_labels_and_names_share_end_no_name() -> None:
    rows = ("Member Name: Ana Reyes", "Servicing Provider: Juniper Flats Infusion Services", "Facility: Tamarack Imaging Center")
    found = values(Page(1, 1.294, tuple(word for n, row in enumerate(rows) for word in line(0.05, 0.1 + 0.03 * n, *row.split()))))
    assert found["servicing_provider.name"] == "Juniper Flats Infusion Services"
    assert found["servicing_provider.facility"] == "Tamarack Imaging Center"


def test_what_brackets_only_hint_at_is_not_what_a_label_asks_for() -> None:
    rows = (
        ("PT", "NAME:", "Lucinda", "Esparza", "HP", "ID#:", "98214470A"),
        ("REQ.", "MD", "(if", "not", "PCP):", "Vera", "Nwosu"),
        ("REFER", "TO", "(specialist", "/", "facility):", "Gould", "Neurology"),
    )
    found = values(Page(1, 1.294, tuple(word for n, row in enumerate(rows) for word in line(0.05, 0.1 + 0.03 * n, *row))))
    assert (found["member.member_id"], found["requesting_provider.name"]) == ("98214470A", "Vera Nwosu")
    assert found["servicing_provider.name"] == "Gould Neurology"
    assert "servicing_provider.facility" not in found


def test_a_label_in_two_lines_of_its_cell_says_whose_the_rest_of_its_row_is() -> None:
    """Flush right, as payers set the left column of their tables."""
    rows = (
        (0.10, ("Requesting", "Provider"), "Name:", "1275830945"),
        (0.16, ("Servicing", "Provider", "or"), "Facility:", "1811637424"),
    )
    words: list[Word] = []
    cells: list[Box] = []
    for top, upper, lower, npi in rows:
        ends = [line(0.05, top, *upper)[-1].box.right, line(0.05, top, lower)[-1].box.right]
        words += [*line(0.05 + 0.3 - ends[0], top, *upper), *line(0.05 + 0.3 - ends[1], top + 0.016, lower)]
        words += [*line(0.37, top, "Valley", "Clinic"), *line(0.62, top, "NPI#:"), *line(0.72, top, npi)]
        edges = (0.04, 0.36, 0.61, 0.71, 0.95)
        cells += [Box(left, top - 0.006, right, top + 0.04) for left, right in pairwise(edges)]
    found = values(Page(1, 1.294, tuple(words), cells=tuple(cells)))
    assert found["requesting_provider.npi"] == "1275830945"
    assert found["servicing_provider.npi"] == "1811637424"


def test_what_the_plan_ticks_is_no_kind_of_request() -> None:
    title = line(0.1, 0.05, "AUTHORIZATION", "EXTENSION", "REQUEST")
    member = line(0.05, 0.1, "Member", "Name:", "Ana", "Reyes")
    plan = line(0.05, 0.3, "PLAN", "USE", "ONLY")
    answer = (*line(0.08, 0.32, "Extended", "to:", "____"), *line(0.4, 0.32, "New", "request", "required", "by:", "____"))
    boxes = tuple(CheckBox(Box(left, 0.32, left + 0.012, 0.332), state, 0.9) for left, state in PLANS)
    found = values(Page(1, 1.294, (*title, *member, *plan, *answer), check_boxes=boxes))
    assert found["request.kind"] == "extension"
