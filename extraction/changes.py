"""Change forms: a row for each thing that changes, a column for what was and one for what shall be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extraction.changeheads import caption_pairs, heading_pairs
from extraction.cited import Cited, cite, cite_text, words_of
from extraction.evidence import of_cited, weakest_of
from extraction.labels import Label
from extraction.lexicon import tokens_of
from extraction.lines import Line
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Page, Word
from models.reading import AmendmentReading, FieldValue
from models.record import AmendmentAction, AmendmentField
from models.values import ValueKind, find_values, plain_provider_name

_PLACE = 0.93
_FIELDS: dict[str, tuple[AmendmentField, ValueKind]] = {
    "proc_code": (AmendmentField.SERVICE_CODE, ValueKind.PROCEDURE),
    "code": (AmendmentField.SERVICE_CODE, ValueKind.PROCEDURE),
    "modifier": (AmendmentField.MODIFIERS, ValueKind.MODIFIER),
    "units": (AmendmentField.UNITS, ValueKind.UNITS),
    "from_date": (AmendmentField.FROM_DATE, ValueKind.DATE),
    "to_date": (AmendmentField.TO_DATE, ValueKind.DATE),
    "new_end_date": (AmendmentField.TO_DATE, ValueKind.DATE),
    "dx_code": (AmendmentField.DIAGNOSIS_CODE, ValueKind.ICD10),
    "dx_text": (AmendmentField.DIAGNOSIS_CODE, ValueKind.ICD10),
    "npi": (AmendmentField.SERVICING_NPI, ValueKind.NPI),
    "name": (AmendmentField.SERVICING_NAME, ValueKind.PROVIDER_NAME),
    "facility": (AmendmentField.SERVICING_NAME, ValueKind.PROVIDER_NAME),
}
_DATES = frozenset({"from_date", "to_date"})
_PLURAL = frozenset({"DATES", "PERIOD", "RANGE", "SPAN"})
_CHANGE_ROWS = 3
_ITEM_HEIGHTS = 3.0
_ABOVE_HEIGHTS = 4.0
"""An item's captions stand on its row, or within so many of their heights of it."""
_SERVICE_COLUMNS = frozenset({"proc_code", "dx_code", "code", "units", "modifier"})
_SPACE = 0.015
"""Share of the page width that a space between two words of a value does not exceed."""
_UNSAID = 0.4
"""How plainly an empty cell says that the value beside it is taken away."""
# In the column of what shall be, these take the old value away.
_NOTHING = frozenset({"NONE", "NA", "REMOVE", "REMOVED", "DELETE", "DELETED", "DROP", "CANCEL", "OMIT", "NIL"})
# A code without an old one beside it is one more; any other value is the new one of its kind.
_ADDED = frozenset({AmendmentField.SERVICE_CODE, AmendmentField.DIAGNOSIS_CODE, AmendmentField.MODIFIERS})


@dataclass(frozen=True, slots=True)
class ChangeTable:
    """The change table of a page: where its columns lie, and the area it takes."""

    old_left: float
    new_left: float
    right: float
    headings_bottom: float
    area: Box


def find_change_table(page: Page, labels: tuple[Label, ...], finder: SlotFinder) -> ChangeTable | None:
    """The change table of the page: two headings side by side, and items that can change on the left below.

    A form that repeats the headings at every item has none: its items are read by :func:`read_change_rows`.
    """
    pairs = heading_pairs(page)
    if len(pairs) > 1 and len(caption_pairs(page)) > 1:
        return None
    tables = (_table(old, new, labels, finder) for old, new in pairs if not _heads_services(old.box, labels))
    return next((table for table in tables if table is not None), None)


def _heads_services(box: Box, labels: tuple[Label, ...]) -> bool:
    """Whether the heading row is that of a table of services, whose columns "From" and "To" are dates."""
    return any(label.attribute in _SERVICE_COLUMNS and label.box.y_overlap(box) > 0.5 * label.box.height for label in labels)


def _table(old: Line, new: Line, labels: tuple[Label, ...], finder: SlotFinder) -> ChangeTable | None:
    old_cell, new_cell = finder.cell_of(old.box), finder.cell_of(new.box)
    old_left = old_cell.left if old_cell else old.box.left - 0.03
    new_left = new_cell.left if new_cell and new_cell.left > old.box.right else new.box.left - 0.03
    right = new_cell.right if new_cell else 1.0
    items = [label for label in labels if _is_item(label, old_left, old.box)]
    if len(items) < 2:
        return None
    bottom = old.box.bottom
    kept: list[Label] = []
    for label in sorted(items, key=lambda each: each.box.top):
        title = any(o not in items and bottom < o.box.y < label.box.top and o.box.left < old_left for o in labels) and kept
        if (label.box.top - bottom > 5 * label.box.height and kept) or title or _is_field_row(label, labels, old_left):
            break
        kept.append(label)
        bottom = max(bottom, label.box.bottom)
    if not kept:
        return None
    left = min(label.box.left for label in kept)
    # A short heading pair ("From", "To") heads many tables: here the items on the left must change, not the columns.
    if old.box.left < left:
        return None
    return ChangeTable(
        old_left, new_left, right, old.box.bottom, Box.clipped(left - 0.01, old.box.top - 0.003, right, bottom + 0.006)
    )


