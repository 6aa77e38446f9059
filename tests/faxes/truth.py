"""Labels in the contract's form."""

from __future__ import annotations

from typing import Any

from tests.faxes.content import Case, Change, Line, Provider
from tests.faxes.values import Day

Json = dict[str, Any]


def _iso(day: Day | None) -> str | None:
    real = day.real if day else None
    return real.isoformat() if real else None


def _provider(who: Provider, last: str) -> Json:
    return {"name": who.name, "npi": who.npi, "tin": who.tin, "phone": who.phone, "fax": who.fax, last: getattr(who, last)}


def _member(case: Case) -> Json:
    m = case.member
    return {
        "last_name": m.last_name,
        "first_name": m.first_name,
        "member_id": m.member_id,
        "date_of_birth": _iso(m.date_of_birth),
        "sex": m.sex,
        "phone": m.phone,
    }


def _line(line: Line) -> Json:
    return {
        "code": line.code,
        "code_system": "HCPCS" if line.code[0].isalpha() else "CPT",
        "modifiers": list(line.modifiers or ()),
        "units": line.units,
        "description": line.description,
        "from_date": _iso(line.from_date),
        "to_date": _iso(line.to_date),
    }


def _change(change: Change) -> Json:
    def plain(value: str | int | Day | None) -> str | int | None:
        return _iso(value) if isinstance(value, Day) else value

    return {"action": change.action, "field": change.field, "old": plain(change.old), "new": plain(change.new)}


def _common(case: Case, pages: list[int], attached: list[int]) -> Json:
    return {
        "pages": pages,
        "attached_pages": attached,
        "request": {
            "kind": case.kind,
            "urgency": case.urgency,
            "requested_on": _iso(case.requested_on),
            "authorization_number": case.authorization_number,
        },
        "member": _member(case),
        "requesting_provider": _provider(case.requesting, "contact"),
        "amendments": [_change(change) for change in case.changes],
        "signature": {"present": case.signed, "signed_on": _iso(case.signed_on)},
        "gaps": [list(gap) for gap in case.gaps],
    }


def of_form(case: Case, pages: list[int], attached: list[int]) -> Json:
    """The label of a full form."""
    label = _common(case, pages, attached)
    label["servicing_provider"] = _provider(case.servicing, "facility")
    label["diagnoses"] = [{"code": code, "description": words} for code, words in case.diagnoses]
    label["services"] = [_line(line) for line in case.services]
    return label


def of_change_form(case: Case, pages: list[int], attached: list[int]) -> Json:
    """The label of a change form: what it does not state about the request is left out."""
    return _common(case, pages, attached)


def of_letter(case: Case, pages: list[int], attached: list[int]) -> Json:
    """The label of a letter, which has no urgency, sex or telephone of the member, and no services of its own."""
    label = _common(case, pages, attached)
    del label["request"]["urgency"]
    label["member"] |= {"sex": None, "phone": None}
    changed = {change.field.split(".")[0] for change in case.changes}
    if "servicing_provider" not in changed:
        label["servicing_provider"] = dict.fromkeys(("name", "npi", "tin", "phone", "fax", "facility"))
    if "diagnoses" not in changed:
        label["diagnoses"] = []
    return label
