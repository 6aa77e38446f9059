"""Check-boxes that were read as text: ``[X]``, ``( )``, and ballot signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.images import Mask

_TYPED = re.compile(r"[\[(]\s*(?P<mark>[xXvV✓✔√✗*•●]?)(?P<inner>[☐□○◯]?)\s*[\])]|(?P<ticked>[☑☒✓✔■●])|(?P<open>[☐□○◯])")
_WIDEST_HEIGHTS = 3.2
_LINE_SHARE = 0.5
_MARK_SHARE, _MARK_IN_SIGN = 0.05, 0.3
_MIDDLE = 0.12
_WITHIN_SIGN, _WITHIN_BRACKETS = 0.1, 0.25
# How sure an empty box is whose sign was read, and one of brackets.
_SIGN, _BRACKETS = 0.95, 0.9
# ... and one whose ink may be its neighbour's.
_UNSURE = 0.5


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    word: int
    box: Box


def typed_boxes(words: tuple[Word, ...], aspect: float) -> tuple[tuple[CheckBox, ...], tuple[Word, ...]]:
    """The check-boxes among the words of a page, and the words without them."""
    boxes: list[CheckBox] = []
    gone: dict[int, set[int]] = {}
    suspects = [word for word in words if any(c in "[](){}☑☒✓✔■●☐□○◯" for c in word.text)]
    for line in _lines(words, suspects):
        chars = _chars(words, line)
        text = "".join(char.text for char in chars)
        for match in _TYPED.finditer(text):
            span = chars[match.start() : match.end()]
            box = Box.around(char.box for char in span if char.word >= 0)
            if box.width > _WIDEST_HEIGHTS * box.height * aspect:
                continue
            ticked = bool(match["mark"] or match["ticked"])
            sure = _SIGN if match["open"] or match["inner"] else _BRACKETS
            boxes.append(CheckBox(box, MarkState.TICKED if ticked else MarkState.EMPTY, sure))
            for offset in range(match.start(), match.end()):
                if chars[offset].word >= 0:
                    gone.setdefault(chars[offset].word, set()).add(_index_in_word(chars, offset))
    kept = [word if index not in gone else _without(word, gone[index]) for index, word in enumerate(words)]
    return tuple(boxes), tuple(word for word in kept if word is not None)


def with_ink(box: CheckBox, ink: Mask, *, exact: bool) -> CheckBox:
    """The box as ticked when ink stands in the middle of what was read as empty: drawn over a text layer, or not read.

    Above and below the middle are the arms of brackets and the bow of a circle. ``exact`` says that the box is a text layer's: an
    engine's takes in what stands beside the brackets, and so leaves open what it shows.
    """
    if box.state is not MarkState.EMPTY:
        return box
    height, width = ink.shape
    # A sign has sides of its own within brackets.
    half = (_WITHIN_SIGN if box.confidence >= _SIGN else _WITHIN_BRACKETS) * box.box.width
    left, right = box.box.x - half, box.box.x + half
    top, bottom = (box.box.y + part * box.box.height for part in (-_MIDDLE, _MIDDLE))
    view = ink[
        round(top * height) : max(round(bottom * height), round(top * height) + 1), round(left * width) : round(right * width)
    ]
    if view.size and float(np.mean(view > 0)) > (_MARK_IN_SIGN if box.confidence >= _SIGN else _MARK_SHARE):
        state, sure = (MarkState.TICKED, box.confidence) if exact else (MarkState.AMBIGUOUS, _UNSURE)
        return replace(box, state=state, confidence=sure)
    return box


def _lines(words: tuple[Word, ...], suspects: list[Word]) -> list[list[int]]:
    """Lines, as indices of their words from left to right, that hold a suspect."""
    open_ids = {id(word) for word in suspects}
    lines: list[list[int]] = []
    for index in sorted(range(len(words)), key=lambda i: words[i].box.y):
        box = words[index].box
        home = next((line for line in reversed(lines[-8:]) if _beside(words[line[-1]].box, box)), None)
        if home is None:
            lines.append([index])
        else:
            home.append(index)
    with_suspects = [line for line in lines if any(id(words[i]) in open_ids for i in line)]
    return [sorted(line, key=lambda i: words[i].box.left) for line in with_suspects]


def _beside(one: Box, other: Box) -> bool:
    return one.y_overlap(other) > _LINE_SHARE * min(one.height, other.height)


def _chars(words: tuple[Word, ...], line: list[int]) -> list[_Char]:
    """The characters of a line, each with its share of its word's box, a space between words."""
    chars: list[_Char] = []
    for index in line:
        word = words[index]
        if chars:
            chars.append(_Char(" ", -1, word.box))
        step = word.box.width / len(word.text)
        for place, text in enumerate(word.text):
            left = word.box.left + place * step
            chars.append(_Char(text, index, Box.clipped(left, word.box.top, left + step, word.box.bottom)))
    return chars


def _index_in_word(chars: list[_Char], offset: int) -> int:
    start = offset
    while start > 0 and chars[start - 1].word == chars[offset].word:
        start -= 1
    return offset - start


def _without(word: Word, places: set[int]) -> Word | None:
    left = [place for place in range(len(word.text)) if place not in places]
    text = "".join(word.text[place] for place in left).strip()
    if not text:
        return None
    step = word.box.width / len(word.text)
    box = Box.clipped(word.box.left + left[0] * step, word.box.top, word.box.left + (left[-1] + 1) * step, word.box.bottom)
    return replace(word, text=text, box=box)
