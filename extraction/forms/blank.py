"""A blank page taken apart: as :mod:`extraction.layout` does for a filled one, with nothing filled in to tell by."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.forms.places import has_place
from extraction.labels import Label, find_labels
from extraction.lexicon import default_lexicon
from extraction.options import Option, read_options
from extraction.sections import Owned, assign_owners
from extraction.slots import Direction, SlotFinder
from extraction.tables import Table, find_tables
from models.page import Page


@dataclass(frozen=True, slots=True)
class BlankPage:
    """What a blank page asks for. ``owned`` leaves out what the tables take."""

    page: Page
    owned: tuple[Owned, ...]
    finder: SlotFinder
    tables: tuple[Table, ...]
    options: tuple[Option, ...]


def read_blank(page: Page) -> BlankPage:
    """Take a blank page apart."""
    options = read_options(page)
    chosen = {id(word) for option in options for word in option.words}
    labels = tuple(
        label
        for label in find_labels(page, default_lexicon())
        if label.colon or not all(id(word) in chosen for word in label.words)
    )
    captions_below = _captions_below(page, labels)
    tables = find_tables(page, labels, SlotFinder(page, labels, captions_below), empty=True)
    rest = tuple(label for label in labels if not any(table.box.holds(label.box.x, label.box.y) for table in tables))
    printed = tuple(word for option in options for word in option.words)
    finder = SlotFinder(page, rest, captions_below, printed)
    owned = assign_owners(rest, lambda label: has_place(label, finder, page), finder.cell_of)
    return BlankPage(page, owned, finder, tables, options)


def _captions_below(page: Page, labels: tuple[Label, ...]) -> bool:
    """Whether captions stand under their boxes: then the boxes above them are nearer than those below."""
    below = above = 0.0
    for label in labels:
        boxes = {}
        for captions, direction in ((False, Direction.BOX_BELOW), (True, Direction.BOX_ABOVE)):
            slots = SlotFinder(page, labels, captions).slots(label)
            boxes[direction] = next((slot.area for slot in slots if slot.direction is direction), None)
        under, over = boxes[Direction.BOX_BELOW], boxes[Direction.BOX_ABOVE]
        if under is not None and over is not None:
            below += under.top - label.box.bottom
            above += label.box.top - over.bottom
        elif under is not None or over is not None:
            below, above = (below, above + label.box.height) if under is not None else (below + label.box.height, above)
    return above < below
