"""From the values of one act and field to what is added, removed or replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extraction.prose.items import Item
from extraction.prose.roles import Placed, Role

_GROWN = re.compile(r"(?:increas|rais)", re.IGNORECASE)
_DATES = frozenset({"services.from_date", "services.to_date"})
_PROVIDER = frozenset({"servicing_provider.name", "servicing_provider.npi"})
_REACH = {"adjust": _DATES | {"services.units"}, "extend": _DATES | {"services.units"}, "move": _PROVIDER, "keep": frozenset[str]()}
"""Fields that an act can be about; one that is not listed can be about all."""


DOUBTFUL = 0.5
"""Evidence of a change that may be meant otherwise."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change asked for, with the items it was read from. ``evidence`` is 0..1: how plainly it is said."""

    action: str
    field: str
    old: Item | None
    new: Item | None
    code: str | None
    start: int
    end: int
    evidence: float


@dataclass(frozen=True, slots=True)
class Loose:
    """A value of which only one side was said; the other may come in the next sentence."""

    field: str
    item: Item
    role: Role


def resolved(act: Item, field: str, values: list[Placed]) -> tuple[list[Change], list[Loose]]:
    """The changes that an act makes to a field, and old values whose new one is not said yet.

    ``field`` is a field of the record's amendments, or ``more_units`` for units asked for on top.
    """
    if field == "more_units":
        wanted = act.name in ("use", "add", "extend", "replace") or act.text.lower() == "requested" or _GROWN.match(act.text)
        return ([_change(act, "add", "services.units", None, each.item, 0.9) for each in values] if wanted else []), []
    if field not in _REACH.get(act.name, {field}):
        return [], []
    if act.name in ("add", "remove"):
        return added_or_removed(act, field, values), []
    if act.name == "extend" and field == "services.units":
        return [_change(act, "add", field, None, each.item, 0.85) for each in values], []
    if _GROWN.match(act.text) and field == "services.units" and all(each.marker == "by" for each in values):
        return [_change(act, "add", field, None, each.item, 0.9) for each in values], []
    return _replaced(act, field, *_sides(act, values))


def added_or_removed(act: Item, field: str, values: list[Placed]) -> list[Change]:
    """A unit count beside a code that is added belongs to the new line; dates and names are replaced, never added or removed."""
    if field in _DATES | _PROVIDER or (field == "services.units" and act.name == "remove"):
        return []
    contrast = [each for each in values if each.role is Role.CONTRAST]
    kept = [each for each in values if each.role is not Role.CONTRAST]
    if contrast and kept and act.name == "add":
        return [_change(act, "replace", field, old.item, new.item, 0.9) for old, new in zip(contrast, kept, strict=False)]
    if act.name == "add":
        return [_change(act, "add", field, None, each.item, 0.9) for each in kept]
    return [_change(act, "remove", field, each.item, None, 0.9) for each in kept]


def _sides(act: Item, values: list[Placed]) -> tuple[list[Item], list[Item]]:
    """Old and new values of an act that changes one into the other."""
    roles = [each.role for each in values]
    past = act.name == "submitted"
    old: list[Item] = []
    new: list[Item] = []
    for each in values:
        side = each.role
        if side is Role.CONTRAST:
            side = Role.NEW if past else Role.OLD
        elif past or (act.name == "state" and each.before_act):
            side = Role.OLD
        elif side in (Role.BARE, Role.CONTEXT):
            side = _bare_side(act, each, roles)
        (old if side is Role.OLD else new).append(each.item)
    return old, new


def _bare_side(act: Item, each: Placed, roles: list[Role]) -> Role:
    if act.name == "substitute":
        if Role.NEW in roles:
            return Role.OLD
        return Role.OLD if each.role is Role.CONTEXT else Role.NEW
    if act.name == "exchange":
        return Role.NEW if each.role is Role.CONTEXT else Role.OLD
    if act.name == "extend":
        return Role.OLD if Role.NEW in roles else Role.NEW
    if act.name in ("use", "submitted"):
        return Role.NEW
    if act.name == "state":
        return Role.NEW
    return Role.OLD


def _replaced(act: Item, field: str, old: list[Item], new: list[Item]) -> tuple[list[Change], list[Loose]]:
    pairs = [
        _change(act, "replace", field, before, after, 0.95)
        for before, after in zip(old, new, strict=False)
        if before.value != after.value
    ]
    if old and new:
        pairs += [_change(act, "add", field, None, item, 0.7) for item in new[len(old) :] if field.endswith("code")]
        pairs += [_change(act, "remove", field, item, None, 0.7) for item in old[len(new) :] if field.endswith("code")]
        return pairs, []
    if new and act.name in ("replace", "state", "adjust", "move", "extend", "substitute", "exchange"):
        return [_change(act, "replace", field, None, new[-1], 0.8)], []
    return [], [*(Loose(field, item, Role.OLD) for item in old), *(Loose(field, item, Role.NEW) for item in new)]


def _change(act: Item, action: str, field: str, old: Item | None, new: Item | None, evidence: float) -> Change:
    items = [item for item in (act, old, new) if item is not None]
    return Change(action, field, old, new, None, min(i.start for i in items), max(i.end for i in items), evidence)


def typed(field: str, item: Item | None) -> str | int | date | tuple[str, ...] | None:
    """The value as the record types it: modifiers are a list."""
    if item is None or item.value is None:
        return None
    return (str(item.value),) if field == "services.modifiers" else item.value
