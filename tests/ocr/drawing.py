"""Draws the pages that the reader's tests read: real pixels, real files."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.document import Document, MediaType
from ocr.clean import PageImage
from ocr.images import GreyImage

DPI = 200
WIDTH, HEIGHT = 1700, 2200
BLACK = 0


class Sheet:
    """A letter page at 200 dpi to draw on; lengths are pixels."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.image = Image.new("L", (width, height), 255)
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: int, y: int, text: str, size: int = 30, fill: int = BLACK) -> None:
        self.draw.text((x, y), text, fill=fill, font=ImageFont.load_default(size))

    def wipe(self, left: int, top: int, right: int, bottom: int) -> None:
        self.draw.rectangle((left, top, right, bottom), fill=255)

    def box(self, x: int, y: int, w: int, h: int, thick: int = 2) -> None:
        self.draw.rectangle((x, y, x + w, y + h), outline=BLACK, width=thick)

    def line(self, x0: int, y0: int, x1: int, y1: int, thick: int = 2) -> None:
        self.draw.line((x0, y0, x1, y1), fill=BLACK, width=thick)

    def cross(self, x: int, y: int, size: int) -> None:
        self.line(x, y, x + size, y + size, 4)
        self.line(x, y + size, x + size, y, 4)

    def tick(self, x: int, y: int, size: int) -> None:
        self.line(x, y + size // 2, x + size // 3, y + size, 4)
        self.line(x + size // 3, y + size, x + size, y, 4)

    def pixels(self) -> GreyImage:
        return np.asarray(self.image, dtype=np.uint8).copy()

    def page(self, noise: float = 0.0) -> PageImage:
        return PageImage(self.pixels(), float(DPI), self.image.height / self.image.width, noise=noise)


def letter() -> Sheet:
    """A page of plain lines, enough to tell which way is up."""
    sheet = Sheet()
    lines = (
        "Request for prior authorization of services",
        "The patient was seen in our office this week",
        "and needs physical therapy twice each week.",
        "Please call our office with any questions.",
        "Member number 48213907 Provider 1234567893",
    )
    for index in range(20):
        sheet.text(200, 200 + 80 * index, lines[index % len(lines)], 34)
    return sheet


def form() -> Sheet:
    """Four cells with a label and a value each, and two check-boxes of which the second is crossed."""
    sheet = Sheet()
    sheet.text(200, 150, "PRIOR AUTHORIZATION REQUEST", 46)
    values = (
        ("Member name", "Whitfield"),
        ("Member number", "48213907"),
        ("Provider", "Marisol Ortega"),
        ("Telephone", "831-555-0142"),
    )
    for index, (label, value) in enumerate(values):
        x, y = 200 + 600 * (index % 2), 300 + 130 * (index // 2)
        sheet.box(x, y, 600, 130)
        sheet.text(x + 15, y + 10, label, 24)
        sheet.text(x + 15, y + 60, value, 38)
    sheet.box(200, 640, 28, 28, 3)
    sheet.text(250, 638, "Routine", 30)
    sheet.box(500, 640, 28, 28, 3)
    sheet.cross(505, 645, 18)
    sheet.text(550, 638, "Urgent", 30)
    sheet.text(200, 760, "The services are needed to restore the use of the right arm.", 30)
    return sheet


def document(path: Path, kind: MediaType) -> Document:
    """The file as an arrival."""
    content = path.read_bytes()
    return Document(path, path.name, hashlib.sha256(content).hexdigest(), kind, datetime(2026, 2, 3, 9, 30, tzinfo=UTC))


def saved(path: Path, *images: Image.Image, dpi: tuple[int, int] | None = (DPI, DPI), compression: str = "group4") -> Document:
    """The images as one bilevel TIFF."""
    first, *rest = [image.point(lambda level: 255 if level > 128 else 0).convert("1") for image in images]
    if dpi is None:
        first.save(path, format="TIFF", compression=compression, save_all=True, append_images=rest)
    else:
        first.save(path, format="TIFF", compression=compression, save_all=True, append_images=rest, dpi=dpi)
    return document(path, MediaType.TIFF)
