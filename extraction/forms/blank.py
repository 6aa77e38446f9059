"""A blank page taken apart: as :mod:`extraction.layout` does for a filled one, with nothing filled in to tell by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from extraction.forms.pairing import Side
from extraction.forms.places import Place, places_of
from extraction.labels import Label, find_labels
from extraction.lexicon import default_lexicon
from extraction.options import Option, read_options
from extraction.sections import Owned, assign_owners
from extraction.slots import SlotFinder
from extraction.tables import Table, find_tables
from models.geometry import Box
from models.page import CheckBox, MarkState, Page

_SHORTEST, _LONGEST = 0.015, 0.07
_UNSURE = 0.7


@dataclass(frozen=True, slots=True)
class BlankPage:
    """What a blank page asks for. ``owned`` are its labels with their owners, those of tables and titles left out."""

    page: Page
    owned: tuple[Owned, ...]
    places: tuple[Place, ...]
    tables: tuple[Table, ...]
    options: tuple[Option, ...]


def read_blank(page: Page) -> BlankPage:
    """Take a blank page apart."""
    page = replace(page, check_boxes=(*page.check_boxes, *_rules_to_tick(page)))
    options = read_options(page)
    chosen = {id(word) for option in options for word in option.words}
    labels = tuple(
        label
        for label in find_labels(page, default_lexicon())
        if label.colon or not all(id(word) in chosen for word in label.words)
    )
    finder = SlotFinder(page, labels)
    found = find_tables(page, labels, finder, empty=True)
    # A "heading" with a colon over one box is a label; and where a page rules its tables, one without rows is a sentence.
    found = tuple(t for t in found if len(t.rows) > 1 or not any(label.colon for label in t.labels))
    tables = tuple(table for table in found if table.rows) or found
    rest = tuple(label for label in labels if not any(table.box.holds(label.box.x, label.box.y) for table in tables))
    places = places_of(page, rest, tables, tuple(option.box for option in options))
    placed = {id(place.caption.label) for place in places if _is_drawn(place)}
    owned = assign_owners(rest, lambda label: id(label) in placed, finder.cell_of)
    return BlankPage(page, owned, places, tables, options)


def _is_drawn(place: Place) -> bool:
    """Whether the form draws the place, so that its caption is no title; a gap behind a colon counts as drawn."""
    label: Label | None = place.caption.label
    return label is not None and (place.side is not Side.GAP or (label.colon and label.attribute is not None))


def _rules_to_tick(page: Page) -> list[CheckBox]:
    """Short rules that may be there to be ticked; only those beside the name of an option will count."""
    height = median([word.box.height for word in page.words] or [0.01])
    short = [r.box for r in page.rules if r.horizontal and _SHORTEST < r.box.width < _LONGEST]
    free = [rule for rule in short if not any(box.box.inside_share(rule.grown(0, height)) > 0 for box in page.check_boxes)]
    return [
        CheckBox(Box.clipped(rule.left, rule.y - height, rule.right, rule.y), MarkState.EMPTY, _UNSURE)
        for rule in free
        if not any(
            abs(rule.y - edge) < height / 2 and rule.x_overlap(cell) for cell in page.cells for edge in (cell.top, cell.bottom)
        )
    ]
