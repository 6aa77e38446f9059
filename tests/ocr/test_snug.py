"""Words' boxes end where their print ends."""

from __future__ import annotations

import numpy as np
import pytest

from models.geometry import Box
from models.page import Word
from ocr.images import Mask
from ocr.snug import snug_words
from tests.ocr.drawing import HEIGHT, WIDTH, Sheet


def ink(sheet: Sheet) -> Mask:
    return np.asarray(np.where(sheet.pixels() < 128, 255, 0), dtype=np.uint8)


def box(left: int, top: int, right: int, bottom: int) -> Box:
    return Box.clipped(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)


def pixels(word: Word) -> list[int]:
    edges = (word.box.left * WIDTH, word.box.top * HEIGHT, word.box.right * WIDTH, word.box.bottom * HEIGHT)
    return [round(edge) for edge in edges]


def test_a_box_that_reached_over_its_cell_ends_with_the_print() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((310, 420, 399, 439), fill=0)
    sheet.draw.rectangle((350, 403, 352, 404), fill=0)  # A speck.
    (found,) = snug_words((Word("Haddad", box(300, 400, 420, 450), 0.99),), ink(sheet))
    assert pixels(found) == [310, 420, 400, 440]


@pytest.mark.parametrize("text", ["*", '"'])
def test_what_stands_above_its_line_keeps_its_box(text: str) -> None:
    sheet = Sheet()
    sheet.draw.rectangle((310, 405, 319, 414), fill=0)
    (found,) = snug_words((Word(text, box(300, 400, 330, 450), 0.99),), ink(sheet))
    assert pixels(found) == [300, 400, 330, 450]


def test_a_dash_stands_at_the_height_of_its_stroke() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((310, 428, 329, 430), fill=0)
    (found,) = snug_words((Word("-", box(305, 400, 335, 440), 0.99),), ink(sheet))
    assert pixels(found) == [310, 428, 330, 431]


def test_the_dot_of_an_i_belongs_to_its_word_and_a_line_of_text_above_does_not() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((300, 412, 369, 418), fill=0)
    sheet.draw.rectangle((320, 422, 323, 426), fill=0)
    sheet.draw.rectangle((300, 430, 399, 455), fill=0)
    (found,) = snug_words((Word("in", box(300, 400, 400, 460), 0.99),), ink(sheet))
    assert pixels(found) == [300, 422, 400, 456]


def test_a_box_that_the_print_fills_is_left_as_it_is() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((302, 402, 398, 421), fill=0)
    (found,) = snug_words((Word("Lee", box(300, 400, 400, 423), 0.99),), ink(sheet))
    assert pixels(found) == [300, 400, 400, 423]


def test_what_is_left_of_a_line_over_a_word_is_no_part_of_it() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((300, 400, 399, 404), fill=0)
    sheet.draw.rectangle((310, 407, 310, 409), fill=0)
    sheet.draw.rectangle((300, 412, 399, 428), fill=0)
    (found,) = snug_words((Word("Telephone", box(300, 400, 400, 430), 0.99),), ink(sheet))
    assert pixels(found) == [300, 412, 400, 429]
