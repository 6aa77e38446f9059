"""Connected pieces of ink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Mask

Contour = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a mask (connected by edge or corner), as their outer edges: a third of the cost of labelling every pixel.

    ``rects`` has left, top, width and height of each piece, in pixels.
    """

    mask: Mask
    contours: tuple[Contour, ...]
    rects: tuple[tuple[int, int, int, int], ...]

    def shape(self, index: int) -> npt.NDArray[np.bool_]:
        """The pixels of a piece, and of what lies within it, in its own rectangle."""
        x, y, w, h = self.rects[index]
        filled = np.zeros((h, w), np.uint8)
        cv2.drawContours(filled, [self.contours[index]], -1, (1,), cv2.FILLED, offset=(-x, -y))
        return np.asarray((filled > 0) & (self.mask[y : y + h, x : x + w] > 0))

    def painted(self, kept: Iterable[int]) -> Mask:
        """A mask of some of the pieces."""
        out = np.zeros(self.mask.shape, np.uint8)
        for index in kept:
            x, y, w, h = self.rects[index]
            out[y : y + h, x : x + w][self.shape(index)] = 255
        return out


def pieces_of(mask: Mask) -> Pieces:
    """The pieces of a mask, those inside others too."""
    contours, links = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not len(contours):
        return Pieces(mask, (), ())
    # The edge of a hole has a parent; the outer edge of a piece has none. They come in the order of the last row first.
    edges = zip(reversed(contours), reversed(links[0].tolist()), strict=True)
    outer = tuple(np.asarray(contour, dtype=np.int32) for contour, link in edges if link[3] < 0)
    rects = tuple((int(x), int(y), int(w), int(h)) for x, y, w, h in map(cv2.boundingRect, outer))
    return Pieces(mask, outer, rects)


def holes_of(mask: Mask) -> list[tuple[int, int, int, int, float]]:
    """What the pieces of a mask enclose: left, top, width, height and area of each white part, in pixels."""
    contours, links = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not len(contours):
        return []
    holes = []
    for contour, link in zip(reversed(contours), reversed(links[0].tolist()), strict=True):
        if link[3] < 0:
            continue
        # The edge of a hole runs on the ink around it: half a pixel's border of its area, a pixel of its rectangle, is ink.
        x, y, w, h = cv2.boundingRect(contour)
        holes.append((x + 1, y + 1, w - 2, h - 2, max(0.0, cv2.contourArea(contour) - w - h + 1)))
    return holes
