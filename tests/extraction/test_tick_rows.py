"""Which words belong to a check-box."""

from __future__ import annotations

from dataclasses import replace

from extraction.choice import choose
from extraction.options import read_options
from models.geometry import Box
from models.page import CheckBox, InkMap, MarkState, Page, Rule, Word

HEIGHT = 0.012


def text(left: float, middle: float, *words: str, confidence: float = 0.99) -> tuple[Word, ...]:
    """Words of a line, one after the other."""
    placed = []
    for word in words:
        right = left + 0.011 * len(word)
        placed.append(Word(word, Box(left, middle - HEIGHT / 2, right, middle + HEIGHT / 2), confidence))
        left = right + 0.006
    return tuple(placed)


def box(left: float, middle: float, state: MarkState = MarkState.EMPTY) -> CheckBox:
    return CheckBox(Box(left, middle - HEIGHT / 2, left + 0.014, middle + HEIGHT / 2), state, 0.9)


def page(words: tuple[Word, ...], *boxes: CheckBox) -> Page:
    return Page(1, 1.29, words=words, check_boxes=boxes)


def test_a_label_above_a_box_is_no_part_of_its_option() -> None:
    words = (*text(0.10, 0.2, "Sex", "(M/F)"), *text(0.14, 0.212, "Female"), *text(0.28, 0.212, "Male"))
    seen = page(words, box(0.12, 0.212), box(0.26, 0.212, MarkState.TICKED))
    choice = choose(read_options(seen), "member.sex")
    assert choice is not None
    assert choice.value == "M"


def test_a_box_between_two_lines_belongs_to_the_upper_one() -> None:
    upper = text(0.12, 0.3, "Expedited/Urgent", "Review", "Requested:", "By", "checking", "this", "box")
    lower = text(0.12, 0.316, "time", "frame", "may", "seriously", "jeopardize")
    choice = choose(read_options(page((*upper, *lower), box(0.1, 0.308, MarkState.TICKED))), "request.urgency")
    assert choice is not None
    assert choice.value == "urgent"


def test_a_box_read_as_a_letter_is_no_word_of_the_option() -> None:
    words = (*text(0.102, 0.2, "m", confidence=0.3), *text(0.12, 0.2, "Routine"), *text(0.26, 0.2, "Urgent"))
    seen = page(words, box(0.1, 0.2, MarkState.TICKED), box(0.24, 0.2))
    assert [(option.value, option.text) for option in read_options(seen)] == [("routine", "Routine"), ("urgent", "Urgent")]


def test_a_word_before_its_box_ends_at_the_colon_of_the_label() -> None:
    words = (*text(0.1, 0.2, "Urgent?:"), *text(0.2, 0.2, "Routine"), *text(0.34, 0.2, "STAT"))
    seen = page(words, box(0.285, 0.2), box(0.39, 0.2, MarkState.TICKED))
    assert [(option.value, option.box.state) for option in read_options(seen)] == [
        ("routine", MarkState.EMPTY),
        ("urgent", MarkState.TICKED),
    ]


def test_a_label_in_line_with_words_before_their_boxes_is_no_part_of_them() -> None:
    words = (*text(0.08, 0.2, "Gender"), *text(0.17, 0.2, "F"), *text(0.24, 0.2, "Male"))
    seen = page(words, box(0.19, 0.2, MarkState.TICKED), box(0.29, 0.2))
    assert [(option.value, option.text) for option in read_options(seen)] == [("F", "F"), ("M", "Male")]


def test_a_label_behind_a_printed_line_is_no_part_of_the_option_beside_it() -> None:
    words = (*text(0.08, 0.2, "M/F"), *text(0.122, 0.2, "Female"), *text(0.25, 0.2, "M"))
    side = Rule(Box(0.118, 0.18, 0.119, 0.22), horizontal=False)
    seen = Page(1, 1.29, words=words, check_boxes=(box(0.205, 0.2, MarkState.TICKED), box(0.28, 0.2)), rules=(side,))
    choice = choose(read_options(seen), "member.sex")
    assert choice is not None
    assert choice.value == "F"


