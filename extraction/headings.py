"""The heading rows of tables: which labels head columns, what the columns hold, and the cells under them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from extraction.codecells import code_in
from extraction.labels import Label
from extraction.lexicon import Meaning
from extraction.lines import lines_from
from extraction.numbered import are_numbered, are_of_two_lists, item_number
from extraction.slot import Direction
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Word

CODE_COLUMNS = frozenset({"dx_code", "proc_code", "code"})
"""Attributes of columns that hold codes."""

SERVICE_CODES = frozenset({"proc_code", "code"})
"""Attributes of columns that may hold codes of services."""

_COLUMNS = CODE_COLUMNS | {"dx_text", "proc_text", "description", "modifier", "units", "from_date", "to_date"}
# Columns of services that stand beside one of codes.
_BESIDE_CODES = frozenset({"modifier", "units", "from_date", "to_date", "proc_text", "description"})
# Columns that bound their neighbours and hold nothing of ours.
_OTHER_COLUMNS = frozenset(
    {"frequency", "place_of_service", "ndc", "revenue_code", "date", "icd_version", "specialty", "kind", "line_number"}
)
# How many digits a value has at least.
_LEAST_DIGITS = {**dict.fromkeys(CODE_COLUMNS, 2), "from_date": 3, "to_date": 3, "units": 1}
_NUMBERING = "#"
_TEXT = Meaning(("description",), None, neutral=False, quality=0.8, weak=False)
_LINE_NUMBER = Meaning(("line_number",), None, neutral=False, quality=0.8, weak=False)
_OPEN_LINES = 5.0
# Edges of cells one under the other, in shares of the page; the first may stand a little off its heading.
_EDGE, _ROW_GAP, _FIRST_GAP = -0.004, 0.012, 0.02
_ROW_HEIGHTS = 1.25
MAX_ROWS = 30
"""No table of a request has more rows than that."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its attribute as the heading says, resolved against its neighbours, and its extent."""

    attribute: str
    label: Label
    left: float
    right: float


def label_rows(labels: tuple[Label, ...]) -> list[list[Label]]:
    """The labels in rows, top to bottom, each left to right."""
    rows: list[list[Label]] = []
    for label in sorted(labels, key=lambda each: each.box.y):
        if rows and rows[-1][0].box.y_overlap(label.box) > 0.4 * min(rows[-1][0].box.height, label.box.height):
            rows[-1].append(label)
        else:
            rows.append([label])
    return [sorted(row, key=lambda each: each.box.left) for row in rows]


def is_heading(row: list[Label], finder: SlotFinder) -> bool:
    """At least two columns, one of codes, and little but headings between the first and the last."""
    columns = [label for label in row if label.attribute in _COLUMNS]
    if len(columns) == 1 and len(row) == 1:
        return _heads_one_column(columns[0], finder) or _heads_open_column(columns[0], finder)
    if len(columns) < 2 or not any(label.attribute in CODE_COLUMNS for label in columns):
        return False
    if are_numbered(columns) or (finder.captions_below and _are_captions(columns, finder)):
        return False
    if any(_has_code_beside(label, finder) for label in columns):
        return False
    between = _words_between(columns, finder)
    known = len(columns) >= 3 if between else not are_of_two_lists(columns)
    follows = [word for column in columns for word in column.follows]
    return known and len(between) <= 1.5 * len(columns) and not _numbers((*between, *follows))


def may_head_codes(row: list[Label], finder: SlotFinder) -> bool:
    """At least two columns of services, none of codes, and no value among them: the heading of the codes may be misread."""
    columns = [label for label in row if label.attribute in _BESIDE_CODES and not label.colon]
    if len({label.attribute for label in columns}) < 2 or any(label.attribute in CODE_COLUMNS for label in row):
        return False
    if are_numbered(columns) or (finder.captions_below and _are_captions(columns, finder)):
        return False
    return not _numbers((*_words_between(columns, finder), *(word for column in columns for word in column.follows)))


def _has_code_beside(label: Label, finder: SlotFinder) -> bool:
    """Whether a code stands in a box right behind the label: it is the caption of a field."""
    slots = finder.slots(label) if label.attribute in CODE_COLUMNS else ()
    return any(slot.direction is Direction.NEXT_CELL and code_in(slot.text) is not None for slot in slots)


