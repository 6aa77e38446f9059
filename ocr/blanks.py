"""Check-boxes that are a short rule to tick on: ``Routine ____  Urgent _✓_``."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import CheckBox, MarkState, Method, Word
from ocr.images import Mask
from ocr.marks import PixelRect
from ocr.pieces import pieces_of
from ocr.rules import Segment, joined_segments

_SHORTEST_IN, _LONGEST_IN = 0.15, 0.6
_RUN_IN = 0.07
_BREAK_IN = 0.07
_THICKEST_IN = 0.03
_ABOVE_IN, _BELOW_IN = 0.16, 0.06
_LOWEST_TOP_IN = 0.08
_SIDE_COVER = 0.6
_TICKED_SHARE, _EMPTY_SHARE = 0.04, 0.012
_LABEL_WITHIN_IN = 0.2
_OFF_BASELINE_IN = 0.07
_MARK_SURENESS = 0.9
_SEVERAL = 1.8
# What a ring on a rule shares with the place above it.
_RING_SHARE = 0.6
_MOSTLY = 0.6
_LONG = 3
_CUT_PX = 2
_COLUMN_IN = 1.2
_TWIN_SHARE = 0.1
_LEAST_COVER, _ATTACHED, _UNBROKEN = 0.75, 0.65, 0.6
_HIDDEN_COVER = 0.75
_BESIDE_PX = 8
# So far around a rule, in fractions of the page, a word still stands on it.
_EDGE = (0.002, 0.004)
_MARKS = frozenset("xXvV✓✔√✗×/\\")
_CLEAR_SHARE = 0.05
_FREE_IN, _FREE_SHARE, _HANGING = 0.09, 0.04, 0.12


def ticked_blanks(lines: list[Segment], words: tuple[Word, ...], ink: Mask, dpi: float) -> tuple[CheckBox, ...]:
    """Short rules of about one length, two or more in a row or a column, each beside a word, with no more on them than a mark.

    ``lines`` are the printed lines of the page, of which a fax leaves pieces.
    """
    seen = [rule for rule in _short_rules(ink, dpi) if not _is_side(rule, ink, dpi) and not _is_piece(rule, lines, dpi)]
    sure = [rule for rule in seen if _is_choice(rule, words, ink.shape, dpi)]
    hidden = [rule for rule in _hidden(sure, seen, ink, dpi) if _is_choice(rule, words, ink.shape, dpi)]
    return tuple(_box(rule, words, ink, dpi) for rule in _in_groups([*sure, *hidden], ink, dpi))


def blank_ends(ink: Mask, dpi: float) -> list[PixelRect]:
    """Where a line of text is to be cut: beside short rules of one length, two or more in a row.

    Words on both sides of a rule are read as one otherwise. Where ink stands there, nothing is cut.
    """
    rules = [rule for rule in _short_rules(ink, dpi) if not _is_side(rule, ink, dpi)]
    ends = []
    for rule in (
        rule for rule in _in_groups(rules, ink, dpi) if any(_is_twin(rule, other) for other in rules if other is not rule)
    ):
        top, bottom = max(0, round(rule.at - _ABOVE_IN * dpi)), round(rule.at + _BELOW_IN * dpi)
        for x in (round(rule.start) - _CUT_PX - 1, round(rule.end) + 1):
            strip = PixelRect(max(0, x), top, _CUT_PX, bottom - top)
            if float(np.mean(strip.seen(ink)[: round(rule.at) - 3 - top])) < _CLEAR_SHARE:
                ends.append(strip)
    return ends


def _in_groups(rules: list[Segment], ink: Mask, dpi: float) -> list[Segment]:
    """Those that have another of their length in their row or column, one of both with nothing on it: letters have no such feet."""
    free = [rule for rule in rules if _is_free(rule, ink, dpi)]
    partners = [(rule, [other for other in rules if other is not rule and _alike(rule, other, dpi)]) for rule in rules]
    return [rule for rule, others in partners if others and (rule in free or any(other in free for other in others))]


def _is_twin(one: Segment, other: Segment) -> bool:
    """Whether both stand in one row and are of one length; pieces of a broken line hardly ever are."""
    lengths = (one.end - one.start, other.end - other.start)
    return abs(one.at - other.at) <= _CUT_PX + 1 and abs(lengths[0] - lengths[1]) <= _TWIN_SHARE * max(lengths)


def _is_free(rule: Segment, ink: Mask, dpi: float) -> bool:
    """Whether nothing stands on the rule, and nothing hangs from it, as letters do from the line of their upper edges."""
    bottom, high = round(rule.at - rule.thick / 2) - 2, round(_FREE_IN * dpi)
    over = ink[max(0, bottom - high) : max(0, bottom), round(rule.start) + 2 : round(rule.end) - 2]
    return bool(over.size) and float(np.mean(over > 0)) < _FREE_SHARE and _attached(rule, ink) < _HANGING


def _short_rules(ink: Mask, dpi: float) -> list[Segment]:
    """Straight strokes longer than those of letters; a mark across one is none, and falls away."""
    slack = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(slack, cv2.MORPH_OPEN, np.ones((1, max(8, round(_RUN_IN * dpi))), np.uint8))
    pieces = [
        Segment(y + (h - 1) / 2, float(x), float(x + w), max(1.0, h - 2.0))
        for x, y, w, h in pieces_of(np.asarray(runs, dtype=np.uint8)).rects
        if h - 2 <= _THICKEST_IN * dpi
    ]
    joined = joined_segments(pieces, 0.012 * dpi, lambda left, right: right.start - left.end <= _BREAK_IN * dpi)
    low, high = _SHORTEST_IN * dpi, _LONGEST_IN * dpi
    return [rule for rule in joined if low <= rule.end - rule.start <= high and _is_plain(rule, ink)]


def _is_plain(rule: Segment, ink: Mask) -> bool:
    """Whether it is one stroke out of which few others grow, unlike the feet of letters side by side."""
    at, half = round(rule.at), round(rule.thick / 2)
    covered = np.asarray((ink[max(0, at - half - 1) : at + half + 2, round(rule.start) : round(rule.end)] > 0).any(axis=0))
    enough = float(np.mean(covered)) > _LEAST_COVER and _longest(covered) > _UNBROKEN * covered.size
    return enough and _attached(rule, ink) < _ATTACHED


def _attached(rule: Segment, ink: Mask) -> float:
    """The share of the rule above or below which ink stands, whichever is more."""
    left, right, at, half = round(rule.start), round(rule.end), round(rule.at), round(rule.thick / 2)
    over, under = ink[max(0, at - half - 6) : max(0, at - half - 1), left:right], ink[at + half + 2 : at + half + 7, left:right]
    return max(float(np.mean((side > 0).all(axis=0))) if side.size else 0.0 for side in (over, under))


def _longest(covered: npt.NDArray[np.bool_]) -> int:
    """The longest run, over gaps of a few pixels."""
    closed = cv2.morphologyEx(covered.astype(np.uint8)[np.newaxis], cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], np.asarray(closed).reshape(-1).astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _hidden(sure: list[Segment], seen: list[Segment], ink: Mask, dpi: float) -> list[Segment]:
    """Rules in the row of another that a mark across them, or noise, broke: as long, and white beside both ends."""
    found: list[Segment] = []
    for rule in (rule for rule in sure if _is_free(rule, ink, dpi)):
        at, length = round(rule.at), round(rule.end - rule.start)
        inked = np.asarray((ink[max(0, at - 2) : at + 3] > 0).any(axis=0), dtype=np.float64)
        total = np.concatenate(([0.0], np.cumsum(inked)))
        cover = (total[length:] - total[:-length]) / length
        for x in np.argsort(-cover, kind="stable").tolist():
            if cover[x] < _HIDDEN_COVER:
                break
            new = Segment(rule.at, float(x), float(x + length), rule.thick)
            beside = (inked[max(0, x - _BESIDE_PX) : max(0, x - 2)], inked[x + length + 2 : x + length + _BESIDE_PX])
            if (
                any(_crosses(new, other) for other in (*seen, *found))
                or any(side.size and side.mean() > 0.25 for side in beside)
                or _attached(new, ink) > _ATTACHED
            ):
                continue
            found.append(new)
    return found


def _crosses(one: Segment, other: Segment) -> bool:
    return abs(one.at - other.at) <= _BESIDE_PX and one.start < other.end and other.start < one.end


def _alike(one: Segment, other: Segment, dpi: float) -> bool:
    lengths = (one.end - one.start, other.end - other.start)
    down, edges = abs(one.at - other.at), (abs(one.start - other.start), abs(one.end - other.end))
    in_line = down <= 0.04 * dpi or (down <= _COLUMN_IN * dpi and min(edges) <= 0.04 * dpi)
    return in_line and abs(lengths[0] - lengths[1]) <= 0.25 * max(lengths)


def _is_side(rule: Segment, ink: Mask, dpi: float) -> bool:
    """Whether upright lines stand on both ends: the lower side of a box or a cell."""
    bottom, high = round(rule.at), round(0.1 * dpi)
    for x in (round(rule.start), round(rule.end)):
        upright = ink[max(0, bottom - high) : bottom, max(0, x - 4) : x + 4] > 0
        if not upright.size or float(np.mean(upright, axis=0).max()) < _SIDE_COVER:
            return False
    return True


def _is_piece(rule: Segment, lines: list[Segment], dpi: float) -> bool:
    """Whether it lies on a longer line, or goes on from one."""
    near = _LABEL_WITHIN_IN * dpi / 2
    return any(
        line.end - line.start > _LONGEST_IN * dpi
        and abs(line.at - rule.at) <= 0.03 * dpi
        and line.start - near <= rule.end
        and rule.start <= line.end + near
        for line in lines
    )


def _is_choice(rule: Segment, words: tuple[Word, ...], shape: tuple[int, ...], dpi: float) -> bool:
    """Whether a word stands beside the rule, on its level, and none on it."""
    height, width = shape
    area = Box.clipped(rule.start / width, (rule.at - _ABOVE_IN * dpi) / height, rule.end / width, rule.at / height)
    lowest, edge = (rule.at - _LOWEST_TOP_IN * dpi) / height, area.bottom + _EDGE[1]
    if any(_stands_on(word, area) for word in words if word.box.bottom > lowest and word.box.top <= edge):
        return False
    reach, level = _LABEL_WITHIN_IN * dpi / width, _OFF_BASELINE_IN * dpi / height
    return any(
        abs(word.box.bottom - area.bottom) < max(level, 0.5 * word.box.height)
        and any(c.isalpha() for c in word.text)
        and _gap(word.box, area) < reach
        for word in words
    )


def _gap(word: Box, area: Box) -> float:
    """The white between them; a label may have been read together with the mark beside it."""
    return max(0.0, area.left - word.right, word.left - area.right)


def _stands_on(word: Word, area: Box) -> bool:
    """Whether the word is written on the rule, and is more than a mark that was read as a letter; or the rule is a part of it."""
    over = 0.3 * area.width
    if word.box.left < area.left - over and word.box.right > area.right + over and word.box.y_overlap(area) > 0:
        return True
    if word.method is Method.PDF_TEXT and sum(c.isalpha() for c in word.text) >= _LONG and _covers(word.box, area):
        return True
    if _letters_over(word, area) >= _SEVERAL and word.confidence > _MARK_SURENESS:
        return True
    if word.box.inside_share(area.grown(*_EDGE)) < _MOSTLY:
        return False
    letters = [c for c in word.text if c.isalnum() and c not in "xXvV"]
    return len(letters) > 1 or (len(letters) == 1 and word.confidence > _MARK_SURENESS)


def _letters_over(word: Word, area: Box) -> float:
    """How many of the word's letters stand over the rule, all being of one width: of ``UrgentV`` one, the mark."""
    letters = word.text.isalpha() and word.box.width > 0.0
    return len(word.text) * word.box.x_overlap(area) / word.box.width if letters else 0.0


