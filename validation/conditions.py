"""Whether a request is what a condition of a policy asks for."""

from __future__ import annotations

import re

from models.record import ReferralRecord, RequestKind
from validation.policy import Condition, FieldPolicy

_DRUG = re.compile(r"^(?:J\d{4}|Q51\d{2})$")
"""HCPCS Level II: J codes are drugs other than those taken by mouth, Q5101 and on are biosimilars."""


def holds(condition: Condition, record: ReferralRecord) -> bool:
    """Whether every part of the condition holds; a part about a value that the request does not give does not."""
    return (
        (condition.setting is None or record.request.setting in condition.setting)
        and (condition.urgency is None or record.request.urgency in condition.urgency)
        and (condition.forms is None or record.coverage.form in condition.forms)
        and (condition.drug is None or asks_for_drug(record) is condition.drug)
    )


def asks_for_drug(record: ReferralRecord) -> bool:
    """Whether a service is a drug that a provider gives."""
    return any(service.code is not None and _DRUG.match(service.code) for service in record.services)


def is_exempt(field: FieldPolicy, record: ReferralRecord) -> bool:
    """Whether a condition frees the request from giving the field, whatever kind it is of."""
    asked = field.when is None or holds(field.when, record)
    return not asked or (field.unless is not None and holds(field.unless, record))


def is_asked(field: FieldPolicy, record: ReferralRecord) -> bool:
    """Whether the request must give the field. A kind that is not stated is taken as new, which asks for the most."""
    return (record.request.kind or RequestKind.NEW) in field.required_for and not is_exempt(field, record)
