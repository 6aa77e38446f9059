"""What an office writes on a request that it sends a second time, and what only looks so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.pages import PageKind, RequestPages
from extraction.second_mark import marked_second
from models.geometry import Box
from models.page import CheckBox, MarkState, Page
from tests.extraction.typed_pages import page_of


def _request(text: str, cover: str | None = None) -> RequestPages:
    attached = () if cover is None else (page_of(cover),)
    return RequestPages(PageKind.FORM, (page_of(text, 2),), attached)


@pytest.mark.parametrize(
    "line",
    [
        "2ND REQUEST",
        "*** SECOND REQUEST ***",
        "Resubmission",
        "CORRECTED REQUEST - DISREGARD PRIOR FAX",
        "Please disregard previous fax sent 3/2/2026",
        "Re-faxed 3/5/2026",
        "This is our second request for these visits, please process at your earliest convenience today",
    ],
)
def test_an_office_says_that_it_asks_again(line: str) -> None:
    assert marked_second(_request(f"PRIOR AUTHORIZATION REQUEST\n\n{line}\n\nMember Name: Ruiz, Ana"))


def test_the_cover_sheet_may_say_so() -> None:
    assert marked_second(_request("PRIOR AUTHORIZATION REQUEST", cover="FAX COVER SHEET\n\nRE: 2nd request"))


@pytest.mark.parametrize(
    "line",
    [
        "This is not a second request",
        "If this is a resubmission, write the tracking number here",
        "Do not send a second request within 5 days",
        "Date of 2nd request:",
        "Second opinion requested",
        "Initial   Resubmission   Appeal",
        "Resubmission? Y / N",
        "Requests that are resubmitted without new information will be returned to the office that has sent them",
    ],
)
def test_what_a_form_prints_or_denies_is_no_mark(line: str) -> None:
    assert not marked_second(_request(f"PRIOR AUTHORIZATION REQUEST\n\n{line}\n\nMember Name: Ruiz, Ana"))


@pytest.mark.parametrize(("state", "marked"), [(MarkState.TICKED, True), (MarkState.EMPTY, False), (MarkState.AMBIGUOUS, False)])
def test_beside_a_box_it_counts_where_the_box_is_ticked(state: MarkState, *, marked: bool) -> None:
    page: Page = page_of("PRIOR AUTHORIZATION REQUEST\n\n   Resubmission")
    word = next(word for word in page.words if word.text == "Resubmission")
    box = Box(word.box.left - 0.02, word.box.top, word.box.left - 0.008, word.box.bottom)
    boxed = replace(page, check_boxes=(CheckBox(box, state, 0.99),))
    assert marked_second(RequestPages(PageKind.FORM, (boxed,))) is marked
