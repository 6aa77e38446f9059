"""What the reader saw on one page: words, printed lines, cells, check-boxes, form fields and ink."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from models.geometry import Box


class Method(StrEnum):
    """How a value was read. The names are the record's ``readings.*.method``."""

    OCR = "ocr"
    PDF_TEXT = "pdf_text"
    FORM_FIELD = "form_field"
    HANDWRITING = "handwriting"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or one run of words that the engine did not part.

    ``confidence`` is 0..1. ``agreed`` says that a second engine was asked and read the same letters, ``struck`` that a stroke was
    drawn through the word. ``printed`` is what a doubtful word says if it belongs to the form and not to what was filled in: one
    or more words, or none where the word before it says it all; ``None`` where nothing better is known.
    """

    text: str
    box: Box
    confidence: float
    method: Method = Method.OCR
    agreed: bool = False
    struck: bool = False
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight printed line; ``box`` is as thin as the line."""

    box: Box
    horizontal: bool


class MarkState(StrEnum):
    """What a check-box shows."""

    TICKED = "ticked"
    EMPTY = "empty"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A check-box: drawn, bracketed ``[ ]`` or ``( )``, a circle, or a short rule to tick on. ``box`` is the box itself."""

    box: Box
    state: MarkState
    confidence: float


@dataclass(frozen=True, slots=True)
class Comb:
    """A field with one small cell for each character, left to right."""

    box: Box
    cells: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """A text field of a fillable PDF: its name, its value as typed (may be empty), and where it stands.

    Its value is also among the page's words with ``Method.FORM_FIELD``; its check-boxes are among the page's check-boxes.
    """

    name: str
    value: str
    box: Box


@dataclass(frozen=True, slots=True)
class InkMap:
    """How dark the page is, in a grid of ``rows`` x ``columns`` bytes (0 white to 255 black), printed lines removed."""

    columns: int
    rows: int
    darkness: bytes

    def share(self, box: Box) -> float:
        """The mean darkness of the box, 0 to 1."""
        first_column, first_row = int(box.left * self.columns), int(box.top * self.rows)
        last_column = max(first_column + 1, round(box.right * self.columns))
        last_row = max(first_row + 1, round(box.bottom * self.rows))
        total = count = 0
        for row in range(first_row, min(last_row, self.rows)):
            line = self.darkness[row * self.columns + first_column : row * self.columns + min(last_column, self.columns)]
            total += sum(line)
            count += len(line)
        return total / (255 * count) if count else 0.0

    def peak(self, box: Box) -> float:
        """The darkness of the darkest two by two squares in the box, 0 to 1: high for a lone digit, low for a stray line."""
        columns = range(round(box.left * self.columns), round(box.right * self.columns) - 1)
        rows = range(round(box.top * self.rows), min(round(box.bottom * self.rows), self.rows) - 1)
        return max((self._block(row, column) for row in rows for column in columns), default=0.0)

    def _block(self, row: int, column: int) -> float:
        at = row * self.columns + column
        return sum(self.darkness[at : at + 2] + self.darkness[at + self.columns : at + self.columns + 2]) / (4 * 255)


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Why a page, or a part of it, could not be read well. ``message`` says what to do and holds no value from the page."""

    page: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read.

    ``number`` is 1-based in the source. ``aspect`` is height divided by width of the upright page. ``cells`` are the smallest
    rectangles closed by printed lines; a table gives one for each of its cells. ``shades`` are filled or grey areas (section
    bars, heading rows). ``fax_header`` is the text of the transmission line that the sending machine put on the upper edge;
    its words are not in ``words``.
    """

    number: int
    aspect: float
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    cells: tuple[Box, ...] = ()
    check_boxes: tuple[CheckBox, ...] = ()
    combs: tuple[Comb, ...] = ()
    shades: tuple[Box, ...] = ()
    fields: tuple[FormField, ...] = ()
    ink: InkMap = field(default=InkMap(1, 1, b"\x00"))
    fax_header: str | None = None
    problems: tuple[PageProblem, ...] = ()
