"""Pictures for the report: pages as the reader saw them, and what stands in a reading's box."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from intake.identify import digest_of, identify
from intake.settings import Settings
from models.document import Document
from models.geometry import Box
from ocr.clean import PageImage, clean
from ocr.engines.protocol import EngineFailed
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from ocr.orientation import is_upside_down
from ocr.read import Readers
from ocr.source import open_source

_PAGE_WIDTH_PX = 900
_JPEG_QUALITY = 45
_AROUND_X, _AROUND_Y = 0.06, 0.016  # how much of the page beside the box is shown, in page fractions


def upright_pages(path: Path, wanted: set[int], settings: Settings, options: ReadingOptions) -> Iterator[tuple[int, GreyImage]]:
    """The wanted pages of a document, cleaned and turned as the reader turns them, one at a time.

    Raises:
        DocumentError: the document cannot be opened.
    """
    media_type = identify(path, settings.max_file_bytes)
    source = open_source(Document(path, path.name, digest_of(path), media_type, datetime.now(UTC)), options)
    try:
        for page in source.pages():
            if page.number in wanted and page.image is not None:
                cleaned = clean(page, page.image)
                yield page.number, cleaned.image if page.digital else _upright(cleaned, options)
    finally:
        source.close()


def _upright(cleaned: PageImage, options: ReadingOptions) -> GreyImage:
    try:
        turned = is_upside_down(cleaned.image, cleaned.dpi, Readers.started(options).first)
    except EngineFailed:
        # the picture may stand on its head; the report is of use even so
        turned = False
    return np.ascontiguousarray(cleaned.image[::-1, ::-1]) if turned else cleaned.image


def crop_of(image: GreyImage, box: Box) -> str:
    """The box with a little around it, as a data address."""
    around = box.grown(_AROUND_X, _AROUND_Y)
    height, width = image.shape[:2]
    top, bottom = int(around.top * height), max(int(around.top * height) + 1, int(around.bottom * height))
    left, right = int(around.left * width), max(int(around.left * width) + 1, int(around.right * width))
    cut = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_GRAY2BGR)
    corners = [
        (int(box.left * width) - left, int(box.top * height) - top),
        (int(box.right * width) - left, int(box.bottom * height) - top),
    ]
    cv2.rectangle(cut, corners[0], corners[1], (40, 90, 230), 2)
    return _address("png", cv2.imencode(".png", cut)[1].tobytes())


def page_of(image: GreyImage) -> str:
    """The whole page, small, as a data address."""
    height = round(image.shape[0] * _PAGE_WIDTH_PX / image.shape[1])
    small = cv2.resize(image, (_PAGE_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    return _address("jpeg", cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes())


def _address(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
