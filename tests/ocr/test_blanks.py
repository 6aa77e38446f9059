"""Short rules to tick on: in rows and columns, broken, under print, and read together with their words."""

from __future__ import annotations

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.blanks import blank_ends, is_ring_on_rule, ticked_blanks, without_marks
from ocr.layout import layout_of
from tests.ocr.drawing import DPI, HEIGHT, WIDTH, Sheet

LONG = 50


def word(text: str, left: int, top: int, right: int, bottom: int, confidence: float = 0.99) -> Word:
    return Word(text, Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT), confidence)


def option(sheet: Sheet, x: int, y: int, text: str) -> Word:
    """A rule with its word behind it; the word as an engine would give it."""
    sheet.line(x, y, x + LONG, y, 2)
    sheet.text(x + LONG + 8, y - 27, text, 26)
    return word(text, x + LONG + 8, y - 24, x + LONG + 8 + 14 * len(text), y)


def states(sheet: Sheet, *words: Word) -> list[MarkState]:
    layout = layout_of(sheet.page())
    boxes = ticked_blanks(layout.horizontal, words, layout.ink, DPI)
    return [box.state for box in sorted(boxes, key=lambda box: (round(box.box.bottom, 2), box.box.left))]


def test_rules_below_each_other_are_boxes_to_tick_on() -> None:
    sheet = Sheet()
    words = [option(sheet, 300, 400 + 60 * n, text) for n, text in enumerate(("New", "Extension", "Cancel"))]
    sheet.cross(312, 432, 24)
    assert states(sheet, *words) == [MarkState.EMPTY, MarkState.TICKED, MarkState.EMPTY]


def test_a_lone_rule_is_no_box() -> None:
    sheet = Sheet()
    assert states(sheet, option(sheet, 300, 400, "years")) == []


def test_print_above_a_rule_is_no_mark() -> None:
    sheet = Sheet()
    words = [option(sheet, 300, 400, "Routine"), option(sheet, 520, 400, "Urgent")]
    sheet.text(300, 363, "Sex (M/F)", 18)
    words.append(word("Sex", 300, 366, 330, 382))
    words.append(word("(M/F)", 334, 366, 380, 382))
    assert states(sheet, *words) == [MarkState.EMPTY, MarkState.EMPTY]


def test_a_piece_of_a_line_under_the_end_of_a_word_is_no_box() -> None:
    sheet = Sheet()
    words = [option(sheet, 700, 400, "Male"), option(sheet, 860, 400, "Female")]
    sheet.line(500, 400, 500 + LONG, 400, 2)
    sheet.text(450, 373, "SUNITA", 26)
    name = word("SUNITA", 450, 376, 548, 398)
    assert states(sheet, *words, name) == [MarkState.EMPTY, MarkState.EMPTY]
    doubtful = word("UrgentV", 385, 376, 535, 398)
    assert len(states(sheet, *words, doubtful)) == 3


def test_a_rule_that_a_mark_and_noise_broke_is_found_by_its_row() -> None:
    sheet = Sheet()
    words = [option(sheet, 300, 400, "Routine"), option(sheet, 520, 400, "Urgent")]
    for x in range(528, 566, 13):
        sheet.draw.rectangle((x, 397, x + 2, 403), fill=255)
    sheet.cross(535, 376, 20)
    assert states(sheet, *words) == [MarkState.EMPTY, MarkState.TICKED]


def test_the_lower_side_of_a_box_is_no_rule() -> None:
    sheet = Sheet()
    words = []
    for n, text in enumerate(("Units", "Days")):
        sheet.box(300 + 200 * n, 370, LONG, 30)
        words.append(word(text, 358 + 200 * n, 374, 420 + 200 * n, 398))
    assert states(sheet, *words) == []


def test_pieces_of_a_broken_line_are_no_boxes() -> None:
    sheet = Sheet()
    words = []
    for n, text in enumerate(("Routine", "Urgent")):
        y = 400 + 120 * n
        sheet.line(300, y, 350, y, 2)
        sheet.line(364, y, 1200, y, 2)
        words.append(word(text, 360, y - 26, 450, y - 4))
    assert states(sheet, *words) == []


def test_a_line_of_text_is_cut_beside_rules_and_not_through_letters() -> None:
    sheet = Sheet()
    option(sheet, 300, 400, "Routine")
    option(sheet, 520, 400, "Urgent")
    cuts = blank_ends(layout_of(sheet.page()).ink, DPI)
    assert sorted(round(cut.x, -1) for cut in cuts) == [300, 350, 520, 570]
    sheet.text(286, 372, "HHH", 30)
    assert len(blank_ends(layout_of(sheet.page()).ink, DPI)) < 4


def test_a_mark_read_with_its_word_is_taken_off() -> None:
    boxes = (
        CheckBox(Box(0.10, 0.20, 0.13, 0.22), MarkState.TICKED, 0.9),
        CheckBox(Box(0.40, 0.20, 0.43, 0.22), MarkState.TICKED, 0.9),
        CheckBox(Box(0.60, 0.20, 0.63, 0.22), MarkState.EMPTY, 0.9),
    )
    words = (
        Word("XMale", Box(0.11, 0.205, 0.18, 0.22), 0.9),
        Word("UrgentV", Box(0.34, 0.205, 0.42, 0.22), 0.9),
        Word("Xavier", Box(0.61, 0.205, 0.70, 0.22), 0.9),
        Word("Xenon", Box(0.11, 0.505, 0.18, 0.52), 0.9),
    )
    assert [each.text for each in without_marks(words, boxes)] == ["Male", "Urgent", "Xavier", "Xenon"]


def test_a_ring_on_a_rule_is_its_mark_and_no_box() -> None:
    ring = CheckBox(Box(0.286, 0.148, 0.31, 0.166), MarkState.AMBIGUOUS, 0.5)
    rule = CheckBox(Box(0.286, 0.147, 0.31, 0.162), MarkState.TICKED, 0.9)
    far = CheckBox(Box(0.4, 0.147, 0.42, 0.162), MarkState.TICKED, 0.9)
    assert is_ring_on_rule(ring, (far, rule))
    assert not is_ring_on_rule(ring, (far,))
    assert not is_ring_on_rule(CheckBox(ring.box, MarkState.TICKED, 0.9), (rule,))
