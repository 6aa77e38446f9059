"""From a record to the same record with its gaps, its deadline and its status."""

from __future__ import annotations

from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from models.record import Gap, GapReason, ReferralRecord, Severity, Status
from models.status import with_status
from validation.deadlines import with_clocks
from validation.doubt import with_flags
from validation.policies import Policy, deadline_set
from validation.rules import Context, Finding, Rule, all_rules

CALIFORNIA = ZoneInfo("America/Los_Angeles")
"""The time zone of a site that names none."""

DOCUMENT = "document"
"""The field of a gap that concerns the document as a whole."""


def check(record: ReferralRecord, policy: Policy, *, today: date, time_zone: tzinfo = CALIFORNIA) -> ReferralRecord:
    """Apply a policy to a record.

    Gaps that the record carries from an earlier check are replaced, so that checking twice changes nothing.

    Args:
        record: what was read, or what a coordinator corrected.
        policy: the plan's completeness policy.
        today: the day of receipt at the site, against which dates are judged.
        time_zone: the site's; a day of a deadline ends there.

    Returns:
        The record with its doubtful readings flagged, and with ``gaps`` (blocking first, then in the policy's order),
        ``priority``, ``clocks``, ``deadline``, ``status`` and ``final``. A document that holds no request, or could not be read,
        keeps its gaps and has no deadline.
    """
    if record.status in (Status.NO_REQUEST, Status.UNREADABLE):
        return with_status(record)
    asked = with_flags(record, policy.review)
    found = asked.model_copy(update={"gaps": list(_gaps(asked, policy, today))})
    return with_status(with_clocks(found, deadline_set(policy.deadlines) if policy.deadlines else None, time_zone))


def unreadable_gap(reason: str) -> Gap:
    """The gap of a document that could not be read.

    Args:
        reason: why, in a sentence that holds no value from the document and not its name.
    """
    message = f"The fax could not be read: {reason.strip()}"
    return Gap(field=DOCUMENT, reason=GapReason.ILLEGIBLE, severity=Severity.BLOCKING, message=message, rule="document.readable")


def _gaps(record: ReferralRecord, policy: Policy, today: date) -> tuple[Gap, ...]:
    context = Context(record, policy, today)
    gaps: list[Gap] = []
    for rule in all_rules():
        if rule.id not in policy.switched_off:
            gaps.extend(_gap(finding, rule, policy) for finding in rule.check(context))
    return tuple(sorted(gaps, key=lambda gap: (gap.severity is not Severity.BLOCKING, _place(gap.field, policy))))


def _gap(finding: Finding, rule: Rule, policy: Policy) -> Gap:
    """The finding as the policy weighs it; the policy's own rule stands before the one that found it."""
    return Gap(
        field=finding.field,
        reason=finding.reason,
        severity=finding.severity or _severity(finding.field, rule.id, policy),
        message=finding.message,
        rule=finding.rule or rule.id,
        source=finding.source or rule.source or policy.source,
    )


def _severity(path: str, rule_id: str, policy: Policy) -> Severity:
    """The field's own severity; a part of a list (``diagnoses.0.code``) goes by its list, all else by the rule."""
    own = policy.field_policy(path)
    if own is not None:
        return own.severity
    if rule_id in policy.rules:
        return policy.rules[rule_id]
    of_list = policy.field_policy(path.partition(".")[0])
    return of_list.severity if of_list is not None else Severity.WARNING


def _place(path: str, policy: Policy) -> int:
    for wanted in (path, path.partition(".")[0]):
        field = policy.field_policy(wanted)
        if field is not None:
            return policy.fields.index(field)
    return len(policy.fields)