def _is_field_row(item: Label, labels: tuple[Label, ...], old_left: float) -> bool:
    """Whether another field stands in the columns beside an item: the table has ended, and fields of their own follow."""
    return any(label.attribute in _FIELDS and label.box.left > old_left and label.box.on_row_of(item.box) for label in labels)


def repeats_headings(page: Page, labels: tuple[Label, ...]) -> bool:
    """Whether so many items bear captions of an old and a new value that the page is a change form, whatever its title says.

    "From" and "To" beside dates do not count: they part these on any form.
    """
    items = [label for label in labels if _attribute(label)]
    return sum(_is_of_change(old, items) for old, _ in caption_pairs(page)) >= _CHANGE_ROWS


def _is_of_change(old: Line, items: list[Label]) -> bool:
    if tokens_of(old.text) != ("FROM",):
        return True
    item = _item_of(Label.given(old.words), items)
    return item is not None and item.attribute not in _DATES and item.box.on_row_of(old.box)


def read_change_rows(page: Page, labels: tuple[Label, ...], captions_below: bool, today: date) -> tuple[AmendmentReading, ...]:
    """The changes of a form that repeats the old and the new heading at every item."""
    pairs = caption_pairs(page)
    captions = {id(word) for old, new in pairs for word in (*old.words, *new.words)}
    items = [label for label in labels if _attribute(label) and not any(id(w) in captions for w in label.words)]
    heads = [(Label.given(old.words), Label.given(new.words)) for old, new in pairs]
    finder = SlotFinder(page, (*items, *(caption for head in heads for caption in head)), captions_below)
    found: list[AmendmentReading] = []
    for old, new in heads:
        item = _item_of(old, items)
        attribute = _attribute(item) if item is not None else None
        # One pair alone may part two dates; under a change of provider it stands for who was and who shall be.
        if item is None or attribute is None or _is_date_range(item, old, new) or (len(heads) < 2 and attribute != "name"):
            continue
        found.extend(_changes(attribute, first_words(finder, old), first_words(finder, new), page.number, today))
        npis = [_npi_beside(caption, items) for caption in (old, new)]
        if attribute == "name" and npis[0] is not None and npis[1] is not None and npis[0] is not npis[1]:
            found.extend(_changes("npi", first_words(finder, npis[0]), first_words(finder, npis[1]), page.number, today))
    return tuple(found)


def _npi_beside(caption: Label, items: list[Label]) -> Label | None:
    """The field for an NPI on the row of a caption: "From: ... NPI: ..."."""
    row = [i for i in items if i.attribute == "npi" and i.box.left > caption.box.right and i.box.on_row_of(caption.box)]
    return min(row, key=lambda i: i.box.left, default=None)


def _item_of(old: Label, items: list[Label]) -> Label | None:
    """The item that a caption of an old value belongs to: on its left, near its row, else the next one above it."""
    height = old.box.height
    left = [i for i in items if i.box.right <= old.box.left + 0.02 and abs(i.box.y - old.box.y) < _ITEM_HEIGHTS * height]
    if left:
        row = [i for i in left if i.box.on_row_of(old.box)]
        return max(row, key=lambda i: i.box.right) if row else min(left, key=lambda i: abs(i.box.y - old.box.y))
    above = [i for i in items if 0 < old.box.y - i.box.y < _ABOVE_HEIGHTS * height]
    return max(above, key=lambda i: i.box.y, default=None)


def _is_date_range(item: Label, old: Label, new: Label) -> bool:
    """Whether "From" and "To" behind "Dates of service" are its two ends, and not what was and shall be."""
    dates = item.attribute in _DATES and not _PLURAL.isdisjoint(tokens_of(item.text))
    return dates and (tokens_of(old.text), tokens_of(new.text)) == (("FROM",), ("TO",))


def _attribute(label: Label) -> str | None:
    """What the item is about; one that only names the servicing provider, or a provider, is about the name of who serves."""
    if label.attribute is None and (label.meaning.owner == "servicing" or (label.meaning.owner is None and label.meaning.neutral)):
        return "name"
    if label.attribute == "proc_text" and "DESCRIPTION" not in tokens_of(label.text):
        return "proc_code"  # "Procedure" beside two places for codes.
    return label.attribute if label.attribute in _FIELDS else None


def first_words(finder: SlotFinder, caption: Label) -> tuple[Word, ...]:
    """What stands in the place of a label, if anything."""
    slot = finder.filled(caption)
    return slot.words if slot is not None else ()


