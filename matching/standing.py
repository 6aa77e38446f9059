"""A request as it stands with the changes to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from models.circumstances import Standing
from models.record import (
    Amendment,
    AmendmentAction,
    AmendmentField,
    AmendmentValue,
    Diagnosis,
    ReferralRecord,
    RequestKind,
    Service,
    ServicingProvider,
)
from models.standing import span
from models.values import code_system

_OF_SERVICES = {
    AmendmentField.UNITS: "units",
    AmendmentField.FROM_DATE: "from_date",
    AmendmentField.TO_DATE: "to_date",
}


def changed(standing: Standing, change: ReferralRecord) -> Standing:
    """The request as it stands after an amendment, extension or cancellation."""
    if change.request.kind is RequestKind.CANCELLATION:
        return standing.model_copy(update={"cancelled": True})
    for one in change.amendments:
        standing = _amended(standing, one)
    if not change.amendments:
        standing = _as_stated(standing, change)
    valid = span(standing.services)
    return standing.model_copy(update={"valid_from": valid[0] or standing.valid_from, "valid_to": valid[1] or standing.valid_to})


def after_all(standing: Standing, changes: Iterable[ReferralRecord]) -> Standing:
    """The request after several changes, in their order; what one of the same day asks for again counts once."""
    seen: list[tuple[object, ...]] = []
    for change in changes:
        said = (change.request.kind, change.request.requested_on, change.amendments, change.services)
        if change.request.requested_on is None or said not in seen:
            standing = changed(standing, change)
        seen.append(said)
    return standing


def _amended(standing: Standing, one: Amendment) -> Standing:
    field = one.field
    if field is AmendmentField.DIAGNOSIS_CODE:
        return standing.model_copy(update={"diagnoses": _diagnoses(standing.diagnoses, one)})
    if field in (AmendmentField.SERVICING_NAME, AmendmentField.SERVICING_NPI):
        return standing.model_copy(update={"servicing_provider": _servicing(standing.servicing_provider, one)})
    if field is AmendmentField.SERVICE_CODE:
        return standing.model_copy(update={"services": _codes(standing.services, one)})
    services = [_line(service, one) if _is_about(service, one, standing.services) else service for service in standing.services]
    return standing.model_copy(update={"services": services})


def _diagnoses(before: list[Diagnosis], one: Amendment) -> list[Diagnosis]:
    kept = [each for each in before if one.action is AmendmentAction.ADD or each.code != one.old]
    if one.action is AmendmentAction.REMOVE or not isinstance(one.new, str) or any(each.code == one.new for each in kept):
        return kept
    place = next((n for n, each in enumerate(before) if each.code == one.old), len(kept))
    return [*kept[:place], Diagnosis(code=one.new), *kept[place:]]


def _servicing(before: ServicingProvider, one: Amendment) -> ServicingProvider:
    """Another name without its NPI is another provider: the NPI of the one before is not that of this one."""
    new = one.new if isinstance(one.new, str) else None
    if one.field is AmendmentField.SERVICING_NPI:
        return before.model_copy(update={"npi": new})
    return before if before.name == new else ServicingProvider(name=new, facility=before.facility)


def _codes(before: list[Service], one: Amendment) -> list[Service]:
    new = one.new if isinstance(one.new, str) else None
    if one.action is AmendmentAction.REMOVE:
        return [each for each in before if each.code != one.old]
    if new is None or any(each.code == new for each in before):
        return before
    if one.action is AmendmentAction.REPLACE and any(each.code == one.old for each in before):
        return [_recoded(each, new) if each.code == one.old else each for each in before]
    first, last = span(before)
    return [*before, Service(code=new, code_system=code_system(new), from_date=first, to_date=last)]


def _recoded(service: Service, code: str) -> Service:
    return service.model_copy(update={"code": code, "code_system": code_system(code), "description": None})


def _is_about(service: Service, one: Amendment, services: Sequence[Service]) -> bool:
    """A change that names no service is about all; one that names a service that is not there, about none but an only one."""
    return one.code is None or service.code == one.code or (len(services) == 1 and service.code is None)


def _line(service: Service, one: Amendment) -> Service:
    if one.field is AmendmentField.MODIFIERS:
        return service.model_copy(update={"modifiers": _modifiers(service.modifiers, one)})
    name = _OF_SERVICES[one.field]
    if one.action is AmendmentAction.REMOVE:
        return service.model_copy(update={name: None})
    if one.action is AmendmentAction.ADD and isinstance(one.new, int):
        return service.model_copy(update={name: (service.units or 0) + one.new})
    if name == "units":
        return service.model_copy(update={name: one.new if isinstance(one.new, int) else service.units})
    return service.model_copy(update={name: _day(one.new) or getattr(service, name)})


def _day(value: AmendmentValue) -> date | None:
    """A day, also as the text that it is once a record was stored; ``None`` where it is none."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _modifiers(before: list[str], one: Amendment) -> list[str]:
    old, new = (value if isinstance(value, list) else [value] if isinstance(value, str) else [] for value in (one.old, one.new))
    gone = set() if one.action is AmendmentAction.ADD else set(old) or set(before)
    kept = [each for each in before if each not in gone]
    return list(dict.fromkeys([*kept, *(map(str, new) if one.action is not AmendmentAction.REMOVE else ())]))


def _as_stated(standing: Standing, change: ReferralRecord) -> Standing:
    """A full form states the request after the change: what it states stands, what it leaves out stays."""
    services = list(standing.services)
    for stated in change.services:
        place = next((n for n, each in enumerate(services) if each.code == stated.code), None)
        if place is None:
            services.append(stated)
        else:
            services[place] = _joined(services[place], stated, extends=change.request.kind is RequestKind.EXTENSION)
    known = {each.code for each in standing.diagnoses}
    serves = {name: value for name, value in change.servicing_provider if value is not None}
    return standing.model_copy(
        update={
            "services": services,
            "diagnoses": [*standing.diagnoses, *(each for each in change.diagnoses if each.code not in known)],
            "servicing_provider": standing.servicing_provider.model_copy(update=serves),
        }
    )


def _joined(before: Service, stated: Service, *, extends: bool) -> Service:
    """A line as stated; an extension keeps the day on which it began."""
    told = {name: value for name, value in stated if value not in (None, [])}
    if extends and before.from_date is not None:
        told["from_date"] = min(before.from_date, stated.from_date or before.from_date)
    if extends and before.to_date is not None:
        told["to_date"] = max(before.to_date, stated.to_date or before.to_date)
    return before.model_copy(update=told)
