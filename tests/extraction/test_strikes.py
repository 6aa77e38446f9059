"""A struck-out value and the one beside it: a change where one is asked for, else a slip of the pen."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from extraction.fields import RequestReading, read_request
from extraction.pages import PageKind, RequestPages
from extraction.split import split
from extraction.strikes import without_struck
from models.document import MediaType
from models.geometry import Box
from models.page import Page, Word
from ocr.document import DocumentReader
from ocr.options import ReadingOptions
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.ocr.drawing import document

TODAY = date(2026, 9, 1)


def corrected(folder: Path, kind: str) -> tuple[RequestReading, dict[str, object], RequestPages]:
    """A digital form of the kind on which a value is struck out: what was read, its label, its pages."""
    for seed in range(40):
        path = make(Order("fax", kind, Condition.DIGITAL, f"struck-{kind}-{seed}", struck=1.0), folder)
        label = json.loads((folder / "fax.truth.json").read_text(encoding="utf-8"))["requests"][0]
        with DocumentReader(document(path, MediaType.PDF), ReadingOptions(first_engine="none", second_engine=None)) as reader:
            request = split(tuple(reader.pages()))[0]
        marked = without_struck(request)[1]
        if marked and (kind == "new" or label["amendments"]):
            return read_request(request, TODAY), label, request
    raise AssertionError("no form with a correction was drawn")


def test_a_struck_value_on_an_amendment_is_a_change(tmp_path: Path) -> None:
    reading, label, _ = corrected(tmp_path, "amendment")
    stated = [(change.action, change.field, change.old, change.new) for change in reading.amendments]
    wanted = [(c["action"], c["field"], c["old"], c["new"]) for c in label["amendments"]]  # type: ignore[attr-defined]
    assert [(a, f, str(old), str(new)) for a, f, old, new in stated] == [(a, f, str(old), str(new)) for a, f, old, new in wanted]
    assert all(change.confidence <= 0.5 for change in reading.amendments)


def test_a_struck_value_on_a_new_request_is_a_slip_and_its_correction_is_looked_at(tmp_path: Path) -> None:
    reading, _, request = corrected(tmp_path, "new")
    assert reading.amendments == ()
    struck = {word.text for page in request.pages for word in page.words if word.struck}
    assert not struck & {str(each.value) for each in reading.readings}
    assert any(each.value is not None and each.confidence <= 0.5 for each in reading.readings)


@pytest.mark.parametrize("marked", [True, False])
def test_struck_words_side_by_side_are_one_value(marked: bool) -> None:
    words = tuple(
        Word(text, Box(left, 0.2, left + 0.08, 0.21), 0.5, struck=marked) for text, left in (("Quail", 0.1), ("Meadow", 0.19))
    )
    other = Word("Imaging", Box(0.4, 0.2, 0.48, 0.21), 0.9)
    cleared, struck = without_struck(RequestPages(PageKind.FORM, (Page(1, 1.294, (*words, other)),)))
    assert [each.text for each in struck] == (["Quail Meadow"] if marked else [])
    assert [word.text for word in cleared.pages[0].words] == (["Imaging"] if marked else ["Quail", "Meadow", "Imaging"])


def test_words_that_forms_print_are_not_struck_out() -> None:
    words = (Word("dates", Box(0.1, 0.2, 0.14, 0.21), 0.5, struck=True), Word("Code", Box(0.3, 0.2, 0.34, 0.21), 0.5, struck=True))
    cleared, struck = without_struck(RequestPages(PageKind.FORM, (Page(1, 1.294, words),)))
    assert (struck, cleared.pages[0].words) == ((), words)
