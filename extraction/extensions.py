"""An extension's own fields: a new end date, and visits beyond those authorized."""

from __future__ import annotations

from datetime import date

from extraction.changes import change_of, first_words, value_in
from extraction.labels import Label
from extraction.lexicon import tokens_of
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Word
from models.reading import AmendmentReading
from models.record import AmendmentAction, AmendmentField
from models.values import ValueKind

_SPACE = 0.015
"""Share of the page width that a space between two words does not exceed."""
_LEAD = 0.15
_AS_IT_IS = frozenset({"CURRENT", "CURRENTLY", "ORIGINAL", "EXISTING", "PREVIOUS", "PRESENT", "OLD"})
_MORE = frozenset({"ADDITIONAL", "ADDL", "EXTRA", "MORE", "FURTHER"})


def asks_for_more(label: Label) -> bool:
    """Whether a label of a quantity asks for what is to be added to an authorization ("Add'l visits")."""
    return not _MORE.isdisjoint(tokens_of(label.text))


def _is_led_by_more(label: Label, finder: SlotFinder) -> bool:
    """Whether a word right before the label says so: the "Extra" of "Extra units / visits needed"."""
    before = Box.clipped(label.box.left - _LEAD, label.box.top, label.box.left, label.box.bottom)
    words = finder.all_words_in(before)
    return bool(words) and label.box.left - words[-1].box.right < _SPACE and not _MORE.isdisjoint(tokens_of(words[-1].text))


def extension_changes(labels: tuple[Label, ...], finder: SlotFinder, page: int, today: date) -> tuple[AmendmentReading, ...]:
    """A change form's own fields for a new end date and for additional visits."""
    found: list[AmendmentReading] = []
    for label in labels:
        more = label.attribute == "units" and (asks_for_more(label) or _is_led_by_more(label, finder))
        if label.attribute != "new_end_date" and not more:
            continue
        words = first_words(finder, label)
        kind = ValueKind.UNITS if more else ValueKind.DATE
        value = value_in(kind, words, page, today)
        if value is not None and any(c.isdigit() for c in value.text):
            action = AmendmentAction.ADD if more else AmendmentAction.REPLACE
            field = AmendmentField.UNITS if more else AmendmentField.TO_DATE
            old = None if more else value_in(kind, _end_so_far(labels, finder), page, today)
            found.append(change_of(action, field, old if old is not None and old.value is not None else None, value))
    return tuple(found)


def _end_so_far(labels: tuple[Label, ...], finder: SlotFinder) -> tuple[Word, ...]:
    """What stands in the one field that asks for the end date as it is authorized now."""
    asked = [label for label in labels if label.attribute == "to_date" and not _AS_IT_IS.isdisjoint(tokens_of(label.text))]
    return first_words(finder, asked[0]) if len(asked) == 1 else ()
