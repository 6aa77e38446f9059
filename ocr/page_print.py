"""Takes a page's print. The same page faxed again gives nearly the same one; so does another member on the same form.

What was read has to agree too: a print proposes, and decides nothing.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.page_print import COLUMNS, ROWS, PagePrint
from ocr.clean import ink_of
from ocr.images import GreyImage

# The transmission line stands above this share of the page, and is another one each time.
_UPPER_EDGE = 0.035


def page_print(image: GreyImage) -> PagePrint:
    """The print of a clean, upright page.

    Args:
        image: as the reader keeps it, of any resolution.
    """
    ink = ink_of(image)
    ink[: round(_UPPER_EDGE * ink.shape[0])] = 0
    return PagePrint.of(np.asarray(cv2.resize(ink, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), dtype=np.uint8))