def _covers(word: Box, area: Box) -> bool:
    """Whether the rule is made of the feet of the word's letters, or of their heads."""
    return word.x_overlap(area) > _MOSTLY * area.width and word.top < area.bottom <= word.bottom + _EDGE[1]


def _box(rule: Segment, words: tuple[Word, ...], ink: Mask, dpi: float) -> CheckBox:
    height, width = ink.shape
    left, right = round(rule.start), round(rule.end)
    top, bottom = _top(rule, words, ink.shape, dpi), max(1, round(rule.at - rule.thick / 2) - 2)
    share = float(np.mean(ink[top:bottom, left:right] > 0)) if bottom > top and right > left else 0.0
    box = Box.clipped(left / width, top / height, right / width, (rule.at + rule.thick / 2) / height)
    if share >= _TICKED_SHARE:
        return CheckBox(box, MarkState.TICKED, 0.9)
    if share <= _EMPTY_SHARE:
        return CheckBox(box, MarkState.EMPTY, 0.9)
    return CheckBox(box, MarkState.AMBIGUOUS, 0.5)


def _top(rule: Segment, words: tuple[Word, ...], shape: tuple[int, ...], dpi: float) -> int:
    """The row that a mark may reach up to: below what is printed above the rule."""
    height, width = shape
    top, lowest = rule.at - _ABOVE_IN * dpi, rule.at - _LOWEST_TOP_IN * dpi
    over = (word.box.bottom * height for word in words if word.box.left * width < rule.end and word.box.right * width > rule.start)
    return max(0, round(max([top, *(edge + 1 for edge in over if edge <= lowest)])))


