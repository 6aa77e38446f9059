"""The values that one act governs, sorted by the field of the record that each is of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from extraction.prose.items import Item
from extraction.prose.resolve import Change, Loose, resolved
from extraction.prose.roles import BEGINNING, Placed, Role

FIELDS = {
    "code": "services.code",
    "diagnosis": "diagnoses.code",
    "modifier": "services.modifiers",
    "units": "services.units",
    "npi": "servicing_provider.npi",
    "name": "servicing_provider.name",
}
"""The field of a value by its type; a date's field is said beside it."""
_MOVED = re.compile(r"(?:mov|re-?sched|r/s|push|postpon|bump)", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:expir|end)", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:start|begin)", re.IGNORECASE)
_ENDS_ACT = re.compile(r"\b(?:end|expire|run)\b", re.IGNORECASE)
_RANGE = frozenset({"through", "thru", "until", "till"})


def field_of(placed: Placed, act: Item | None) -> str | None:
    """The record's field that a value is of; ``None`` where the sentence does not say."""
    name = placed.item.name
    if name in ("npi", "name") and placed.field == "other_provider":
        return None
    if name == "date":
        return _date_field(placed, act)
    return FIELDS.get(name)


def _date_field(placed: Placed, act: Item | None) -> str | None:
    if act is not None and act.name == "extend":
        # A new end is never the day on which the prolonged care begins.
        return (
            None if placed.marker == BEGINNING else "services.to_date"
        )  # "extend DOS from 3/31 to 5/31": what is extended is the end, whatever the dates are called
    if placed.field:
        return placed.field
    if placed.marker in _RANGE or _ENDS.search(placed.marker):
        return "services.to_date"
    if act is None:
        return None
    if _BEGINS.search(act.text) or (_ENDS_ACT.search(act.text)):
        return "services.from_date" if _BEGINS.search(act.text) else "services.to_date"
    return "services.from_date" if _MOVED.match(act.text) else None


def changes_of_act(act: Item, group: list[Placed], everything: tuple[Placed, ...]) -> tuple[list[Change], list[Loose]]:
    """What one act does to the values it governs; ``everything`` is all values of the sentence, for the service it is about."""
    fields: dict[str, list[Placed]] = {}
    for each in group:
        field = "more_units" if each.item.name == "more_units" else field_of(each, act)
        if field:
            fields.setdefault(field, []).append(each)
    context = _context(act, fields)
    code = str(context.item.value) if context else _lone_code(everything)
    if context is not None:
        fields["services.code"] = [each for each in fields["services.code"] if each is not context]
    if act.name == "add" and fields.get("services.code"):
        fields.pop("services.units", None)  # the count of the line that is added, not a change of one
    changes: list[Change] = []
    loose: list[Loose] = []
    for field, values in fields.items():
        for name, several in _dated(field, values, act):
            some, others = resolved(act, name, several)
            about = code if name.startswith(("services.", "more_")) and name != "services.code" else None
            changes += [replace(change, code=about) for change in some]
            loose += others
    return changes, loose


def _context(act: Item, fields: dict[str, list[Placed]]) -> Placed | None:
    """The service that a change of modifier, units or dates is about: "add modifier 59 to 97110"."""
    codes = fields.get("services.code", [])
    others = any(name.startswith(("services.", "more_units")) and name != "services.code" for name in fields)
    if not others or len(codes) != 1:
        return None
    only = codes[0]
    marked = only.role is Role.CONTEXT or (act.name in ("add", "remove") and only.role in (Role.NEW, Role.OLD))
    named = act.name not in ("add", "remove") and (only.role is Role.BARE or only.before_act)
    return only if marked or named else None


def _lone_code(everything: tuple[Placed, ...]) -> str | None:
    codes = {str(each.item.value) for each in everything if each.item.name == "code"}
    return codes.pop() if len(codes) == 1 else None


def _dated(field: str, values: list[Placed], act: Item) -> Iterable[tuple[str, list[Placed]]]:
    """Ranges of dates parted into first and last day."""
    dates = values if field in ("services.dates", "services.to_date", "services.from_date") else []
    if len(dates) == 4 and dates[2].role is Role.CONTRAST:
        new, old = [replace(each, role=Role.NEW) for each in dates[:2]], [replace(each, role=Role.CONTRAST) for each in dates[2:]]
        return (("services.from_date", [new[0], old[0]]), ("services.to_date", [new[1], old[1]]))
    if len(dates) == 4:
        return (("services.from_date", dates[::2]), ("services.to_date", dates[1::2]))
    if field != "services.dates":
        ranged = act.name == "extend" and len(dates) == 2 and dates[1].linked
        return ((field, dates[1:] if ranged else values),)
    if len(dates) == 2 and (dates[1].linked or dates[1].marker in _RANGE) and act.name != "extend":
        return (("services.from_date", dates[:1]), ("services.to_date", [replace(dates[1], role=dates[0].role)]))
    last = act.name == "extend" or dates[-1].marker in _RANGE
    return (("services.to_date" if last else "services.from_date", dates),)
