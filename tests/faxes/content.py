"""What a request says, before any layout: the values that its label holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from tests.faxes import values, wordings
from tests.faxes.values import Day


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts."""

    last: str
    first: str
    middle: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """A clinician or an organisation; ``name`` has no title. ``None`` is a field left blank or not asked for."""

    name: str | None
    person: Person | None
    credential: str
    npi: str | None
    tin: str | None
    phone: str | None
    fax: str | None
    contact: str | None = None
    facility: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One service line."""

    code: str
    description: str | None
    modifiers: tuple[str, ...] | None
    units: int | None
    from_date: Day | None
    to_date: Day | None


@dataclass(frozen=True, slots=True)
class Change:
    """One stated change, typed as the contract says; ``code`` is the service it is about."""

    action: str
    field: str
    old: str | int | Day | None
    new: str | int | Day | None
    code: str


@dataclass(frozen=True, slots=True)
class Member:
    """The person the request is for."""

    last_name: str | None
    first_name: str | None
    middle: str
    member_id: str | None
    date_of_birth: Day | None
    sex: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One request as its sender wrote it."""

    kind: str
    urgency: str | None
    requested_on: Day | None
    authorization_number: str | None
    member: Member
    requesting: Provider
    servicing: Provider
    pcp: Provider
    diagnoses: tuple[tuple[str, str | None], ...]
    services: tuple[Line, ...]
    family: str
    changes: tuple[Change, ...] = ()
    comment: str = ""
    signed_on: Day | None = None
    signed: bool = True
    gaps: tuple[tuple[str, str], ...] = ()
    practice: str = ""
    extras: dict[str, str] = field(default_factory=dict)


def person(rng: Random, sex: str | None = None) -> Person:
    """A random invented person."""
    first = wordings.pick(rng, "people", f"first_{(sex or rng.choice('FM')).lower()}")
    return Person(wordings.pick(rng, "people", "last"), first, rng.choice("ABCDEGHJLMRT") if rng.random() < 0.35 else "")


def full_name(who: Person) -> str:
    """First, middle initial with its point, last."""
    return f"{who.first} {who.middle}. {who.last}" if who.middle else f"{who.first} {who.last}"


def place(rng: Random, kind: str) -> str:
    """An invented practice, facility, vendor or plan."""
    return f"{wordings.pick(rng, 'people', 'place_words')} {wordings.pick(rng, 'people', f'{kind}_words')}"


def address(rng: Random) -> str:
    """An invented address."""
    street = f"{rng.randrange(100, 9900)} {wordings.pick(rng, 'people', 'streets')} {wordings.pick(rng, 'people', 'street_kinds')}"
    return f"{street}, {wordings.pick(rng, 'people', 'towns')}"


def provider(rng: Random, organisation: bool) -> Provider:
    """A random provider with all its fields."""
    area = values.area_code(rng)
    who = None if organisation else person(rng)
    return Provider(
        name=place(rng, "vendor") if who is None else full_name(who),
        person=who,
        credential="" if who is None else wordings.pick(rng, "people", "credentials"),
        npi=values.npi(rng),
        tin=values.tin(rng),
        phone=values.phone(rng, area),
        fax=values.phone(rng, area),
    )


def case(rng: Random, kind: str) -> Case:
    """A complete request of a kind, without gaps and without changes."""
    sex = rng.choice("FM")
    who = person(rng, sex)
    urgency = rng.choices(("routine", "urgent", "retroactive"), (65, 25, 10))[0]
    asked = date(2026, 1, 5) + timedelta(days=rng.randrange(250))
    family = rng.choice(wordings.keys("codes", "family"))
    desk = person(rng)
    requesting = replace(provider(rng, False), contact=desk.first if rng.random() < 0.3 else f"{desk.first} {desk.last}")
    return Case(
        kind=kind,
        urgency=urgency,
        requested_on=Day.of(asked),
        authorization_number=None if kind == "new" else values.authorization_number(rng),
        member=Member(who.last, who.first, who.middle, values.member_id(rng), values.birth_date(rng), sex, values.phone(rng)),
        requesting=requesting,
        servicing=replace(provider(rng, rng.random() < 0.45), facility=place(rng, "facility")),
        pcp=provider(rng, False),
        diagnoses=_diagnoses(rng, family),
        services=_services(rng, family, asked, urgency),
        family=family,
        comment=wordings.pick(rng, "notices", "comments"),
        signed_on=Day.of(asked),
        practice=place(rng, "practice"),
        extras={
            "member.address": address(rng),
            "member.group_number": str(rng.randrange(10000, 99999)),
            "member.mrn": str(rng.randrange(100000, 999999)),
            "requesting.specialty": wordings.pick(rng, "people", "specialties"),
            "requesting.address": address(rng),
            "servicing.specialty": wordings.pick(rng, "people", "specialties"),
            "servicing.address": address(rng),
        },
    )


def _diagnoses(rng: Random, family: str) -> tuple[tuple[str, str | None], ...]:
    known = wordings.groups("codes", f"family/{family}/diagnoses")
    chosen = rng.sample(known, min(len(known), rng.choices((1, 2, 3), (45, 35, 20))[0]))
    return tuple((code, words) for code, words in chosen)


def _services(rng: Random, family: str, asked: date, urgency: str) -> tuple[Line, ...]:
    known = wordings.rows("codes", f"family/{family}/services")
    chosen = rng.sample(known, min(len(known), rng.choices((1, 2, 3, 4), (45, 30, 17, 8))[0]))
    start = (
        asked - timedelta(days=rng.randrange(5, 28)) if urgency == "retroactive" else asked + timedelta(days=rng.randrange(2, 30))
    )
    span = rng.choice((0, 0, 29, 59, 89, 179))
    lines = []
    for row in chosen:
        modifiers = tuple(rng.sample(row["modifiers"], 1)) if row["modifiers"] and rng.random() < 0.6 else ()
        units = row["units"] if row["units"] < 5 or rng.random() < 0.5 else max(1, row["units"] // 2)
        end = start + timedelta(days=span if rng.random() < 0.85 else 0)
        lines.append(Line(row["code"], row["text"], modifiers, units, Day.of(start), Day.of(end)))
    return tuple(lines)
