"""What is wrong with a request on purpose, and the gap that a validator should report for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.faxes import values, wordings
from tests.faxes.content import Case
from tests.faxes.values import Day

Spoiler = Callable[[Random, Case], Case]


def _with_gap(case: Case, path: str, reason: str) -> Case:
    return replace(case, gaps=(*case.gaps, (path, reason)))


def _blank_member_id(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, member=replace(case.member, member_id=None)), "member.member_id", "missing")


def _blank_birth(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, member=replace(case.member, date_of_birth=None)), "member.date_of_birth", "missing")


def _blank_first_name(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, member=replace(case.member, first_name=None)), "member.first_name", "missing")


def _blank_requesting_npi(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, requesting=replace(case.requesting, npi=None)), "requesting_provider.npi", "missing")


def _blank_servicing(rng: Random, case: Case) -> Case:
    name = rng.choice(("npi", "npi", "name"))
    servicing = replace(case.servicing, npi=None) if name == "npi" else replace(case.servicing, name=None, person=None)
    return _with_gap(replace(case, servicing=servicing), f"servicing_provider.{name}", "missing")


def _bad_requesting_npi(rng: Random, case: Case) -> Case:
    bad = values.bad_npi(rng, case.requesting.npi or values.npi(rng))
    return _with_gap(replace(case, requesting=replace(case.requesting, npi=bad)), "requesting_provider.npi", "invalid")


def _bad_servicing_npi(rng: Random, case: Case) -> Case:
    bad = values.bad_npi(rng, case.servicing.npi or values.npi(rng))
    return _with_gap(replace(case, servicing=replace(case.servicing, npi=bad)), "servicing_provider.npi", "invalid")


def _unbillable_diagnosis(rng: Random, case: Case) -> Case:
    code, words = rng.choice(wordings.groups("codes", f"family/{case.family}/unbillable"))
    rest = tuple(d for d in case.diagnoses[1:] if d[0] != code)
    return _with_gap(replace(case, diagnoses=((code, words), *rest)), "diagnoses", "invalid")


def _no_diagnoses(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, diagnoses=()), "diagnoses", "missing")


def _no_services(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, services=()), "services", "missing")


def _impossible_birth(rng: Random, case: Case) -> Case:
    born = values.impossible_day(rng, case.member.date_of_birth or Day(1970, 1, 1))
    return _with_gap(replace(case, member=replace(case.member, date_of_birth=born)), "member.date_of_birth", "invalid")


def _future_birth(rng: Random, case: Case) -> Case:
    born = Day(rng.randrange(2031, 2060), rng.randrange(1, 13), rng.randrange(1, 29))
    return _with_gap(replace(case, member=replace(case.member, date_of_birth=born)), "member.date_of_birth", "invalid")


def _impossible_start(rng: Random, case: Case) -> Case:
    if not case.services or case.services[0].from_date is None:
        return case
    start = values.impossible_day(rng, case.services[0].from_date)
    lines = tuple(replace(line, from_date=start, to_date=None) for line in case.services)
    return _with_gap(replace(case, services=lines), "services.from_date", "invalid")


def _no_start(rng: Random, case: Case) -> Case:
    del rng
    lines = tuple(replace(line, from_date=None, to_date=None) for line in case.services)
    return _with_gap(replace(case, services=lines), "services.from_date", "missing")


def _ends_before_start(rng: Random, case: Case) -> Case:
    start = case.services[0].from_date.real if case.services and case.services[0].from_date else None
    if start is None or case.services[0].to_date is None:
        return case
    end = Day.of(start - timedelta(days=rng.randrange(3, 40)))
    lines = tuple(replace(line, to_date=end) for line in case.services)
    return _with_gap(replace(case, services=lines), "services.to_date", "inconsistent")


def _no_authorization(rng: Random, case: Case) -> Case:
    del rng
    return _with_gap(replace(case, authorization_number=None), "request.authorization_number", "missing")


_ANY: tuple[Spoiler, ...] = (
    _blank_member_id,
    _blank_birth,
    _blank_first_name,
    _blank_requesting_npi,
    _bad_requesting_npi,
    _bad_requesting_npi,
    _impossible_birth,
    _future_birth,
)
_NEW_ONLY: tuple[Spoiler, ...] = (_blank_servicing, _no_diagnoses, _no_services, _no_start, _impossible_start)
_FULL_FORM: tuple[Spoiler, ...] = (_bad_servicing_npi, _unbillable_diagnosis, _unbillable_diagnosis, _ends_before_start)


def spoil_form(rng: Random, case: Case) -> Case:
    """One thing wrong with a request on a full form; two in one out of seven."""
    choices = _ANY + _FULL_FORM + (_NEW_ONLY if case.kind == "new" else (_no_authorization,))
    spoilt = rng.choice(choices)(rng, case)
    if rng.random() < 0.15:
        spoilt = _blank_requesting_npi(rng, spoilt) if not any("npi" in path for path, _ in spoilt.gaps) else spoilt
    return spoilt


def spoil_short(rng: Random, case: Case) -> Case:
    """One thing wrong with a change form or a letter, which state neither services nor diagnoses."""
    return rng.choice((_no_authorization, _no_authorization, _blank_requesting_npi, _bad_requesting_npi, _blank_birth))(rng, case)


def leave_blanks(rng: Random, case: Case) -> Case:
    """Optional fields that the sender did not fill in."""

    def kept(value: str | None, share: float) -> str | None:
        return None if rng.random() < share else value

    return replace(
        case,
        member=replace(case.member, phone=kept(case.member.phone, 0.1), sex=kept(case.member.sex, 0.05)),
        requesting=replace(case.requesting, tin=kept(case.requesting.tin, 0.1), contact=kept(case.requesting.contact, 0.12)),
        servicing=replace(
            case.servicing,
            tin=kept(case.servicing.tin, 0.12),
            fax=kept(case.servicing.fax, 0.12),
            facility=kept(case.servicing.facility, 0.12),
        ),
    )
