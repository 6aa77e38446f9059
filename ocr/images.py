"""The one form that pixels have here, and small helpers on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

GreyImage = npt.NDArray[np.uint8]
"""Rows by columns, 0 black to 255 white."""

Mask = npt.NDArray[np.uint8]
"""Rows by columns, 255 where there is ink, else 0."""
