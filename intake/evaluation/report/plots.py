"""Calibration plots as SVG, drawn to need nothing but a browser."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from intake.evaluation.calibration import Bin, Calibration

_SIDE = 320.0
_PAD = 44.0
_BAR_HEIGHT = 90.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin on the plot; positions and radius in SVG units, shares in 0..1."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many readings a bin holds; heights in SVG units."""

    x: float
    width: float
    height: float
    flagged_height: float
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws: dots of mean confidence against share right, and bars of how many readings there are."""

    title: str
    side: float
    pad: float
    bar_height: float
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    expected_error: float | None
    readings: int


def plot_of(title: str, calibration: Calibration) -> Plot:
    """The plot of one calibration."""
    most = max((held.count for held in calibration.bins), default=0) or 1
    width = _SIDE / len(calibration.bins)
    return Plot(
        title,
        _SIDE,
        _PAD,
        _BAR_HEIGHT,
        tuple(_dot(held, most) for held in calibration.bins if held.mean_confidence is not None),
        tuple(_bar(at, held, most, width) for at, held in enumerate(calibration.bins)),
        calibration.expected_error,
        calibration.readings,
    )


def _dot(held: Bin, most: int) -> Dot:
    confidence, right = held.mean_confidence or 0.0, held.right_share or 0.0
    text = f"{held.count} readings at {confidence:.3f}: {right:.3f} right"
    return Dot(_PAD + confidence * _SIDE, _PAD / 2 + (1 - right) * _SIDE, 3 + 9 * sqrt(held.count / most), text)


def _bar(at: int, held: Bin, most: int, width: float) -> Bar:
    height = (_BAR_HEIGHT - 24) * sqrt(held.count / most)
    return Bar(_PAD + at * width, width - 3, height, height * (held.flagged_share or 0.0), held.count, f"{held.low:g}")