def _are_captions(labels: list[Label], finder: SlotFinder) -> bool:
    """Whether most of the labels stand under a value each, on a form that prints its captions so."""
    slots = [slot for label in labels if (slot := finder.filled(label)) is not None and _may_be_value(label, slot.words)]
    above = {id(slot.words[0]) for slot in slots if slot.direction in (Direction.ABOVE, Direction.BOX_ABOVE)}
    codes = (slot for label in labels if label.attribute in CODE_COLUMNS and (slot := finder.filled(label)) is not None)
    below = any(slot.direction is Direction.BELOW and code_in(slot.text) for slot in codes)
    return not below and len(above) * 2 >= len(labels)


def _may_be_value(label: Label, words: tuple[Word, ...]) -> bool:
    """A title above a row of headings is no value of theirs: of a code, a date or a quantity it has no digits."""
    digits = sum(c.isdigit() for word in words for c in word.text)
    return digits >= _LEAST_DIGITS.get(label.attribute or "", 0)


def _heads_open_column(label: Label, finder: SlotFinder) -> bool:
    """A code heading without a colon over at least two lines that hold a code each."""
    if label.attribute not in CODE_COLUMNS or label.colon:
        return False
    box = label.box
    first = finder.filled(label)
    height = max(box.height, first.words[0].box.height) if first is not None else box.height  # Answers may be larger.
    below = Box.clipped(box.left - 0.02, box.bottom, box.right + 0.1, box.bottom + _OPEN_LINES * height)
    if any(o.attribute == label.attribute and item_number(o) is not None for o in finder.labels_in(below)):
        return False  # A title over numbered fields.
    codes = [code for line in lines_from(finder.words_in(below)) if (code := code_in(line.text)) is not None]
    return len(codes) >= 2 and any(code.valid for code in codes)


def _heads_one_column(label: Label, finder: SlotFinder) -> bool:
    """A code heading alone in its cell, over a chain of cells of which the first holds something with a digit."""
    cell = finder.cell_of(label.box)
    if cell is None or label.attribute not in CODE_COLUMNS or label.colon or finder.words_in(cell):
        return False
    chain = cells_below(finder, Column(label.attribute, label, cell.left, cell.right), label.box.bottom, 1.0)
    return len(chain) > 1 and has_digit(finder.words_in(chain[0]))


def _words_between(columns: list[Label], finder: SlotFinder) -> list[Word]:
    first, last = columns[0].box, columns[-1].box
    height = median(label.box.height for label in columns)
    band = Box.clipped(first.left, first.y - 0.3 * height, last.right, first.y + 0.3 * height)
    return [word for word in finder.words_in(band) if any(c.isalnum() for c in word.text)]


def _words_beside(columns: list[Label], finder: SlotFinder) -> list[Word]:
    """The words in the row of a heading, left and right of what is known of it."""
    first, last = columns[0].box, columns[-1].box
    height = median(label.box.height for label in columns)
    bands = (
        Box.clipped(0.0, first.y - 0.3 * height, first.left, first.y + 0.3 * height),
        Box.clipped(last.right, last.y - 0.3 * height, 1.0, last.y + 0.3 * height),
    )
    return [word for band in bands for word in finder.words_in(band) if any(c.isalnum() for c in word.text)]


def _numberings(columns: list[Label], finder: SlotFinder) -> list[Word]:
    """The headings "#" of columns with the numbers of lines."""
    band = Box.around(label.box for label in columns)
    return [word for word in finder.words_in(band) if word.text == _NUMBERING]


def with_unknown(row: list[Label], finder: SlotFinder) -> list[Label]:
    """The heading with a column of text for each heading that the lexicon does not know."""
    columns = [label for label in row if label.attribute in _COLUMNS]
    unknown: list[Label] = []
    beside = [] if any(label.attribute in SERVICE_CODES for label in columns) else _words_beside(columns, finder)
    for line in lines_from((*_words_between(columns, finder), *_numberings(columns, finder), *beside)):
        parts: list[list[Word]] = []
        for word in line.words:
            apart = not parts or any(parts[-1][-1].box.right <= c.box.left and c.box.right <= word.box.left for c in columns)
            if apart:
                parts.append([])
            parts[-1].append(word)
        for part in parts:
            words = tuple(part)
            text = "".join(word.text for word in words)
            if text != _NUMBERING and not any(c.isalpha() for c in text):
                continue
            meaning = _LINE_NUMBER if text == _NUMBERING else _TEXT
            unknown.append(Label(meaning, words, Box.around(w.box for w in words), colon=False, alone=True, follows=()))
    return sorted((*row, *unknown), key=lambda label: label.box.left)


