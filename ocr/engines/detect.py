"""Where lines of text stand: the detector's probability map turned into boxes that no printed line cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.protocol import Sheet
from ocr.images import Mask

DETECTOR_SIDE = 1440
_PIXEL_THRESHOLD = 0.3
_BOX_THRESHOLD = 0.5
_UNCLIP = 1.6

PixelBox = tuple[int, int, int, int]
Plane = npt.NDArray[np.float32]


def text_boxes(detect: Callable[[Plane], Plane], sheet: Sheet) -> tuple[PixelBox, ...]:
    """Boxes (left, top, right, bottom in pixels) around runs of text, cut where an upright printed line passes."""
    height, width = sheet.image.shape
    scale = min(1.0, DETECTOR_SIDE / max(height, width))
    size = (max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32))
    small = cv2.resize(sheet.image, size, interpolation=cv2.INTER_AREA)
    probability = detect((small.astype(np.float32) / 255.0 - 0.5) / 0.5)
    found: list[PixelBox] = []
    for box in _map_boxes(probability):
        x0, x1 = box[0] * width / size[0], box[2] * width / size[0]
        y0, y1 = box[1] * height / size[1], box[3] * height / size[1]
        whole = (max(0, round(x0)), max(0, round(y0)), min(width, round(x1)), min(height, round(y1)))
        found.extend(_cut(whole, sheet.walls))
    return tuple(found)


def _map_boxes(probability: Plane) -> Iterator[tuple[float, float, float, float]]:
    bits = np.asarray(probability > _PIXEL_THRESHOLD, dtype=np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(bits, np.ones((2, 2), np.uint8)), connectivity=8)
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if min(w, h) < 3:
            continue
        view = labels[y : y + h, x : x + w] == index
        if float(probability[y : y + h, x : x + w][view].mean()) < _BOX_THRESHOLD:
            continue
        grow = area * _UNCLIP / (2 * (w + h))
        yield x - grow, y - grow, x + w + grow, y + h + grow


def _cut(box: PixelBox, walls: Mask) -> Iterator[PixelBox]:
    """The box in parts between the upright lines that pass through most of its height."""
    left, top, right, bottom = box
    if right - left < 4 or bottom - top < 4:
        return
    middle = walls[top + (bottom - top) // 5 : bottom - (bottom - top) // 5, left:right]
    blocked = np.mean(middle > 0, axis=0) > 0.7
    start: int | None = None
    for offset in range(right - left + 1):
        is_open = offset < right - left and not blocked[offset]
        if is_open and start is None:
            start = offset
        elif not is_open and start is not None:
            if offset - start >= 6:
                yield left + start, top, left + offset, bottom
            start = None
