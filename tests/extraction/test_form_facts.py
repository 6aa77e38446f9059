"""What a form says of itself: heading, line of business, setting, place, admission, notes; and nothing where it leaves a doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.form_facts import form_facts
from extraction.pages import PageKind, RequestPages
from models.circumstances import LineOfBusiness
from models.form_facts import FormFacts
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Word
from models.record import ClinicalNotes, Setting
from tests.extraction.typed_pages import COVER, NOTES, page_of, words_of

FORM = """
            ALAMEDA ALLIANCE FOR HEALTH
            Prior Authorization Request        Fax: (855) 891-7174

Member Name: Reyes, Ana          Date of Birth: 09/12/1954
Member ID: 91234567A
Requesting Provider: Kevin Singh   NPI: 1234567893
"""
TICKED, EMPTY, UNCLEAR = MarkState.TICKED, MarkState.EMPTY, MarkState.AMBIGUOUS


def with_row(page: Page, y: float, *options: tuple[str, MarkState], label: str = "") -> Page:
    """The page with a row of boxes, each before its words, and a label before all of them."""
    words, boxes = list(page.words), []
    left = 0.1
    for text in label.split():
        words.append(Word(text, Box.clipped(left, y, left + 0.01 * len(text), y + 0.011), 0.99))
        left += 0.01 * len(text) + 0.006
    left += 0.03
    for option, state in options:
        boxes.append(CheckBox(Box.clipped(left, y, left + 0.014, y + 0.011), state, 0.9))
        left += 0.02
        for text in option.split():
            words.append(Word(text, Box.clipped(left, y, left + 0.01 * len(text), y + 0.011), 0.99))
            left += 0.01 * len(text) + 0.006
        left += 0.06
    return replace(page, words=tuple(words), check_boxes=(*page.check_boxes, *boxes))


def read(page: Page, *attached: Page, kind: PageKind = PageKind.FORM) -> FormFacts:
    return form_facts(RequestPages(kind, (page,), attached))


def test_the_heading_holds_what_stands_above_the_fields() -> None:
    found = read(page_of(FORM))
    assert "ALAMEDA ALLIANCE FOR HEALTH" in found.heading
    assert any("891-7174" in line for line in found.heading)
    assert (found.setting, found.place_of_service, found.line_of_business, found.clinical_notes) == (None, None, None, None)
    assert not found.altered


LINES = ("Medi-Cal", "Medicare", "Commercial")


@pytest.mark.parametrize(
    ("states", "line"),
    [
        ((TICKED, EMPTY, EMPTY), LineOfBusiness.MEDI_CAL),
        ((EMPTY, EMPTY, TICKED), LineOfBusiness.COMMERCIAL),
        ((EMPTY, EMPTY, EMPTY), None),
        ((TICKED, TICKED, EMPTY), None),
        ((TICKED, UNCLEAR, EMPTY), None),
    ],
)
def test_one_ticked_line_of_business_counts_and_no_other_state(states: tuple[MarkState, ...], line: LineOfBusiness | None) -> None:
    page = with_row(page_of(FORM), 0.5, *zip(LINES, states, strict=True), label="Line of business")
    assert read(page).line_of_business is line


def test_the_boxes_of_another_insurance_are_not_the_plans_own() -> None:
    page = with_row(page_of(FORM), 0.5, ("Medicare", TICKED), ("Commercial", EMPTY), label="Other insurance")
    assert read(page).line_of_business is None


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Medi-Cal Managed Care Authorization Request", LineOfBusiness.MEDI_CAL),
        ("Medicare D-SNP Prior Authorization", LineOfBusiness.DUAL),
        ("Medi-Cal and Medicare Authorization Request", None),
        ("Medi-Cal ID: 91234567A", None),
        ("Prior Authorization Request", None),
    ],
)
def test_a_title_that_names_one_line_of_business_tells_it(title: str, line: LineOfBusiness | None) -> None:
    assert read(page_of(f"{title}\n\nMember Name: Reyes, Ana")).line_of_business is line


def test_empty_boxes_for_it_count_more_than_a_title() -> None:
    page = page_of("Medi-Cal Managed Care Request\n\nMember Name: Reyes, Ana")
    assert read(with_row(page, 0.5, ("Medi-Cal", EMPTY), ("Medicare", EMPTY))).line_of_business is None


@pytest.mark.parametrize(
    ("ticked", "setting", "place"),
    [
        ("Inpatient", Setting.INPATIENT, None),
        ("Outpatient", Setting.OUTPATIENT, None),
        ("Office (11)", Setting.OUTPATIENT, "11"),
        ("ASC", Setting.OUTPATIENT, "24"),
        ("SNF", Setting.INPATIENT, "31"),
        ("Rental", None, None),
    ],
)
def test_setting_and_place_of_service_are_told_by_one_ticked_box(ticked: str, setting: Setting | None, place: str | None) -> None:
    options = ("Inpatient", "Outpatient", "Office (11)", "ASC", "SNF", "Rental")
    page = page_of(FORM)
    for n, option in enumerate(options):
        page = with_row(page, 0.4 + 0.03 * n, (option, TICKED if option == ticked else EMPTY))
    found = read(page)
    assert (found.setting, found.place_of_service) == (setting, place)


def test_a_setting_that_the_place_contradicts_is_not_known() -> None:
    page = with_row(page_of(FORM), 0.4, ("Inpatient", TICKED), ("Outpatient", EMPTY))
    assert read(with_row(page, 0.45, ("Office", TICKED), ("Home", EMPTY))).setting is None


def test_a_lone_box_is_no_question() -> None:
    assert read(with_row(page_of(FORM), 0.4, ("Inpatient", TICKED))).setting is None


def test_what_looks_like_a_box_in_a_letter_is_none() -> None:
    page = with_row(page_of(FORM), 0.4, ("Inpatient", TICKED), ("Outpatient", EMPTY))
    assert read(page, kind=PageKind.LETTER).setting is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Admission Date: 03/20/2026", date(2026, 3, 20)),
        ("Date of Admission 3/20/2026", date(2026, 3, 20)),
        ("Admission Date:", None),
        ("Start Date: 03/20/2026", None),
        ("Admission Date: 02/31/2026", None),
    ],
)
def test_a_date_right_behind_its_label_is_that_of_the_admission(line: str, day: date | None) -> None:
    assert read(page_of(f"{FORM}\n{line}")).admitted_on == day


def test_pages_that_are_neither_cover_nor_instructions_are_notes() -> None:
    form = page_of(FORM)
    assert read(form, page_of(COVER, 2)).clinical_notes is None
    assert read(form, page_of(COVER, 2), page_of(NOTES, 3)).clinical_notes is ClinicalNotes.ATTACHED


@pytest.mark.parametrize(
    ("options", "label", "notes"),
    [
        ((("Clinicals attached", TICKED),), "", ClinicalNotes.MARKED),
        ((("Clinicals attached", EMPTY),), "", None),
        ((("Yes", TICKED), ("No", EMPTY)), "Clinical notes attached?", ClinicalNotes.MARKED),
        ((("Yes", EMPTY), ("No", TICKED)), "Clinical notes attached?", None),
        ((("Yes", TICKED), ("No", UNCLEAR)), "Clinical notes attached?", None),
        ((("Yes", TICKED), ("No", EMPTY)), "Interpreter needed?", None),
    ],
)
def test_a_form_may_say_that_notes_come_with_it(
    options: tuple[tuple[str, MarkState], ...], label: str, notes: ClinicalNotes | None
) -> None:
    assert read(with_row(page_of(FORM), 0.5, *options, label=label)).clinical_notes is notes


@pytest.mark.parametrize("above", [0.478, 0.522])
def test_the_question_may_stand_above_or_below_its_answers(above: float) -> None:
    page = page_of(FORM)
    words = words_of(["            Clinical notes attached?"], top=above)
    left = words[0].box.left
    boxes = (
        CheckBox(Box.clipped(left, 0.5, left + 0.014, 0.511), TICKED, 0.9),
        CheckBox(Box.clipped(0.4, 0.5, 0.414, 0.511), EMPTY, 0.9),
    )
    answers = tuple(Word(text, Box.clipped(x, 0.5, x + 0.03, 0.511), 0.99) for text, x in (("Yes", left + 0.02), ("No", 0.42)))
    asked = replace(page, words=(*page.words, *words, *answers), check_boxes=boxes)
    assert read(asked).clinical_notes is ClinicalNotes.MARKED
    far = replace(
        page, words=(*page.words, *words_of(["            Clinical notes attached?"], top=0.7), *answers), check_boxes=boxes
    )
    assert read(far).clinical_notes is None


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("Medi-Cal / Medicare (Duals)", LineOfBusiness.DUAL),
        ("Medicare Medi-Cal", LineOfBusiness.DUAL),
        ("D-SNP", LineOfBusiness.DUAL),
        ("Group Care", LineOfBusiness.COMMERCIAL),
        ("Medicare Advantage", LineOfBusiness.MEDICARE),
    ],
)
def test_an_option_for_members_of_both_programmes_is_neither_of_them(option: str, line: LineOfBusiness) -> None:
    page = with_row(page_of(FORM), 0.5, (option, TICKED), label="Line of business")
    assert read(with_row(page, 0.55, ("Medi-Cal", EMPTY))).line_of_business is line


def test_a_value_that_is_struck_out_alters_the_form() -> None:
    page = page_of(FORM)
    struck = tuple(replace(word, struck=word.text == "91234567A") for word in page.words)
    assert read(replace(page, words=struck)).altered


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Health Plan: CenCal Health", "CenCal Health"),
        ("Issuer Name: Molina Healthcare", "Molina Healthcare"),
        ("Other Health Plan: CenCal Health", None),
        ("Plan to return in six weeks", None),
    ],
)
def test_the_plan_is_read_behind_the_label_that_asks_for_it(line: str, named: str | None) -> None:
    found = read(page_of(f"{FORM}\n{line}")).plan_named
    assert set(found) == ({named} if named else set())
