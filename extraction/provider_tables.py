"""Tables whose headings are said once: one row of them over rows of values, or providers side by side over a column of items.

A table of providers names in each row, or over each column, whose values they are ("Requesting", "Servicing", "PCP").
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extraction.headings import label_rows
from extraction.labels import Label
from extraction.sections import Owned
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from models.geometry import Box

_PROVIDERS = frozenset({"name", "npi", "tin", "phone", "fax", "contact", "facility"})
_TELLING = frozenset({"npi", "tin", "phone", "fax"})
_ROLES = frozenset({"requesting", "servicing", "pcp", "other"})
_LEAST = 3
"""Fewer headings than that are captions, not a table."""
_FLAT = 3.4
"""A cell higher than that, in heights of its print, has room for a value below its caption."""
_CENTRE = 0.3
"""A heading stands in the middle of its cell: so far from the edge at least, in heights of the cell."""
_TOUCH, _SIDE = 0.006, 0.01
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Headed:
    """A label of a table with the place of its value; ``owner`` is ``None`` where the table does not say whose it is."""

    label: Label
    slot: Slot
    owner: str | None


@dataclass(frozen=True, slots=True)
class ProviderTable:
    """A table of providers: its values, the area that it takes, and the labels in it."""

    values: tuple[Headed, ...]
    box: Box

    def owned(self, finder: SlotFinder) -> tuple[Owned, ...]:
        """The labels of the values with their owners, their places told to the finder."""
        for value in self.values:
            finder.give(value.label, value.slot)
        return tuple(Owned(v.label, v.owner, None, False) for v in self.values if v.owner is not None)


def find_provider_tables(labels: tuple[Label, ...], finder: SlotFinder) -> tuple[ProviderTable, ...]:
    """The tables of providers of a page whose cells are ruled."""
    rows = label_rows(labels)
    found = (*(_by_rows(row, labels, finder) for row in rows), *(_by_columns(row, labels, finder) for row in rows))
    return tuple(table for table in found if table is not None)


def give_heading_cells(labels: tuple[Label, ...], finder: SlotFinder) -> None:
    """Tell the finder the cells below a row of cells that hold headings alone: there stands one row of values."""
    for row in label_rows(labels):
        heads = [(label, cell) for label in row if (cell := _heading_cell(label, finder)) is not None]
        if len(heads) < _LEAST:
            continue
        below = [(label, _below(cell, finder)) for label, cell in heads]
        if any(cell is None or finder.labels_in(cell) for _, cell in below):
            continue
        if not any(finder.words_in(cell) for _, cell in below if cell is not None):
            continue
        for label, cell in below:
            if cell is not None:
                finder.give(label, Slot(Direction.BOX_BELOW, cell, finder.words_in(cell)))


def _heading_cell(label: Label, finder: SlotFinder) -> Box | None:
    """The cell that holds the label and nothing else, in its middle."""
    cell = finder.cell_of(label.box)
    if cell is None or label.colon or label.attribute is None:
        return None
    flat = cell.height < _FLAT * label.box.height and (label.box.y - cell.top) > _CENTRE * cell.height
    return cell if flat and not finder.words_in(cell) and len(finder.labels_in(cell)) == 1 else None


def _below(cell: Box, finder: SlotFinder) -> Box | None:
    """The cell right below one, as wide as it."""
    return next(
        (
            other
            for other in finder.cells
            if abs(other.top - cell.bottom) < _TOUCH
            and abs(other.left - cell.left) < _SIDE
            and abs(other.right - cell.right) < _SIDE
        ),
        None,
    )


def _by_rows(row: list[Label], labels: tuple[Label, ...], finder: SlotFinder) -> ProviderTable | None:
    """Headings such as "Name, NPI, Phone" over rows that begin with whose they are."""
    heads = [(label, cell) for label in row if label.attribute in _PROVIDERS and (cell := _heading_cell(label, finder)) is not None]
    if len(heads) < _LEAST or sum(label.attribute in _TELLING for label, _ in heads) < 2:
        return None
    left = min(cell.left for _, cell in heads)
    bands = _rows_below(heads[0][1], finder)
    roles = [_role(band, left, labels) for band in bands]
    if (
        roles[:2].count(None) == 1
        and len(bands) == 2
        and "requesting" in roles
        and _is_named(bands[roles.index(None)], left, finder)
    ):
        roles = [role or "servicing" for role in roles]  # Of two, one asks; then the other serves.
    if "requesting" not in roles and "servicing" not in roles:
        return None
    values = tuple(
        Headed(replace(label), Slot(Direction.BOX_BELOW, area, finder.all_words_in(area)), role)
        for band, role in zip(bands, roles, strict=True)
        if role is not None
        for label, cell in heads
        for area in (Box(cell.left, band.top, cell.right, band.bottom),)
    )
    right = max(cell.right for _, cell in heads)
    return ProviderTable(values, Box(0.0, heads[0][1].top, right, bands[-1].bottom))


def _rows_below(head: Box, finder: SlotFinder) -> list[Box]:
    rows: list[Box] = []
    cell = _below(head, finder)
    while cell is not None and len(rows) < _MOST_ROWS:
        rows.append(cell)
        cell = _below(cell, finder)
    return rows


def _role(band: Box, left: float, labels: tuple[Label, ...]) -> str | None:
    """Whose a row is, by the label that stands before the first column."""
    before = [o for o in labels if o.box.x < left and band.top < o.box.y < band.bottom and o.meaning.owner in _ROLES]
    return before[0].meaning.owner if before else None


def _is_named(band: Box, left: float, finder: SlotFinder) -> bool:
    """Whether words before the first column say what the row is, though not in words that are known."""
    return bool(finder.all_words_in(Box.clipped(0.0, band.top, left, band.bottom)))


def _by_columns(row: list[Label], labels: tuple[Label, ...], finder: SlotFinder) -> ProviderTable | None:
    """Two providers side by side as headings, with the items ("Name", "NPI") once on their left."""
    heads = [(o, finder.cell_of(o.box)) for o in row if o.meaning.owner in ("requesting", "servicing") and o.attribute is None]
    cells = [cell for _, cell in heads if cell is not None]
    if {label.meaning.owner for label, _ in heads} != {"requesting", "servicing"} or len(cells) != len(heads):
        return None
    left = min(cell.left for cell in cells)
    columns = [(label.meaning.owner, _rows_below(cell, finder)) for (label, _), cell in zip(heads, cells, strict=True)]
    items = [
        o
        for o in labels
        if o.attribute in _PROVIDERS and o.meaning.owner is None and o.box.right <= left and o.box.y > heads[0][0].box.bottom
    ]
    values = tuple(
        Headed(replace(item), Slot(Direction.NEXT_CELL, cell, finder.all_words_in(cell)), owner)
        for owner, rows in columns
        for cell in rows
        for item in items
        if cell.top < item.box.y < cell.bottom
    )
    if len({value.label.attribute for value in values}) < _LEAST or any(finder.has_caption(v.slot.area) for v in values):
        return None
    bottom = max(value.slot.area.bottom for value in values)
    return ProviderTable(values, Box(0.0, cells[0].top, max(cell.right for cell in cells), bottom))
