"""Which act governs a value, and whether the value is the old one, the new one, or the service that the change is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from extraction.prose.cues import prose_data
from extraction.prose.items import Item, ItemKind, Sentence

_FAR = 4
"""Words between a value and its marker that are neither, from which the marker is another's."""
BEGINNING = "starting"
"""The marker of a date on which what is asked for begins."""
_BEGINNING = re.compile(r"\b(?:starting|beginning|effective|eff)\.?(?:\s+(?:on|from|date))*\s*:?\s*$", re.IGNORECASE)
_BACKWARD = ("state", "submitted")
"""Acts whose object may stand before them in the active voice too."""


class Role(StrEnum):
    """What a value is to the change."""

    OLD = "old"
    NEW = "new"
    CONTRAST = "contrast"
    CONTEXT = "context"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Placed:
    """A value with its role, the word that gave it, the act that governs it, and the field named last before it."""

    item: Item
    role: Role
    marker: str
    act: Item | None
    field: str | None
    linked: bool = False

    @property
    def before_act(self) -> bool:
        """Whether the value stands before its act."""
        return self.act is not None and self.item.start < self.act.start


def place_values(sentence: Sentence) -> tuple[Placed, ...]:
    """All values of the sentence in order."""
    placed: list[Placed] = []
    for index, item in enumerate(sentence.items):
        if item.kind is ItemKind.VALUE:
            role, marker, linked = _role(sentence, index, placed)
            if role is Role.BARE and _before_arrow(sentence.items, index):
                role = Role.OLD
            if item.name == "date" and begins(sentence, item):
                marker = BEGINNING
            placed.append(Placed(item, role, marker, _governor(sentence, index, role), _field(sentence, index), linked))
    return tuple(placed)


def begins(sentence: Sentence, value: Item) -> bool:
    """Whether the words right before a date say that something begins then: "starting 4/1/2026"."""
    return _BEGINNING.search(sentence.text[: max(0, value.start - sentence.start)]) is not None


def _before_arrow(items: tuple[Item, ...], index: int) -> bool:
    """Whether an arrow points away from the value; a modifier or NPI may stand between."""
    following = next((item for item in items[index + 1 : index + 4] if item.kind is not ItemKind.VALUE), None)
    return following is not None and following.kind is ItemKind.ROLE and following.text in prose_data().arrows


def _role(sentence: Sentence, index: int, placed: list[Placed]) -> tuple[Role, str, bool]:
    """Walk back from the value to what marks it: past fields and list words, up to a role, an act or another value."""
    value = follows = sentence.items[index]
    loose = fielded = False
    for item in reversed(sentence.items[:index]):
        if _words_between(sentence, item, follows) >= _FAR or (item.kind is ItemKind.BREAK and item.text != ","):
            break
        follows = item
        if item.kind in (ItemKind.FIELD, ItemKind.MORE):
            fielded = True
        elif item.kind in (ItemKind.JOIN, ItemKind.BREAK):
            loose = True
        elif item.kind is ItemKind.VALUE:
            return _inherited(value, item, placed, apart=fielded, loose=loose)
        elif loose or item.name != "context" or value.name == "code":  # "for 12 visits": only a code is what a change is about
            return *_marked(item, loose=loose), False
    return Role.BARE, "", False


def _marked(item: Item, *, loose: bool) -> tuple[Role, str]:
    """What a role word or an act makes of the value after it; past a comma only "instead of" still reaches."""
    if item.kind is ItemKind.ROLE and (not loose or item.name == "contrast"):
        return Role(item.name), item.text.lower()
    if item.kind is ItemKind.ACT and not loose:
        return (Role.NEW if item.name == "state" else Role.BARE), item.text.lower()
    return Role.BARE, ""


def _inherited(value: Item, before: Item, placed: list[Placed], *, apart: bool, loose: bool) -> tuple[Role, str, bool]:
    """A value takes the role of the one that it is listed with, or stands at: "97110 and 97112", "97110-59", a name and its NPI."""
    known = next((each for each in reversed(placed) if each.item is before), None)
    same = before.name == value.name
    if known is not None and before.name == "name" and value.name == "npi":
        return known.role, known.marker, False
    if known is None or (loose and (not same or apart)) or (apart and same):
        return Role.BARE, "", False
    return known.role, known.marker, same


