"""Where a PDF page's own points lie on the page as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from models.geometry import Box


@dataclass(frozen=True, slots=True)
class PdfFrame:
    """Turns PDF points into fractions of the upright page: the crop box, turned by ``turn`` degrees clockwise.

    ``left``, ``bottom``, ``width`` and ``height`` are those of the crop box, in points, before it is turned.
    """

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    @classmethod
    def of(cls, crop: tuple[float, float, float, float], turn: int) -> PdfFrame:
        """The frame of a crop box, given by two opposite corners."""
        x0, y0, x1, y1 = crop
        return cls(min(x0, x1), min(y0, y1), abs(x1 - x0) or 1.0, abs(y1 - y0) or 1.0, turn % 360)

    @property
    def shown_width(self) -> float:
        """Width of the upright page in points."""
        return self.height if self.turn in (90, 270) else self.width

    @property
    def shown_height(self) -> float:
        """Height of the upright page in points."""
        return self.width if self.turn in (90, 270) else self.height

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The part of a rectangle that lies on the page."""
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return Box.clipped(min(a, c), min(b, d), max(a, c), max(b, d))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as fractions from the left and the upper edge; outside 0..1 where it lies off the page."""
        u, v = (x - self.left) / self.width, 1 - (y - self.bottom) / self.height
        return {0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[self.turn]
