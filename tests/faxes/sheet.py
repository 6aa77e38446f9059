"""A letter page to draw on: points from the upper left corner, print and values apart, values as form fields where fillable."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from tests.faxes import fonts
from tests.faxes.style import Mark, Style
from tests.faxes.ticks import Ticks

WIDTH, HEIGHT = 612.0, 792.0
_SMALLEST = 5.5
_LEAST_SHRUNK = 0.7


class Sheet:
    """Draws one PDF, page after page.

    ``y`` is where the next thing goes, in points from the upper edge. ``rng`` shakes what a hand would shake. ``running_head``
    is the member's name while a form goes on to further pages. ``corrections`` has, by a value that is to be written, the wrong one
    that is struck out before it; those that there was room for are moved to ``corrected``.
    """

    def __init__(self, path: Path, style: Style, rng: Random, fillable: bool = False) -> None:
        self._canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
        self._rng = rng
        self._fields = 0
        self.style = style
        self.fillable = fillable
        self.pages = 1
        self.y = 36.0
        self.running_head = ""
        self.corrections: dict[str, str] = {}
        self.corrected: set[str] = set()

    def restyle(self, style: Style) -> None:
        """Another form begins; its pages look different."""
        self.style = style

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        self._canvas.showPage()
        self.pages += 1
        self.y = 40.0
        if self.running_head:
            taken = self.text(self.style.margin, self.y, "Member:", self.style.label_size + 1)
            self.value(self.style.margin + taken + 5, self.y, self.running_head, 200)
            self.y += 14

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()

    def left(self, height: float) -> bool:
        """Whether ``height`` points fit on this page."""
        return self.y + height < HEIGHT - 34

    # -- print
    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Color = black, limit: float | None = None
    ) -> float:
        """Printed text with its baseline at ``y``; shrunk to ``limit`` points. Returns its width."""
        font = self.style.print_face.bold if bold else self.style.print_face.regular
        return self._put(x, y, text, font, size, colour, limit)

    def centred(
        self, y: float, text: str, size: float, *, bold: bool = False, colour: Color = black, middle: float = WIDTH / 2
    ) -> None:
        """Printed text around a middle."""
        self.text(middle - self.width(text, size, bold=bold) / 2, y, text, size, bold=bold, colour=colour)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of printed text."""
        return fonts.width(text, self.style.print_face.bold if bold else self.style.print_face.regular, size)

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float | None = None) -> None:
        """A printed rule."""
        self._canvas.setLineWidth(weight or self.style.line_width)
        self._canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)

    def rect(self, x: float, y: float, width: float, height: float, *, fill: float | None = None, stroke: bool = True) -> None:
        """A rectangle by its upper left corner; ``fill`` is a grey, 0 black to 1 white."""
        if fill is not None:
            self._canvas.setFillGray(fill)
        self._canvas.setLineWidth(self.style.line_width)
        self._canvas.rect(x, HEIGHT - y - height, width, height, stroke=int(stroke), fill=int(fill is not None))
        self._canvas.setFillGray(0)

    def paragraph(self, x: float, text: str, size: float, width: float, *, bold: bool = False, lead: float = 1.25) -> None:
        """Printed text in lines of at most ``width``, from ``y`` down."""
        for line in self.wrapped(text, size, width, bold=bold):
            self.y += size * lead
            self.text(x, self.y, line, size, bold=bold)

    def wrapped(self, text: str, size: float, width: float, *, bold: bool = False, value: bool = False) -> list[str]:
        """The lines that a text breaks into."""
        face = self.style.value_face if value else self.style.print_face
        font = face.bold if bold else face.regular
        lines: list[str] = []
        for word in text.split():
            if lines and fonts.width(f"{lines[-1]} {word}", font, size) <= width:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        return lines or [""]

    # -- values
    def value(self, x: float, y: float, text: str, width: float, *, height: float = 15.0) -> None:
        """What the sender filled in, with its baseline at ``y``; a form field where the sheet is fillable."""
        if self.fillable:
            self._field(x, y, text, width, height)
        elif text:
            taken = self._struck(x, y, text, width) if text in self.corrections else 0.0
            self._written(x + taken, y, text, width - taken)

    def _struck(self, x: float, y: float, text: str, width: float) -> float:
        """The wrong value before the right one, with one or two strokes through it; returns the width it takes."""
        old = self.corrections[text]
        needed = self.value_width(old) + self.value_width(text)
        scale = min(1.0, (width - 14) / needed)
        if scale < _LEAST_SHRUNK:
            return 0.0
        wide = self.value_width(old) * scale
        self.corrected.add(text)
        del self.corrections[text]
        self._written(x, y, old, wide + 1)
        shake, size = self._rng.uniform, self.style.value_size * scale
        for stroke in range(self._rng.choice((1, 1, 2))):
            middle = HEIGHT - y + size * shake(0.24, 0.36) + 1.8 * stroke
            self._canvas.setLineWidth(shake(0.8, 1.6))
            self._canvas.line(x - shake(0, 4), middle - shake(-1, 1), x + wide + shake(0, 4), middle + shake(-1, 1))
        return wide + 12

    def value_width(self, text: str) -> float:
        """Width of a value at its full size."""
        return fonts.width(self.style.written(text), self.style.value_face.regular, self.style.value_size)

    def prose(self, x: float, text: str, width: float) -> None:
        """Values in several lines, from ``y`` down."""
        size = self.style.value_size * 0.92
        for line in self.wrapped(self.style.written(text), size, width, value=True):
            self.y += size * 1.2
            self._put(x, self.y, line, self.style.value_face.regular, size, black, width)

    def _written(self, x: float, y: float, text: str, width: float) -> None:
        font, size = self.style.value_face.regular, self.style.value_size
        if not self.style.hand:
            self._put(x, y, self.style.written(text), font, size, black, width)
            return
        self._canvas.saveState()
        self._canvas.translate(x + self._rng.uniform(0, 3), HEIGHT - y + self._rng.uniform(-1.2, 1.2))
        self._canvas.rotate(self._rng.uniform(-0.9, 0.9))
        self._put(0, HEIGHT, self.style.written(text), font, size * self._rng.uniform(0.95, 1.06), black, width - 3)
        self._canvas.restoreState()

    def _put(self, x: float, y: float, text: str, font: str, size: float, colour: Color, limit: float | None) -> float:
        text = fonts.drawable(text, font)
        wide = fonts.width(text, font, size)
        if limit is not None and wide > limit > 0:
            size = max(_SMALLEST, size * limit / wide)
        self._canvas.setFillColor(colour)
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, HEIGHT - y, text)
        self._canvas.setFillColor(black)
        return fonts.width(text, font, size)

    def _field(self, x: float, y: float, text: str, width: float, height: float) -> None:
        self._fields += 1
        font, size = self.style.value_face.regular, self.style.value_size
        text = self.style.written(text).encode("cp1252", "ignore").decode("cp1252")
        wide = fonts.width(text, font, size)
        size = max(_SMALLEST, size * min(1.0, (width - 6) / wide)) if wide else size
        self._canvas.acroForm.textfield(
            value=text,
            name=f"Text{self._fields}",
            x=round(x - 2),
            y=round(HEIGHT - y - 4),
            width=round(width),
            height=round(height),
            fontName=font,
            fontSize=size,
            borderWidth=0,
            fillColor=None,
            textColor=black,
            borderColor=None,
            forceBorder=False,
            maxlen=200,
        )

    # -- ticks
    def tick(self, x: float, y: float, ticked: bool) -> float:
        """Something to tick, its lower edge near the baseline ``y``. Returns the width it takes."""
        if self.fillable:
            self._fields += 1
            self._canvas.acroForm.checkbox(
                checked=ticked,
                name=f"Check{self._fields}",
                x=round(x),
                y=round(HEIGHT - y - 1),
                size=9,
                buttonStyle="check" if self.style.mark is Mark.TICK else "cross",
                borderWidth=1,
                borderColor=black,
                fillColor=white,
                textColor=black,
            )
            return 12.0
        return Ticks(self._canvas, self.style, self._rng).draw(x, y, ticked) + self.style.check_gap

    def ring_word(self, x: float, y: float, width: float, size: float) -> None:
        """A printed word chosen by hand: ringed, or underlined where that is the sender's habit."""
        Ticks(self._canvas, self.style, self._rng).around_word(x, y, width, size)

    def scribble(self, x: float, y: float, width: float) -> None:
        """A signature that no one can read."""
        path = self._canvas.beginPath()
        path.moveTo(x, HEIGHT - y)
        step, at = width / 9, x
        for _ in range(9):
            heights = [HEIGHT - y + self._rng.uniform(-4, 11) for _ in range(3)]
            path.curveTo(at + step * 0.3, heights[0], at + step * 0.7, heights[1], at + step, heights[2])
            at += step
        self._canvas.setLineWidth(1.1)
        self._canvas.drawPath(path)

    def hold(self, degrees: float, x: float, y: float, text: str, size: float) -> None:
        """A stamp: turned text with a frame."""
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - y)
        self._canvas.rotate(degrees)
        self._put(4, HEIGHT - 4, text, self.style.print_face.bold, size, black, None)
        self._canvas.setLineWidth(1.2)
        self._canvas.rect(0, 0, fonts.width(text, self.style.print_face.bold, size) + 8, size + 4)
        self._canvas.restoreState()
