"""Where forms put labels and values: numbered lines, columns, captions below, labels on doubtful pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.fields import read_request
from extraction.labels import find_labels
from extraction.lexicon import default_lexicon
from extraction.pages import PageKind, RequestPages
from extraction.scalars import candidates, settle
from extraction.sections import Owned
from extraction.slot import Direction
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Rule, Word
from models.reading import FieldValue
from tests.extraction import typed_pages as typed

TODAY = date(2026, 3, 10)


def values(page: Page) -> dict[str, FieldValue]:
    """The values of a one-page form by path, without what it does not give."""
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def read(*lines: str) -> dict[str, FieldValue]:
    return values(Page(1, 1.294, typed.words_of(list(lines))))


def test_fields_with_a_line_number_belong_to_the_service_of_that_number() -> None:
    found = read(
        "SERVICES REQUESTED",
        "",
        "Code 1: 72148        Description 1: MRI lumbar spine",
        "Units 1: 2           Start date 1: 03/15/2026",
        "Code 2: 97110        Description 2: Therapeutic exercise",
        "Units 2: 12          Start date 2: 03/20/2026",
    )
    assert (found["services.0.code"], found["services.0.units"]) == ("72148", 2)
    assert (found["services.1.code"], found["services.1.units"]) == ("97110", 12)
    assert found["services.1.from_date"] == date(2026, 3, 20)


def test_a_range_of_dates_in_one_field_gives_both_ends() -> None:
    found = read("CPT code: 72148", "Service period: 03/15/2026 thru 04/15/2026")
    assert (found["services.0.from_date"], found["services.0.to_date"]) == (date(2026, 3, 15), date(2026, 4, 15))


def test_a_column_of_codes_needs_no_second_column() -> None:
    found = read("Line      ICD Code", "1.        M54.50", "2.        G56.02", "3.        M19.011")
    assert [found[f"diagnoses.{n}.code"] for n in range(3)] == ["M54.50", "G56.02", "M19.011"]


def test_titles_centred_over_two_columns_own_the_labels_of_their_column() -> None:
    found = read(
        "        Requesting Provider                        Servicing Provider",
        "",
        "Name: Ann Lee                        Name: Delta Imaging Center",
        "NPI: 1234567893                      NPI: 1144316001",
        "Fax: (831) 555-0101                  Fax: (831) 555-0102",
    )
    assert (found["requesting_provider.npi"], found["servicing_provider.npi"]) == ("1234567893", "1144316001")
    assert found["servicing_provider.fax"] == "+18315550102"


def test_captions_under_their_lines_are_read_upwards_and_a_blank_line_stays_blank() -> None:
    lines = [
        "REQUESTING PROVIDER",
        "",
        "Ann Lee                       1234567893",
        "Provider name:                NPI:",
        "",
        "(831) 555-0101                              ",
        "Phone:                        Fax:",
        "",
        "12-3456789",
        "Tax ID:",
    ]
    words = typed.words_of(lines)
    drawn = [
        Rule(Box.clipped(left, word.box.top - 0.003, left + 0.2, word.box.top - 0.002), horizontal=True)
        for word in words
        if word.text in ("Provider", "NPI:", "Phone:", "Fax:", "Tax")
        for left in [word.box.left]
    ]
    found = values(Page(1, 1.294, words, rules=tuple(drawn)))
    assert found["requesting_provider.npi"] == "1234567893"
    assert found["requesting_provider.phone"] == "+18315550101"
    assert found["requesting_provider.tin"] == "12-3456789"
    assert "requesting_provider.fax" not in found


def test_writing_close_over_a_caption_is_read_whole_and_not_as_standing_beside_it() -> None:
    written = typed.words_of(["REQUESTING PROVIDER", "", "Granite Oak Peak Clinic"])
    last = max(word.box.bottom for word in written)
    # On a page that leans, the end of the writing comes down to the caption's height.
    caption = Word("Name:", Box.clipped(0.08, last - 0.002, 0.13, last + 0.008), 0.99)
    line = Rule(Box.clipped(0.08, last - 0.001, 0.6, last), horizontal=True)
    assert values(Page(1, 1.294, (*written, caption), rules=(line,)))["requesting_provider.name"] == "Granite Oak Peak Clinic"


def test_a_value_ends_before_a_label_that_could_not_be_read() -> None:
    found = read("MEMBER INFORMATION", "", "Member Name: Ana Hawthorne           Gruop Na.: 73326     Sext F")
    assert (found["member.first_name"], found["member.last_name"]) == ("Ana", "Hawthorne")


def test_a_label_that_could_not_be_read_is_no_code() -> None:
    found = read("Procedure Code 1: 96413", "Procedure Code 2: Sercie 2", "Diagnosis Code: M06.9")
    assert [path for path in found if path.endswith(".code")] == ["diagnoses.0.code", "services.0.code"]
    page = Page(1, 1.294, typed.words_of(["Procedure Code 1: 96413", "Procedure Code 2: Sercie 2"]))
    readings = read_request(RequestPages(PageKind.FORM, (page,)), TODAY).readings
    assert "services.1.code" not in {reading.path for reading in readings}


def test_a_phrase_of_a_title_is_no_label() -> None:
    title = Page(1, 1.294, typed.words_of(["Correction to an approved authorization", "", "Auth Number R-7953-7414"]))
    assert [label.text for label in find_labels(title, default_lexicon())] == ["Auth Number"]


def test_a_label_glued_to_its_number_and_one_run_together_are_read() -> None:
    found = read("REQUESTING PROVIDER", "", "Name: Ann Lee", "NPI1234567893", "TaxID: 12-3456789")
    assert (found["requesting_provider.npi"], found["requesting_provider.tin"]) == ("1234567893", "12-3456789")


# One letter for another, one lost, two made of one, one made of two, an accent made of a speck, a letter that is like none.
_MISREAD = [
    ("NANE", None, "NAME"),
    ("FHONE", "PHONE", "PHONE"),
    ("1D", "ID", "ID"),
    ("GVEN", None, "GIVEN"),
    ("NARNE", None, "NAME"),
    ("PAUENT", "PARENT", "PATIENT"),
    ("DAT\u00c9", None, "DATE"),
    ("NPX", None, "NPI"),
]


@pytest.mark.parametrize(("token", "strict", "loose"), _MISREAD)
def test_a_doubtful_page_is_matched_more_loosely(token: str, strict: str | None, loose: str) -> None:
    assert default_lexicon().resolve(token) == strict
    assert default_lexicon(loose=True).resolve(token) == loose


@pytest.mark.parametrize("token", ["EMILY", "JANE", "AMBER", "LINDEN", "HINA", "SEP"])
def test_names_that_are_like_labels_are_none(token: str) -> None:
    assert default_lexicon().resolve(token) is None
    assert default_lexicon(loose=True).resolve(token) is None


def test_labels_of_a_doubtful_page_are_found_with_misread_letters() -> None:
    words = typed.words_of(["Paticnt Nane: Reyes, Ana", "Menber 1D: 91234567A"])
    doubtful = tuple(replace(word, confidence=0.6) for word in words)
    found = values(Page(1, 1.294, doubtful))
    assert (found["member.last_name"], found["member.member_id"]) == ("Reyes", "91234567A")


@pytest.mark.parametrize(("line", "contact"), [("Contact Edith Oyelaran", "Edith Oyelaran"), ("Contact Member Services", None)])
def test_contact_before_a_name_is_a_label_and_before_words_of_a_form_an_instruction(line: str, contact: str | None) -> None:
    found = read("REQUESTING PROVIDER", "Name: Ann Lee", "NPI: 1234567893", line)
    assert found.get("requesting_provider.contact") == contact


def test_one_place_for_both_ends_of_a_range_under_from_and_to() -> None:
    found = read(
        "SERVICES REQUESTED",
        "",
        "CPT Code 1: 95810      Units 1: 1",
        "From - To 1: 9/5/26 THRU 12/3/26",
        "CPT Code 2: E0562      Units 2: 1",
        "From - To 2: 9/5/26 THRU 9/5/26",
    )
    assert (found["services.0.from_date"], found["services.0.to_date"]) == (date(2026, 9, 5), date(2026, 12, 3))
    assert (found["services.1.from_date"], found["services.1.to_date"]) == (date(2026, 9, 5), date(2026, 9, 5))


def test_a_caption_without_its_value_is_no_value_of_the_label_before_it() -> None:
    found = read("SERVICES REQUESTED", "", "Servicing provider:   Original value:     Corrected value:")
    assert "servicing_provider.name" not in found


@pytest.mark.parametrize(("read_as", "word"), [("DLAGNOSLS", "DIAGNOSIS"), ("BI11ING", "BILLING"), ("1D", "ID"), ("10", "10")])
def test_letters_that_look_the_same_in_print_are_one_in_the_words_of_labels(read_as: str, word: str) -> None:
    assert default_lexicon().resolve(read_as) == word


def test_a_field_whose_first_place_holds_the_values_of_others_is_read_in_its_second() -> None:
    lines = [
        "Name:                 Phone: (408) 369-3868",
        "Subscriber Name:      Member ID #:    ",
        "                      90079416Y",
    ]
    page = Page(1, 1.294, typed.words_of(lines))
    labels = find_labels(page, default_lexicon())
    owned = tuple(
        Owned(label, "member", None, after_contact=False) for label in labels if label.attribute in ("phone", "member_id")
    )
    finder = SlotFinder(page, labels, captions_below=True)
    settled = settle(candidates(owned, finder, 1, TODAY))
    (member_id,) = [each.label for each in owned if each.label.attribute == "member_id"]
    assert finder.slots(member_id)[0].direction is Direction.ABOVE
    assert settled["member.member_id"][0].reading.value == "90079416Y"


def test_a_name_is_not_looked_for_in_a_number() -> None:
    lines = ["Phone: (408) 369-3868", "Contact Name:", "Huong Tran"]
    page = Page(1, 1.294, typed.words_of(lines))
    labels = find_labels(page, default_lexicon())
    owned = tuple(Owned(label, "requesting", None, after_contact=False) for label in labels if label.attribute == "contact")
    settled = settle(candidates(owned, SlotFinder(page, labels, captions_below=True), 1, TODAY))
    assert settled["requesting_provider.contact"][0].reading.value == "Huong Tran"


def test_what_stands_over_the_caption_of_the_row_above_is_no_value_of_a_caption_below() -> None:
    lines = ["91234567A", "Member ID Number", "C20, C78.00", "ICD-10 Diagnosis Code(s) - separate with a comma"]
    # The words lean: the box of the last line reaches into the line over it, and is higher than its letters.
    words = tuple(
        replace(word, box=Box.clipped(word.box.left, word.box.top - 0.005, word.box.right, word.box.bottom + 0.005))
        if word.box.top > 0.1
        else word
        for word in typed.words_of(lines)
    )
    rules = tuple(Rule(Box(0.08, y, 0.8, y + 0.001), True) for y in (0.066, 0.104, 0.126))
    found = values(Page(1, 1.294, words, rules=rules))
    assert (found["member.member_id"], found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("91234567A", "C20", "C78.00")


def test_a_date_is_looked_for_below_its_label_where_what_stands_beside_it_is_none() -> None:
    found = read("PATIENT INFORMATION", "DOB:              x Female", "05/03/1978")
    assert found["member.date_of_birth"] == date(1978, 5, 3)


def test_an_id_that_cannot_be_read_beside_its_label_is_not_looked_for_below() -> None:
    found = read("PATIENT INFORMATION", "Member ID:        ~/~ ~~", "92103")
    assert "member.member_id" not in found


def test_a_facility_asked_for_beside_other_captions_is_no_title() -> None:
    found = read(
        "SERVICING PROVIDER",
        "",
        "Name                      NPI",
        "Delta Imaging Center      1487793048",
        "",
        "Fax                       Facility",
        "(619) 971-4388            Natividad Creek Hospital",
    )
    assert found["servicing_provider.facility"] == "Natividad Creek Hospital"


def test_what_stands_behind_a_label_of_its_own_is_no_value_of_a_title_below_it() -> None:
    lines = ["Provider: Ulises Thibodeaux", "Phone: 209-419-9289", "Rendering provider fax: 1-209-436-1072"]
    words = typed.words_of(
        [*lines, "IV. ICD-10 Diagnosis Codes", "Primary diagnosis code: M54.1", "Secondary diagnosis code: M51.26"]
    )
    found = values(Page(1, 1.294, words, rules=(Rule(Box(0.08, 0.1015, 0.6, 0.1025), horizontal=True),)))
    assert [value for path, value in found.items() if path.startswith("diagnoses.")] == ["M54.1", "M51.26"]


def test_a_value_ends_where_its_line_ends() -> None:
    words = typed.words_of(["Last Name Ramos          First Emeka           MI R"])
    written = {word.text: word.box for word in words if word.text in ("Ramos", "Emeka", "R")}
    ends = {"Ramos": 0.05, "Emeka": 0.05, "R": 0.03}
    rules = tuple(Rule(Box(box.left, 0.0615, box.right + ends[text], 0.0625), horizontal=True) for text, box in written.items())
    assert values(Page(1, 1.294, words))["member.first_name"] == "Emeka MI R"
    assert values(Page(1, 1.294, words, rules=rules))["member.first_name"] == "Emeka"


def boxed(*lefts: float, ticked: int) -> tuple[CheckBox, ...]:
    """Check-boxes on the first typed line."""
    states = [MarkState.TICKED if n == ticked else MarkState.EMPTY for n in range(len(lefts))]
    return tuple(CheckBox(Box(x, 0.05, x + 0.012, 0.06), state, 0.99) for x, state in zip(lefts, states, strict=True))


def test_names_of_check_boxes_are_no_labels_and_no_values() -> None:
    words = typed.words_of(["Submitted by:    PCP      Specialist      Hospital", "", "SERVICING PROVIDER", "NPI: 1083643092"])
    lefts = [word.box.left - 0.018 for word in words[2:5]]
    found = values(Page(1, 1.294, words, check_boxes=boxed(*lefts, ticked=2)))
    assert found.get("servicing_provider.npi") == "1083643092"
    assert "servicing_provider.name" not in found


def test_the_names_of_check_boxes_under_a_label_for_comments_state_no_change() -> None:
    words = typed.words_of(["Reason for submission:", "   Revision    Extend    Standard 03-14-2026"])
    page = Page(1, 1.294, words)
    lefts = [word.box.left - 0.018 for word in words if word.text in ("Revision", "Extend")]
    boxes = tuple(replace(box, box=Box(box.box.left, 0.069, box.box.right, 0.08)) for box in boxed(*lefts, ticked=0))

    def changes(page: Page) -> int:
        return len(read_request(RequestPages(PageKind.FORM, (page,)), TODAY).amendments)

    assert changes(replace(page, check_boxes=boxes)) == 0


def test_feet_of_letters_beside_a_label_are_no_line_over_it() -> None:
    words = typed.words_of(["Facility: Amber Ridge Ambulatory Clinic"])
    last = words[-1].box
    feet = Rule(Box(last.left + 0.01, last.y + 0.001, last.left + 0.03, last.y + 0.002), horizontal=True)
    lowered = (replace(words[0], box=Box(words[0].box.left, 0.053, words[0].box.right, 0.064)), *words[1:])
    assert values(Page(1, 1.294, lowered, rules=(feet,)))["servicing_provider.facility"] == "Amber Ridge Ambulatory Clinic"


def test_a_facility_left_blank_is_no_section_of_its_own() -> None:
    page = Page(
        1,
        1.294,
        typed.words_of(
            [
                "Servicing Provider",
                "",
                "Facility / location                                    ",
                "",
                "Fax Number          (408) 490-9769",
            ]
        ),
    )
    label = next(word for word in page.words if word.text == "Facility")
    last = next(word for word in page.words if word.text == "location")
    blank = Box(last.box.right + 0.01, label.box.top - 0.004, last.box.right + 0.3, label.box.bottom + 0.004)
    assert values(replace(page, cells=(blank,)))["servicing_provider.fax"] == "+14084909769"


def test_a_label_begins_with_the_word_right_before_it_though_nobody_knows_that_word() -> None:
    found = read(
        "Servicing provider",
        "",
        "Contact name: Thaddeus Quiroga      Zonal status: Par",
        "Facility: Bay Clinic    Zonal status: Par",
    )
    assert found["servicing_provider.facility"] == "Bay Clinic"


def test_labels_in_the_strip_between_two_stacks_of_boxes_take_each_the_box_beside_it() -> None:
    words = typed.words_of(["ICD-10 #1:  M54.50     ICD-10 #2:  M54.16", "ICD-10 #3:             ICD-10 #4:"])
    lefts = [word.box.left for word in words if word.text.startswith("M54")]
    boxes = tuple(Box(left - 0.005, top, left + 0.08, top + 0.017) for left in lefts for top in (0.047, 0.066))
    strip = Box(lefts[0] + 0.081, 0.046, lefts[1] - 0.006, 0.084)
    found = values(Page(1, 1.294, words, cells=(*boxes, strip)))
    assert (found["diagnoses.0.code"], found["diagnoses.1.code"]) == ("M54.50", "M54.16")
