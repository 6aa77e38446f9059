"""A form on which a value was struck out, at a plan that takes none such."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.rules.registry import Context, Finding, rule

_FIELD = "source.altered"
_MESSAGE = "A value on the request that we received is struck out; please send us the request anew, without changes by hand."


@rule("form.unaltered")
def form_unaltered(context: Context) -> Iterator[Finding]:
    """Where the policy asks for it, nothing on the form is struck out. White-out cannot be seen on a fax."""
    asked = next((field for field in context.required_fields() if field.field == _FIELD), None)
    if asked is not None and context.record.source.altered:
        yield Finding(_FIELD, GapReason.INVALID, _MESSAGE, asked.rule, asked.source)
