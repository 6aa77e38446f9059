"""What a label that a site has taught means: the attribute it asks for, and whose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from models.taught_labels import TEACHABLE, TaughtLabel

_GROUPS = {"member": "member", "requesting_provider": "requesting", "servicing_provider": "servicing"}
_OTHERS = {
    "request.requested_on": "request_date",
    "request.authorization_number": "auth_number",
    "diagnoses.code": "dx_code",
    "diagnoses.description": "dx_text",
    "services.code": "proc_code",
    "services.modifiers": "modifier",
    "services.units": "units",
    "services.description": "proc_text",
    "services.from_date": "from_date",
    "services.to_date": "to_date",
    "signature.present": "signature",
    "signature.signed_on": "sign_date",
}


def _meaning(field: str) -> tuple[str, str | None]:
    group, _, part = field.partition(".")
    return (_OTHERS[field], None) if field in _OTHERS else (part, _GROUPS[group])


MEANINGS: Mapping[str, tuple[str, str | None]] = MappingProxyType({field: _meaning(field) for field in TEACHABLE})
"""For each field that can be taught its attribute and owner of the label data."""


def meanings_of(labels: Iterable[TaughtLabel]) -> dict[str, tuple[str, str | None]]:
    """What each text means. One that was taught for the same attribute of two owners is of neither: its section tells whose it is.

    Taught for two attributes, the later one holds.
    """
    found: dict[str, tuple[str, str | None]] = {}
    for label in labels:
        attribute, owner = MEANINGS[label.field]
        before = found.get(label.text)
        is_shared = before is not None and before[0] == attribute and before[1] != owner
        found[label.text] = (attribute, None if is_shared else owner)
    return found
