"""A form page taken apart: labels with owners, slots, tables, change table, options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from extraction.changes import ChangeTable, find_change_table
from extraction.headings import is_heading, label_rows
from extraction.labels import Label, find_labels
from extraction.labelsigns import is_number
from extraction.lexicon import Lexicon
from extraction.neighbours import Neighbours
from extraction.options import Option, read_options
from extraction.prepare import with_labels_parted, without_strokes
from extraction.printed import with_printed_labels
from extraction.provider_tables import find_provider_tables, give_heading_cells
from extraction.questions import answers
from extraction.runs import numbers_title
from extraction.scalars import telling_fits
from extraction.secondprovider import with_providers_numbers, with_second_provider
from extraction.sections import PLAN, Owned, assign_owners
from extraction.sides import side_sections
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from extraction.tables import CODE_COLUMNS, Table, find_tables
from extraction.tickrows import names_of_boxes
from extraction.titles import looks_like_title, unread_titles
from extraction.wordparts import with_items_parted, with_whole_words
from extraction.wrapped import with_wrapped
from models.geometry import Box
from models.page import Page, Word

# Two ways of reading the captions that differ by no more than half a value fit the page alike.
_NEARLY_ALIKE = 0.5
_FEW, _MOST = 0.3, 0.6
_ANY_FORM = frozenset({"sign_date", "date", "signature"})
_VALUE_GAP, _IN_VALUE_GAP = 0.03, 0.06
# The name of a check-box begins so close behind it.
_TOUCHING, _BOX_NAME = 0.004, 0.012
_PROSE_GAP = 0.9
_PROSE_HEIGHT = 0.15
_OWN = frozenset({Direction.IN_CELL, Direction.NEXT_CELL, Direction.BOX_BELOW, Direction.BOX_ABOVE, Direction.RIGHT})
_UNDER = frozenset({Direction.BOX_BELOW, Direction.BELOW})
# Labels that begin at one edge, and whose letters are of one size.
_SAME_COLUMN, _SAME_TYPE = 0.012, 0.15
_BESIDE = frozenset({Direction.IN_CELL, Direction.NEXT_CELL, Direction.RIGHT})
_ROW_OF_BOXES = 2
_SMALLER = 0.9


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
    page = with_whole_words(with_printed_labels(without_strokes(page), lexicon), lexicon)
    page = with_items_parted(with_labels_parted(page, lexicon))
    options = (*read_options(page), *answers(page))
    # "Extension of authorization number: 97001182" goes on in a value.
    named = (word for option in options for word in option.words if not is_number(word.text))
    printed = (*named, *names_of_boxes(page))
    chosen = {id(word) for word in printed}
    found = with_wrapped(find_labels(page, lexicon), page, lexicon)
    words = SlotFinder(page, found)
    prose = tuple(_comment_area(label, page, words) for label in found if label.attribute == "comments")
    # The title of a section that is called like a comment does not make the headings of its table a text.
    headings = {id(label) for row in label_rows(found) if len(row) > 1 and is_heading(row, words) for label in row}
    labels = tuple(
        label
        for label in found
        if not _is_option(label, chosen)
        and not _names_box(label, page)
        and not _is_in_value(label, found, words)
        and (id(label) in headings or not _is_in_prose(label, prose))
    )
    above, below = (_lay_out(page, labels, lexicon, options, printed, captions_below) for captions_below in (False, True))
    better = telling_fits(below.owned, below.finder, today) - telling_fits(above.owned, above.finder, today)
    share = _share_above(below)
    fitting = below if (better > 0 and share > _FEW) or (better > -_NEARLY_ALIKE and share > _MOST) else above
    owned = tuple(owned for owned in fitting.owned if not _is_title_of_codes(owned.label, fitting))
    return replace(fitting, owned=owned, options=tuple(option for option in options if not _is_plans(option, owned)))


def _is_plans(option: Option, owned: tuple[Owned, ...]) -> bool:
    """Whether the plan says with the box what it did: all labels of its row are its own ("[ ] Extended to: ____")."""
    if option.path != "request.kind":
        return False
    beside = {each.owner for each in owned if each.label.box.on_row_of(option.box.box)}
    return beside == {PLAN}


def _is_title_of_codes(label: Label, layout: PageLayout) -> bool:
    """Whether a label such as "CPT / HCPCS requested" is a section's title: what stands over it belongs to the section before."""
    slot = layout.finder.filled(label) if label.attribute in CODE_COLUMNS else None
    over = slot is not None and slot.direction in (Direction.ABOVE, Direction.BOX_ABOVE)
    return over and looks_like_title(label, layout.page)


