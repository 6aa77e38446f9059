"""The changes that sentences ask for: acts, roles and values put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extraction.prose.cues import prose_data
from extraction.prose.items import Item, ItemKind, Sentence
from extraction.prose.provider_names import with_names
from extraction.prose.roles import Placed, Role, place_values

_FIELDS = {
    "code": "services.code",
    "diagnosis": "diagnoses.code",
    "modifier": "services.modifiers",
    "units": "services.units",
    "npi": "servicing_provider.npi",
    "name": "servicing_provider.name",
}
_MOVED = re.compile(r"(?:mov|reschedul|push|postpon)", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:expir|end)", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:start|begin)", re.IGNORECASE)
_ENDS_ACT = re.compile(r"\b(?:end|expire|run)\b", re.IGNORECASE)
_GROWN = re.compile(r"(?:increas|rais)", re.IGNORECASE)
_WAITING = 6
"""How many old values wait for their new one; a letter that lists more is a table."""
_RANGE = frozenset({"through", "thru", "until", "till"})


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
class _Loose:
    """A value of which only one side was said; the other may come in the next sentence."""

    field: str
    item: Item
    role: Role


def changes_in(sentences: Iterable[Sentence]) -> tuple[Change, ...]:
    """All changes, in order, none twice."""
    changes: list[Change] = []
    waiting: list[_Loose] = []
    for sentence in sentences:
        found, loose = _in_sentence(with_names(sentence))
        found, waiting = _paired(found, [*waiting, *loose][-_WAITING:])
        changes += found
    return _distinct(changes)


def _distinct(changes: list[Change]) -> tuple[Change, ...]:
    seen: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.action, change.field, change.old and change.old.value, change.new and change.new.value)
        if key not in seen:
            seen[key] = change
    full = {(c.field, c.new.value) for c in seen.values() if c.old is not None and c.new is not None}
    return tuple(
        c for c in seen.values() if not (c.action == "replace" and c.old is None and c.new and (c.field, c.new.value) in full)
    )


def _paired(found: list[Change], waiting: list[_Loose]) -> tuple[list[Change], list[_Loose]]:
    """Give a change that names only the new value the old one of an earlier sentence."""
    done: list[Change] = []
    left = list(waiting)
    for change in found:
        old = next((each for each in left if each.field == change.field and each.role is Role.OLD), None)
        fits = change.action == "replace" and change.old is None and change.new is not None and old is not None
        if fits and old is not None and change.new is not None and old.item.value != change.new.value:
            left.remove(old)
            done.append(replace(change, old=old.item, evidence=0.8))
        else:
            done.append(change)
    return done, left


def _in_sentence(sentence: Sentence) -> tuple[list[Change], list[_Loose]]:
    placed = place_values(sentence)
    groups: dict[int, list[Placed]] = {}
    for each in placed:
        groups.setdefault(each.act.start if each.act else -1, []).append(each)
    changes: list[Change] = []
    loose: list[_Loose] = []
    for act in _acts_on_it(sentence, set(groups)):
        meant = [each for each in placed if each.item.start < act.start and each.item.name in ("code", "diagnosis", "modifier")]
        changes += [change for each in meant[-1:] for change in _added_or_removed(act, _FIELDS[each.item.name], [each])]
    if changes:
        return changes, []
    for group in groups.values():
        governing = group[0].act or _arrow(sentence)
        if governing is not None and not governing.barred:
            some, others = _in_group(governing, group, placed)
            changes += some
            loose += others
        elif governing is None:
            olds = [(each, _field(each, None)) for each in group if each.role is Role.OLD]
            loose += [_Loose(field, each.item, each.role) for each, field in olds if field]
    return changes, loose


def _acts_on_it(sentence: Sentence, governing: set[int]) -> list[Item]:
    """Acts on what was named before: "please remove it"."""
    return [
        act
        for act in sentence.all(ItemKind.ACT)
        if act.name in ("add", "remove")
        and not act.barred
        and act.start not in governing
        and re.match(r"\s+(?:it|them|both|this|that|these|those)\b", sentence.text[act.end - sentence.start :], re.IGNORECASE)
    ]


def _arrow(sentence: Sentence) -> Item | None:
    arrows = prose_data().arrows
    arrow = next((item for item in sentence.all(ItemKind.ROLE) if item.text in arrows), None)
    return None if arrow is None else replace(arrow, kind=ItemKind.ACT, name="state")


def _field(placed: Placed, act: Item | None) -> str | None:
    """The record's field that a value is of; ``None`` where the sentence does not say."""
    name = placed.item.name
    if name in ("npi", "name") and placed.field == "other_provider":
        return None
    if name == "date":
        return _date_field(placed, act)
    return _FIELDS.get(name)