def is_ring_on_rule(box: CheckBox, blanks: tuple[CheckBox, ...]) -> bool:
    """Whether what looks like a box, and whether it is ticked cannot be told, is a ring drawn on a rule to tick on."""
    marked = (blank.box for blank in blanks if blank.state is MarkState.TICKED)
    return box.state is MarkState.AMBIGUOUS and any(box.box.overlap(rule) > _RING_SHARE * rule.area for rule in marked)


def without_marks(words: tuple[Word, ...], boxes: tuple[CheckBox, ...]) -> tuple[Word, ...]:
    """The words without the marks beside them that were read as their first or last letter: ``XMale``, ``UrgentV``."""
    ticked = [box.box for box in boxes if box.state is not MarkState.EMPTY]
    return tuple(_unmarked(word, ticked) for word in words)


def _unmarked(word: Word, boxes: list[Box]) -> Word:
    for box in boxes:
        if len(word.text) < 2 or not box.top <= word.box.y <= box.bottom + box.height / 2:
            continue
        if word.text[0] in _MARKS and word.box.left < box.x and word.box.right > box.right:
            return replace(word, text=word.text[1:], box=replace(word.box, left=box.right))
        if word.text[-1] in _MARKS and word.box.right > box.x and word.box.left < box.left:
            return replace(word, text=word.text[:-1], box=replace(word.box, right=box.left))
    return word
