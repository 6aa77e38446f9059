"""Birth dates whose label noise has spoilt, so that no label asks for them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extraction.cited import Cited, words_of
from extraction.layout import PageLayout
from extraction.lines import Line, runs_of
from extraction.sections import Owned
from models.evidence import Evidence
from models.page import Method, Word
from models.values import ValueKind, ValueReading, find_values

# Requests are written days before they come, and ask for services of months: what lies farther back is another date.
_LONG_AGO = timedelta(days=400)
# A member's fields stand within so many shares of the page of each other.
_NEAR = 0.05
# A date that no label asks for is a guess, to be looked at by a person however surely it was read.
_GUESS = 0.5
_SURE_FIT = 0.9
# What stands before dates of another kind that no label of ours asks for.
_OTHER_DATE = re.compile(r"\b(?:dates?|eff\w*|exp\w*|onset|injury|seen|visit|admi\w*|since)\b(?! of birth)", re.IGNORECASE)


def lone_birth_date(layouts: tuple[PageLayout, ...], taken: frozenset[int], today: date) -> Cited | None:
    """The one date of long ago that stands among the member's fields and that no other label asks for.

    Only where the pages were read by OCR: what a digital page calls its fields is never misread.

    Args:
        layouts: the pages of the request.
        taken: the ids of the words that other fields took.
        today: the day of receipt.
    """
    found = [cited for layout in layouts for cited in _on_page(layout, taken, today)]
    return found[0] if found and all(cited.value == found[0].value for cited in found) else None


def _on_page(layout: PageLayout, taken: frozenset[int], today: date) -> list[Cited]:
    rows = [each.label.box.y for each in layout.owned if each.owner == "member" and each.title is not None]
    asked = taken | _asked_for(layout)
    found = []
    for run in runs_of(layout.page):
        if not any(abs(y - run.box.y) < _NEAR for y in rows):
            continue
        for reading in find_values(ValueKind.DATE, run.text, birth=True, today=today):
            words = words_of(run.words, reading.start, reading.end)
            free = bool(words) and not any(_is_other(word, asked) for word in words)
            if free and _is_long_ago(reading, today) and not _OTHER_DATE.search(_before(run, layout)):
                seen = Evidence(direction="right", label=_GUESS, target=_GUESS, titled=False)
                found.append(Cited(reading.value, reading.text, words, layout.page.number, _GUESS, reading.fit, seen=seen))
    return found


def _before(run: Line, layout: PageLayout) -> str:
    """The run itself and the words before it on its line."""
    height = run.box.height
    return " ".join(w.text for w in layout.page.words if w.box.left < run.box.right and abs(w.box.y - run.box.y) < height)


def _is_other(word: Word, asked: frozenset[int]) -> bool:
    return id(word) in asked or word.method not in (Method.OCR, Method.HANDWRITING)


def _is_long_ago(reading: ValueReading, today: date) -> bool:
    value = reading.value
    return isinstance(value, date) and reading.valid and reading.fit >= _SURE_FIT and today - value > _LONG_AGO


def _asked_for(layout: PageLayout) -> frozenset[int]:
    """The words under labels that ask for something, other than a birth date, and those of the labels themselves."""
    asked: set[int] = set()
    for each in layout.owned:
        asked.update(id(word) for word in each.label.words)
        slot = layout.finder.filled(each.label)
        if slot is not None and _asks_for_a_date(each):
            asked.update(id(word) for word in slot.words)
    return frozenset(asked)


def _asks_for_a_date(owned: Owned) -> bool:
    attributes = owned.label.meaning.attributes
    return "date_of_birth" not in attributes and any("date" in attribute for attribute in attributes)
