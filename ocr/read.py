"""Read one page."""

from __future__ import annotations

import cv2
import numpy as np

from models.page import Page
from ocr.clean import clean, ink_of
from ocr.engines import tesseract
from ocr.images import GreyImage
from ocr.ink import ink_map
from ocr.marks import drawn_boxes
from ocr.options import ReadingOptions
from ocr.rules import cells_of, rule_masks, rules_of
from ocr.source import PageSource


def read_page(source: PageSource, options: ReadingOptions) -> tuple[Page, GreyImage | None]:
    """The page as read and its clean image; no image where it could not be decoded."""
    del options
    if source.image is None:
        return Page(source.number, 1.29, problems=source.problems), None
    cleaned = clean(source, source.image)
    ink = ink_of(cleaned.image)
    horizontal, vertical = rule_masks(ink, cleaned.dpi)
    words = source.words if source.digital else (*tesseract.read_page(cleaned.image, cleaned.dpi), *source.words)
    header = None
    if cleaned.header is not None:
        padded = np.asarray(cv2.copyMakeBorder(cleaned.header, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(255,)), dtype=np.uint8)
        header = " ".join(word.text for word in tesseract.read_page(padded, cleaned.dpi)) or None
    boxes = drawn_boxes(ink, cleaned.dpi)
    boxes = tuple(b for b in boxes if not any(b.box.overlap(other.box) > 0 for other in source.check_boxes))
    page = Page(
        number=source.number,
        aspect=cleaned.aspect,
        words=words,
        rules=rules_of(horizontal, vertical, cleaned.dpi),
        cells=cells_of(horizontal, vertical, cleaned.dpi),
        check_boxes=(*source.check_boxes, *boxes),
        fields=source.fields,
        ink=ink_map(ink, np.asarray(cv2.bitwise_or(horizontal, vertical), dtype=np.uint8)),
        fax_header=header,
        problems=source.problems,
    )
    return page, cleaned.image
