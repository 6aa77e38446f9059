"""What the reader may be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Limits, engines and time-outs of the reading stage.

    ``max_pages`` and ``max_pixels`` (of one page, as it would be in memory) stop bombs. ``scan_dpi`` is what PDF pages are
    rasterised at for an engine, ``layout_dpi`` what a digital page is rasterised at for its rules and check-boxes. ``first_engine``
    and ``second_engine`` are names of the registry in :mod:`ocr.engines`; ``second_engine`` may be ``None``. ``tesseract`` is
    the program to use where the search for it should not decide. ``engine_timeout_s`` is for one call on one page. ``form_words``,
    in capitals and of letters only, are what forms print, each with how many wordings hold it: a doubtful line is read a second
    time as if it were made of them.
    """

    max_pages: int = 300
    max_pixels: int = 60_000_000
    scan_dpi: int = 200
    layout_dpi: int = 150
    first_engine: str = "tesseract"
    second_engine: str | None = "ppocr"
    tesseract: Path | None = None
    engine_timeout_s: float = 120.0
    form_words: tuple[tuple[str, int], ...] = ()
