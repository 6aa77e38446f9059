"""Which way up a page came."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import GreyImage


def quarter_turns(image: GreyImage) -> int:
    """How many quarter turns clockwise make the page upright, 0 to 3."""
    if not _is_sideways(image):
        return 0
    return 1


def _is_sideways(image: GreyImage) -> bool:
    """Letters stand in rows: closing the gaps between them gives pieces that are wider than high on an upright page."""
    scale = 1000.0 / max(image.shape)
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    ink = np.asarray(small < 140, dtype=np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    letters = [s for s in stats[1:count] if 3 <= s[2] <= 30 and 3 <= s[3] <= 30]
    if len(letters) < 20:
        return False
    mask = np.zeros_like(ink)
    for x, y, w, h, _ in letters:
        mask[y : y + h, x : x + w] = 1
    across = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    along = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 1), np.uint8))
    return _pieces(along) < _pieces(across)


def _pieces(mask: GreyImage) -> int:
    return int(cv2.connectedComponents(mask, connectivity=8)[0])
