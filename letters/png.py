"""Pages of a letter as images, to be looked at before it is released."""

from __future__ import annotations

import io

import pypdfium2

_DPI = 100


def page_image(pdf: bytes, number: int) -> bytes | None:
    """One page as PNG; ``number`` is 1-based, ``None`` where there is no such page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 1 <= number <= len(document):
            return None
        bitmap = document[number - 1].render(scale=_DPI / 72, grayscale=True)
        kept = io.BytesIO()
        bitmap.to_pil().save(kept, format="PNG", optimize=False)
        return kept.getvalue()
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """How many pages a letter has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
