"""Tables of diagnoses and services: a row of column headings, and the rows under it, ruled or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from extraction.labels import Label
from extraction.lexicon import Meaning
from extraction.lines import Line, lines_from
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Page, Word

CODE_COLUMNS = frozenset({"dx_code", "proc_code", "code"})
_COLUMNS = CODE_COLUMNS | {"dx_text", "proc_text", "description", "modifier", "units", "from_date", "to_date"}
# Columns that bound their neighbours and hold nothing of ours.
_OTHER_COLUMNS = frozenset({"frequency", "place_of_service", "ndc", "revenue_code", "date", "icd_version", "specialty", "kind"})
_ROW_GAP_LINES = 3.2
_MAX_ROWS = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its attribute as the heading says, resolved against its neighbours, and its extent."""

    attribute: str
    label: Label
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the words of each column, in the order of ``Table.columns``."""

    cells: tuple[tuple[Word, ...], ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A table of codes. ``labels`` are its headings."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    box: Box

    @property
    def labels(self) -> tuple[Label, ...]:
        """The headings."""
        return tuple(column.label for column in self.columns)


def find_tables(page: Page, labels: tuple[Label, ...], finder: SlotFinder, *, empty: bool = False) -> tuple[Table, ...]:
    """The tables of the page that hold anything, top to bottom; those of a blank form too where ``empty`` is asked for."""
    headings = [_with_unknown(row, finder) for row in _label_rows(labels) if _is_heading(row, finder)]
    tops = [min(label.box.top for label in row) for row in headings]
    tables = []
    for row in headings:
        below = [top for top in tops if top > max(label.box.bottom for label in row) - 0.002]
        table = _table(page, row, labels, finder, min(below, default=1.0), empty)
        if table is not None:
            tables.append(table)
    return tuple(tables)


def _label_rows(labels: tuple[Label, ...]) -> list[list[Label]]:
    rows: list[list[Label]] = []
    for label in sorted(labels, key=lambda each: each.box.y):
        if rows and rows[-1][0].box.y_overlap(label.box) > 0.4 * min(rows[-1][0].box.height, label.box.height):
            rows[-1].append(label)
        else:
            rows.append([label])
    return [sorted(row, key=lambda each: each.box.left) for row in rows]


def _is_heading(row: list[Label], finder: SlotFinder) -> bool:
    """At least two columns, one of codes, and little but headings between the first and the last."""
    columns = [label for label in row if label.attribute in _COLUMNS]
    if len(columns) == 1 and len(row) == 1:
        return _heads_one_column(columns[0], finder)
    if len(columns) < 2 or not any(label.attribute in CODE_COLUMNS for label in columns):
        return False
    between = _words_between(columns, finder)
    known = len(columns) >= 3 or not between
    return (
        known
        and len(between) <= 1.5 * len(columns)
        and not _numbers((*between, *(word for column in columns for word in column.follows)))
    )


def _heads_one_column(label: Label, finder: SlotFinder) -> bool:
    """A code heading alone in its cell, over a chain of cells of which the first holds something with a digit."""
    cell = finder.cell_of(label.box)
    if cell is None or label.attribute not in CODE_COLUMNS or label.colon or finder.words_in(cell):
        return False
    chain = _cells_below(finder, Column(label.attribute, label, cell.left, cell.right), label.box.bottom, 1.0)
    return len(chain) >= 2 and _digits(finder.words_in(chain[0]))


def _words_between(columns: list[Label], finder: SlotFinder) -> list[Word]:
    first, last = columns[0].box, columns[-1].box
    height = median(label.box.height for label in columns)
    band = Box.clipped(first.left, first.y - 0.3 * height, last.right, first.y + 0.3 * height)
    return [word for word in finder.words_in(band) if any(c.isalnum() for c in word.text)]


def _with_unknown(row: list[Label], finder: SlotFinder) -> list[Label]:
    """The heading with a column of text for each heading that the lexicon does not know."""
    columns = [label for label in row if label.attribute in _COLUMNS]
    unknown: list[Label] = []
    meaning = Meaning(("description",), None, neutral=False, quality=0.8, weak=False)
    for line in lines_from(tuple(_words_between(columns, finder))):
        parts: list[list[Word]] = []
        for word in line.words:
            apart = not parts or any(parts[-1][-1].box.right <= c.box.left and c.box.right <= word.box.left for c in columns)
            if apart:
                parts.append([])
            parts[-1].append(word)
        for part in parts:
            words = tuple(part)
            if not any(c.isalpha() for word in words for c in word.text):
                continue
            unknown.append(Label(meaning, words, Box.around(w.box for w in words), colon=False, alone=True, follows=()))
    return sorted((*row, *unknown), key=lambda label: label.box.left)


def _digits(words: tuple[Word, ...]) -> bool:
    return any(c.isdigit() for word in words for c in word.text)


def _numbers(words: tuple[Word, ...]) -> bool:
    """Whether a code, a date or another number of some length is among the words."""
    return any(sum(c.isdigit() for c in word.text) >= 3 for word in words)


def _table(page: Page, row: list[Label], labels: tuple[Label, ...], finder: SlotFinder, stop: float, empty: bool) -> Table | None:
    columns = _columns(row, finder)
    top = max(label.box.bottom for label in row)
    left, right = columns[0].left, columns[-1].right
    bands = _ruled_rows(finder, columns, top, stop)
    if bands:
        columns = _as_ruled(columns, finder, bands)
        left, right = columns[0].left, columns[-1].right
        bands = [Box.clipped(left, band.top, right, band.bottom) for band in bands]
        area = Box.clipped(left, top, right, bands[-1].bottom)
        rows = [row_of(finder.all_words_in(band), columns, band) for band in bands]
    else:
        area = _open_area(page, labels, row, Box.clipped(left, top, right, min(stop, 1.0)))
        rows = open_rows(finder.all_words_in(area), columns, page.aspect)
    filled = tuple(each for each in rows if empty or any(each.cells))
    if not filled and not empty:
        return None
    return Table(columns, filled, Box.around((area, *(label.box for label in row))))


def _columns(row: list[Label], finder: SlotFinder) -> tuple[Column, ...]:
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


def _as_ruled(columns: tuple[Column, ...], finder: SlotFinder, bands: list[Box]) -> tuple[Column, ...]:
    """The columns with the extents of the cells under their headings."""
    ruled = []
    for n, column in enumerate(columns):
        neighbours = [c.label.box.x for c in (*columns[max(n - 1, 0) : n], *columns[n + 1 : n + 2])]
        cells = [finder.cell_at(column.label.box.x, band.y) for band in bands]
        cell = next((c for c in cells if c is not None and not any(c.left < x < c.right for x in neighbours)), None)
        ruled.append(replace(column, left=cell.left, right=cell.right) if cell is not None else column)
    return tuple(ruled)


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
            subject = None
        resolved.append(f"{subject}_{'code' if name == 'code' else 'text'}" if subject else name)
    return resolved


def _subject(name: str) -> str | None:
    if name in ("dx_code", "dx_text"):
        return "dx"
    if name in ("proc_code", "proc_text", "modifier", "units", "from_date", "to_date"):
        return "proc"
    return None


def _ruled_rows(finder: SlotFinder, columns: tuple[Column, ...], top: float, stop: float) -> list[Box]:
    """The rows under a heading, from the chain of cells below its first column of codes that has one."""
    left, right = columns[0].left, columns[-1].right
    for column in sorted(columns, key=lambda c: c.attribute not in CODE_COLUMNS):
        chain = _cells_below(finder, column, top, stop)
        if chain:
            return [Box.clipped(left, cell.top, right, cell.bottom) for cell in chain]
    return []


def _cells_below(finder: SlotFinder, column: Column, top: float, stop: float) -> list[Box]:
    own = finder.cell_of(column.label.box)
    if own is not None and own.bottom > top + 0.8 * column.label.box.height:
        # The heading stands in the cell that takes the value.
        return [Box.clipped(own.left, column.label.box.bottom, own.right, own.bottom)]
    like = own or Box.clipped(column.left, top, column.right, top)
    edge = own.bottom if own is not None else top
    chain: list[Box] = []
    for cell in sorted(finder.cells, key=lambda c: c.top):
        same = (
            cell.x_overlap(like) > 0.75 * max(cell.width, like.width) if own is not None else cell.holds(column.label.box.x, cell.y)
        )
        if same and -0.004 <= cell.top - edge < (0.012 if chain or own is not None else 0.02) and cell.top < stop:
            if own is None and not chain:
                like = cell
            chain.append(cell)
            edge = cell.bottom
            own = own or cell
    return chain[:_MAX_ROWS]


def _open_area(page: Page, labels: tuple[Label, ...], heading: list[Label], area: Box) -> Box:
    """Without rules a table ends at the next title or field label that stands apart, or at a wide gap."""
    height = median(label.box.height for label in heading)
    bottom = area.bottom
    for label in labels:
        if label.box.top <= area.top or label in heading:
            continue
        ends = label.colon or (label.alone and label.box.left < area.left + 0.02) or label.meaning.owner is not None
        if ends and label.box.x_overlap(area) > 0:
            bottom = min(bottom, label.box.top)
    words = sorted((w for w in page.words if area.holds(w.box.x, w.box.y)), key=lambda w: w.box.top)
    edge = area.top
    for word in words:
        if word.box.top - edge > _ROW_GAP_LINES * height:
            bottom = min(bottom, edge + height)
            break
        edge = max(edge, word.box.bottom)
    return Box.clipped(area.left, area.top, area.right, max(bottom, area.top))


def row_of(words: tuple[Word, ...], columns: tuple[Column, ...], band: Box) -> Row:
    """The words of one row, each in the column that most of it lies in."""
    cells: list[list[Word]] = [[] for _ in columns]
    for word in words:
        n = _column_of(word, columns)
        if n is not None:
            cells[n].append(word)
    return Row(tuple(tuple(cell) for cell in cells), band)


def _column_of(word: Word, columns: tuple[Column, ...]) -> int | None:
    """The column under whose extent most of the word lies."""
    overlaps = [max(0.0, min(word.box.right, c.right) - max(word.box.left, c.left)) for c in columns]
    best = max(range(len(columns)), key=lambda n: overlaps[n])
    return best if overlaps[best] > 0 else None


def open_rows(words: tuple[Word, ...], columns: tuple[Column, ...], aspect: float) -> list[Row]:
    """Each line with something in a column of codes begins a row; other lines belong to the row above."""
    rows: list[list[Word]] = []
    code_columns = [n for n, c in enumerate(columns) if c.attribute in CODE_COLUMNS]
    for line in lines_from(words):
        placed = _placed(line, columns, aspect)
        begins = any(_digits(placed[n]) for n in code_columns)
        if begins or not rows:
            rows.append([])
        rows[-1].extend(line.words)
    return [Row(tuple(_merge(row, columns, aspect)), Box.around(word.box for word in row)) for row in rows[:_MAX_ROWS] if row]


def _merge(words: list[Word], columns: tuple[Column, ...], aspect: float) -> list[tuple[Word, ...]]:
    cells: list[tuple[Word, ...]] = [() for _ in columns]
    for line in lines_from(tuple(words)):
        for n, part in enumerate(_placed(line, columns, aspect)):
            cells[n] = (*cells[n], *part)
    return cells


def _placed(line: Line, columns: tuple[Column, ...], aspect: float) -> list[tuple[Word, ...]]:
    """A line parted into the columns: words that stand close together go where the first of them begins."""
    height = median(word.box.height for word in line.words) * aspect
    cells: list[list[Word]] = [[] for _ in columns]
    current: int | None = None
    previous: Word | None = None
    for word in line.words:
        if previous is None or word.box.left - previous.box.right > 0.8 * height or current is None:
            current = _column_at(word, columns)
        if current is not None:
            cells[current].append(word)
        previous = word
    return [tuple(cell) for cell in cells]


def _column_at(word: Word, columns: tuple[Column, ...]) -> int | None:
    """The column whose heading the word stands under, or that begins left of it."""
    under = [n for n, c in enumerate(columns) if word.box.x_overlap(c.label.box) > 0.5 * min(word.box.width, c.label.box.width)]
    if len(under) == 1:
        return under[0]
    starts = [n for n, c in enumerate(columns) if c.label.box.left - 0.015 <= word.box.left]
    return starts[-1] if starts else 0
