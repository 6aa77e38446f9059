"""What stands on a page besides text: lines, cells, frames, combs and filled areas."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.geometry import Box
from ocr.cells import cells_of, closed_cells
from ocr.clean import PageImage, drawn_ink, ink_of
from ocr.combs import CombGroup, find_combs, fullest, ruled_combs, ticked_combs
from ocr.engines.protocol import Sheet
from ocr.frames import box_frames
from ocr.images import GreyImage, Mask, above
from ocr.marks import PixelRect
from ocr.pieces import pieces_of
from ocr.rules import LineMasks, Segment, drawn_segments, line_masks, segments_of, standing, turned, without_lines

_AROUND_PX = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """A page image with what was measured on it; lengths and rectangles are in its pixels, ``cells`` in page fractions.

    ``frames`` are the drawn check-boxes; the cells of ``combs`` are not among them. ``removable`` is the ink that goes when lines
    are taken out.
    """

    cleaned: PageImage
    ink: Mask
    masks: LineMasks
    horizontal: list[Segment]
    vertical: list[Segment]
    cells: tuple[Box, ...]
    frames: list[PixelRect]
    combs: tuple[tuple[CombGroup, ...], ...]
    removable: Mask

    def sheet(self, hidden: list[PixelRect], cuts: list[PixelRect]) -> Sheet:
        """What an engine gets to see; check-boxes, combs and ``hidden`` are covered in two of its pictures.

        A check-box is read as a letter otherwise, and holds together what stands on both sides of it. No word crosses the ``cuts``.
        """
        text = self.cleaned.image.copy()
        walls = standing(self.masks, self.cleaned.dpi)
        comb_cells = _comb_cells(self.combs)
        for rect in (*self.frames, *comb_cells, *hidden):
            edge = max(1, rect.h // 9)  # The soft edge of a scanned box is read as a letter too.
            _paper_over(text, rect.grown(edge))
            walls[max(0, rect.y - rect.h // 8) : rect.y + rect.h + rect.h // 8, rect.x : rect.x + rect.w] = 255
        for rect in cuts:
            walls[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w] = 255
        bare = text.copy()
        bare[self.removable > 0] = 255
        return Sheet(self.cleaned.image, text, bare, walls, self.cleaned.dpi)


def _paper_over(image: GreyImage, rect: PixelRect) -> None:
    """Cover a rectangle with the shade of the paper around it: a white patch on grey paper is read as a letter."""
    around = rect.grown(_AROUND_PX)
    view = image[around.y : around.y + around.h, around.x : around.x + around.w]
    paper = np.percentile(view, 80) if view.size else 255
    image[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w] = paper


def layout_of(cleaned: PageImage) -> Layout:
    """Measure a clean page."""
    dpi = cleaned.dpi
    ink = drawn_ink(cleaned.image) if cleaned.drawn else ink_of(cleaned.image)
    masks = line_masks(ink, dpi)
    if cleaned.drawing.lines:
        horizontal, vertical = drawn_segments(cleaned.drawing.lines, ink.shape, dpi)
        cells = closed_cells(horizontal, vertical, masks.bars, dpi)
    else:
        horizontal = segments_of(masks.horizontal, dpi)
        vertical = segments_of(turned(masks.vertical), dpi)
        cells = cells_of(horizontal, vertical, ink, masks.bars, dpi)
    # The letters left white in a bar, and its ends, look like boxes.
    frames = box_frames(
        np.asarray(cv2.subtract(ink, cv2.dilate(masks.bars, np.ones((5, 5), np.uint8))), dtype=np.uint8), dpi, cleaned.noise
    )
    height, width = ink.shape
    rings = [_pixels(ring, width, height) for ring in cleaned.drawing.rings]
    frames += [ring for ring in rings if not any(ring.overlaps(other) for other in frames)]
    candidates = [*frames, *(r for r in (_pixels(cell, width, height) for cell in cells) if not _is_among(r, frames))]
    combs = fullest((*find_combs(candidates, ink, dpi), *ruled_combs(horizontal, ink, dpi)))
    in_combs = _comb_cells(combs)
    on_lines = [comb for comb in ticked_combs(horizontal, ink, dpi) if not _is_among(comb[0].cells[1], in_combs)]
    combs = (*combs, *on_lines)
    in_combs = _comb_cells(combs)
    frames = [frame for frame in frames if not _is_among(frame, in_combs)]
    removable = without_lines(ink, masks, dpi)
    return Layout(cleaned, ink, masks, horizontal, vertical, cells, frames, combs, removable)


def _comb_cells(combs: tuple[tuple[CombGroup, ...], ...]) -> list[PixelRect]:
    return [cell for comb in combs for group in comb for cell in group.cells]


def shades_of(layout: Layout) -> tuple[Box, ...]:
    """Filled bars and grey areas."""
    if layout.cleaned.drawing.shades:
        return tuple(sorted(layout.cleaned.drawing.shades, key=lambda box: (box.top, box.left)))
    height, width = layout.ink.shape
    boxes = []
    for mask in (layout.masks.bars, _grey_areas(layout)):
        for x, y, w, h in pieces_of(mask).rects:
            boxes.append(Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height))
    return tuple(sorted(boxes, key=lambda box: (box.top, box.left)))


def _grey_areas(layout: Layout) -> Mask:
    """Areas of even grey at least a line of text high; the letters on them are no gaps."""
    dpi, image = layout.cleaned.dpi, layout.cleaned.image
    side = max(3, int(0.05 * dpi))
    grey = above(cv2.blur(cv2.inRange(image, 111, 239), (side, side)), 0.75 * 255)
    if not cv2.countNonZero(grey):
        return grey
    grey = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((side, 3 * side), np.uint8)), dtype=np.uint8)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_OPEN, np.ones((int(0.12 * dpi), int(0.8 * dpi)), np.uint8)), dtype=np.uint8)


def _pixels(box: Box, width: int, height: int) -> PixelRect:
    left, top = round(box.left * width), round(box.top * height)
    return PixelRect(left, top, round(box.right * width) - left, round(box.bottom * height) - top)


def _is_among(rect: PixelRect, others: list[PixelRect]) -> bool:
    return any(rect.overlaps(other) for other in others)
