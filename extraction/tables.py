"""Tables of diagnoses and services: a row of column headings, and the rows under it, ruled or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from extraction.codecells import begins_with_code, kind_of_code
from extraction.headings import CODE_COLUMNS as CODE_COLUMNS
from extraction.headings import (
    MAX_ROWS,
    SERVICE_CODES,
    cells_below,
    columns_of,
    has_digit,
    is_heading,
    label_rows,
    may_head_codes,
    with_unknown,
)
from extraction.headings import Column as Column
from extraction.labels import Label
from extraction.lines import Line, lines_from
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Page, Word
from models.values import ValueKind

_ROW_GAP_LINES = 3.2
_CODE_DIGITS = 3
# How far a code may begin beside its heading, in page widths.
_COLUMN_EDGE, _SAME_EDGE = 0.015, 0.004
_DIGIT_COLUMNS = CODE_COLUMNS | {"from_date", "to_date"}
_TEXT_COLUMNS = frozenset({"description", "proc_text"})
_DATES = frozenset({"from_date", "to_date", "request_date", "sign_date"})


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
    headings = [with_unknown(row, finder) for row in label_rows(labels) if is_heading(row, finder) or may_head_codes(row, finder)]
    tops = [min(label.box.top for label in row) for row in headings]
    tables = []
    for row in headings:
        below = [top for top in tops if top > max(label.box.bottom for label in row) - 0.002]
        table = _table(page, row, labels, finder, min(below, default=1.0), empty)
        if table is not None:
            tables.append(table)
    return tuple(tables)


def _table(page: Page, row: list[Label], labels: tuple[Label, ...], finder: SlotFinder, stop: float, empty: bool) -> Table | None:
    columns = columns_of(row, finder)
    top = max(label.box.bottom for label in row)
    left, right = columns[0].left, columns[-1].right
    bands = _above_fields(_ruled_rows(finder, columns, top, stop), labels)
    if bands:
        columns = _as_ruled(columns, finder, bands)
        left, right = columns[0].left, columns[-1].right
        bands = [Box.clipped(left, band.top, right, band.bottom) for band in bands]
        area = Box.clipped(left, top, right, bands[-1].bottom)
        columns = _told_by_codes(columns, finder.all_words_in(area), area)
        rows = [row for band in bands for row in _rows_in(finder.all_words_in(band), columns, band, page.aspect)]
    else:
        area = _open_area(page, labels, row, Box.clipped(left, top, right, min(stop, 1.0)))
        columns = _told_by_codes(columns, finder.all_words_in(area), area)
        rows = open_rows(finder.all_words_in(area), columns, page.aspect)
    if not any(column.attribute in CODE_COLUMNS for column in columns):
        return None
    filled = tuple(each for each in rows if empty or any(each.cells))
    if not filled and not empty:
        return None
    return Table(columns, filled, Box.around((area, *(label.box for label in row))))


def _above_fields(bands: list[Box], labels: tuple[Label, ...]) -> list[Box]:
    """The rows of cells down to one that a label with a colon, or of a date, begins: a field in the rules of the table."""
    fields = [label.box for label in labels if label.attribute is not None and (label.colon or _asks_for_date(label, labels))]
    end = next((n for n, band in enumerate(bands) if any(band.holds(box.x, box.y) for box in fields)), len(bands))
    return bands[:end]


def _asks_for_date(label: Label, labels: tuple[Label, ...]) -> bool:
    """Whether it is the first label of its line, and asks for a date with more than a word, as no cell does."""
    first = not any(other.box.y_overlap(label.box) > 0 and other.box.left < label.box.left for other in labels)
    return first and label.attribute in _DATES and not label.meaning.weak and len(label.words) > 1


def _told_by_codes(columns: tuple[Column, ...], words: tuple[Word, ...], area: Box) -> tuple[Column, ...]:
    """The columns with that of codes known by what stands in it, where no heading says which it is."""
    cells = row_of(words, columns, area).cells
    columns = _without_empty_of_codes(columns, cells)
    if any(column.attribute in SERVICE_CODES for column in columns):
        return _with_diagnoses(columns, cells)
    for n, column in enumerate(columns):
        if column.attribute in _TEXT_COLUMNS and _are_codes(cells[n]):
            return (*columns[:n], replace(column, attribute="proc_code"), *columns[n + 1 :])
    return columns


def _without_empty_of_codes(columns: tuple[Column, ...], cells: tuple[tuple[Word, ...], ...]) -> tuple[Column, ...]:
    """The columns where a heading names the codes too that stand in another one: "List all procedures with CPT", then "Code"."""
    named = [n for n, column in enumerate(columns) if column.attribute in SERVICE_CODES and cells[n]]
    codes = [n for n in named if _are_codes(cells[n])]
    if len(codes) != 1 or len(named) < 2:
        return columns
    told = {n: "description" for n in named if not has_digit(cells[n])} | {codes[0]: "proc_code"}
    return tuple(replace(column, attribute=told.get(n, column.attribute)) for n, column in enumerate(columns))


def _with_diagnoses(columns: tuple[Column, ...], cells: tuple[tuple[Word, ...], ...]) -> tuple[Column, ...]:
    """The columns where a second one headed "Code" holds codes of diagnoses, though the heading that says so could not be read."""
    codes = [n for n, column in enumerate(columns) if column.attribute == "proc_code"]
    last = codes[-1] if codes else 0
    if len(codes) < 2 or columns[last].label.attribute != "code" or kind_of_code(cells[last]) is not ValueKind.ICD10:
        return columns
    told = [replace(each, attribute="dx_code") if n == last else each for n, each in enumerate(columns)]
    if told[last - 1].attribute in _TEXT_COLUMNS:
        told[last - 1] = replace(told[last - 1], attribute="dx_text")
    return tuple(told)


def _are_codes(words: tuple[Word, ...]) -> bool:
    """Whether every line of a column begins with a code of a service."""
    lines = [line.words for line in lines_from(words)]
    return bool(lines) and all(begins_with_code(line) for line in lines)


def _rows_in(words: tuple[Word, ...], columns: tuple[Column, ...], band: Box, aspect: float) -> list[Row]:
    """The rows between two printed lines: one, or several where each line begins with a code."""
    single = row_of(words, columns, band)
    codes = next(
        (cell for column, cell in zip(columns, single.cells, strict=True) if column.attribute in CODE_COLUMNS and cell), ()
    )
    filled = [cell for cell in single.cells if cell]
    lines = len(lines_from(codes))
    if lines < 2 or len(filled) < 2 or not all(has_digit(line.words) for line in lines_from(codes)):
        return [single]
    others = [len(lines_from(cell)) for cell in filled if cell is not codes]
    return open_rows(words, columns, aspect) if max(others) == lines else [single]


def _as_ruled(columns: tuple[Column, ...], finder: SlotFinder, bands: list[Box]) -> tuple[Column, ...]:
    """The columns with the extents of the cells under their headings."""
    ruled = []
    for n, column in enumerate(columns):
        neighbours = [c.label.box.x for c in (*columns[max(n - 1, 0) : n], *columns[n + 1 : n + 2])]
        cells = [finder.cell_at(x, band.y) for x in (column.label.box.x, *_starts(column)) for band in bands]
        own = [c for c in cells if c is not None and not any(c.left < x < c.right for x in neighbours)]
        cell = next((c for c in own if _holds_codes(finder, c)), None) if column.attribute in CODE_COLUMNS else None
        cell = cell or next(iter(own), None)
        ruled.append(replace(column, left=cell.left, right=cell.right) if cell is not None else column)
    return tuple(ruled)


def _starts(column: Column) -> list[float]:
    """The middles of a code heading's words: one that runs together with the next heading stands over two columns."""
    return [word.box.x for word in column.label.words] if column.attribute in CODE_COLUMNS else []


