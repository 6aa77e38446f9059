"""Plots as SVG, drawn by templates: where each mark lies, in units of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH = 680.0
HEIGHT = 220.0
LEFT = 52.0
TOP = 12.0
_RIGHT = 10.0
_BOTTOM = 28.0
_MOST_LABELS = 8
_ROW = 24.0
_NAMES = 216.0
_COUNTS = 44.0


@dataclass(frozen=True, slots=True)
class Series:
    """A row of numbers with its name; ``None`` where there is no number."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a dot; ``kind`` is the position of its series, ``told`` says it in words."""

    kind: int
    x: float
    y: float
    width: float
    height: float
    told: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid or a label below: its place along the axis, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line through the dots of a series, as SVG writes it."""

    kind: int
    d: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What a template draws. ``summary`` is the text for who does not see it."""

    name: str
    title: str
    summary: str
    series: tuple[str, ...]
    width: float
    height: float
    marks: tuple[Mark, ...]
    paths: tuple[Path, ...]
    across: tuple[Tick, ...]
    below: tuple[Tick, ...]
    names: tuple[Tick, ...] = ()
    unit: str = ""


def bars(name: str, title: str, labels: Sequence[str], groups: Sequence[Sequence[Series]], summary: str) -> Plot:
    """Bars side by side, one for each group; the series of a group stand on each other."""
    tops = [sum(series.values[at] or 0 for series in group) for group in groups for at in range(len(labels))]
    top, ticks = _scale(max(tops, default=0), whole=True)
    step = _inner_width() / max(len(labels), 1)
    thick = max(step * 0.8 / len(groups), 0.5)
    marks: list[Mark] = []
    kind = 0
    for position, group in enumerate(groups):
        below = [0.0] * len(labels)
        for series in group:
            for at, value in enumerate(series.values):
                if value:
                    x = LEFT + at * step + step * 0.1 + position * thick
                    high = value / top * _inner_height()
                    told = f"{labels[at]}: {value:g} {series.name}"
                    marks.append(Mark(kind, x, _y(below[at] + value, top), max(thick - 0.5, 0.5), high, told))
                    below[at] += value
            kind += 1
    named = tuple(series.name for group in groups for series in group)
    return Plot(name, title, summary, named, WIDTH, HEIGHT, tuple(marks), (), ticks, _below(labels))


def lines(name: str, title: str, labels: Sequence[str], series: Sequence[Series], summary: str, unit: str = "") -> Plot:
    """Lines with a dot for each number; a line is broken where there is none."""
    top, ticks = _scale(max((value for one in series for value in one.values if value is not None), default=0), whole=False)
    step = _inner_width() / max(len(labels), 1)
    marks: list[Mark] = []
    paths: list[Path] = []
    for kind, one in enumerate(series):
        d, on = "", False
        for at, value in enumerate(one.values):
            if value is not None:
                x, y = LEFT + (at + 0.5) * step, _y(value, top)
                d += f"{'L' if on else 'M'}{x:.1f} {y:.1f}"
                marks.append(Mark(kind, x, y, 0, 0, f"{labels[at]}: {one.name} {value:.3g}{unit}"))
            on = value is not None
        paths.append(Path(kind, d))
    named = tuple(one.name for one in series)
    return Plot(name, title, summary, named, WIDTH, HEIGHT, tuple(marks), tuple(paths), ticks, _below(labels), unit=unit)


def rows(name: str, title: str, labels: Sequence[str], series: Sequence[Series], summary: str) -> Plot:
    """One bar that lies for each label, the series behind each other, and their sum behind the bar."""
    sums = [sum(one.values[at] or 0 for one in series) for at in range(len(labels))]
    top = max(sums, default=0) or 1
    inner = WIDTH - _NAMES - _COUNTS
    marks: list[Mark] = []
    counts: list[Tick] = []
    for at, label in enumerate(labels):
        x = _NAMES
        for kind, one in enumerate(series):
            long = (one.values[at] or 0) / top * inner
            if long:
                marks.append(Mark(kind, x, at * _ROW + 4, long, _ROW - 8, f"{label}: {one.values[at]:g} {one.name}"))
            x += long
        counts.append(Tick(x + 6, f"{sums[at]:g}"))
    named = tuple(one.name for one in series)
    names = tuple(Tick((at + 0.5) * _ROW, label) for at, label in enumerate(labels))
    height = max(len(labels), 1) * _ROW
    return Plot(name, title, summary, named, WIDTH, height, tuple(marks), (), tuple(counts), (), names)


def _inner_width() -> float:
    return WIDTH - LEFT - _RIGHT


def _inner_height() -> float:
    return HEIGHT - TOP - _BOTTOM


def _y(value: float, top: float) -> float:
    return TOP + (1 - value / top) * _inner_height()


def _scale(most: float, *, whole: bool) -> tuple[float, tuple[Tick, ...]]:
    """The number at the top of an axis that holds ``most``, and its grid: steps of 1, 2 or 5 times a power of ten."""
    if most <= 0:
        most = 1.0
    size = 10.0 ** floor(log10(most / 4))
    step = next(size * times for times in (1, 2, 5, 10) if most / (size * times) <= 4)
    if whole:
        step = max(step, 1.0)
    count = ceil(most / step - 1e-9)
    top = count * step
    return top, tuple(Tick(_y(n * step, top), f"{n * step:g}") for n in range(count + 1))


def _below(labels: Sequence[str]) -> tuple[Tick, ...]:
    every = max(ceil(len(labels) / _MOST_LABELS), 1)
    step = _inner_width() / max(len(labels), 1)
    return tuple(Tick(LEFT + (at + 0.5) * step, label) for at, label in enumerate(labels) if at % every == 0)