def has_digit(words: tuple[Word, ...]) -> bool:
    """Whether any of the words holds a digit."""
    return any(c.isdigit() for word in words for c in word.text)


def _numbers(words: tuple[Word, ...]) -> bool:
    """Whether a code, a date or another number of some length is among the words."""
    return any(sum(c.isdigit() for c in word.text) >= 3 for word in words)


def columns_of(row: list[Label], finder: SlotFinder) -> tuple[Column, ...]:
    """The columns that a heading row heads."""
    kept = [label for label in row if label.attribute in _COLUMNS | _OTHER_COLUMNS]
    attributes = _resolved([label.attribute or "" for label in kept])
    columns = []
    for n, label in enumerate(kept):
        cell = finder.cell_of(label.box)
        if cell is not None and not any(cell.holds(o.box.x, o.box.y) for o in kept if o is not label):
            columns.append(Column(attributes[n], label, cell.left, cell.right))
            continue
        left = label.box.left - 0.012 if n == 0 else (kept[n - 1].box.right + label.box.left) / 2
        right = kept[n + 1].box.left - 0.006 if n + 1 < len(kept) else min(1.0, label.box.right + 0.25)
        columns.append(Column(attributes[n], label, left, right))
    return tuple(columns)


def _resolved(attributes: list[str]) -> list[str]:
    """What "Code" and "Description" are about: the nearest heading before them, else behind them, that says so."""
    about = [_subject(name) for name in attributes]
    resolved = []
    for n, name in enumerate(attributes):
        if name not in ("code", "description"):
            resolved.append(name)
            continue
        before = next((about[k] for k in range(n - 1, -1, -1) if about[k]), None)
        behind = next((about[k] for k in range(n + 1, len(about)) if about[k]), None)
        subject = before or behind
        if name == "description" and before and behind and before != behind and f"{before}_text" in resolved:
            subject = behind
        if name == "code" and subject and f"{subject}_code" in attributes:
            subject = behind if behind and f"{behind}_code" not in attributes else None
        resolved.append(f"{subject}_{'code' if name == 'code' else 'text'}" if subject else name)
    return resolved


def _subject(name: str) -> str | None:
    if name in ("dx_code", "dx_text"):
        return "dx"
    if name in ("proc_code", "proc_text", "modifier", "units", "from_date", "to_date"):
        return "proc"
    return None


def cells_below(finder: SlotFinder, column: Column, top: float, stop: float) -> list[Box]:
    """The cells that hang under a column of codes, top to bottom, without a gap.

    The line under a heading in a grey bar is easily lost: then the heading stands in the cell of the first row.
    """
    own = finder.cell_of(column.label.box)
    if own is not None and own.bottom > top + 0.8 * column.label.box.height:
        first = Box.clipped(own.left, column.label.box.bottom, own.right, own.bottom)
        under = _chain(finder, own, own.bottom, stop)
        if not finder.words_in(first):
            # A heading in a high cell: rows follow, unless captions say that its cells are fields.
            return list(takewhile(lambda cell: not finder.has_caption(cell), under))[:MAX_ROWS] or [first]
        return [first, *(cell for cell in under if cell.height < _ROW_HEIGHTS * first.height)][:MAX_ROWS]
    if own is not None:
        return _chain(finder, own, own.bottom, stop)[:MAX_ROWS]
    like = next(
        (
            cell
            for cell in sorted(finder.cells, key=lambda c: c.top)
            if cell.holds(column.label.box.x, cell.y) and _EDGE <= cell.top - top < _FIRST_GAP and cell.top < stop
        ),
        None,
    )
    return [like, *_chain(finder, like, like.bottom, stop)][:MAX_ROWS] if like is not None else []


def _chain(finder: SlotFinder, like: Box, edge: float, stop: float) -> list[Box]:
    """The cells as wide as one that follow each other under an edge; a higher one with a caption of its own is no row."""
    chain: list[Box] = []
    for cell in sorted(finder.cells, key=lambda c: c.top):
        same = cell.x_overlap(like) > 0.75 * max(cell.width, like.width)
        if same and _EDGE <= cell.top - edge < _ROW_GAP and cell.top < stop:
            if chain and cell.height > _ROW_HEIGHTS * chain[-1].height and finder.has_caption(cell):
                break
            chain.append(cell)
            edge = cell.bottom
    return chain