def _date_field(placed: Placed, act: Item | None) -> str | None:
    if placed.field:
        return placed.field
    if placed.marker in _RANGE or _ENDS.search(placed.marker) or (act is not None and act.name == "extend"):
        return "services.to_date"
    if act is None:
        return None
    if _BEGINS.search(act.text) or (_ENDS_ACT.search(act.text)):
        return "services.from_date" if _BEGINS.search(act.text) else "services.to_date"
    return "services.from_date" if _MOVED.match(act.text) else None


def _in_group(act: Item, group: list[Placed], everything: tuple[Placed, ...]) -> tuple[list[Change], list[_Loose]]:
    fields: dict[str, list[Placed]] = {}
    for each in group:
        field = "more_units" if each.item.name == "more_units" else _field(each, act)
        if field:
            fields.setdefault(field, []).append(each)
    context = _context(act, fields)
    code = str(context.item.value) if context else _lone_code(everything)
    if context is not None:
        fields["services.code"] = [each for each in fields["services.code"] if each is not context]
    if act.name == "add" and fields.get("services.code"):
        fields.pop("services.units", None)  # the count of the line that is added, not a change of one
    changes: list[Change] = []
    loose: list[_Loose] = []
    for field, values in fields.items():
        for name, several in _dated(field, values, act):
            some, others = _resolved(act, name, several)
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
    if len(dates) == 4:
        return (("services.from_date", dates[::2]), ("services.to_date", dates[1::2]))
    if field != "services.dates":
        ranged = act.name == "extend" and len(dates) == 2 and dates[1].linked
        return ((field, dates[1:] if ranged else values),)
    if len(dates) == 2 and (dates[1].linked or dates[1].marker in _RANGE) and act.name != "extend":
        return (("services.from_date", dates[:1]), ("services.to_date", [replace(dates[1], role=dates[0].role)]))
    last = act.name == "extend" or dates[-1].marker in _RANGE
    return (("services.to_date" if last else "services.from_date", dates),)


def _resolved(act: Item, field: str, values: list[Placed]) -> tuple[list[Change], list[_Loose]]:
    if field == "more_units":
        wanted = act.name in ("use", "add", "extend") or _GROWN.match(act.text)
        return ([_change(act, "add", "services.units", None, each.item, 0.9) for each in values] if wanted else []), []
    if act.name == "keep":
        return [], []
    if act.name in ("add", "remove"):
        return _added_or_removed(act, field, values), []
    if act.name == "extend" and field == "services.units":
        return [_change(act, "add", field, None, each.item, 0.85) for each in values], []
    if _GROWN.match(act.text) and field == "services.units" and all(each.marker == "by" for each in values):
        return [_change(act, "add", field, None, each.item, 0.9) for each in values], []
    return _replaced(act, field, *_sides(act, values))


def _added_or_removed(act: Item, field: str, values: list[Placed]) -> list[Change]:
    """A unit count beside a code that is added belongs to the new line; dates and names are replaced, never added or removed."""
    if field in ("services.from_date", "services.to_date", "servicing_provider.name", "servicing_provider.npi"):
        return []
    if field == "services.units" and act.name == "remove":
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


def _replaced(act: Item, field: str, old: list[Item], new: list[Item]) -> tuple[list[Change], list[_Loose]]:
    pairs = [
        _change(act, "replace", field, before, after, 0.95)
        for before, after in zip(old, new, strict=False)
        if before.value != after.value
    ]
    if old and new:
        pairs += [_change(act, "add", field, None, item, 0.7) for item in new[len(old) :] if field.endswith("code")]
        pairs += [_change(act, "remove", field, item, None, 0.7) for item in old[len(new) :] if field.endswith("code")]
        return pairs, []
    if new and act.name in ("replace", "state", "extend", "substitute", "exchange"):
        return [_change(act, "replace", field, None, new[-1], 0.8)], []
    return [], [_Loose(field, item, Role.OLD) for item in old]


def _change(act: Item, action: str, field: str, old: Item | None, new: Item | None, evidence: float) -> Change:
    items = [item for item in (act, old, new) if item is not None]
    return Change(action, field, old, new, None, min(i.start for i in items), max(i.end for i in items), evidence)


def typed(field: str, item: Item | None) -> str | int | date | tuple[str, ...] | None:
    """The value as the record types it: modifiers are a list."""
    if item is None or item.value is None:
        return None
    return (str(item.value),) if field == "services.modifiers" else item.value
