"""A form page taken apart: labels with owners, slots, tables, change table, options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extraction.changes import ChangeTable, find_change_table
from extraction.labels import Label, find_labels
from extraction.lexicon import Lexicon
from extraction.options import Option, read_options
from extraction.scalars import telling_fits
from extraction.sections import Owned, assign_owners
from extraction.slots import Direction, SlotFinder
from extraction.tables import Table, find_tables
from models.page import Page


_OWN = frozenset({Direction.IN_CELL, Direction.NEXT_CELL, Direction.BOX_BELOW, Direction.BOX_ABOVE, Direction.RIGHT})


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What a page prints and where its values may stand. ``labels`` and ``owned`` leave out what the tables take."""

    page: Page
    labels: tuple[Label, ...]
    owned: tuple[Owned, ...]
    finder: SlotFinder
    tables: tuple[Table, ...]
    change_table: ChangeTable | None
    options: tuple[Option, ...]
    captions_below: bool


def lay_out(page: Page, lexicon: Lexicon, today: date) -> PageLayout:
    """Take a form page apart; whether captions stand above or below their boxes is what fits the values better."""
    options = read_options(page)
    chosen = {id(word) for option in options for word in option.words}
    labels = tuple(label for label in find_labels(page, lexicon) if not _is_option(label, chosen))
    layouts = [_lay_out(page, labels, options, captions_below) for captions_below in (False, True)]
    return max(layouts, key=lambda layout: telling_fits(layout.owned, layout.finder, today))


def _is_option(label: Label, chosen: set[int]) -> bool:
    """Whether the label is the name of a check-box ("First request")."""
    return not label.colon and all(id(word) in chosen for word in label.words)


def _lay_out(page: Page, labels: tuple[Label, ...], options: tuple[Option, ...], captions_below: bool) -> PageLayout:
    whole = SlotFinder(page, labels, captions_below)
    change_table = find_change_table(page, labels, whole)
    tables = tuple(
        table
        for table in find_tables(page, labels, whole)
        if change_table is None or table.box.inside_share(change_table.area) < 0.3
    )
    taken = [table.box for table in tables] + ([change_table.area] if change_table else [])
    rest = tuple(label for label in labels if not any(box.holds(label.box.x, label.box.y) for box in taken))
    printed = tuple(word for option in options for word in option.words)
    finder = SlotFinder(page, rest, captions_below, printed)

    def has_value(label: Label) -> bool:
        """Only a place that is the label's own for certain counts: what stands below a title is no value of it."""
        slots = finder.slots(label)
        own = _OWN | {Direction.ABOVE} if captions_below else _OWN
        return any(slot.direction in own and any(c.isalnum() for c in slot.text) for slot in slots)

    owned = assign_owners(rest, has_value, finder.cell_of)
    return PageLayout(page, labels, owned, finder, tables, change_table, options, captions_below)