def test_words_of_unlike_height_are_one_line_of_an_option() -> None:
    tall = tuple(Word(w.text, Box(w.box.left, 0.2035, w.box.right, 0.2215), 0.99) for w in text(0.08, 0.2, "Standard", "(5"))
    small = tuple(Word(w.text, Box(w.box.left, 0.205, w.box.right, 0.212), 0.99) for w in text(0.205, 0.2, "business", "days)"))
    words = (*tall, *small, *text(0.5, 0.209, "Rush"))
    seen = page(words, box(0.372, 0.21, MarkState.TICKED), box(0.56, 0.21))
    choice = choose(read_options(seen), "request.urgency")
    assert choice is not None
    assert choice.value == "routine"


def test_a_loop_around_a_word_chooses_it_and_a_marked_box_chooses_no_letter() -> None:
    words = (*text(0.1, 0.2, "Male"), *text(0.2, 0.2, "Female"), *text(0.602, 0.2, "X"))
    loop = CheckBox(Box(0.19, 0.188, 0.28, 0.212), MarkState.TICKED, 0.85)
    choice = choose(read_options(page(words, loop, box(0.6, 0.2, MarkState.TICKED))), "member.sex")
    assert choice is not None
    assert [(option.value, option.text) for option in choice.options] == [("F", "Female")]


def test_a_label_that_names_both_answers_is_no_part_of_the_answer() -> None:
    words = (*text(0.08, 0.2, "M/F", "Female"), *text(0.22, 0.2, "M"))
    female, male = (max(w.box.right for w in words if w.text == name) + 0.006 for name in ("Female", "M"))
    options = read_options(page(words, box(female, 0.2, MarkState.TICKED), box(male, 0.2)))
    assert [(option.value, option.also, option.box.state) for option in options] == [
        ("F", (), MarkState.TICKED),
        ("M", (), MarkState.EMPTY),
    ]


def test_of_a_label_and_a_name_the_name_beside_the_box_is_its_own() -> None:
    words = (*text(0.5, 0.3, "M", "/", "F", "M"), *text(0.66, 0.3, "F"))
    boxes = (box(words[3].box.right + 0.004, 0.3, MarkState.TICKED), box(words[4].box.right + 0.004, 0.3))
    choice = choose(read_options(page(words, *boxes)), "member.sex")
    assert choice is not None
    assert choice.value == "M"


def test_the_end_of_a_label_is_no_name_of_a_box_that_was_lost() -> None:
    words = (*text(0.2, 0.3, "M", "/", "F:"), *text(0.4, 0.3, "Female"), *text(0.6, 0.3, "Male"))
    boxes = (box(0.38, 0.3), box(0.58, 0.3))
    row = bytes(120 if 20 <= column < 25 else 0 for column in range(100))
    dark = Page(1, 1.29, words=words, check_boxes=boxes, ink=InkMap(100, 10, row * 10))
    assert all(option.box.state is MarkState.EMPTY for option in read_options(dark))


def test_a_name_of_both_answers_beside_a_box_asks_and_answers_nothing() -> None:
    words = text(0.2, 0.3, "M/F")
    assert read_options(page(words, box(words[0].box.right + 0.004, 0.3, MarkState.TICKED))) == ()


def test_a_ring_read_as_the_first_letter_of_an_option_is_a_possible_tick() -> None:
    words = (*text(0.10, 0.3, "Regular"), *text(0.2, 0.3, "OSTAT"), *text(0.35, 0.3, "Post-service"))
    dark = bytes(200 if 0.19 < column / 200 < 0.235 and 28 <= row <= 31 else 0 for row in range(100) for column in range(200))
    seen = page(words, box(0.085, 0.3), box(0.335, 0.3))
    options = read_options(replace(seen, ink=InkMap(200, 100, dark)))
    assert [(option.value, option.box.state) for option in options] == [
        ("routine", MarkState.EMPTY),
        ("retroactive", MarkState.EMPTY),
        ("urgent", MarkState.AMBIGUOUS),
    ]
