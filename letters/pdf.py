"""Draws a letter as PDF: the same letter always gives the same bytes.

It is made to be faxed: black on white, no type under 9 points, lines of three quarters of a point.
"""

from __future__ import annotations

import io
import unicodedata

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import letter as us_letter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from letters.content import Letter, answers, identifiers, items, service_table
from letters.template import Template

_WIDTH, _HEIGHT = us_letter
_MARGIN = 46.0
_RIGHT = _WIDTH - _MARGIN
_TEXT = 10.0
_SMALL = 9.0
_LEADING = 1.25
_PLAIN, _BOLD, _CODE = "Helvetica", "Helvetica-Bold", "Courier-Bold"
_LINE = 0.75
_CODE_SIZE = 26.0
_QR = 62.0
_FOOT = _MARGIN + 84.0
"""What is below belongs to the foot of each page: the code once more."""
_NAME_COLUMN = 110.0
_ANSWER_COLUMN = 190.0
_ROW = 24.0
_KEPT_TOGETHER = 6
# Letters of which Unicode does not take the stroke off.
_BARRED = str.maketrans("\u0141\u0142\u0110\u0111\u0131", "LlDdi")


def render(letter: Letter, template: Template) -> bytes:
    """The letter as PDF."""
    pages = _drawn(letter, template, count=1)
    if pages.count > 1:
        pages = _drawn(letter, template, count=pages.count)
    return pages.bytes()


def _drawn(letter: Letter, template: Template, *, count: int) -> _Pages:
    pages = _Pages(letter, template, count)
    _head(pages)
    _request(pages)
    _missing(pages)
    _answers(pages)
    _closing(pages)
    pages.end()
    return pages


def printable(text: str) -> str:
    """The text in the letters of the PDF's own fonts (Windows-1252); accents that they lack are left away."""
    plain = (letter if _has(letter) else unicodedata.normalize("NFKD", letter).translate(_BARRED) for letter in text)
    return "".join(letter for letter in "".join(plain).encode("cp1252", "ignore").decode("cp1252") if letter.isprintable())


