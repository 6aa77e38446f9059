"""Whose the fields of a provider are that no title and no label of their own says."""

from __future__ import annotations

from dataclasses import replace

from extraction.labels import Label
from extraction.sections import PLAN, SERVING, UNKNOWN, UNKNOWN_PROVIDER, Owned

_NUMBERS = frozenset({"phone", "fax"})
_OF_ONE = frozenset({"name", "tin", "contact", *_NUMBERS})
_ASKING = frozenset({UNKNOWN_PROVIDER, "requesting"})
# How far below the provider's name or NPI the numbers stand that are the provider's, in page heights.
_NEAR = 0.045


def with_second_provider(owned: tuple[Owned, ...], labels: tuple[Label, ...]) -> tuple[Owned, ...]:
    """The labels of a section for another provider than the requesting one as the servicing provider's, if nothing else is.

    "Specialist to see", "Out-of-plan provider": who is named second, with an NPI, serves. A section that is signed is none.
    """
    asking = {each.title for each in owned if each.owner == "requesting" and _is_titled(each, labels)}
    if not asking or any(each.owner in ("servicing", SERVING) for each in owned):
        return owned
    sections = {each.title for each in owned if each.owner == UNKNOWN_PROVIDER and each.title is not None} - asking
    second = {title for title in sections if _names_one([each for each in owned if each.title == title])}
    if len(second) != 1:
        return owned
    return tuple(replace(each, owner="servicing") if each.title in second and _is_anybodys(each) else each for each in owned)


def _is_titled(owned: Owned, labels: tuple[Label, ...]) -> bool:
    return owned.title is not None and owned.title >= 0 and labels[owned.title].meaning.owner == "requesting"


def _names_one(section: list[Owned]) -> bool:
    asked = {each.label.attribute for each in section}
    return {"name", "npi"} <= asked and "signature" not in asked


def _is_anybodys(owned: Owned) -> bool:
    return owned.owner == UNKNOWN_PROVIDER or (owned.owner == UNKNOWN and owned.label.attribute in _OF_ONE)


def with_providers_numbers(owned: tuple[Owned, ...]) -> tuple[Owned, ...]:
    """The telephone and the fax right below a provider's name or NPI, outside every section, as the provider's, not the plan's."""
    return tuple(_with_provider(each, owned) for each in owned)


def _with_provider(each: Owned, owned: tuple[Owned, ...]) -> Owned:
    label = each.label
    if each.owner != PLAN or each.title is not None or label.attribute not in _NUMBERS or label.meaning.owner is not None:
        return each
    before = [o for o in owned if o.title is None and _precedes(o.label, label)]
    last = max(before, key=lambda o: (o.label.box.y, o.label.box.left), default=None)
    row = [o for o in before if last is not None and o.label.box.on_row_of(last.label.box)]
    named = [o for o in row if o.label.attribute in ("name", "npi") and o.owner in _ASKING]
    return replace(each, owner=named[-1].owner) if named else each


def _precedes(before: Label, label: Label) -> bool:
    """Whether a label of anything but a telephone or a fax stands before another, in its line or close above."""
    above = 0.0 < label.box.top - before.box.top < _NEAR or (before.box.on_row_of(label.box) and before.box.right <= label.box.left)
    return above and before.attribute not in _NUMBERS
