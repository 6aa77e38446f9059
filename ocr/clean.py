"""From a page as it arrived to an upright, deskewed page with square pixels, without edge shadow and specks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.drawing import NOTHING_DRAWN, Drawing
from ocr.images import GreyImage, Mask, above
from ocr.orientation import is_sideways
from ocr.pagesource import PageSource
from ocr.pieces import pieces_of
from ocr.skew import skew_of

INK_LEVEL = 160
_DRAWN_CONTRAST = 28
_DRAWN_DARK = 110
_SHADOW_RUN = 90


@dataclass(frozen=True, slots=True)
class PageImage:
    """A clean page.

    ``dpi`` is that of the page's width. ``header`` is the strip that the sending machine printed on, as it arrived, or
    ``None``. ``noise`` is the share of specks among the connected pieces of ink. ``turns`` are quarter turns made clockwise,
    ``skew_deg`` what was straightened after them. ``drawn`` pages were never on paper; ``drawing`` is
    what they draw, where it is known.
    """

    image: GreyImage
    dpi: float
    aspect: float
    header: GreyImage | None = None
    noise: float = 0.0
    turns: int = 0
    skew_deg: float = 0.0
    drawn: bool = False
    drawing: Drawing = NOTHING_DRAWN


def clean(source: PageSource, image: GreyImage, *, cut: bool = True) -> PageImage:
    """The page made ready for reading; a digital page is upright already.

    ``cut`` says whether to take off what may be a transmission line on the upper edge.
    """
    if source.digital:
        aspect = image.shape[0] / image.shape[1]
        return PageImage(image, source.dpi_x, aspect, drawn=True, drawing=source.drawing)
    square, dpi = square_pixels(image, source.dpi_x, source.dpi_y)
    square = without_edge_shadow(square)
    header, body = cut_header(square, dpi) if cut else (None, square)
    turns = 1 if is_sideways(body) else 0
    upright: GreyImage = np.ascontiguousarray(np.rot90(body, -turns))
    upright, noise = without_specks(upright)
    skew = skew_of(upright)
    straight = straightened(upright, skew)
    return PageImage(straight, dpi, straight.shape[0] / straight.shape[1], header, noise, turns, skew)


def square_pixels(image: GreyImage, dpi_x: float, dpi_y: float) -> tuple[GreyImage, float]:
    """Pixels as wide as high: rows doubled on a standard fax, resampled where the two differ otherwise."""
    ratio = dpi_x / dpi_y
    if 1.7 <= ratio <= 2.4:
        image = np.repeat(image, 2, axis=0)
        ratio /= 2
    if abs(ratio - 1) > 0.02:
        size = (image.shape[1], round(image.shape[0] * ratio))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    if dpi_x > 260 or dpi_x < 140:
        scale = 200.0 / dpi_x
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image, dpi_x = np.asarray(cv2.resize(image, size, interpolation=how), dtype=np.uint8), 200.0
    return image, dpi_x


def ink_of(image: GreyImage) -> Mask:
    """Where there is ink."""
    level = INK_LEVEL
    if len(np.unique(image[::7, ::7])) > 8:
        level = int(min(200, max(110, cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])))
    return np.asarray(cv2.threshold(image, level, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def drawn_ink(image: GreyImage) -> Mask:
    """Where there is ink on a page that was drawn and not scanned: what is darker than the white or grey around it.

    The frames of a fillable form are often thin and grey; a grey heading bar is no ink, a dark one is.
    """
    around = cv2.dilate(image, np.ones((9, 9), np.uint8))
    darker = above(cv2.subtract(around, image), _DRAWN_CONTRAST)
    return np.bitwise_or(darker, np.bitwise_not(above(image, _DRAWN_DARK - 1)))


def without_edge_shadow(image: GreyImage) -> GreyImage:
    """The page without the dark bands that a scanner leaves along its edges.

    A band is thick, touches the edge, runs along it, and reaches less than a tenth of the page inward; a heading bar that
    touches the edge runs the other way.
    """
    ink = ink_of(image)
    height, width = ink.shape
    shadow = np.zeros_like(ink)
    # A heading bar that runs into a side shadow is far lower than one, and falls away when only what is high is kept.
    for kernel, inward in (((_SHADOW_RUN, 5), 0.1 * width), ((5, _SHADOW_RUN), 0.06 * height)):
        thick = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, np.uint8)), dtype=np.uint8)
        upright = kernel[0] > kernel[1]
        pieces = pieces_of(thick)
        for index, (x, y, w, h) in enumerate(pieces.rects):
            touches = (x <= 3 or x + w >= width - 3) if upright else (y <= 3 or y + h >= height - 3)
            if touches and (w if upright else h) < inward:
                shadow[y : y + h, x : x + w][pieces.shape(index)] = 255
    if not shadow.any():
        return image
    out = image.copy()
    out[cv2.dilate(shadow, np.ones((9, 9), np.uint8)) > 0] = 255
    return out


def cut_header(image: GreyImage, dpi: float) -> tuple[GreyImage | None, GreyImage]:
    """The transmission line on the upper edge, blanked out of the page, and the page.

    The machine prints one line of small type within the first quarter inch, with white below it.
    """
    ink = ink_of(image)
    rows = np.count_nonzero(ink[: int(0.5 * dpi)], axis=1)
    quiet = rows <= max(2, 0.002 * ink.shape[1])
    inked = np.flatnonzero(~quiet)
    if not len(inked) or inked[0] > 0.2 * dpi:
        return None, image
    start = int(inked[0])
    gap = max(3, int(0.02 * dpi))
    end = start
    while end < len(quiet) - gap and not quiet[end : end + gap].all():
        end += 1
    height = end - start
    if not 0.05 * dpi <= height <= 0.22 * dpi or end >= 0.4 * dpi:
        return None, image
    strip = image[max(0, start - 4) : end + 4]
    body = image.copy()
    body[: end + 2] = 255
    return np.ascontiguousarray(strip), body


def without_specks(image: GreyImage) -> tuple[GreyImage, float]:
    """The page without isolated specks, and how many of its pieces of ink were specks.

    What counts as a speck follows from the page: none are taken from a page that has few. Only what stands alone is taken,
    since the dots of dates and numbers and the crumbs of faint letters are as small as noise but have company.
    """
    ink = ink_of(image)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if len(areas) == 0:
        return image, 0.0
    noise = float(np.mean(areas <= 3))
    if noise < 0.1:
        return image, noise
    near = cv2.dilate(ink, np.ones((9, 9), np.uint8))
    count, labels = cv2.connectedComponents(near, connectivity=8)
    weight = np.bincount(labels[ink > 0], minlength=count)
    lonely = weight <= (12 if noise > 0.4 else 6)
    out = image.copy()
    out[lonely[labels] & (ink > 0)] = 255
    return out, noise


def straightened(image: GreyImage, skew_deg: float) -> GreyImage:
    """The page turned by ``-skew_deg`` about its middle, white where nothing was."""
    if abs(skew_deg) < 0.05:
        return image
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,))
    return np.asarray(turned, dtype=np.uint8)
