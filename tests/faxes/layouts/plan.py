"""What a form asks for, and the request cut down to that: what a form has no place for, its label cannot hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from tests.faxes.content import Case, Line, Provider
from tests.faxes.values import Day


class Codes(StrEnum):
    """How a form asks for its codes."""

    TABLE = "table"
    SLOTS = "slots"
    CELL = "cell"


class Dates(StrEnum):
    """Where a form asks for the dates of service."""

    LINE = "line"
    LINE_RANGE = "line_range"
    REQUEST = "request"
    REQUEST_RANGE = "request_range"
    START_ONLY = "start_only"


class Units(StrEnum):
    """Where a form asks for units."""

    LINE = "line"
    REQUEST = "request"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of one form."""

    diagnoses: Codes
    services: Codes
    dates: Dates
    units: Units
    modifiers: bool
    descriptions: bool
    ask_kind: bool
    ask_urgency: bool
    kind_as_text: bool
    urgency_as_text: bool
    sex_as_text: bool
    last_first: bool
    split_member: bool
    split_provider: bool
    phones: bool
    member_phone: bool
    tins: bool
    contact: bool
    facility: bool
    sex: bool
    pcp: bool
    plan_use: bool
    side_by_side: bool
    sectioned: bool
    combs: bool
    extras: bool


def draw(rng: Random, kind: str, urgency: str | None) -> Plan:
    """A random set of questions that has room for the request's kind and urgency."""
    services = rng.choices((Codes.TABLE, Codes.CELL, Codes.SLOTS), (62, 22, 16))[0]
    table = services is not Codes.CELL
    dates = (
        rng.choices(tuple(Dates), (45, 12, 28, 10, 5))[0]
        if table
        else rng.choice((Dates.REQUEST, Dates.REQUEST, Dates.REQUEST_RANGE, Dates.START_ONLY))
    )
    side_by_side = rng.random() < 0.18
    return Plan(
        diagnoses=rng.choices((Codes.TABLE, Codes.CELL, Codes.SLOTS), (50, 25, 25))[0],
        services=services,
        dates=dates,
        units=Units.LINE if rng.random() < 0.8 else (Units.REQUEST if rng.random() < 0.6 else Units.NONE),
        modifiers=rng.random() < 0.8,
        descriptions=rng.random() < 0.75,
        ask_kind=kind != "new" or rng.random() < 0.85,
        ask_urgency=urgency == "retroactive" or rng.random() < 0.9,
        kind_as_text=rng.random() < 0.12,
        urgency_as_text=rng.random() < 0.12,
        sex_as_text=rng.random() < 0.5,
        last_first=rng.random() < 0.5,
        split_member=rng.random() < 0.5,
        split_provider=rng.random() < 0.12,
        phones=rng.random() < 0.9,
        member_phone=rng.random() < 0.75,
        tins=rng.random() < 0.75,
        contact=rng.random() < 0.75,
        facility=rng.random() < 0.65,
        sex=rng.random() < 0.85,
        pcp=rng.random() < 0.35,
        plan_use=rng.random() < 0.5,
        side_by_side=side_by_side,
        sectioned=side_by_side or rng.random() < 0.88,
        combs=rng.random() < 0.18,
        extras=rng.random() < 0.45,
    )


def asked(case: Case, plan: Plan) -> Case:
    """The request with only what the form has a place for."""
    services = tuple(_asked_line(line, plan) for line in case.services)
    if plan.dates not in (Dates.LINE, Dates.LINE_RANGE) and services:
        services = tuple(replace(line, from_date=services[0].from_date, to_date=services[0].to_date) for line in services)
    if plan.units is Units.REQUEST and services:
        services = (services[0],)
    many = 3 if plan.services is Codes.SLOTS else 4
    return replace(
        case,
        urgency=case.urgency if plan.ask_urgency else None,
        member=replace(
            case.member, phone=case.member.phone if plan.member_phone else None, sex=case.member.sex if plan.sex else None
        ),
        requesting=_asked_provider(case.requesting, plan),
        servicing=_asked_provider(case.servicing, plan),
        diagnoses=tuple((code, _short(words) if plan.descriptions else None) for code, words in case.diagnoses),
        services=services[:many],
    )


def _asked_provider(provider: Provider, plan: Plan) -> Provider:
    return replace(
        provider,
        phone=provider.phone if plan.phones else None,
        tin=provider.tin if plan.tins else None,
        contact=provider.contact if plan.contact else None,
        facility=provider.facility if plan.facility else None,
    )


def _asked_line(line: Line, plan: Plan) -> Line:
    ends: Day | None = None if plan.dates is Dates.START_ONLY else line.to_date
    return replace(
        line,
        modifiers=line.modifiers if plan.modifiers else (),
        units=None if plan.units is Units.NONE else line.units,
        description=line.description if plan.descriptions else None,
        to_date=ends,
    )


def _short(words: str | None) -> str | None:
    """As much of a description as an office writes into a narrow column."""
    if words is None or len(words) <= 52:
        return words
    return words[:52].rsplit(" ", 1)[0].rstrip(",;")
