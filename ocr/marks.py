"""Check-boxes: where they are and what they show."""

from __future__ import annotations

import cv2
import numpy as np

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.images import Mask


def drawn_boxes(ink: Mask, dpi: float) -> tuple[CheckBox, ...]:
    """Squares of the size of a letter, drawn with a line."""
    height, width = ink.shape
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[CheckBox] = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if not (0.055 * dpi <= w <= 0.25 * dpi and 0.055 * dpi <= h <= 0.25 * dpi and 0.75 <= w / h <= 1.33):
            continue
        if not _framed(ink[y : y + h, x : x + w]):
            continue
        box = Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height)
        if any(box.inside_share(other.box) > 0.5 or other.box.inside_share(box) > 0.5 for other in found):
            continue
        found.append(CheckBox(box, *_state(ink[y : y + h, x : x + w])))
    return tuple(found)


def _framed(view: Mask) -> bool:
    """Whether all four edges are drawn."""
    edge = max(2, round(0.16 * view.shape[0]))
    sides = (view[:edge].max(axis=0), view[-edge:].max(axis=0), view[:, :edge].max(axis=1), view[:, -edge:].max(axis=1))
    return all(float(np.mean(side > 0)) > 0.8 for side in sides)


def _state(view: Mask) -> tuple[MarkState, float]:
    margin = max(2, round(0.22 * view.shape[0]))
    inner = view[margin:-margin, margin:-margin]
    share = float(np.mean(inner > 0)) if inner.size else 0.0
    if share > 0.14:
        return MarkState.TICKED, min(0.99, 0.7 + share)
    if share > 0.05:
        return MarkState.AMBIGUOUS, 0.5
    return MarkState.EMPTY, 0.95 - share
