"""Whether a form is signed and when, and which of its bare dates is the date of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extraction.cited import Cited, cite, words_of
from extraction.layout import PageLayout
from extraction.sections import PLAN, Owned
from models.geometry import Box
from models.values import ValueKind, find_values

# A scribble darkens at least this share of the place to sign; paper noise does not.
_INK_SHARE = 0.012
_PLACE = 0.9
_SAME_ROW = 0.03
_TOP_OF_PAGE = 0.5


@dataclass(frozen=True, slots=True)
class Signed:
    """A place to sign: whether it holds ink, and the date beside it."""

    present: bool
    page: int
    box: Box
    text: str
    signed_on: Cited | None


def read_signature(layouts: tuple[PageLayout, ...], today: date) -> Signed | None:
    """The first place to sign that holds ink, else the last empty one; ``None`` where the form has none."""
    places = [
        _place(layout, owned, today)
        for layout in layouts
        for owned in layout.owned
        if owned.label.attribute == "signature" and owned.owner not in (PLAN, "pcp", "pharmacy")
    ]
    return next((p for p in places if p.present), places[-1] if places else None)


def _place(layout: PageLayout, owned: Owned, today: date) -> Signed:
    label = owned.label
    slots = layout.finder.slots(label)
    words = next((slot.words for slot in slots if slot.words), ())
    text = " ".join(word.text for word in words)
    dates = find_values(ValueKind.DATE, text, today=today)
    inside = cite(dates[0], words_of(words, dates[0].start, dates[0].end), layout.page.number, _PLACE) if dates else None
    written = sum(c.isalpha() for c in text) >= 3
    areas = [slot.area for slot in slots] or [label.box.grown(0.2, label.box.height)]
    ink = max(layout.page.ink.share(_taller(area, label.box)) for area in areas)
    beside = inside or _date_beside(layout, label.box, today)
    return Signed(written or ink > _INK_SHARE, layout.page.number, areas[0], text, beside)


def _taller(area: Box, label: Box) -> Box:
    """A signature rises above its line."""
    return Box.clipped(area.left, min(area.top, label.top - label.height), area.right, area.bottom)


def _date_beside(layout: PageLayout, box: Box, today: date) -> Cited | None:
    for owned in layout.owned:
        if owned.label.attribute not in ("date", "sign_date") or owned.owner == PLAN:
            continue
        if abs(owned.label.box.y - box.y) < _SAME_ROW:
            found = _date(layout, owned, today)
            if found is not None:
                return found
    return None


def _date(layout: PageLayout, owned: Owned, today: date) -> Cited | None:
    for slot in layout.finder.slots(owned.label):
        dates = find_values(ValueKind.DATE, slot.text, today=today)
        if dates:
            return cite(dates[0], words_of(slot.words, dates[0].start, dates[0].end), layout.page.number, _PLACE)
    return None


def bare_request_date(layouts: tuple[PageLayout, ...], today: date) -> Cited | None:
    """The date under a label that says no more than "Date", near the top and not beside a signature."""
    for layout in layouts:
        signatures = [owned.label.box.y for owned in layout.owned if owned.label.attribute == "signature"]
        for owned in layout.owned:
            box = owned.label.box
            if owned.label.attribute != "date" or owned.owner == PLAN or box.y > _TOP_OF_PAGE:
                continue
            if any(abs(y - box.y) < _SAME_ROW for y in signatures):
                continue
            found = _date(layout, owned, today)
            if found is not None:
                return found
    return None
