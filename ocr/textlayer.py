"""Whether a PDF page's own text can be trusted."""

from __future__ import annotations

from pdfplumber.page import Page as PlumberPage

MIN_CHARACTERS = 40


def is_trusted(page: PlumberPage) -> bool:
    """Whether the page was written, not scanned, and its text is the text that is seen."""
    chars = [char for char in page.chars if str(char["text"]).strip()]
    if len(chars) < MIN_CHARACTERS:
        return False
    area = float(page.width * page.height)
    image_share = max((abs(float((i["x1"] - i["x0"]) * (i["bottom"] - i["top"]))) / area for i in page.images), default=0.0)
    if image_share > 0.7:
        return False
    garbage = sum(1 for char in chars if str(char["text"]).startswith("(cid:") or "\ufffd" in str(char["text"]))
    upright = sum(1 for char in chars if char.get("upright", True))
    return garbage < 0.05 * len(chars) and upright > 0.7 * len(chars)
