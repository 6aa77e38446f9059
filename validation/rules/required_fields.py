"""A field that the policy requires and the form does not give, or gives so that it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.fields import absence, is_absent, values_at
from validation.policy import FieldPolicy
from validation.rules.registry import Context, Finding, rule
from validation.wording import called, sentence

_MISSING = "Please send us {item}; it was not on the request that we received."
_MISSING_SIGNATURE = "Please send us the request with {item}; we could not find one on it."
_MISSING_CHOICE = "Please tell us {item}; the request that we received does not say."
_MISSING_CHANGE = "Please tell us {item}; the request that we received does not state one."
_MISSING_NOTES = "Please send us {item}; none came with the request that we received."
_ILLEGIBLE = "Please send us {item} again; we could not read it on the fax that we received."
_TEMPLATES = {
    "signature": _MISSING_SIGNATURE,
    "request.urgency": _MISSING_CHOICE,
    "request.setting": _MISSING_CHOICE,
    "request.clinical_notes": _MISSING_NOTES,
    "amendments": _MISSING_CHANGE,
}


@rule("fields.required")
def required_fields(context: Context) -> Iterator[Finding]:
    """Every required field without a value; a date that does not exist is left to the rule for dates."""
    for field in context.required_fields():
        if field.field == "signature":
            if not context.record.signature.present:
                yield _finding(field, field.field, GapReason.MISSING)
            continue
        if any(not is_absent(value) for path in field.or_given for _, value in values_at(context.record, path)):
            continue
        for path, value in values_at(context.record, field.field):
            if is_absent(value):
                reason = absence(context.record, path)
                if reason is not GapReason.INVALID:
                    yield _finding(field, path, reason)


def _finding(field: FieldPolicy, path: str, reason: GapReason) -> Finding:
    template = _ILLEGIBLE if reason is GapReason.ILLEGIBLE else _TEMPLATES.get(path, _MISSING)
    message = sentence(template.format(item=called(path)))
    return Finding(path, reason, message if field.note is None else f"{message} {field.note}", field.rule, field.source)
