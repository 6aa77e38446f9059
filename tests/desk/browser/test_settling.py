"""Settling a flagged fax by keys alone: accept, correct, choose, take back, undo, complete, and the next one opens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk
from tests.desk.browser.review import Review

BAD = "form-standard-001.tif"
UNBILLABLE = "unbillable-001.tif"
CHANGE = "change-001.tif"


@pytest.fixture
def review(live_desk: Desk, person: OpenPerson) -> Review:
    return Review.of(person("ana"), live_desk.records(BAD)[0])


def value_of(work: dict[str, Any], path: str) -> object:
    value: Any = work["record"]
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def test_the_first_question_has_the_focus(review: Review) -> None:
    expect(review.page.locator(".question").first).to_have_attribute("aria-current", "true")
    review.expect_focus(review.questions()[0])
    assert "to settle" in review.page.locator("#left-count").inner_text()
    work = review.work()
    assert work["mine"]


def test_enter_accepts_a_right_value_and_goes_on(review: Review) -> None:
    path = review.doubtful()
    review.go_to(path)
    before = value_of(review.work(), path)
    review.press("Enter")
    expect(review.field(path)).not_to_be_focused()
    work = review.work()
    assert path not in review.questions()
    reading = work["record"]["readings"][path]
    assert (reading["method"], reading["needs_review"]) == ("coordinator", False)
    assert value_of(work, path) == before
    assert review.focus_path() in {*review.questions(), "diagnoses", "services", "signature.present"}


def test_typing_replaces_the_whole_value_and_enter_keeps_it(review: Review) -> None:
    path = "requesting_provider.contact"
    review.go_to(path)
    review.type("Ruth Marlow")
    review.press("Enter")
    assert value_of(review.work(), path) == "Ruth Marlow"
    expect(review.field(path)).to_have_value("Ruth Marlow")


def test_arrows_and_f2_edit_the_value_and_escape_takes_back(review: Review) -> None:
    path = "requesting_provider.name"
    field = review.go_to(path)
    before = field.input_value()
    review.press("F2")
    review.type("x")
    expect(field).to_have_value(f"{before}x")
    review.press("Escape")
    expect(field).to_have_value(before)
    review.press("ArrowRight")
    review.type("y")
    expect(field).to_have_value(f"{before}y")
    review.press("Escape")
    assert review.work()["edits"] == 0


def test_a_candidate_and_a_choice_are_one_key_away(review: Review) -> None:
    candidates = review.work()["record"]["readings"]["requesting_provider.tin"]["candidates"]
    review.go_to("requesting_provider.tin")
    expect(review.page.locator("#choices li").first).to_contain_text(candidates[0])
    review.press("Alt+1")
    assert value_of(review.work(), "requesting_provider.tin") == candidates[0]
    review.press("Alt+u", "Alt+2")
    assert value_of(review.work(), "request.urgency") == "urgent"
    expect(review.page.locator("#facts")).to_contain_text("Urgent")


def test_what_is_no_value_says_why_and_one_more_enter_keeps_it_as_the_form_has_it(review: Review) -> None:
    path = "member.date_of_birth"
    field = review.go_to(path)
    review.type("born in May")
    expect(review.page.locator("#ask-problem")).to_contain_text("Cannot be kept: A date such as 2/17/2026.")
    review.press("Control+Enter")
    expect(field).to_be_focused()
    expect(review.page.locator("#live")).to_contain_text("Enter keeps it as the form has it, as a gap.")
    assert review.work()["edits"] == 0
    review.press("Escape")
    review.type("born in May")
    expect(review.page.locator("#ask-problem")).to_contain_text("Cannot be kept")
    review.press("Enter")
    expect(field).to_be_focused()
    expect(review.page.locator("#ask-how")).to_contain_text("keep it as a gap")
    review.press("Enter")
    expect(field).not_to_be_focused()
    work = review.work()
    assert (value_of(work, path), work["record"]["readings"][path]["text"]) == (None, "born in May")
    assert path in {gap["field"] for gap in work["record"]["gaps"]}
    assert path not in review.questions()


def test_a_value_is_made_blank_by_one_key(review: Review) -> None:
    path = "requesting_provider.name"
    review.go_to(path)
    review.press("Control+Delete")
    expect(review.field(path)).not_to_be_focused()
    expect(review.field(path)).to_have_value("")
    assert value_of(review.work(), path) is None
    assert path not in review.questions()


def test_a_list_that_is_doubted_and_has_a_gap_for_it_is_settled_by_one_key(live_desk: Desk, person: OpenPerson) -> None:
    record, asked = next(
        (record_id, asked)
        for record_id in live_desk.waiting()
        if (asked := [gap["field"] for gap in live_desk.newest(record_id)["gaps"] if gap["rule"] == "lists.complete"])
    )
    name = asked[0].partition(".")[0]
    review = Review.of(person("ana"), record)
    review.page.locator(f'#record [data-path="{name}"]').focus()
    review.press("Enter")
    work = review.work()
    assert not {name, f"{name}.code"} & set(review.questions())
    assert work["edits"] == 1
    expect(review.page.locator("#live")).not_to_contain_text("not kept")


def test_a_row_that_was_missed_is_added_at_the_question_and_answers_it(live_desk: Desk, person: OpenPerson) -> None:
    review = Review.of(person("ana"), live_desk.records(CHANGE)[0])
    lists = [path for path in review.questions() if path in ("diagnoses", "services")]
    assert lists, "no list is asked about"
    row = len(review.work()["record"][lists[0]])
    review.page.locator(f'#record [data-path="{lists[0]}"]').focus()
    review.type("M5450" if lists[0] == "diagnoses" else "97110")
    review.press("Enter")
    expect(review.field(f"{lists[0]}.{row}.code")).not_to_be_focused()
    assert len(review.work()["record"][lists[0]]) == row + 1
    assert lists[0] not in review.questions()


def test_a_value_that_is_typed_faster_than_it_is_checked_comes_back(review: Review) -> None:
    field = review.go_to("member.date_of_birth")
    review.type("born in May")
    review.press("Enter")
    expect(review.page.locator("#live")).to_contain_text("ot kept")
    expect(field).to_have_value("born in May")
    assert "member.date_of_birth" in review.questions()
    field.focus()
    review.press("Enter")
    expect(field).to_have_value("")
    assert review.work()["record"]["readings"]["member.date_of_birth"]["text"] == "born in May"


def test_a_suspicious_value_is_kept_with_its_problem_shown(review: Review) -> None:
    path = "requesting_provider.npi"
    review.go_to(path)
    review.type("1234567890")
    expect(review.page.locator("#ask-problem")).to_contain_text("check digit")
    review.press("Enter")
    assert value_of(review.work(), path) == "1234567890"
    review.go_to(path)
    expect(review.page.locator("#ask-problem")).to_contain_text("check digit")


def test_undo_takes_back_the_last_kept_entry(review: Review) -> None:
    path = "requesting_provider.contact"
    before = value_of(review.work(), path)
    review.go_to(path)
    review.type("Wrong Person")
    review.press("Enter")
    review.settled_down()
    review.press("Control+z")
    review.expect_focus(path)
    expect(review.field(path)).to_have_value(str(before))
    work = review.work()
    assert (value_of(work, path), work["edits"]) == (before, 0)


def test_icd_10_is_searched_by_words_and_chosen_by_arrows(review: Review) -> None:
    row = len(review.work()["record"]["diagnoses"])
    review.press("Alt+g")
    review.expect_focus(f"diagnoses.{row}.code")
    review.type("low back pain")
    options = review.page.get_by_role("listbox", name="Codes that fit").get_by_role("option")
    expect(options.first).to_contain_text("M54.5")
    review.press("ArrowDown", "ArrowDown")
    code = options.nth(1).get_attribute("data-code")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    review.press("Enter")
    assert value_of(review.work(), f"diagnoses.{row}.code") == code
    review.go_to(f"diagnoses.{row}.code")
    expect(review.page.locator("#ask-hint")).to_contain_text("ow back pain")


def test_rows_are_added_and_removed(review: Review) -> None:
    services = review.work()["record"]["services"]
    review.press("Alt+s")
    review.type("99213")
    review.press("Enter")
    assert len(review.work()["record"]["services"]) == len(services) + 1
    review.go_to(f"services.{len(services)}.code")
    review.press("Alt+Backspace")
    expect(review.page.locator("#live")).to_contain_text("is removed")
    assert len(review.work()["record"]["services"]) == len(services)
    review.press("Control+z")
    expect(review.field(f"services.{len(services)}.code")).to_have_value("99213")


def test_kind_and_urgency_have_keys_and_take_their_first_letters(review: Review) -> None:
    review.press("Alt+k")
    review.type("ext")
    review.press("Enter")
    review.press("Alt+u")
    review.type("r")
    expect(review.page.locator("#ask-problem")).to_contain_text("One of")
    review.type("o")
    review.press("Enter")
    request = review.work()["record"]["request"]
    assert (request["kind"], request["urgency"]) == ("extension", "routine")


def test_one_key_completes_and_the_next_fax_opens(live_desk: Desk, person: OpenPerson) -> None:
    (record,) = live_desk.records(UNBILLABLE)
    review = Review.of(person("ana"), record)
    review.settle_all()
    expect(review.page.locator("#complete")).to_be_focused()
    review.press("Control+Enter")
    review.page.wait_for_url(lambda url: record not in url)
    left = live_desk.newest(record)
    assert (left["final"], left["revision"]) == (True, 2)
    following = live_desk.waiting()[0]
    assert review.page.url.endswith(f"/records/{following}")
    expect(review.page.locator(".question[aria-current]").first).to_be_visible()


def test_completing_goes_to_what_is_not_settled_yet(review: Review) -> None:
    first = review.questions()[0]
    review.go_to("signature.signed_on")
    review.press("Control+Enter")
    review.expect_focus(first)
    expect(review.page.locator("#live")).to_contain_text("not settled yet")
    assert not review.work()["final"]


def test_skipping_lets_go_and_opens_the_one_behind(live_desk: Desk, person: OpenPerson) -> None:
    first, second = live_desk.waiting()[:2]
    review = Review.of(person("ana"), first)
    review.press("Alt+j")
    review.page.wait_for_url(re.compile(second))
    held = live_desk.site.query("SELECT record_id FROM desk_items WHERE claimed_by = 'ana'")
    assert held == [(second,)]


def test_a_fax_is_dismissed_and_taken_up_again(live_desk: Desk, person: OpenPerson) -> None:
    record = live_desk.records("unbillable-001.tif")[0]
    review = Review.of(person("ana"), record)
    review.press("Alt+x", "Enter")
    review.page.wait_for_url(lambda url: record not in url)
    assert live_desk.newest(record)["status"] == "no_request"
    again = Review.of(review.person, record)
    expect(again.page.locator("#closed")).to_contain_text("ana ended it")
    again.press("Alt+o")
    expect(again.page.locator("#closed")).to_be_hidden()
    assert again.work()["mine"]


def test_changes_stand_side_by_side_and_are_entered_in_an_editor(live_desk: Desk, person: OpenPerson) -> None:
    review = Review.of(person("ana"), live_desk.records(CHANGE)[0])
    review.press("Alt+c", "Tab", "Tab", "Tab")
    review.type("3/1/2026")
    review.press("Tab")
    review.type("some day")
    review.press("Enter")
    expect(review.page.locator("#change-problem")).to_contain_text("Cannot be kept: The value to: A date")
    review.press("Control+a")
    review.type("5/1/2026")
    review.press("Enter")
    change = review.field("amendments.0")
    expect(change.locator(".before .side-value")).to_have_text("03/01/2026")
    expect(change.locator(".after .side-value")).to_have_text("05/01/2026")
    (kept,) = review.work()["record"]["amendments"]
    assert kept == {"action": "replace", "field": "services.to_date", "old": "2026-03-01", "new": "2026-05-01", "code": None}
    change.focus()
    review.press("F2")
    review.page.get_by_role("textbox", name="After").fill("6/1/2026")
    review.press("Enter")
    expect(change.locator(".after .side-value")).to_have_text("06/01/2026")


def test_a_note_is_written_and_the_history_tells_who_did_what(review: Review) -> None:
    review.go_to("requesting_provider.contact")
    review.type("Ruth Marlow")
    review.press("Enter")
    review.settled_down()
    review.press("Alt+n")
    review.type("The office calls back at noon.")
    review.press("Control+Enter")
    expect(review.page.locator("#note-line")).to_contain_text("The office calls back at noon.")
    review.press("Alt+h")
    events = review.page.locator("#events > li")
    expect(events.filter(has_text="requesting provider · contact").first).to_contain_text("Ruth Marlow")
    expect(events.filter(has_text="The office calls back at noon.").first).to_contain_text("ana")
    review.press("Alt+h")
    expect(review.page.locator("#record")).to_be_visible()


def test_the_keys_are_shown_on_a_question_mark(review: Review) -> None:
    review.press("?")
    shown = review.page.locator("#help")
    for key in ("Ctrl Enter", "Ctrl Z", "Alt 1 … 9", "Alt P", "Alt X", "Alt M", "Alt N", "Alt J"):
        expect(shown.get_by_text(key, exact=True).first).to_be_visible()
    review.press("Escape")
    expect(shown).to_be_hidden()
    assert review.work()["edits"] == 0
