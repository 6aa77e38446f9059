"""Questions of a form that Yes or No answers, and the order of a name's parts in the captions under it."""

from __future__ import annotations

from datetime import date

import pytest

from extraction.fields import read_request
from extraction.pages import PageKind, RequestPages
from models.geometry import Box
from models.page import CheckBox, MarkState, Method, Page, Word
from models.reading import FieldValue

TODAY = date(2026, 3, 10)


def line(left: float, top: float, text: str) -> tuple[Word, ...]:
    placed = []
    for word in text.split():
        right = left + 0.009 * len(word)
        placed.append(Word(word, Box(left, top, right, top + 0.012), 0.99, Method.PDF_TEXT))
        left = right + 0.006
    return tuple(placed)


def box(left: float, top: float, *, ticked: bool) -> CheckBox:
    state = MarkState.TICKED if ticked else MarkState.EMPTY
    return CheckBox(Box(left, top, left + 0.012, top + 0.011), state, 0.95)


def values(words: tuple[Word, ...], boxes: tuple[CheckBox, ...] = (), cells: tuple[Box, ...] = ()) -> dict[str, FieldValue]:
    member = line(0.05, 0.05, "Member ID: 91234567A")
    page = Page(1, 1.294, (*member, *words), check_boxes=boxes, cells=cells)
    found = read_request(RequestPages(PageKind.FORM, (page,)), TODAY)
    return {reading.path: reading.value for reading in found.readings if reading.value is not None}


def asked(question: str, *, yes: bool) -> dict[str, FieldValue]:
    before = line(0.05, 0.1, question)
    end = before[-1].box.right
    words = (*before, *line(end + 0.04, 0.1, "Yes"), *line(end + 0.14, 0.1, "No"))
    return values(words, (box(end + 0.02, 0.1, ticked=yes), box(end + 0.12, 0.1, ticked=not yes)))


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("Is this request urgent?", "urgent", "routine"),
        ("Is this request retroactive?", "retroactive", None),
        ("Has the member been seen before?", None, None),
    ],
)
def test_yes_and_no_say_how_urgent_a_request_is(question: str, yes: str | None, no: str | None) -> None:
    assert [asked(question, yes=answer).get("request.urgency") for answer in (True, False)] == [yes, no]


def test_a_question_that_goes_on_in_a_second_line_is_one_question() -> None:
    words = (*line(0.05, 0.1, "Is this an extension of a current"), *line(0.05, 0.118, "authorization?"))
    words = (*words, *line(0.24, 0.118, "Yes"), *line(0.32, 0.118, "No"))
    found = values(words, (box(0.22, 0.118, ticked=True), box(0.30, 0.118, ticked=False)))
    assert found["request.kind"] == "extension"


@pytest.mark.parametrize(("captions", "last"), [("Last First", "Kwan"), ("First Last", "Meilin")])
def test_captions_under_a_name_say_which_part_comes_first(captions: str, last: str) -> None:
    words = (*line(0.05, 0.1, "Patient Name: Kwan"), *line(0.3, 0.1, "Meilin"))
    one, other = captions.split()
    under = (*line(0.2, 0.116, one), *line(0.3, 0.116, other))
    found = values((*words, *under), cells=(Box(0.044, 0.095, 0.5, 0.13),))
    assert found["member.last_name"] == last
