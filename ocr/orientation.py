"""Which way up a page came."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.engines.protocol import Engine, SeenWord
from ocr.images import GreyImage, Mask
from ocr.pieces import pieces_of

_PROBES = 3
_PROBE_HEIGHTS = 14
_SURE_UPRIGHT = 0.9


def is_sideways(image: GreyImage) -> bool:
    """Whether lines of text run up and down.

    Letters stand closer within a line than lines stand to each other, so that closing small gaps along the lines joins many
    letters, and across them few.
    """
    scale = 1000.0 / max(image.shape)
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    mask = _letters(np.asarray(small < 140, dtype=np.uint8))
    if not mask.any():
        return False
    across = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    along = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 1), np.uint8))
    return int(cv2.connectedComponents(along)[0]) < int(cv2.connectedComponents(across)[0])


def _letters(ink: Mask) -> Mask:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    letters = [s for s in stats[1:count] if 3 <= s[2] <= 30 and 3 <= s[3] <= 30]
    mask = np.zeros_like(ink)
    if len(letters) >= 20:
        for x, y, w, h, _ in letters:
            mask[y : y + h, x : x + w] = 1
    return mask


def is_upside_down(image: GreyImage, dpi: float, engine: Engine) -> bool:
    """Whether the engine reads a few lines of the page better when they are turned round.

    Only a page whose lines are not read well as they stand is turned round for a second try.
    """
    crops = probe_lines(image, dpi)
    if not crops:
        return False
    read: list[tuple[SeenWord, ...]] = []
    for crop in crops:
        read.extend(engine.read_lines([crop], dpi))
        # Hardly a line reads well upside down: the first good one is enough.
        if _trust(read[-1:]) >= _SURE_UPRIGHT:
            return False
    upright = _trust(read)
    turned = _trust(engine.read_lines([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops], dpi))
    return turned > upright + 0.05


def probe_lines(image: GreyImage, dpi: float) -> list[GreyImage]:
    """Crops of a few long lines of ordinary height, from all over the page."""
    ink = np.asarray(image < 140, dtype=np.uint8)
    letters = np.zeros_like(ink)
    for x, y, w, h in pieces_of(ink).rects:
        if 0.03 * dpi <= h <= 0.25 * dpi and 0.01 * dpi <= w <= 0.4 * dpi:
            letters[y : y + h, x : x + w] = 1
    lines = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, int(0.12 * dpi)), np.uint8))
    rects = pieces_of(np.asarray(lines, dtype=np.uint8)).rects
    found = sorted((r for r in rects if 0.06 * dpi <= r[3] <= 0.24 * dpi and 6 * r[3] <= r[2] <= 30 * r[3]), key=lambda r: -r[2])
    pad = max(2, int(0.02 * dpi))
    return [
        np.ascontiguousarray(
            image[max(0, s[1] - pad) : s[1] + s[3] + pad, max(0, s[0] - pad) : s[0] + min(s[2] + pad, _PROBE_HEIGHTS * s[3])]
        )
        for s in found[:_PROBES]
    ]


def _trust(lines: Sequence[Sequence[SeenWord]]) -> float:
    """Mean confidence of the letters read, half of it where a line gave nothing."""
    letters = [(word.confidence, len(word.text)) for line in lines for word in line]
    total = sum(length for _, length in letters)
    if total == 0:
        return 0.0
    read = sum(1 for line in lines if line) / len(lines)
    return sum(confidence * length for confidence, length in letters) / total * (0.5 + read / 2)
