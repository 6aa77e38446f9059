"""The one form that pixels have here, and small helpers on it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

GreyImage = npt.NDArray[np.uint8]
"""Rows by columns, 0 black to 255 white."""

Mask = npt.NDArray[np.uint8]
"""Rows by columns, 255 where there is ink, else 0."""


def above(image: npt.NDArray[np.uint8] | cv2.typing.MatLike, level: float) -> Mask:
    """Where the image has more than ``level`` (0 to 255)."""
    return np.asarray(cv2.threshold(image, level, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
