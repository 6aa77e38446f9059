"""The page's darkness in a coarse grid."""

from __future__ import annotations

import cv2
import numpy as np

from models.page import InkMap
from ocr.images import Mask

COLUMNS, ROWS = 170, 220


def ink_map(ink: Mask, rules: Mask) -> InkMap:
    """Mean darkness of each square of the grid, printed lines taken out."""
    bare = np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))), dtype=np.uint8)
    grid = np.asarray(cv2.resize(bare, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return InkMap(COLUMNS, ROWS, grid.tobytes())
