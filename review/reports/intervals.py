"""A plot of shares with their intervals, and of the target that they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.html.plots import WIDTH, Mark, Plot, Tick

_ROW = 24.0
_NAMES = 216.0
_COUNTS = 52.0
_DOT = 7.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share, and the interval that it lies in; each 0..1."""

    name: str
    share: float
    low: float
    high: float


def intervals(name: str, title: str, estimates: Sequence[Estimate], target: float, summary: str) -> Plot:
    """A row for each: the interval as a bar, the share as a mark on it, and a line at the target."""
    inner = WIDTH - _NAMES - _COUNTS
    height = max(len(estimates), 1) * _ROW

    def at(share: float) -> float:
        return _NAMES + share * inner

    marks: list[Mark] = []
    for place, one in enumerate(estimates):
        top = place * _ROW
        told = f"{one.name}: {100 * one.share:.1f} %, between {100 * one.low:.1f} and {100 * one.high:.1f} %"
        marks.append(Mark(1, at(one.low), top + 8, max(at(one.high) - at(one.low), 1.0), _ROW - 16, told))
        marks.append(Mark(0, at(one.share) - _DOT / 2, top + 5, _DOT, _ROW - 10, told))
    if estimates:
        marks.append(Mark(2, at(target) - 0.75, 0.0, 1.5, height, f"target: {100 * target:.0f} %"))
    names = tuple(Tick((place + 0.5) * _ROW, one.name) for place, one in enumerate(estimates))
    values = tuple(Tick(WIDTH - _COUNTS + 6, f"{100 * one.share:.1f} %") for one in estimates)
    series = ("agreed", "interval of 95 %", f"target, {100 * target:.0f} %")
    return Plot(name, title, summary, series, WIDTH, height, tuple(marks), (), values, (), names)