def _share_above(layout: PageLayout) -> float:
    """The share of values that stand over their labels; a signature's date stands beside its label on any form."""
    told = [owned.label for owned in layout.owned if owned.owner != PLAN and owned.label.attribute not in _ANY_FORM]
    slots = [slot.direction for label in told if (slot := layout.finder.filled(label)) is not None]
    above = slots.count(Direction.ABOVE) + slots.count(Direction.BOX_ABOVE)
    return above / len(slots) if slots else 0.0


def _is_option(label: Label, chosen: set[int]) -> bool:
    """Whether the label is the name of a check-box ("First request")."""
    return not label.colon and all(id(word) in chosen for word in label.words)


def _names_box(label: Label, page: Page) -> bool:
    """Whether the label is the name of one of several check-boxes in its row that choose who sends ("( ) PCP  ( ) Specialist")."""
    if label.colon or label.attribute is not None:
        return False
    row = [box.box for box in page.check_boxes if box.box.on_row_of(label.box)]
    return len(row) > 1 and any(-_TOUCHING < label.box.left - box.right < _BOX_NAME for box in row)


def _comment_area(label: Label, page: Page, finder: SlotFinder) -> Box:
    """Where the free text of a label such as "Comments" stands: the rest of its cell, or the lines close below it."""
    cell = finder.cell_of(label.box)
    if cell is not None:
        return Box(cell.left, min(label.box.bottom, cell.bottom), cell.right, cell.bottom)
    bottom = label.box.bottom
    for word in sorted(page.words, key=lambda w: w.box.top):
        if word.box.y > label.box.bottom and word.box.top - bottom < _PROSE_GAP * label.box.height:
            bottom = max(bottom, word.box.bottom)
    return Box(min(label.box.left, 0.1), label.box.bottom, 1.0, min(bottom, label.box.bottom + _PROSE_HEIGHT, 1.0))


def _is_in_prose(label: Label, areas: tuple[Box, ...]) -> bool:
    """Words of a sentence in a comment are no labels; one with a colon, or alone on its line, may be."""
    return not label.colon and not label.alone and any(area.holds(label.box.x, label.box.y) for area in areas)


def _is_in_value(label: Label, labels: tuple[Label, ...], finder: SlotFinder) -> bool:
    """Whether words that name an owner are part of a value ("Pinnacle Primary Care"): behind other words of its cell or line."""
    if label.colon or label.attribute not in (None, "practice") or (label.alone and label.attribute is None):
        return False
    if label.attribute is not None and any(o.attribute == "specialty" and _is_next_to(label.box, o.box) for o in labels):
        return True
    if label.attribute is not None:
        return any(o.colon and 0 <= label.box.left - o.box.right < _VALUE_GAP and o.box.on_row_of(label.box) for o in labels)
    box, cell = label.box, finder.cell_of(label.box)
    before = [o for o in labels if o.box.right <= box.left and o.box.on_row_of(box)]
    left = max((o.box.right for o in before), default=None)
    if left is None or (cell is not None and left < cell.left):
        left = cell.left if cell is not None else None
    between = finder.words_in(Box.clipped(left, box.top, box.left, box.bottom)) if left is not None else ()
    return bool(between) and box.left - between[-1].box.right < _IN_VALUE_GAP


def _is_next_to(value: Box, label: Box) -> bool:
    """Whether words stand where the value of a label may: right over, under or behind it, and begin near it."""
    gap = max(value.top - label.bottom, label.top - value.bottom)
    beside = value.on_row_of(label) and 0 <= value.left - label.right < _VALUE_GAP
    return beside or (gap < label.height and abs(value.left - label.left) < _SAME_COLUMN)


