"""What a form gives to tick, and what hands put there."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from reportlab.pdfgen.canvas import Canvas

from tests.faxes import fonts
from tests.faxes.style import Check, Mark, Style

_HEIGHT = 792.0  # of a letter page


class Ticks:
    """Draws places to tick and marks on a page; points from its upper left corner."""

    def __init__(self, canvas: Canvas, style: Style, rng: Random) -> None:
        self._canvas = canvas
        self._style = style
        self._rng = rng

    def draw(self, x: float, y: float, ticked: bool) -> float:
        """A place to tick, its lower edge near the baseline ``y``. Returns the width it takes."""
        side = self._style.label_size * self._style.check_size
        wide = self._place(x, y, side)
        if ticked:
            self._mark(x + wide / 2, _HEIGHT - y + side / 2 - 1, side)
        return wide

    def around_word(self, x: float, y: float, width: float, size: float) -> None:
        """A ring around a printed word, or a stroke under it."""
        shake, canvas = self._rng.uniform, self._canvas
        canvas.setLineWidth(shake(0.9, 1.8))
        if self._style.mark is Mark.UNDERLINE:
            canvas.line(x - shake(0, 2), _HEIGHT - y - shake(1.8, 3), x + width + shake(0, 2), _HEIGHT - y - shake(1.8, 3))
            return
        self._ring(x + width / 2 + shake(-1, 1), _HEIGHT - y + size * 0.33, width / 2 + shake(3.5, 5.5), size * 0.5 + shake(2.5, 4))

    def _place(self, x: float, y: float, side: float) -> float:
        check, canvas = self._style.check, self._canvas
        canvas.setLineWidth(self._style.line_width)
        if check is Check.SQUARE:
            canvas.rect(x, _HEIGHT - y - 1, side, side)
            return side
        if check is Check.CIRCLE:
            canvas.circle(x + side / 2, _HEIGHT - y + side / 2 - 1, side / 2)
            return side
        if check is Check.BLANK:
            canvas.line(x, _HEIGHT - y - 1, x + side * 2, _HEIGHT - y - 1)
            return side * 2
        if check is Check.WORD:
            return 0.0
        opening, closing = ("[", "]") if check is Check.BRACKET else ("(", ")")
        font, gap = self._style.print_face.regular, side * 0.95
        canvas.setFont(font, side)
        width = fonts.width(opening, font, side)
        canvas.drawString(x, _HEIGHT - y, opening)
        canvas.drawString(x + width + gap, _HEIGHT - y, closing)
        return width * 2 + gap

    def _mark(self, x: float, up: float, side: float) -> None:
        """A mark around a middle; ``up`` from the lower edge of the page."""
        shake, canvas, mark = self._rng.uniform, self._canvas, self._style.mark
        half = side * shake(0.32, 0.5)
        canvas.setLineWidth(shake(1.0, 1.7))
        if mark is Mark.FILL and self._style.check is not Check.BLANK:
            canvas.rect(x - half * 0.8, up - half * 0.8, half * 1.6, half * 1.6, stroke=0, fill=1)
        elif mark is Mark.DOT:
            canvas.circle(x, up, half * 0.6, stroke=0, fill=1)
        elif mark is Mark.LETTER:
            canvas.setFont(self._style.value_face.bold, side)
            canvas.drawString(x - side * 0.32, up - side * 0.32, "X")
        elif mark is Mark.CROSS:
            canvas.line(x - half, up - half, x + half, up + half)
            canvas.line(x - half, up + half, x + half, up - half + shake(-1, 1))
        elif mark is Mark.SLASH:
            canvas.line(x - half, up - half * shake(0.9, 1.4), x + half, up + half * shake(0.9, 1.4))
        elif mark is Mark.SCRIBBLE:
            self._scribbled(x, up, half)
        elif mark is Mark.RING:
            self._ring(x, up, side * shake(0.75, 1.0), side * shake(0.75, 0.95))
        else:
            self._tick(x, up, half, shake(1.8, 2.6) if mark is Mark.SWEEP else shake(1.0, 1.6))

    def _tick(self, x: float, up: float, half: float, long: float) -> None:
        self._canvas.lines(
            [
                (x - half, up, x - half * 0.3, up - half),
                (x - half * 0.3, up - half, x + half * long, up + half * min(1.9, long * self._rng.uniform(0.9, 1.0))),
            ]
        )

    def _scribbled(self, x: float, up: float, half: float) -> None:
        """Strokes to and fro."""
        steps, shake = self._rng.randrange(4, 8), self._rng.uniform
        path = self._canvas.beginPath()
        path.moveTo(x - half, up - half)
        for step in range(1, steps + 1):
            over = -half + 2 * half * step / steps
            path.lineTo(x + over + shake(-1, 1), up + half * (1 if step % 2 else -1) + shake(-1, 1))
        self._canvas.drawPath(path)

    def _ring(self, x: float, up: float, across: float, high: float) -> None:
        """A loop that does not quite meet itself."""
        shake = self._rng.uniform
        begin, beyond = shake(0, 2 * pi), shake(-0.2, 0.5)
        path = self._canvas.beginPath()
        for step in range(25):
            angle = begin + (2 * pi + beyond) * step / 24
            grown = 1 + 0.08 * step / 24 + shake(-0.015, 0.015)
            place = (x + across * grown * cos(angle), up + high * grown * sin(angle))
            if step:
                path.lineTo(*place)
            else:
                path.moveTo(*place)
        self._canvas.drawPath(path)