def _has(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class _Pages:
    """The canvas, and how far down the page is written; ``y`` is in points from the lower edge, ``of`` how many pages there are."""

    def __init__(self, letter: Letter, template: Template, of: int) -> None:
        self.letter = letter
        self.template = template
        self.of = of
        self.y = _HEIGHT - _MARGIN
        self.count = 1
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=us_letter, invariant=1, pageCompression=0, lang=template.language)
        self.canvas.setTitle(printable(template.title))
        self.canvas.setAuthor(printable(template.sender.name))
        self._foot()

    def bytes(self) -> bytes:
        """The finished file."""
        return self._file.getvalue()

    def end(self) -> None:
        """Nothing comes after this."""
        self.canvas.save()

    def room(self, height: float) -> None:
        """Begin a new page where ``height`` does not fit any more."""
        if self.y - height < _FOOT:
            self.canvas.showPage()
            self.count += 1
            self.y = _HEIGHT - _MARGIN
            self._foot()

    def text(self, text: str, *, font: str = _PLAIN, size: float = _TEXT, left: float = _MARGIN, right: float = _RIGHT) -> None:
        """A paragraph from ``y`` down."""
        for line in simpleSplit(printable(text), font, size, right - left):
            self.room(size * _LEADING)
            self.y -= size * _LEADING
            self.line(line, left, self.y, font, size)

    def line(self, text: str, x: float, y: float, font: str = _PLAIN, size: float = _TEXT) -> None:
        """One line at a place."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, printable(text))

    def heading(self, text: str, with_room: float) -> None:
        """A heading; ``with_room`` is what has to stand on the same page below it."""
        self.room(_TEXT * 3 + with_room)
        self.y -= 6
        self.text(text, font=_BOLD, size=_TEXT + 1)
        self.y -= 3

    def code(self, x: float, y: float) -> None:
        """The reply code in large type, with its name above; ``x`` is its left edge, ``y`` its baseline."""
        self.line(self.template.code, x, y + _CODE_SIZE, _BOLD, _SMALL)
        text = self.canvas.beginText(x, y)
        text.setFont(_CODE, _CODE_SIZE)
        # Wide apart: characters that touch each other are the first to be misread.
        text.setCharSpace(3.0)
        text.textOut(self.letter.reply_code)
        text.setCharSpace(0.0)
        self.canvas.drawText(text)

    def _foot(self) -> None:
        bottom = _MARGIN
        self.canvas.setLineWidth(_LINE)
        self.canvas.line(_MARGIN, bottom + 74, _RIGHT, bottom + 74)
        self.code(_MARGIN, bottom + 32)
        for number, line in enumerate(simpleSplit(printable(self.template.privacy), _PLAIN, _SMALL, 390)):
            self.line(line, _MARGIN, bottom + 12 - number * _SMALL * _LEADING, size=_SMALL)
        told = self.template.page.format(number=self.count, count=self.of)
        self.line(told, _RIGHT - _QR - 70, bottom + 60, size=_SMALL)
        mark = QrCodeWidget(self.letter.reply_code, barLevel="H", barWidth=_QR, barHeight=_QR, barBorder=2)
        drawing = Drawing(_QR, _QR)
        drawing.add(mark)
        renderPDF.draw(drawing, self.canvas, _RIGHT - _QR, bottom + 6)


def _head(pages: _Pages) -> None:
    template, letter = pages.template, pages.letter
    pages.code(_RIGHT - 212, pages.y - 38)
    top = pages.y
    pages.text(template.sender.name, font=_BOLD, size=13, right=_RIGHT - 230)
    for line in template.sender.lines:
        pages.text(line, right=_RIGHT - 230)
    pages.y = min(pages.y, top - 52) - 6
    asks = letter.record.requesting_provider
    to = ", ".join(name for name in (asks.name, asks.contact) if name)
    for name, value in ((template.to, to), (template.to_fax, letter.fax_number), (template.dated, template.day(letter.on))):
        if value:
            pages.text(f"{name}: {value}")
    pages.y -= 10
    pages.text(template.title, font=_BOLD, size=13)
    pages.y -= 4
    pages.text(_filled(template.opening, pages))


def _filled(text: str, pages: _Pages) -> str:
    received = pages.template.day(pages.letter.record.source.received_at.date())
    return text.format(received=received, fax=pages.template.fax_to_answer, code=pages.letter.reply_code)


def _request(pages: _Pages) -> None:
    pages.heading(pages.template.request, 60)
    for name, value in identifiers(pages.letter, pages.template):
        lines = simpleSplit(printable(value), _PLAIN, _TEXT, _RIGHT - _MARGIN - _NAME_COLUMN)
        pages.room(len(lines) * _TEXT * _LEADING)
        first = pages.y - _TEXT * _LEADING
        pages.line(f"{name}:", _MARGIN, first, _BOLD)
        pages.text(value, left=_MARGIN + _NAME_COLUMN)


def _missing(pages: _Pages) -> None:
    pages.heading(pages.template.missing, 30)
    for number, item in enumerate(items(pages.letter.record), start=1):
        pages.room(3 * _TEXT * _LEADING)
        pages.line(f"{number}.", _MARGIN, pages.y - _TEXT * _LEADING, _BOLD)
        pages.text(item.text, left=_MARGIN + 18)
        if item.label:
            pages.text(pages.template.on_your_form.format(label=item.label), left=_MARGIN + 18)
        pages.y -= 2


def _answers(pages: _Pages) -> None:
    record, template = pages.letter.record, pages.template
    pages.heading(template.answer, _ROW * 2)
    pages.y -= 2
    for name in answers(record, template):
        _row(pages, (f"{name}:", ""), (_ANSWER_COLUMN,))
    table = service_table(record, template)
    if table is None:
        return
    width = (_RIGHT - _MARGIN) / len(table.headings)
    pages.room(_ROW * min(len(table.rows) + 1, _KEPT_TOGETHER))
    pages.y -= 8
    for row in (table.headings, *table.rows):
        _row(pages, row, tuple(width * n for n in range(1, len(row))))


def _row(pages: _Pages, texts: tuple[str, ...], edges: tuple[float, ...]) -> None:
    """A ruled row of boxes; ``edges`` are the lines between them, in points from the left one."""
    pages.room(_ROW)
    pages.y -= _ROW
    pages.canvas.setLineWidth(_LINE)
    pages.canvas.rect(_MARGIN, pages.y, _RIGHT - _MARGIN, _ROW)
    for text, left in zip(texts, (0.0, *edges), strict=True):
        if left:
            pages.canvas.line(_MARGIN + left, pages.y, _MARGIN + left, pages.y + _ROW)
        pages.line(text, _MARGIN + left + 5, pages.y + 8)


def _closing(pages: _Pages) -> None:
    pages.y -= 6
    pages.text(_filled(pages.template.closing, pages), font=_BOLD)
