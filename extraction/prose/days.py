"""Days of a sentence that are written without their year."""

from __future__ import annotations

import re
from datetime import date

from extraction.prose.items import Item, ItemKind
from models.values.days import Day, find_days

_BEFORE = re.compile(
    r"(?:\b(?:thru|through|until|till?|to|from|by|on|dos|dates?|of|effective|eff|start(?:s|ing)?|begin(?:s|ning)?|end(?:s|ing|ed)?|"
    r"expir(?:es|ing|ed|e)|s/b|be|is|was|and|not|than|through the|past|beyond)|[\-–:>=(])[\s.:]*(?:the\s+)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|to|thru|through|until)\s*", re.IGNORECASE)
_SCORES = re.compile(r"\b(?:pain|scale|strength|score|vas|grade|mmt|out of)\b", re.IGNORECASE)
_OF_RANGE = 0.9
_OF_TEXT = 0.6
"""Fit of a day whose year is that of the other end of its range, or that of the text."""


def days_in(text: str, dates: list[Item], written_on: date | None) -> list[Item]:
    """The days without a year as dates: the year of the other end of a range, else that nearest to the day of the text.

    Where neither is known, they have no year and are left out. ``dates`` are the full dates of the sentence.
    """
    found: list[Item] = []
    for day in find_days(text):
        if any(item.start < day.end and day.start < item.end for item in dates) or not _is_day(text, day):
            continue
        other = _partner(text, day, [*dates, *found])
        value, fit = _dated(day, other, written_on)
        if value is not None:
            found.append(Item(ItemKind.VALUE, "date", day.start, day.end, day.text, value, fit))
    return found


def _is_day(text: str, day: Day) -> bool:
    """Whether what stands before it says so; a word for the month does too. Half of the shape's uses are scores: 8/10."""
    if "/" not in day.text:
        return True
    following = re.match(_RANGE.pattern + r"\d{1,2}/\d{1,2}/\d{2}", text[day.end :], re.IGNORECASE) is not None
    return _SCORES.search(text) is None and (following or _BEFORE.search(text[: day.start]) is not None)


def _partner(text: str, day: Day, dates: list[Item]) -> Item | None:
    """The date at the other end of a range with the day."""
    for item in dates:
        first, second = sorted(((item.start, item.end), (day.start, day.end)))
        if _RANGE.fullmatch(text[first[1] : second[0]]):
            return item
    return None


def _dated(day: Day, other: Item | None, written_on: date | None) -> tuple[date | None, float]:
    if other is not None and isinstance(other.value, date):
        value = day.last_until(other.value) if day.start < other.start else day.first_from(other.value)
        return value, min(_OF_RANGE, other.fit)
    return (None, 0.0) if written_on is None else (day.near(written_on), _OF_TEXT)
