"""Which member of the roster a request is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.record import Member, ReferralRecord
from models.roster import MemberSpan, plain_id
from roster.likeness import Likeness, best, of_day, of_first_name, of_last_name, of_number, of_sex
from roster.linkage import Likenesses, agreements
from roster.readings import Said, as_read


class Outcome(StrEnum):
    """What came of looking for a member. ``NOT_ASKED``: the form gives too little to look for anybody."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the roster: all spans of their coverage, and how the request stands to them."""

    spans: tuple[MemberSpan, ...]
    likenesses: Likenesses

    @property
    def newest(self) -> MemberSpan:
        """The span that began last."""
        return max(self.spans, key=lambda span: (span.eligible_from is not None, span.eligible_from))


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking. ``person`` is set where one was found, ``others`` are those who may be meant instead."""

    outcome: Outcome
    person: Person | None = None
    linked: float = 0.0
    others: tuple[Person, ...] = ()


_LIKELY = 0.05
"""From this probability on a person may be meant."""


def look_for(record: ReferralRecord, found: Sequence[MemberSpan]) -> Look:
    """Which person a request is about, of those that look-ups found.

    Args:
        record: the request.
        found: spans of everybody with one of its ids, its name or its date of birth.
    """
    member = record.member
    named = member.last_name is not None and member.first_name is not None
    if member.member_id is None and not (named and member.date_of_birth is not None):
        return Look(Outcome.NOT_ASKED)
    people = _people(member, found)
    shares = agreements()["member"].probabilities([person.likenesses for person in people])
    ranked = sorted(zip(shares, people, strict=True), key=lambda pair: -pair[0])
    sure = agreements()["member"].sure
    if ranked and ranked[0][0] >= sure:
        return Look(Outcome.FOUND, ranked[0][1], ranked[0][0])
    likely = tuple(person for share, person in ranked if share >= _LIKELY)
    if len(likely) > 1 and sum(shares) >= sure:
        return Look(Outcome.AMBIGUOUS, others=likely)
    return Look(Outcome.NOT_FOUND, others=likely)


def _people(member: Member, found: Sequence[MemberSpan]) -> tuple[Person, ...]:
    """Who the spans are of: a family may share one id."""
    spans: dict[tuple[str, str, date, str], list[MemberSpan]] = {}
    for span in dict.fromkeys(found):
        key = (span.member_id, span.person, span.date_of_birth, span.first_name.casefold())
        spans.setdefault(key, []).append(span)
    return tuple(Person(tuple(own), likenesses(member, own[-1])) for own in spans.values())


def likenesses(member: Member, span: MemberSpan) -> dict[str, Likeness]:
    """How a request's member stands to one of the roster."""
    read = None if member.member_id is None else plain_id(member.member_id)
    return {
        "member_id": best(of_number(read, known) for known in ids_of(span)),
        "last_name": of_last_name(member.last_name, span.last_name),
        "first_name": of_first_name(member.first_name, span.first_name, span.middle_name),
        "date_of_birth": of_day(member.date_of_birth, span.date_of_birth),
        "sex": of_sex(member.sex, span.sex),
        "phone": of_number(member.phone, span.phone),
    }


def ids_of(span: MemberSpan) -> tuple[str, ...]:
    """All ids of a member."""
    return tuple(one for one in (span.member_id, span.cin, span.mbi, span.medical_record) if one)


_FIELDS = ("member_id", "last_name", "first_name", "date_of_birth", "sex", "phone")
_TELLS_APART = ("member_id", "last_name", "first_name", "date_of_birth")
"""Fields that say who somebody is: another value of one of them is proposed, and asked about."""


def said_of_readings(record: ReferralRecord, look: Look) -> dict[str, Said]:
    """What the roster says of the readings of the member.

    Where one person was found, each field is weighed by what all other fields say of who it is. Where two may be meant, what tells
    them apart is in doubt, and the value of the likelier one that the form does not say is proposed.
    """
    if look.person is not None:
        return _of_person(record, look.person)
    if look.outcome is Outcome.AMBIGUOUS:
        return _of_several(record, look.others)
    return {}


def _of_person(record: ReferralRecord, person: Person) -> dict[str, Said]:
    numbers = agreements()["member"]
    said = {}
    for name in _FIELDS:
        reading = record.readings.get(f"member.{name}")
        likeness = person.likenesses[name]
        if reading is None:
            continue
        (linked,) = numbers.probabilities([person.likenesses], without=name)
        confidence = numbers.confidence(name, as_read(reading), likeness, linked)
        said[f"member.{name}"] = Said(confidence, _proposed(record, person, name, likeness))
    return said


def _of_several(record: ReferralRecord, people: Sequence[Person]) -> dict[str, Said]:
    numbers = agreements()["member"]
    said = {}
    for name in _TELLS_APART:
        reading = record.readings.get(f"member.{name}")
        found = {person.likenesses[name] for person in people}
        if reading is None or found == {Likeness.SAME}:
            continue
        others = [person for person in people if person.likenesses[name] is not Likeness.SAME]
        (linked, *_) = numbers.probabilities([others[0].likenesses, *(one.likenesses for one in people if one is not others[0])])
        confidence = numbers.confidence(name, as_read(reading), others[0].likenesses[name], linked)
        said[f"member.{name}"] = Said(confidence, _proposed(record, others[0], name, others[0].likenesses[name]))
    return said


def _proposed(record: ReferralRecord, person: Person, name: str, likeness: Likeness) -> str | None:
    """The roster's value, where the form has another one or none that could be read; of a telephone number, a near one alone."""
    if likeness in (Likeness.SAME, Likeness.PART) or (name in ("sex", "phone") and likeness is not Likeness.NEAR):
        return None
    return str(known) if (known := _known(record, person.newest, name)) else None


def _known(record: ReferralRecord, span: MemberSpan, name: str) -> object:
    """A value of the roster; of several ids, the one that is nearest to what was read."""
    if name != "member_id":
        return getattr(span, name)
    read = record.member.member_id
    near = (one for one in ids_of(span) if of_number(None if read is None else plain_id(read), one) is Likeness.NEAR)
    return next(near, span.member_id)


def differing(person: Person) -> tuple[str, ...]:
    """The fields that say who somebody is, and in which the roster has something else than a misreading away."""
    return tuple(name for name in _TELLS_APART if person.likenesses[name] is Likeness.OTHER)
