"""PDF pages as grey images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

_POINTS = 72.0


def pages(path: Path, dpi: float) -> Iterator[Image.Image]:
    """Each page in grey at ``dpi``, form fields drawn, one at a time."""
    document = pdfium.PdfDocument(path)
    try:
        document.init_forms()
        for page in document:
            yield page.render(scale=dpi / _POINTS, grayscale=True, may_draw_forms=True).to_pil().convert("L")
    finally:
        document.close()
