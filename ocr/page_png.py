"""A page as a small PNG for people to look at: four greys at the reader's resolution, so that small print stays legible."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
from PIL import Image

from ocr.images import GreyImage

_GREYS = 4
_BITS = 2
_STEP = 255 // (_GREYS - 1)
_PALETTE = [grey for level in range(_GREYS) for grey in (level * _STEP,) * 3]
# An A3 sheet at 300 dots per inch has fewer. A drawing of a building would take long to show.
_MOST_PIXELS = 20_000_000


def page_png(image: GreyImage) -> bytes:
    """The image as PNG with two bits for each pixel; one of very many pixels is made smaller."""
    shrink = math.sqrt(image.size / _MOST_PIXELS)
    if shrink > 1:
        size = (max(1, int(image.shape[1] / shrink)), max(1, int(image.shape[0] / shrink)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    # Rounded by a table: of a page of pixels, arithmetic makes several copies.
    table = np.asarray([(grey + _STEP // 2) // _STEP for grey in range(256)], dtype=np.uint8)
    indexed = Image.frombytes("P", (image.shape[1], image.shape[0]), np.asarray(cv2.LUT(image, table), dtype=np.uint8).tobytes())
    indexed.putpalette(_PALETTE)
    file = io.BytesIO()
    indexed.save(file, format="PNG", bits=_BITS, compress_level=6)
    return file.getvalue()
