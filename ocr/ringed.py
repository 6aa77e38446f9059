"""Check-boxes, circles and brackets that a hand has ringed instead of ticking them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from models.page import CheckBox, MarkState
from ocr.images import Mask

# A loop around a box: its half axes in heights of the box, and how far its middle may lie from the box's.
_AXES = np.arange(0.64, 1.42, 0.07)
_OFF = np.array((-0.14, 0.0, 0.14))
_FLATTEST = 0.55
# Such a loop runs no further inside the ends of a wide box than so many of its half widths.
_WITHIN_ENDS = 0.85
_ANGLES = np.linspace(0.0, 2 * np.pi, 48, endpoint=False)
# The share of directions in which the loop must be seen; a hand may leave it a little open.
_LEAST_SEEN = 0.82
_REACH = 1.6
_MOST_INK = 0.45
_SURENESS = 0.85


def ringed_box(box: CheckBox, strokes: Mask) -> CheckBox:
    """The box as ticked where nothing is in it and a loop is drawn around it.

    Args:
        box: a check-box in page fractions.
        strokes: the ink of the page without its printed lines.
    """
    if box.state is not MarkState.EMPTY:
        return box
    height, width = strokes.shape
    size = max(4.0, box.box.height * height)
    half = round(_REACH * size)
    x, y = round(box.box.x * width), round(box.box.y * height)
    if min(x, y) < half or x + half >= width or y + half >= height:
        return box
    around = strokes[y - half : y + half + 1, x - half : x + half + 1]
    if float(np.mean(around > 0)) > _MOST_INK:
        return box
    slack = np.asarray(cv2.dilate(around, np.ones((3, 3), np.uint8)) > 0)
    columns, rows, widest = _loops()
    wide = widest >= _WITHIN_ENDS * box.box.width * width / 2 / size
    places = tuple(np.rint(half + size * part[wide]).astype(np.int64).clip(0, 2 * half) for part in (rows, columns))
    # The box's own frame is no part of a loop; brackets stand where a loop passes on the left and on the right.
    beyond_side = np.abs(columns[wide]) * size > box.box.width * width / 2 + 1
    outside = beyond_side | (np.abs(rows[wide]) * size > box.box.height * height / 2 + 1)
    beside = np.abs(np.cos(_ANGLES)) > np.abs(np.sin(_ANGLES))
    seen = np.where(outside, slack[places], beside).mean(axis=1) if wide.any() else np.zeros(1)
    return replace(box, state=MarkState.TICKED, confidence=_SURENESS) if float(seen.max()) >= _LEAST_SEEN else box


@lru_cache(maxsize=1)
def _loops() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The columns and rows that each loop runs through, a row for each, and its half width; in heights of the box."""
    across, high, right, down = (part.ravel() for part in np.meshgrid(_AXES, _AXES, _OFF, _OFF, indexing="ij"))
    kept = (high >= _FLATTEST * across) & (across >= _FLATTEST * high)
    across, high, right, down = (part[kept][:, np.newaxis] for part in (across, high, right, down))
    return right + across * np.cos(_ANGLES), down + high * np.sin(_ANGLES), across[:, 0]
