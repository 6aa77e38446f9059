"""A diagnosis or service line that is described and has no code."""

from __future__ import annotations

from collections.abc import Iterator

from models.record import GapReason
from validation.fields import absence, is_absent
from validation.rules.registry import Context, Finding, rule
from validation.wording import called

_MISSING = "Please send us {item}; the request that we received describes it without a code."
_ILLEGIBLE = "Please send us {item} again; we could not read it on the fax that we received."


@rule("codes.present")
def code_of_each_line(context: Context) -> Iterator[Finding]:
    """Each service needs its code; of the diagnoses one code is enough. What a policy frees the request from needs none."""
    record = context.record
    if record.diagnoses and not context.is_exempt("diagnoses") and all(is_absent(diagnosis.code) for diagnosis in record.diagnoses):
        yield _finding(context, "diagnoses.0.code")
    for position, service in enumerate(() if context.is_exempt("services") else record.services):
        if is_absent(service.code):
            yield _finding(context, f"services.{position}.code")


def _finding(context: Context, path: str) -> Finding:
    reason = absence(context.record, path)
    template = _MISSING if reason is GapReason.MISSING else _ILLEGIBLE
    asked = context.policy.field_policy(path.partition(".")[0])
    rule_id, source = (asked.rule, asked.source) if asked is not None else (None, None)
    return Finding(path, reason, template.format(item=called(path)), rule_id, source)