def _is_item(label: Label, old_left: float, heading: Box) -> bool:
    return _attribute(label) is not None and label.box.right <= old_left + 0.02 and label.box.top > heading.bottom - 0.004


def read_change_table(
    table: ChangeTable, page: Page, labels: tuple[Label, ...], finder: SlotFinder, today: date
) -> tuple[AmendmentReading, ...]:
    """The changes that the table states; an item with nothing beside it is none."""
    found: list[AmendmentReading] = []
    for label in labels:
        inside = table.area.holds(label.box.x, label.box.y) and table.headings_bottom < label.box.y
        attribute = _attribute(label)
        if not inside or attribute is None or label.box.x > table.old_left:
            continue
        band = _band(label, finder)
        old, new = _parted(finder.all_words_in(Box.clipped(table.old_left, band[0], table.right, band[1])), table.new_left)
        found.extend(_changes(attribute, old, new, page.number, today))
    return tuple(found)


def _parted(words: tuple[Word, ...], boundary: float) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words of the old and of the new column; one that runs over the boundary goes with the word close before it."""
    old: list[Word] = []
    new: list[Word] = []
    for word in words:
        close = bool(old) and not new and 0 <= word.box.left - old[-1].box.right < _SPACE
        over = close and word.box.left < boundary + _SPACE
        (old if word.box.x < boundary or over else new).append(word)
    return tuple(old), tuple(new)


def _band(label: Label, finder: SlotFinder) -> tuple[float, float]:
    cell = finder.cell_of(label.box)
    if cell is not None and cell.height < 6 * label.box.height:
        return cell.top, cell.bottom
    return label.box.top - 0.6 * label.box.height, label.box.bottom + 0.6 * label.box.height


def _changes(attribute: str, old: tuple[Word, ...], new: tuple[Word, ...], page: int, today: date) -> Iterable[AmendmentReading]:
    field, kind = _FIELDS["npi" if _are_npis((*old, *new)) else attribute]
    before, after = value_in(kind, old, page, today), value_in(kind, new, page, today)
    if all(part is None or part.value is None for part in (before, after)):
        return ()
    if before is not None and after is not None and before.value == after.value:
        return ()  # copied into the other column as it stays
    gone = after is not None and after.value is None and not _NOTHING.isdisjoint(tokens_of(after.text))
    if before is not None and (after is None or gone):
        # What stands alone under "current" may only be told; of a date or a provider nothing remains when it is taken away.
        taken = (change_of(AmendmentAction.REMOVE, field, before, None, 1.0 if gone else _UNSAID),)
        return taken if field in _ADDED else ()
    added = before is None and field in _ADDED
    action = AmendmentAction.ADD if added else AmendmentAction.REPLACE
    return (change_of(action, field, before, after),)


def _are_npis(words: tuple[Word, ...]) -> bool:
    """Whether nothing but NPIs stands there, whatever row of the form it was found in."""
    texts = [word.text for word in words]
    return bool(texts) and all(any(r.valid and not r.repaired for r in find_values(ValueKind.NPI, text)) for text in texts)


def change_of(
    action: AmendmentAction, field: AmendmentField, before: Cited | None, after: Cited | None, said: float = 1.0
) -> AmendmentReading:
    """The change with its evidence; one of ``before`` and ``after`` is there, ``said`` (0..1) is how plainly the form says it."""
    parts = [part for part in (before, after) if part is not None]
    seen = parts[-1]
    evidence = weakest_of(of_cited(part) for part in parts)
    return AmendmentReading(
        action=action.value,
        field=field.value,
        old=before.value if before else None,
        new=after.value if after else None,
        code=None,
        text=" > ".join(part.text for part in parts),
        confidence=seen.place,
        page=seen.page,
        box=Box.around(part.box for part in parts),
        method=seen.words[0].method,
        evidence=replace(evidence, fit=min(evidence.fit, said)),
    )


def value_in(kind: ValueKind, words: tuple[Word, ...], page: int, today: date) -> Cited | None:
    """The value in a cell; words that are none of its kind are a value that could not be read."""
    text = " ".join(word.text for word in words)
    if not any(c.isalnum() for c in text):
        return None
    if kind is ValueKind.PROVIDER_NAME:
        cited = cite_text(words, page, _PLACE)
        return Cited(plain_provider_name(text), cited.text, words, page, _PLACE)
    found = find_values(kind, text, today=today)
    if not found:
        return Cited(None, text, words, page, _PLACE, fit=0.0, valid=False)
    if kind is ValueKind.MODIFIER:
        values = [str(reading.value) for reading in found]
        value: FieldValue = values[0] if len(values) == 1 else tuple(values)
        return Cited(value, text, words, page, _PLACE, fit=min(r.fit for r in found), valid=all(r.valid for r in found))
    return cite(found[0], words_of(words, found[0].start, found[0].end), page, _PLACE)
