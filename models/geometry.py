"""Boxes on a page.

All coordinates are fractions of the upright, deskewed page: ``left`` and ``right`` of its width, ``top`` and ``bottom`` of its
height, with the origin in the upper left corner. A fraction outlives every change of resolution between source, clean image
and screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in page fractions.

    Raises:
        ValueError: when an edge lies outside 0..1 or the edges are in the wrong order.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.left <= self.right <= 1.0 and 0.0 <= self.top <= self.bottom <= 1.0):
            raise ValueError("a box needs 0 <= left <= right <= 1 and 0 <= top <= bottom <= 1")

    @classmethod
    def clipped(cls, left: float, top: float, right: float, bottom: float) -> Box:
        """The part of a rectangle that lies on the page; edges in the wrong order are swapped."""

        def clip(value: float) -> float:
            return min(1.0, max(0.0, value))

        left, right = sorted((clip(left), clip(right)))
        top, bottom = sorted((clip(top), clip(bottom)))
        return cls(left, top, right, bottom)

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of ``boxes``.

        Raises:
            ValueError: when there are none.
        """
        edges = [(b.left, b.top, b.right, b.bottom) for b in boxes]
        if not edges:
            raise ValueError("no boxes to go around")
        left, top, right, bottom = zip(*edges, strict=True)
        return cls(min(left), min(top), max(right), max(bottom))

    @property
    def width(self) -> float:
        """Width as a fraction of the page width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height as a fraction of the page height."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Area as a fraction of the page."""
        return self.width * self.height

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """Area common to both, as a fraction of the page."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def inside_share(self, other: Box) -> float:
        """The share of this box that lies in ``other``, 0 to 1; a box without area counts by its centre."""
        if self.area == 0.0:
            return 1.0 if other.holds(self.x, self.y) else 0.0
        return self.overlap(other) / self.area

    def x_overlap(self, other: Box) -> float:
        """Length that both have in common from left to right."""
        return max(0.0, min(self.right, other.right) - max(self.left, other.left))

    def y_overlap(self, other: Box) -> float:
        """Length that both have in common from top to bottom."""
        return max(0.0, min(self.bottom, other.bottom) - max(self.top, other.top))

    def on_row_of(self, other: Box) -> bool:
        """Whether both stand in one row: they share more than half of the lower one's height."""
        return self.y_overlap(other) > 0.5 * min(self.height, other.height)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the box, edges included."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def grown(self, dx: float, dy: float) -> Box:
        """The box with ``dx`` more on the left and right and ``dy`` more above and below, cut at the page edge."""
        return Box.clipped(self.left - dx, self.top - dy, self.right + dx, self.bottom + dy)
