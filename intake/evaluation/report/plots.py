"""Calibration plots as SVG, drawn to need nothing but a browser."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10, sqrt

from intake.evaluation.calibration import Bin, Calibration

_SIDE = 320.0
_PAD = 44.0
_BAR_HEIGHT = 90.0
_LEAST = 0.001
_GRID = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin on the plot, with the 95 % interval of its share of right readings; all in SVG units."""

    x: float
    y: float
    radius: float
    top: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: how far along either axis, in SVG units, and the share that it stands for."""

    at: float
    share: str


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
    """What the template draws: dots of mean confidence against share right, and bars of how many readings there are.

    Both axes show 1 - share on a logarithmic scale from 1 to a thousandth, because what matters lies close to 1. ``ticks`` are
    the lines of the grid: their place and the share that they stand for.
    """

    title: str
    side: float
    pad: float
    bar_height: float
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
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
        tuple(Tick(_along(share) * _SIDE, f"{share:g}") for share in _GRID),
        calibration.expected_error,
        calibration.readings,
    )


def _dot(held: Bin, most: int) -> Dot:
    confidence, right = held.mean_confidence or 0.0, held.right_share or 0.0
    low, high = held.right_interval or (right, right)
    text = f"{held.count} readings at {confidence:.4f}: {right:.4f} right ({low:.4f} to {high:.4f})"
    return Dot(_PAD + _along(confidence) * _SIDE, _down(right), 3 + 7 * sqrt(held.count / most), _down(high), _down(low), text)


def _along(share: float) -> float:
    """How far along an axis a share lies, 0..1: 0 is 0, 0.9 a third, 0.99 two thirds, 0.999 and more the end."""
    return min(1.0, -log10(max(1.0 - share, _LEAST)) / -log10(_LEAST))


def _down(share: float) -> float:
    return _PAD / 2 + (1.0 - _along(share)) * _SIDE


def _bar(at: int, held: Bin, most: int, width: float) -> Bar:
    height = (_BAR_HEIGHT - 24) * sqrt(held.count / most)
    return Bar(_PAD + at * width, width - 3, height, height * (held.flagged_share or 0.0), held.count, f"{held.low:g}")
