"""How far a page leans."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import GreyImage

LIMIT_DEG = 6.0


def skew_of(image: GreyImage) -> float:
    """The lean of lines and rules in degrees, positive where they fall to the right.

    Ink is projected along each angle; at the true one the rows are the most uneven. Coarse steps first, then fine ones.
    """
    scale = 1000.0 / max(image.shape)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small < 140)
    if len(xs) < 200:
        return 0.0
    if len(xs) > 60_000:
        pick = np.random.default_rng(0).choice(len(xs), 60_000, replace=False)
        ys, xs = ys[pick], xs[pick]
    points = (xs.astype(np.float64), ys.astype(np.float64))
    coarse = _best(points, np.arange(-LIMIT_DEG, LIMIT_DEG + 0.01, 0.5))
    fine = _best(points, np.arange(coarse - 0.5, coarse + 0.51, 0.1))
    return float(_best(points, np.arange(fine - 0.1, fine + 0.101, 0.025)))


def _best(points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], angles: npt.NDArray[np.float64]) -> float:
    scores = [_unevenness(points, float(angle)) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _unevenness(points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], angle_deg: float) -> float:
    xs, ys = points
    rows = ys - xs * np.tan(np.radians(angle_deg))
    counts = np.bincount((rows - rows.min()).astype(np.int64))
    return float(np.sum(counts.astype(np.float64) ** 2))