def _words_between(sentence: Sentence, before: Item, after: Item) -> int:
    between = sentence.text[max(0, before.end - sentence.start) : max(0, after.start - sentence.start)]
    return sum(any(c.isalnum() for c in word) for word in between.split())


def _governor(sentence: Sentence, index: int, role: Role) -> Item | None:
    """The act before the value, or a passive or stating act after it that is nearer by the sense."""
    items = sentence.items
    before = next((item for item in reversed(items[:index]) if item.kind is ItemKind.ACT), None)
    after = next((item for item in items[index + 1 :] if item.kind is ItemKind.ACT), None)
    backward = after is not None and (after.passive or after.name in _BACKWARD)
    if before is not None and before.name == "use":
        # "Continued care is requested until": what is requested is that it go on. "We need 97110 added": what is needed.
        extending = next((item for item in items[:index] if item.kind is ItemKind.ACT and item.name == "extend"), None)
        if extending is not None:
            return extending
        if (
            after is not None
            and after.name in ("add", "remove", "replace", "adjust", "move")
            and _words_between(sentence, items[index], after) < _FAR
            and not _parted(items, index, items.index(after))
        ):
            return after
    heading = _list_heading(items, index, before)
    if heading is not None:
        return heading
    if before is None:
        return after if backward or role is not Role.BARE else None
    if after is None or not backward or (before.name == "add" and after.name == "use"):
        return before
    if before.name in ("submitted", "use") and not _parted(items, items.index(before), index):
        return after
    return after if _parted(items, items.index(before), index) and not _parted(items, index, items.index(after)) else before


def _list_heading(items: tuple[Item, ...], index: int, before: Item | None) -> Item | None:
    """The act over a list with semicolons, for an item that has none of its own: "Changes: add 97112; visits 8 to 12"."""
    if before is None or before.name == "replace":
        return None
    own = items[items.index(before) + 1 : index]
    if not any(item.kind is ItemKind.BREAK and item.text == ";" for item in own):
        return None
    named = any(item.kind is ItemKind.FIELD for item in own)
    return next((item for item in items[:index] if named and item.kind is ItemKind.ACT and item.name == "replace"), None)


def _parted(items: tuple[Item, ...], first: int, last: int) -> bool:
    """Whether a comma, "but" or "and" that lists no values stands between two places."""
    for place in range(first + 1, last):
        item = items[place]
        if item.kind is ItemKind.BREAK:
            return True
        if item.kind is ItemKind.JOIN and not _lists(items, place):
            return True
    return False


def _lists(items: tuple[Item, ...], place: int) -> bool:
    """Whether "and" stands between two values of a type."""
    before, after = items[place - 1], items[place + 1] if place + 1 < len(items) else None
    return after is not None and before.kind is after.kind is ItemKind.VALUE and before.name == after.name


def _field(sentence: Sentence, index: int) -> str | None:
    """The field named last before the value, else the next one after it."""
    value = sentence.items[index]
    fields = sentence.all(ItemKind.FIELD)
    before = [field for field in fields if field.start < value.start and _fits(field, value)]
    after = [field for field in fields if field.start > value.start and _fits(field, value)]
    nearest = before[-1] if before else after[0] if after else None
    return nearest.name if nearest else None


_FIELD_OF = {
    "code": ("services.code",),
    "diagnosis": ("diagnoses.code",),
    "modifier": ("services.modifiers",),
    "units": ("services.units",),
    "more_units": ("services.units",),
    "date": ("services.from_date", "services.to_date", "services.dates"),
    "npi": ("servicing_provider.npi", "other_provider", "servicing_provider.name"),
    "name": ("servicing_provider.name", "other_provider"),
}


def _fits(field: Item, value: Item) -> bool:
    return field.name in _FIELD_OF[value.name]