def _lay_out(
    page: Page,
    labels: tuple[Label, ...],
    lexicon: Lexicon,
    options: tuple[Option, ...],
    printed: tuple[Word, ...],
    captions_below: bool,
) -> PageLayout:
    whole = SlotFinder(page, labels, captions_below)
    change_table = find_change_table(page, labels, whole)
    tables = tuple(
        table
        for table in find_tables(page, labels, whole)
        if change_table is None or table.box.inside_share(change_table.area) < 0.3
    )
    taken = [table.box for table in tables] + ([change_table.area] if change_table else [])
    rest = tuple(label for label in labels if not any(box.holds(label.box.x, label.box.y) for box in taken))
    providers = find_provider_tables(rest, whole)
    rest = tuple(label for label in rest if not any(table.box.holds(label.box.x, label.box.y) for table in providers))
    spoken_for = tuple(word for table in providers for word in whole.all_words_in(table.box))
    finder = SlotFinder(page, rest, captions_below, (*printed, *spoken_for))
    give_heading_cells(rest, finder)

    def has_value(label: Label) -> bool:
        """Only a place that is the label's own for certain counts: what stands below a title is no value of it."""
        slots = finder.slots(label)
        if _is_blank_facility(label, rest, slots, page):
            return True
        own = _OWN | {Direction.ABOVE} if captions_below else _OWN
        if captions_below and looks_like_title(label, page):
            own = _BESIDE
        if _is_caption_in_row(label, rest, finder):
            own = own | {Direction.BELOW}
        return any(
            slot.direction in own
            and not (slot.direction is Direction.NEXT_CELL and finder.heads_fields(slot.area))
            and any(c.isalnum() for c in slot.text)
            and not numbers_title(slot.text)
            and not _is_small_print(slot, label)
            for slot in slots
        )

    sides = side_sections(rest, finder)
    beside = {id(label) for side in sides for label in (*side.title, *side.fields)}
    others = tuple(label for label in rest if id(label) not in beside)
    owned = assign_owners(others, has_value, finder.cell_of, unread_titles(page, labels, lexicon))
    owned = with_providers_numbers(with_second_provider(owned, others))
    owned = (*owned, *(each for side in sides for each in side.owned()), *(each for t in providers for each in t.owned(finder)))
    return PageLayout(page, labels, owned, finder, tables, change_table, options, captions_below)


def _is_small_print(slot: Slot, label: Label) -> bool:
    """Whether what stands over a label is set smaller than it, as no value over its caption is: an instruction over a title."""
    if slot.direction is not Direction.ABOVE:
        return False
    return median(w.box.height for w in slot.words) < _SMALLER * median(w.box.height for w in label.words)


def _is_blank_facility(label: Label, labels: tuple[Label, ...], slots: tuple[Slot, ...], page: Page) -> bool:
    """Whether a facility is asked for in a field that was left blank: in a printed place, or under titles that look otherwise."""
    if label.attribute != "facility" or label.meaning.owner != "facility" or looks_like_title(label, page):
        return False
    printed = any(slot.direction in (Direction.NEXT_CELL, Direction.IN_CELL, Direction.BOX_BELOW) for slot in slots)
    if printed or (not any(slot.words for slot in slots) and Neighbours(page, labels).has_line(label)):
        return True
    fields = [o for o in labels if o is not label and o.attribute is not None and abs(o.box.left - label.box.left) < _SAME_COLUMN]
    alike = [o for o in fields if o.colon and abs(o.box.height - label.box.height) < _SAME_TYPE * label.box.height]
    return label.colon and any(looks_like_title(o, page) for o in labels) and len(alike) > 1


def _is_caption_in_row(label: Label, labels: tuple[Label, ...], finder: SlotFinder) -> bool:
    """Whether a facility is asked for beside other captions whose values stand below them, and not announced as a section."""
    if label.attribute != "facility" or label.colon:
        return False
    beside = [o for o in labels if o is not label and o.attribute is not None and o.box.on_row_of(label.box)]
    return any((slot := finder.filled(o)) is not None and slot.direction in _UNDER for o in beside)


def comment_areas(layout: PageLayout) -> list[Box]:
    """The places of free text on a page, the plan's own left out, and those with check-boxes: their text is the names of these."""
    plan = {id(owned.label) for owned in layout.owned if owned.owner == PLAN}
    labels = [label for label in layout.labels if label.attribute == "comments" and id(label) not in plan]
    areas = [_comment_area(label, layout.page, layout.finder) for label in labels]
    boxes = [option.box.box for option in layout.options]
    return [area for area in areas if sum(area.holds(box.x, box.y) for box in boxes) < _ROW_OF_BOXES]
