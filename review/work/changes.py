"""A change to an authorization, entered by hand: what it does, to what, from what to what."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from models.record import Amendment, AmendmentAction, AmendmentField
from models.values import ValueKind
from review.work.entries import Entry, Value, entry
from review.work.fields import Field

_KINDS = {
    AmendmentField.SERVICE_CODE: ValueKind.PROCEDURE,
    AmendmentField.MODIFIERS: ValueKind.MODIFIER,
    AmendmentField.UNITS: ValueKind.UNITS,
    AmendmentField.FROM_DATE: ValueKind.DATE,
    AmendmentField.TO_DATE: ValueKind.DATE,
    AmendmentField.DIAGNOSIS_CODE: ValueKind.ICD10,
    AmendmentField.SERVICING_NAME: ValueKind.PROVIDER_NAME,
    AmendmentField.SERVICING_NPI: ValueKind.NPI,
}


class ChangeEntry(BaseModel):
    """A change as it is entered; ``old``, ``new`` and ``code`` as typed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: AmendmentAction
    field: AmendmentField
    old: str = ""
    new: str = ""
    code: str = ""


def change(entered: ChangeEntry, today: date) -> tuple[Amendment | None, str | None]:
    """The change, and what is to be looked at again; without a change, why it cannot be kept."""
    wanted = Field(entered.field.value, "", _KINDS[entered.field])
    old, new = entry(wanted, entered.old, today), entry(wanted, entered.new, today)
    code = entry(Field("", "", ValueKind.PROCEDURE), entered.code, today)
    for which, one in (("from", old), ("to", new), ("of the service", code)):
        if one.refused:
            return None, f"The value {which}: {one.problem}"
    problem = _amiss(entered.action, old, new)
    if problem is not None:
        return None, problem
    values = {"old": old.value, "new": new.value}
    told = Amendment(
        action=entered.action,
        field=entered.field,
        old=_typed(values["old"] if entered.action is not AmendmentAction.ADD else None),
        new=_typed(values["new"] if entered.action is not AmendmentAction.REMOVE else None),
        code=code.value if isinstance(code.value, str) else None,
    )
    return told, new.problem or old.problem


def _amiss(action: AmendmentAction, old: Entry, new: Entry) -> str | None:
    if action is AmendmentAction.REMOVE and old.value is None:
        return "What is removed?"
    if action is not AmendmentAction.REMOVE and new.value is None:
        return "What is the new value?"
    return None


def _typed(value: Value) -> int | date | list[str] | str | None:
    return None if isinstance(value, bool) else value
