"""A deadline file that says only in what it differs from another one."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

BASED_ON = "based_on"
LEAVES_OUT = "leaves_out"

_MAPPING = TypeAdapter(dict[str, object])
_RULES = TypeAdapter(list[dict[str, object]])


def on_its_basis(found: object, shipped: Callable[[str], object]) -> object:
    """The content of a deadline file, with what it takes over from the one that ``based_on`` names.

    A key that the file gives stands in place of the other's. A rule with an id of the other's stands in its place, any other one
    is added behind. ``leaves_out`` names rules that are not taken over.

    Args:
        found: what the YAML file says.
        shipped: gives what the shipped file of that name says, on its own basis; it raises where there is none.

    Returns:
        The same, where the file has no basis or is in no form that has one: what is wrong is told when it is read.
    """
    if not isinstance(found, dict) or not isinstance(found.get(BASED_ON), str):
        return found
    try:
        own = _MAPPING.validate_python(found)
        basis = _MAPPING.validate_python(shipped(str(own.pop(BASED_ON))))
        left_out = frozenset(TypeAdapter(list[str]).validate_python(own.pop(LEAVES_OUT, [])))
        new = _RULES.validate_python(own.pop("rules", []))
        old = [rule for rule in _RULES.validate_python(basis.pop("rules", [])) if rule.get("id") not in left_out]
    except ValidationError:
        return found
    mine = {str(rule.get("id")): rule for rule in new}
    rules = [mine.pop(str(rule.get("id")), rule) for rule in old]
    return {**basis, **own, "rules": [*rules, *mine.values()]}
