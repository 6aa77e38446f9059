"""A diagnosis code that is no valid billable ICD-10-CM code on the day of service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.codesets import icd10cm
from models.record import AmendmentField, GapReason
from validation.rules.registry import Context, Finding, rule

_NOT_BILLABLE = (
    "Diagnosis code {code} is not specific enough to be billed; please send us the full ICD-10-CM code with all of its characters."
)
_UNKNOWN = "Diagnosis code {code} is not a valid ICD-10-CM code; please confirm it and send us the correct code."


@rule("icd10.billable", "45 CFR 162.1002(c)(2); ICD-10-CM Official Guidelines for Coding and Reporting, section I.B.2")
def diagnosis_code_billable(context: Context) -> Iterator[Finding]:
    """Every diagnosis code of the request, and one that a change asks for."""
    record = context.record
    codes = [(f"diagnoses.{position}.code", diagnosis.code) for position, diagnosis in enumerate(record.diagnoses)]
    codes += [
        (f"amendments.{position}.new", str(amendment.new))
        for position, amendment in enumerate(record.amendments)
        if amendment.field is AmendmentField.DIAGNOSIS_CODE and amendment.new
    ]
    on = _day_of_service(context)
    for path, code in codes:
        if code and not icd10cm.is_billable(code, on):
            template = _NOT_BILLABLE if icd10cm.exists(code) else _UNKNOWN
            yield Finding(path, GapReason.INVALID, template.format(code=code))


def _day_of_service(context: Context) -> date:
    """The first day of service, or the day of receipt where none is given."""
    return min((service.from_date for service in context.record.services if service.from_date), default=context.today)
