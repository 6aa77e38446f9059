"""Headings of columns that go on in a second line of their cell: "UNITS OF / SERVICE"."""

from __future__ import annotations

from itertools import pairwise, takewhile

from extraction.labels import Label
from extraction.lexicon import Lexicon, tokens_of
from extraction.lines import Line, runs_of
from models.geometry import Box
from models.page import Page

# What columns are asked for; a name or a number under its caption is no second line of it.
_HEADINGS = frozenset({"proc_code", "dx_code", "units", "modifier", "from_date", "to_date", "proc_text", "dx_text", "description"})
_LINES, _LEAST_COLUMNS = (2, 3), 3
_LEAST_QUALITY = 0.8
_SAME_EDGE, _SAME_LEVEL = 0.012, 0.004
# How much higher than its lines a cell of a heading may be, and how far they lie apart, in heights of a line.
_ROOM, _GAP = 2.2, 0.8
# With what is filled in below.
_FREE = 5.0


def with_wrapped(labels: tuple[Label, ...], page: Page, lexicon: Lexicon) -> tuple[Label, ...]:
    """The labels, the lines of each heading that is wrapped in its cell as one, in reading order."""
    runs = runs_of(page)
    labels = _without_caption_ends(labels, page, lexicon)
    found = (
        _heading(cell, page, runs, lexicon) or _caption(cell, runs, lexicon) or _question(cell, runs, lexicon)
        for cell in page.cells
    )
    whole = [label for label in found if label is not None]
    if not whole:
        return labels
    taken = {id(word) for label in whole for word in label.words}
    kept = [label for label in labels if not any(id(word) in taken for word in label.words)]
    return tuple(sorted((*kept, *whole), key=lambda label: (label.box.top, label.box.left)))


def _without_caption_ends(labels: tuple[Label, ...], page: Page, lexicon: Lexicon) -> tuple[Label, ...]:
    """The labels without the last word of a cell's caption that stands in its second line: "End Date OR Discharge / Date"."""
    return tuple(o for o in labels if not any(_is_end(o, label, page) and _goes_on(label, o, lexicon) for label in labels))


def _goes_on(label: Label, end: Label, lexicon: Lexicon) -> bool:
    """Whether both together ask for what the first asks for."""
    meaning = lexicon.meaning_of(f"{label.text} {end.text}")
    return meaning is not None and meaning.attributes[:1] == label.meaning.attributes[:1]


def _is_end(end: Label, label: Label, page: Page) -> bool:
    """Whether a lone "Date" is the second line of a caption that has nothing behind its first, in one cell."""
    if end.attribute != "date" or label.colon or label.follows or not label.meaning.attributes:
        return False
    apart = end.box.top - label.box.bottom
    under = abs(end.box.left - label.box.left) < _SAME_EDGE and -_SAME_LEVEL < apart < _GAP * label.box.height
    return under and any(cell.holds(end.box.x, end.box.y) and cell.holds(label.box.x, label.box.y) for cell in page.cells)


def _heading(cell: Box, page: Page, runs: tuple[Line, ...], lexicon: Lexicon) -> Label | None:
    lines = [run for run in runs if cell.holds(run.box.x, run.box.y)]
    if not _LINES[0] <= len(lines) <= _LINES[1] or not _are_set_under_each_other(lines, cell):
        return None
    if not all(_is_printed(line, lexicon) for line in lines):
        return None
    words = tuple(word for line in lines for word in line.words)
    text = " ".join(word.text for word in words)
    meaning = lexicon.meaning_of(text)
    if meaning is None or not meaning.attributes or meaning.attributes[0] not in _HEADINGS or meaning.quality < _LEAST_QUALITY:
        return None
    if ":" in text or any(word.text[:1].isdigit() for word in words) or _cells_beside(cell, page) < _LEAST_COLUMNS:
        return None
    return Label(meaning, words, Box.around(word.box for word in words), colon=False, alone=True, follows=())


def _question(cell: Box, runs: tuple[Line, ...], lexicon: Lexicon) -> Label | None:
    """The label in several lines of a cell, with a colon at its end: "Servicing Provider or / Facility:"; answered beside it."""
    lines = [run for run in runs if cell.holds(run.box.x, run.box.y)]
    if not _LINES[0] <= len(lines) <= _LINES[1] or not (_are_near(lines, cell) and _are_aligned(lines)):
        return None
    words = tuple(word for line in lines for word in line.words)
    text = " ".join(word.text for word in words)
    meaning = lexicon.meaning_of(text)
    if text.find(":") != len(text) - 1 or any(c.isdigit() for c in text):
        return None
    if meaning is None or not (meaning.attributes or meaning.owner) or meaning.quality < _LEAST_QUALITY:
        return None
    return Label(meaning, words, Box.around(word.box for word in words), colon=True, alone=True, follows=())


def _caption(cell: Box, runs: tuple[Line, ...], lexicon: Lexicon) -> Label | None:
    """The caption in the upper lines of a cell that its first line alone does not tell: "Admission control / number"."""
    lines = [run for run in runs if cell.holds(run.box.x, run.box.y)]
    upper = list(takewhile(lambda line: _is_all_known(line, lexicon), lines))
    if not _LINES[0] <= len(upper) <= _LINES[1] or len(upper) == len(lines) or not _are_set_under_each_other(upper, cell, _FREE):
        return None
    first, words = lexicon.meaning_of(upper[0].text), tuple(word for line in upper for word in line.words)
    text = " ".join(word.text for word in words)
    meaning = lexicon.meaning_of(text)
    told = first is not None and bool(first.attributes)
    if told or meaning is None or not meaning.attributes or meaning.quality < _LEAST_QUALITY or ":" in text:
        return None
    return Label(meaning, words, Box.around(word.box for word in words), colon=False, alone=True, follows=())


def _is_all_known(line: Line, lexicon: Lexicon) -> bool:
    tokens = tokens_of(line.text)
    return bool(tokens) and all(lexicon.knows(token) and not token.isdigit() for token in tokens)


def _is_printed(line: Line, lexicon: Lexicon) -> bool:
    """Whether a word of labels stands in the line: of a code or a modifier under its caption, none does."""
    return any(token.isalpha() and len(token) > 1 and lexicon.knows(token) for token in tokens_of(line.text))


def _are_set_under_each_other(lines: list[Line], cell: Box, room: float = _ROOM) -> bool:
    return all(abs(line.box.left - lines[0].box.left) < _SAME_EDGE for line in lines) and _are_near(lines, cell, room)


def _are_near(lines: list[Line], cell: Box, room: float = _ROOM) -> bool:
    height = max(line.box.height for line in lines)
    near = all(-_SAME_LEVEL < below.box.top - above.box.bottom < _GAP * height for above, below in pairwise(lines))
    return near and cell.height < (len(lines) + room) * height


def _are_aligned(lines: list[Line]) -> bool:
    """Whether the lines begin, end or have their middle in line."""
    first = lines[0].box
    return any(
        all(abs(getattr(line.box, edge) - getattr(first, edge)) < _SAME_EDGE for line in lines) for edge in ("left", "right", "x")
    )


def _cells_beside(cell: Box, page: Page) -> int:
    """How many cells make up the row of one, itself among them."""
    return sum(abs(o.top - cell.top) < _SAME_LEVEL and abs(o.bottom - cell.bottom) < _SAME_LEVEL for o in page.cells)
