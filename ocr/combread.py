"""Read comb fields: their characters set side by side as a line of print."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from models.geometry import Box
from models.page import Word
from ocr.combs import line_image
from ocr.engines.protocol import Engine, surety
from ocr.images import GreyImage
from ocr.layout import Layout
from ocr.marks import PixelRect


def comb_words(layout: Layout, engine: Engine) -> tuple[Word, ...]:
    """One word for each group of filled cells: a date's month, day and year are three."""
    crops: list[GreyImage] = []
    rects: list[PixelRect] = []
    for comb in layout.combs:
        for group in comb:
            joined = line_image(group, layout.cleaned.image, layout.ink)
            if joined is not None:
                padded = cv2.copyMakeBorder(joined[0], 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(255,))
                crops.append(np.asarray(padded, dtype=np.uint8))
                rects.append(joined[1])
    if not crops:
        return ()
    lines = engine.read_lines(crops, layout.cleaned.dpi)
    height, width = layout.ink.shape
    words = []
    for rect, own in zip(rects, lines, strict=True):
        text = "".join(w.text for w in own)
        if not text:
            continue
        box = Box.clipped(rect.x / width, rect.y / height, (rect.x + rect.w) / width, (rect.y + rect.h) / height)
        words.append(Word(text, box, surety(own)))
    return tuple(words)


def combed(words: tuple[Word, ...], layout: Layout) -> tuple[Word, ...]:
    """The words of a text layer, those of one comb's group of cells made one."""
    height, width = layout.ink.shape
    rest = list(words)
    joined: list[Word] = []
    for comb in layout.combs:
        for group in comb:
            left, right = group.cells[0], group.cells[-1]
            area = Box.clipped(left.x / width, left.y / height, (right.x + right.w) / width, (left.y + left.h) / height)
            inside = sorted((w for w in rest if area.holds(w.box.x, w.box.y)), key=lambda w: w.box.left)
            if inside:
                rest = [w for w in rest if w not in inside]
                text = "".join(w.text for w in inside)
                joined.append(replace(inside[0], text=text, box=Box.around(w.box for w in inside)))
    return (*rest, *joined)
