"""Lines, cells, check-boxes and combs, found on drawn pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.blanks import ticked_blanks
from ocr.brackets import bracket_boxes
from ocr.clean import PageImage
from ocr.images import GreyImage
from ocr.layout import layout_of, shades_of
from ocr.marks import drawn_boxes
from ocr.typed import typed_boxes, with_ink
from tests.ocr.drawing import DPI, HEIGHT, WIDTH, Sheet, form, letter


def states(sheet: Sheet, noise: float = 0.0) -> list[MarkState]:
    layout = layout_of(sheet.page(noise))
    boxes = sorted(drawn_boxes(layout.ink, layout.frames), key=lambda box: (round(box.box.top, 2), box.box.left))
    return [box.state for box in boxes]


def table(rows: int, columns: int) -> Sheet:
    sheet = Sheet()
    for row in range(rows + 1):
        sheet.line(200, 300 + 60 * row, 200 + 200 * columns, 300 + 60 * row)
    for column in range(columns + 1):
        sheet.line(200 + 200 * column, 300, 200 + 200 * column, 300 + 60 * rows)
    return sheet


def test_every_cell_of_a_table_is_found() -> None:
    layout = layout_of(table(4, 5).page())
    assert len(layout.cells) == 20
    first = layout.cells[0]
    assert first.left == pytest.approx(200 / WIDTH, abs=0.003)
    assert first.bottom == pytest.approx(360 / HEIGHT, abs=0.003)


def test_cells_close_over_lines_that_a_fax_broke() -> None:
    sheet = table(4, 5)
    for x in range(230, 1200, 90):
        sheet.draw.rectangle((x, 290, x + 9, 560), fill=255)
    for y in (325, 385, 445, 505):
        sheet.draw.rectangle((190, y, 1210, y + 4), fill=255)
    assert len(layout_of(sheet.page()).cells) == 20


def test_a_leaning_line_is_one_rule() -> None:
    sheet = Sheet()
    sheet.line(200, 500, 1500, 506, 2)
    layout = layout_of(sheet.page())
    assert [round(s.end - s.start, -2) for s in layout.horizontal] == [1300]


def test_letters_are_no_rules_and_no_check_boxes() -> None:
    sheet = letter()
    sheet.text(200, 1900, "BOOKED OCTOBER 8800 DODD QUOD EL HER DID", 40)
    sheet.text(200, 1980, "BOOKED OCTOBER 8800 DODD QUOD EL HER DID", 28)
    layout = layout_of(sheet.page())
    assert layout.horizontal == []
    assert layout.vertical == []
    assert layout.frames == []


@pytest.mark.parametrize("size", [18, 26, 40])
@pytest.mark.parametrize("thick", [2, 3])
def test_check_boxes_show_what_is_in_them(size: int, thick: int) -> None:
    sheet = Sheet()
    for index in range(4):
        sheet.box(200 + 300 * index, 300, size, size, thick)
        sheet.text(260 + 300 * index, 298, "Label", 26)
    sheet.cross(205 + 300, 305, size - 10)
    sheet.tick(205 + 600, 305, size - 8)
    sheet.draw.rectangle((900 + 200 + 6, 306, 1100 + size - 6, 300 + size - 6), fill=0)
    assert states(sheet) == [MarkState.EMPTY, MarkState.TICKED, MarkState.TICKED, MarkState.TICKED]


def test_a_tick_that_leaves_its_box_counts() -> None:
    sheet = Sheet()
    sheet.box(300, 300, 28, 28)
    sheet.tick(305, 290, 44)
    assert states(sheet) == [MarkState.TICKED]


def test_a_crumb_in_a_box_is_ambiguous() -> None:
    sheet = Sheet()
    sheet.box(300, 300, 40, 40)
    sheet.draw.rectangle((317, 317, 321, 322), fill=0)
    assert states(sheet) == [MarkState.AMBIGUOUS]


def test_a_check_box_inside_a_cell_is_found() -> None:
    sheet = table(4, 5)
    sheet.box(230, 315, 28, 28)
    sheet.box(630, 315, 28, 28)
    sheet.cross(635, 320, 18)
    assert states(sheet) == [MarkState.EMPTY, MarkState.TICKED]


def test_circles_are_check_boxes_and_a_crossed_one_is_ticked() -> None:
    sheet = Sheet()
    for x in (300, 600):
        sheet.draw.ellipse((x, 300, x + 28, 328), outline=0, width=2)
        sheet.text(x + 50, 300, "male", 24)
    sheet.cross(603, 303, 22)
    assert states(sheet) == [MarkState.EMPTY, MarkState.TICKED]


def test_black_squares_are_bullets_where_none_is_open() -> None:
    sheet = letter()
    for row in range(3):
        sheet.draw.rectangle((160, 1900 + 60 * row, 180, 1920 + 60 * row), fill=0)
    assert states(sheet) == []


def comb(sheet: Sheet, x: int, y: int, count: int, gap: int = 0) -> None:
    for index in range(count):
        sheet.box(x + index * (40 + gap), y, 40, 50)


@pytest.mark.parametrize("gap", [0, 8])
def test_small_cells_in_a_row_are_a_comb_and_no_check_boxes(gap: int) -> None:
    sheet = Sheet()
    comb(sheet, 200, 300, 10, gap)
    layout = layout_of(sheet.page())
    assert [[len(group.cells) for group in found] for found in layout.combs] == [[10]]
    assert layout.frames == []


def test_the_parts_of_a_date_are_groups_of_one_comb() -> None:
    sheet = Sheet()
    comb(sheet, 200, 300, 2)
    comb(sheet, 320, 300, 2)
    comb(sheet, 440, 300, 4)
    layout = layout_of(sheet.page())
    assert [[len(group.cells) for group in found] for found in layout.combs] == [[2, 2, 4]]


def test_a_line_with_ticks_is_a_comb() -> None:
    sheet = Sheet()
    sheet.line(200, 400, 600, 400)
    for index in range(11):
        sheet.line(200 + 40 * index, 388, 200 + 40 * index, 400)
    layout = layout_of(sheet.page())
    assert len(layout.combs) == 1
    assert 10 <= sum(len(group.cells) for group in layout.combs[0]) <= 12


def test_letters_on_an_underlined_title_are_no_ticks() -> None:
    sheet = Sheet()
    sheet.line(200, 400, 600, 400)
    for index in range(4, 8):
        sheet.line(200 + 40 * index, 380, 200 + 40 * index, 400)
    assert layout_of(sheet.page()).combs == ()


def test_the_columns_of_a_table_are_no_comb() -> None:
    assert layout_of(table(3, 6).page()).combs == ()


def test_dark_bars_and_grey_areas_are_shades() -> None:
    sheet = Sheet()
    sheet.draw.rectangle((200, 300, 1400, 340), fill=0)
    sheet.text(220, 304, "MEMBER", 28, fill=255)
    sheet.draw.rectangle((200, 500, 1400, 540), fill=200)
    shades = shades_of(layout_of(PageImage(sheet.pixels(), DPI, HEIGHT / WIDTH, drawn=True)))
    assert [round(shade.top, 2) for shade in shades] == [0.14, 0.23]


def reading(texts: Sequence[str]) -> object:
    def read(crops: Sequence[GreyImage]) -> Sequence[str]:
        assert len(crops) == len(texts)
        return texts

    return read


def test_brackets_are_check_boxes_unless_a_letter_stands_between() -> None:
    sheet = Sheet()
    for index in range(3):
        sheet.text(300 + 200 * index, 300, "[", 34)
        sheet.text(340 + 200 * index, 300, "]", 34)
    sheet.cross(516, 308, 18)
    sheet.text(718, 302, "S", 28)
    answers = {1: "[X]", 2: "[S]"}

    def read(crops: Sequence[GreyImage]) -> Sequence[str]:
        return [answers[index + 1] for index in range(len(crops))]

    layout = layout_of(sheet.page())
    found = sorted(bracket_boxes(layout.ink, sheet.pixels(), DPI, read), key=lambda box: box.rect.x)
    assert [(round(box.rect.x, -2), box.marked) for box in found] == [(300, False), (500, True)]


def words(*texts: str) -> tuple[Word, ...]:
    out = []
    left = 0.1
    for text in texts:
        out.append(Word(text, Box(left, 0.2, left + 0.01 * len(text), 0.21), 0.9))
        left += 0.01 * len(text) + 0.01
    return tuple(out)


@pytest.mark.parametrize(
    ("texts", "expected", "rest"),
    [
        (("[X]", "New"), [MarkState.TICKED], ["New"]),
        (("(●)", "Initial", "(○)", "Extension"), [MarkState.TICKED, MarkState.EMPTY], ["Initial", "Extension"]),
        (("[]New",), [MarkState.EMPTY], ["New"]),
        (("(", ")", "Urgent"), [MarkState.EMPTY], ["Urgent"]),
        (("Urgent(X)",), [MarkState.TICKED], ["Urgent"]),
        (("☒", "Routine", "☐", "Retro"), [MarkState.TICKED, MarkState.EMPTY], ["Routine", "Retro"]),
        (("Service(s):", "(831)"), [], ["Service(s):", "(831)"]),
    ],
)
def test_brackets_read_as_text_are_check_boxes_too(texts: tuple[str, ...], expected: list[MarkState], rest: list[str]) -> None:
    if "☒" in texts:
        texts = tuple(text.replace("☒", "☑") for text in texts)
    boxes, others = typed_boxes(words(*texts), 1.3)
    assert [box.state for box in boxes] == expected
    assert [word.text for word in others] == rest


def test_arms_of_brackets_and_the_bow_of_a_circle_are_no_mark() -> None:
    sheet = Sheet()
    sheet.draw.ellipse((206, 306, 215, 315), outline=0, width=2)
    sheet.line(300, 300, 308, 300)
    sheet.line(300, 320, 308, 320)
    height = sheet.page().image.shape[0]
    places = [Box(left / WIDTH, 300 / height, (left + 22) / WIDTH, 320 / height) for left in (200, 298)]
    sign, brackets = (CheckBox(place, MarkState.EMPTY, sure) for place, sure in zip(places, (0.95, 0.9), strict=True))
    ink = layout_of(sheet.page()).ink
    assert [with_ink(sign, ink, exact=True).state, with_ink(brackets, ink, exact=True).state] == [MarkState.EMPTY, MarkState.EMPTY]
    sheet.cross(202, 302, 17)
    sheet.cross(300, 302, 17)
    ink = layout_of(sheet.page()).ink
    assert [with_ink(sign, ink, exact=True).state, with_ink(brackets, ink, exact=True).state] == [
        MarkState.TICKED,
        MarkState.TICKED,
    ]


def test_short_rules_beside_words_are_boxes_to_tick_on() -> None:
    sheet = Sheet()
    labels = []
    for index, text in enumerate(("Routine", "Urgent", "Retro")):
        x = 300 + 300 * index
        sheet.line(x, 330, x + 60, 330, 3)
        labels.append(Word(text, Box((x - 110) / WIDTH, 300 / HEIGHT, (x - 10) / WIDTH, 328 / HEIGHT), 0.99))
    sheet.tick(610, 300, 32)
    layout = layout_of(sheet.page())
    boxes = ticked_blanks(layout.horizontal, tuple(labels), layout.ink, DPI)
    assert [box.state for box in sorted(boxes, key=lambda b: b.box.left)] == [MarkState.EMPTY, MarkState.TICKED, MarkState.EMPTY]


def test_short_rules_with_a_value_on_them_are_no_boxes() -> None:
    sheet = Sheet()
    texts = []
    for index, (label, value) in enumerate((("Sex", "F"), ("Units", "3"))):
        x = 300 + 300 * index
        sheet.line(x, 330, x + 60, 330, 3)
        sheet.text(x + 20, 300, value, 28)
        texts.append(Word(label, Box((x - 110) / WIDTH, 300 / HEIGHT, (x - 10) / WIDTH, 328 / HEIGHT), 0.99))
        texts.append(Word(value, Box((x + 20) / WIDTH, 300 / HEIGHT, (x + 36) / WIDTH, 328 / HEIGHT), 0.99))
    layout = layout_of(sheet.page())
    assert ticked_blanks(layout.horizontal, tuple(texts), layout.ink, DPI) == ()


def test_the_form_has_four_cells_and_two_check_boxes() -> None:
    assert states(form()) == [MarkState.EMPTY, MarkState.TICKED]
    layout = layout_of(form().page())
    assert len(layout.cells) == 4
    assert float(np.mean(layout.ink > 0)) < 0.05


def test_a_comb_whose_lines_noise_has_broken_keeps_all_its_cells() -> None:
    sheet = Sheet()
    left, pitch, cells = 400, 42, 10
    for y in (600, 648):
        sheet.line(left, y, left + cells * pitch, y, 3)
    for n in range(cells + 1):
        sheet.line(left + n * pitch, 600, left + n * pitch, 648, 3)
    sheet.wipe(left - 4, 598, left + 60, 602)
    for n in (4, 8):
        sheet.wipe(left + n * pitch - 4, 620, left + n * pitch + 4, 632)
    found = layout_of(sheet.page()).combs
    assert [[len(group.cells) for group in comb] for comb in found] == [[cells]]
    assert abs(found[0][0].cells[0].x - left) < 6
