"""What the words of a choice name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from extraction.fields import read_request
from extraction.option_words import option_data
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import CheckBox, MarkState, Page
from tests.extraction import typed_pages as typed


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Re-authorization", "extension"),
        ("Reauth", "extension"),
        ("Recertification request", "extension"),
        ("Initial authorization", "new"),
        ("Change to existing authorization", "amendment"),
        ("Withdraw", "cancellation"),
        ("Extenslon", "extension"),
    ],
)
def test_the_kind_that_an_option_names(words: str, value: str) -> None:
    assert option_data().values(words) == (("request.kind", value),)


@pytest.mark.parametrize("words", ["Re: authorization", "Renée Iyer", "Stanford", "Unauthorized"])
def test_words_that_name_no_kind(words: str) -> None:
    assert [value for path, value in option_data().typed(words) if path == "request.kind"] == []


@pytest.mark.parametrize(("text", "named"), [("EXTENSION", True), ("Renée", False), ("Extenslon", False)])
def test_what_no_label_says_to_be_a_choice_must_be_spelled_out(text: str, named: bool) -> None:
    assert bool(option_data().spelled(text)) is named


def test_a_kind_that_is_written_behind_the_reason_for_the_submission_is_the_kind() -> None:
    page = typed.page_of("Reason for submission: CANCELLATION\nAuthorization no.: AUTH-0202680")
    found = read_request(RequestPages(PageKind.FORM, (page,)), date(2026, 3, 10))
    assert {r.path: r.value for r in found.readings}["request.kind"] == "cancellation"


@pytest.mark.parametrize(
    ("line", "fit"), [("Request Type  First request  Modification  Extension", 0.5), ("Priority  Routine  Urgent", 1.0)]
)
def test_a_kind_that_nothing_ticks_fits_badly_where_the_form_names_others(line: str, fit: float) -> None:
    page = typed.page_of(f"{line}\nLast name: Reyes     First name: Ana     Member ID: 91234567A")
    found = read_request(RequestPages(PageKind.FORM, (page,)), date(2026, 3, 10))
    kind = next(reading for reading in found.readings if reading.path == "request.kind")
    assert (kind.value, kind.evidence.fit) == ("new", fit)


def test_the_name_of_an_unticked_box_in_a_cell_is_no_answer() -> None:
    page = typed.page_of(
        "Request\n\n\n\nDecision:    Approved      Modified      Denied\n\nMember name: Reyes, Ana     Member ID: 91234567A"
    )
    names = [word.box for word in page.words if word.text in ("Approved", "Modified", "Denied")]
    boxes = tuple(CheckBox(Box(b.left - 0.018, b.top, b.left - 0.006, b.bottom), MarkState.EMPTY, 0.99) for b in names)
    cells = tuple(Box(b.left - 0.022, b.top - 0.004, b.right + 0.03, b.bottom + 0.004) for b in names)
    page = replace(page, check_boxes=boxes, cells=cells)
    found = read_request(RequestPages(PageKind.FORM, (page,)), date(2026, 3, 10))
    assert {r.path: r.value for r in found.readings}["request.kind"] == "new"


@pytest.mark.parametrize(("state", "doubtful"), [(MarkState.EMPTY, False), (MarkState.AMBIGUOUS, True)])
def test_a_written_kind_is_doubtful_where_boxes_may_choose_another(state: MarkState, doubtful: bool) -> None:
    page = typed.page_of("Purpose of this form     Amend      Cancellation\n\nReason for submission: EXTENSION")
    named = [word.box for word in page.words if word.text in ("Amend", "Cancellation")]
    boxes = tuple(CheckBox(Box(box.left - 0.02, box.top, box.left - 0.006, box.bottom), state, 0.6) for box in named)
    found = read_request(RequestPages(PageKind.FORM, (replace(page, check_boxes=boxes),)), date(2026, 3, 10))
    kind = next(reading for reading in found.readings if reading.path == "request.kind")
    assert (kind.value, kind.evidence.ambiguous, kind.evidence.fit < 1.0) == ("extension", doubtful, doubtful)


def test_printed_options_beside_a_label_are_no_answer_though_two_of_their_words_stand_close() -> None:
    lines = ["Review level:  Non-Urgent / Standard    Rush", "", "Priority is not told"]
    page = Page(1, 1.294, typed.words_of(lines))
    found = read_request(RequestPages(PageKind.FORM, (page,)), date(2026, 3, 10))
    assert [reading.value for reading in found.readings if reading.path == "request.urgency"] == [None]


@pytest.mark.parametrize(
    ("title", "path", "value"),
    [
        ("Request to Withdraw a Pending Authorization", "request.kind", "cancellation"),
        ("Extension Request", "request.kind", "extension"),
        ("RETROSPECTIVE AUTHORIZATION REQUEST", "request.urgency", "retroactive"),
        ("PREAUTHORIZATION REQUEST", "request.kind", "new"),
        ("Extension / Cancellation Request", "request.kind", "new"),
    ],
)
def test_a_title_says_what_the_form_is_for(title: str, path: str, value: str) -> None:
    page = typed.page_of(f"{title}\n\nMember name: Ana Reyes    Member ID: 95853791K\nReference number: REF-771-20934")
    found = read_request(RequestPages(PageKind.FORM, (page,)), date(2026, 3, 10))
    assert {reading.path: reading.value for reading in found.readings}[path] == value
