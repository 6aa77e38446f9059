"""Check-boxes that are a short rule to tick on: ``Routine ____  Urgent _✓_``."""

from __future__ import annotations

import cv2
import numpy as np

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.images import Mask
from ocr.rules import Segment

_SHORTEST_IN, _LONGEST_IN = 0.15, 0.6
_ABOVE_IN = 0.16
_TICKED_SHARE, _EMPTY_SHARE = 0.04, 0.012
_LABEL_WITHIN_IN = 0.2
_RULE_COVER = 0.88


def ticked_blanks(horizontal: list[Segment], words: tuple[Word, ...], ink: Mask, dpi: float) -> tuple[CheckBox, ...]:
    """Rows of two or more short rules of about one length, each beside a word, with nothing written on them but marks."""
    short = [line for line in horizontal if _SHORTEST_IN * dpi <= line.end - line.start <= _LONGEST_IN * dpi]
    rows: list[list[Segment]] = []
    for line in sorted(short, key=lambda s: s.start):
        row = next((row for row in rows if _alike(row[0], line, dpi)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    found: list[CheckBox] = []
    for row in (_completed(row, ink) for row in rows):
        if len(row) >= 2 and all(_is_choice(line, words, ink.shape, dpi) for line in row):
            found.extend(_box(line, ink, dpi) for line in row)
    return tuple(found)


def _alike(one: Segment, other: Segment, dpi: float) -> bool:
    lengths = (one.end - one.start, other.end - other.start)
    return abs(one.at - other.at) <= 0.03 * dpi and abs(lengths[0] - lengths[1]) <= 0.3 * max(lengths)


def _completed(row: list[Segment], ink: Mask) -> list[Segment]:
    """The row with the rules that a mark across them hid: runs of ink on the same line and of the same length."""
    at, length = round(row[0].at), row[0].end - row[0].start
    inked = np.asarray((ink[max(0, at - 1) : at + 2] > 0).any(axis=0), dtype=np.uint8)
    closed = np.asarray(cv2.morphologyEx(inked[np.newaxis], cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))).reshape(-1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], closed.astype(np.int8), [0]))))
    out = list(row)
    for start, end in edges.reshape(-1, 2).tolist():
        known = any(line.start < end and start < line.end for line in row)
        if not known and abs((end - start) - length) <= 0.25 * length and float(inked[start:end].mean()) > _RULE_COVER:
            out.append(Segment(float(at), float(start), float(end), row[0].thick))
    return out


def _is_choice(line: Segment, words: tuple[Word, ...], shape: tuple[int, ...], dpi: float) -> bool:
    height, width = shape
    area = Box.clipped(line.start / width, (line.at - _ABOVE_IN * dpi) / height, line.end / width, line.at / height)
    for word in words:
        inside = area.holds(word.box.x, word.box.y) or word.box.overlap(area) > 0.7 * area.area
        if inside and any(c.isalnum() and c not in "xXvV" for c in word.text):
            return False
    reach = _LABEL_WITHIN_IN * dpi / width
    return any(
        word.box.y_overlap(area) > 0.3 * area.height
        and sum(c.isalpha() for c in word.text) >= 2
        and (abs(area.left - word.box.right) < reach or abs(word.box.left - area.right) < reach)
        for word in words
    )


def _box(line: Segment, ink: Mask, dpi: float) -> CheckBox:
    height, width = ink.shape
    top, bottom = max(0, round(line.at - _ABOVE_IN * dpi)), max(1, round(line.at - line.thick / 2) - 2)
    left, right = round(line.start), round(line.end)
    share = float(np.mean(ink[top:bottom, left:right] > 0)) if bottom > top and right > left else 0.0
    box = Box.clipped(left / width, top / height, right / width, (line.at + line.thick / 2) / height)
    if share >= _TICKED_SHARE:
        return CheckBox(box, MarkState.TICKED, 0.9)
    if share <= _EMPTY_SHARE:
        return CheckBox(box, MarkState.EMPTY, 0.9)
    return CheckBox(box, MarkState.AMBIGUOUS, 0.5)