def _holds_codes(finder: SlotFinder, cell: Box) -> bool:
    return begins_with_code(finder.words_in(cell))


def _ruled_rows(finder: SlotFinder, columns: tuple[Column, ...], top: float, stop: float) -> list[Box]:
    """The rows under a heading, from the chain of cells below its first column of codes that has one."""
    left, right = columns[0].left, columns[-1].right
    for column in sorted(columns, key=lambda c: c.attribute not in CODE_COLUMNS):
        chain = cells_below(finder, column, top, stop)
        if chain:
            return [Box.clipped(left, cell.top, right, cell.bottom) for cell in chain]
    return []


def _open_area(page: Page, labels: tuple[Label, ...], heading: list[Label], area: Box) -> Box:
    """Without rules a table ends at the next title or field label that stands apart, or at a wide gap."""
    height = median(label.box.height for label in heading)
    bottom = area.bottom
    for label in labels:
        if label.box.top <= area.top or label in heading:
            continue
        first = (label.alone and label.box.left < area.left + 0.02) or _asks_for_date(label, labels)
        ends = label.colon or first or label.meaning.owner is not None
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
        begins = any(has_digit(placed[n]) for n in code_columns)
        if begins or not rows:
            rows.append([])
        rows[-1].extend(line.words)
    return [Row(tuple(_merge(row, columns, aspect)), Box.around(word.box for word in row)) for row in rows[:MAX_ROWS] if row]


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
        apart = previous is None or current is None or word.box.left - previous.box.right > 0.8 * height
        if apart or _is_value_of(word, columns):
            current = _column_at(word, columns)
        if current is not None:
            cells[current].append(word)
        previous = word
    return [tuple(cell) for cell in cells]


def _is_value_of(word: Word, columns: tuple[Column, ...]) -> bool:
    """Whether a word of digits begins in a column of codes, dates or quantities, however close to what is before it."""
    digits = sum(c.isdigit() for c in word.text)
    heads = [c.label.box for c in columns if c.attribute in _DIGIT_COLUMNS]
    counts = [c.label.box for c in columns if c.attribute == "units"]
    below = digits >= _CODE_DIGITS and any(abs(word.box.left - head.left) < _COLUMN_EDGE for head in heads)
    return below or (word.text.isdigit() and any(abs(word.box.left - head.left) < _SAME_EDGE for head in counts))


def _column_at(word: Word, columns: tuple[Column, ...]) -> int | None:
    """The column whose heading the word stands under, or that begins left of it."""
    under = [n for n, c in enumerate(columns) if word.box.x_overlap(c.label.box) > 0.5 * min(word.box.width, c.label.box.width)]
    if len(under) == 1:
        return under[0]
    starts = [n for n, c in enumerate(columns) if c.label.box.left - 0.015 <= word.box.left]
    return starts[-1] if starts else 0
