"""Histories of requests as an intake sees them in two years: what is sent anew, sent again, changed, and what only looks so.

Each arrival tells what is true of it; nothing of that is shown to what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from models.record import Amendment, AmendmentAction, AmendmentField, ReferralRecord
from models.record_parts import Member, RequestingProvider, Service, ServicingProvider
from models.store.authorizations import NewAuthorization
from tests.matching.asked import Asked, Case, Sheet, at_noon, meant, misread, moved, read
from tests.matching.corrections import corrected
from tests.matching.people import DIAGNOSES, SPECIALTIES, Person, Town, town

_BEGIN = date(2024, 1, 2)
DOUBTED = 0.29
"""The share of right values that the reader doubts: 188 of 656 (docs/roster.md)."""

_LETTER = frozenset({"servicing_provider", "diagnoses", "services", "urgency", "sex"})
_STORIES = {
    "plain": 40,
    "faxed_again": 12,
    "written_anew": 8,
    "marked_second": 6,
    "corrected": 5,
    "amended": 13,
    "amended_twice": 4,
    "amended_again": 4,
    "extended": 4,
    "cancelled": 3,
    "renewed": 5,
    "series": 5,
    "other_same_day": 5,
    "other_side": 3,
    "twin": 4,
    "other_office": 2,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that arrives.

    ``story`` is how it came about, ``group`` which request it is, ``repeats`` whether that one came before, ``differs`` whether it
    says something else than before, ``person`` whom it is about, ``amends`` the group of the request that it changes. ``meant`` is
    the record as it would be without any error, and with all that the form asks for.
    """

    record: ReferralRecord
    meant: ReferralRecord
    person: Person
    story: str
    group: str
    repeats: bool
    differs: bool
    amends: str | None


@dataclass(frozen=True, slots=True)
class Granted:
    """An authorization that becomes known; ``group`` is the request it was given for, ``of`` its record where the plan tells."""

    authorization: NewAuthorization
    group: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What arrives, in its order, and the authorizations."""

    arrivals: tuple[Arrival, ...]
    granted: tuple[Granted, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    case: Case
    sheet: Sheet
    at: datetime
    story: str
    differs: bool = False
    amends: str | None = None


def history(seed: str, count: int, *, hard: bool = False) -> History:
    """A history of about ``count`` arrivals; the same seed gives the same one.

    Args:
        seed: of all that is drawn.
        count: how many arrive.
        hard: half of the corrections change one character alone, and right values are doubted as often as the reader does.
    """
    rng = Random(f"{seed}/history")
    place = town(rng, max(50, count // 14), max(10, count // 60))
    sent: list[_Sent] = []
    granted: list[Granted] = []
    number = rng.randrange(1_000_000, 2_000_000)
    group = 0
    while len(sent) < count:
        group += 1
        number += rng.randrange(1, 12)
        story = _Story(rng, place, f"G{group}", f"{rng.choice(('AUTH-', 'A', '', '26-'))}{number}", hard=hard)
        sent.extend(story.told())
        granted.extend(story.granted)
    return History(tuple(_arrived(sorted(sent, key=lambda one: one.at)[:count], rng, DOUBTED if hard else 0.0)), tuple(granted))


def _arrived(sent: list[_Sent], rng: Random, doubted: float) -> Iterator[Arrival]:
    seen: set[str] = set()
    for n, one in enumerate(sent):
        record = read(one.case, one.sheet, f"PAR-{n:06d}", one.at, rng, doubted)
        group = one.case.group
        truth = meant(one.case, replace(one.sheet, left_out=frozenset()), record.record_id, one.at)
        yield Arrival(record, truth, one.case.person, one.story, group, group in seen, one.differs, one.amends)
        seen.add(group)


class _Story:
    """One member's request, and what follows from it."""

    def __init__(self, rng: Random, place: Town, group: str, number: str, *, hard: bool) -> None:
        self._hard = hard
        self._rng, self._place, self._group, self._number = rng, place, group, number
        self._family = rng.choice(place.families)
        self._office = rng.choice(place.offices)
        self.granted: list[Granted] = []

    def told(self) -> list[_Sent]:
        """All that is sent."""
        rng = self._rng
        first = self._case(self._group, rng.choice(self._family))
        name = rng.choices(list(_STORIES), list(_STORIES.values()))[0]
        came = at_noon(first.asked_on + timedelta(days=rng.choice((0, 0, 0, 1, 2))), rng)
        sent = [_Sent(first, self._sheet(), came, name)]
        if rng.random() < 0.75 or "amended" in name:
            self._grant(first, came)
        return [*sent, *getattr(self, f"_{name}")(first, sent[0])]

    def _case(self, group: str, person: Person) -> Case:
        rng = self._rng
        asks = rng.choice(self._office)
        serves = asks if rng.random() < 0.35 else rng.choice(rng.choice(self._place.offices))
        asked = _BEGIN + timedelta(days=rng.randrange(560))
        codes = rng.sample(SPECIALTIES[serves.specialty], k=rng.choice((1, 1, 1, 2, 3)))
        begins = asked + timedelta(days=rng.choice((1, 3, 7, 7, 10, 14, 21, 30)))
        ends = None if rng.random() < 0.35 else begins + timedelta(days=rng.choice((30, 60, 90, 90, 180)))
        units = rng.choice((None, 1, 1, 6, 8, 12, 12, 24))
        sides = (rng.choice(("LT", "RT")),) if rng.random() < 0.15 else ()
        services = tuple(Asked(code, sides, units, begins, ends) for code in codes)
        diagnoses = tuple(rng.sample(DIAGNOSES, k=rng.choice((1, 1, 2))))
        return Case(group, person, asks, serves, services, diagnoses, asked, rng.choice(("routine", "routine", "urgent")))

    def _sheet(self) -> Sheet:
        """A form leaves out some fields, or the office does."""
        every = ("sex", "urgency", "member.member_id", "servicing_provider.npi", "request.requested_on", "requesting_provider.fax")
        return Sheet(left_out=frozenset(one for one in every if self._rng.random() < 0.05))

    def _grant(self, case: Case, came: datetime) -> None:
        """The plan's answer, some days later; one number in twelve reaches us without the provider or the codes."""
        rng = self._rng
        first = case.services[0]
        services = tuple(
            Service(code=one.code, modifiers=list(one.modifiers), units=one.units, from_date=one.first, to_date=one.last)
            for one in case.services
        )
        bare = rng.random() < 0.08
        self.granted.append(
            Granted(
                NewAuthorization(
                    number=self._number,
                    status="approved",
                    member=Member(
                        last_name=case.person.last,
                        first_name=case.person.first,
                        member_id=case.person.member_id,
                        date_of_birth=case.person.born,
                    ),
                    requesting=RequestingProvider() if bare else RequestingProvider(name=case.asks.name, npi=case.asks.npi),
                    servicing=ServicingProvider(name=case.serves.name, npi=case.serves.npi),
                    services=() if bare else services,
                    valid_from=first.first,
                    valid_to=first.last or first.first + timedelta(days=90),
                ),
                case.group,
                came + timedelta(days=rng.randrange(1, 10)),
            )
        )

    def _later(self, sent: _Sent, least: int, most: int) -> datetime:
        rng = self._rng
        return sent.at + timedelta(days=rng.randrange(least, most + 1), minutes=rng.randrange(1, 300))

    # -- what follows
    def _plain(self, case: Case, sent: _Sent) -> list[_Sent]:
        del case, sent
        return []

    def _faxed_again(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The same sheet, once or more often."""
        times = self._rng.choice((1, 1, 1, 2, 3))
        return [_Sent(case, sent.sheet, self._later(sent, 0, 14), "faxed_again") for _ in range(times)]

    def _written_anew(self, case: Case, sent: _Sent) -> list[_Sent]:
        again = replace(case, asked_on=case.asked_on + timedelta(days=self._rng.randrange(1, 20)))
        return [_Sent(again, self._sheet(), self._later(sent, 1, 21), "written_anew")]

    def _marked_second(self, case: Case, sent: _Sent) -> list[_Sent]:
        again, differs = (self._otherwise(case), True) if self._rng.random() < 0.4 else (case, False)
        if self._rng.random() < 0.5:
            again = replace(again, asked_on=case.asked_on + timedelta(days=self._rng.randrange(1, 20)))
        sheet = replace(self._sheet(), second=self._rng.random() < 0.9)
        return [_Sent(again, sheet, self._later(sent, 1, 30), "marked_second", differs)]

    def _corrected(self, case: Case, sent: _Sent) -> list[_Sent]:
        """Something was wrong, and nobody says so."""
        return [_Sent(self._otherwise(case), self._sheet(), self._later(sent, 0, 10), "corrected", differs=True)]

    def _otherwise(self, case: Case) -> Case:
        rng = self._rng
        if self._hard and rng.random() < 0.5:
            return corrected(case, rng)
        how = rng.choice(("units", "add", "days", "diagnosis", "serves"))
        if how == "units":
            more = rng.choice((1, 4, 12))
            return replace(case, services=tuple(replace(one, units=(one.units or 1) + more) for one in case.services))
        if how == "add":
            line = replace(case.services[0], code=rng.choice(SPECIALTIES[case.serves.specialty]))
            known = {one.code for one in case.services}
            return replace(case, services=(*case.services, line)) if line.code not in known else self._otherwise(case)
        if how == "days":
            return replace(moved(case, rng.choice((1, 2, 5))), asked_on=case.asked_on)
        if how == "diagnosis":
            left = [code for code in DIAGNOSES if code not in case.diagnoses]
            return replace(case, diagnoses=(*case.diagnoses, rng.choice(left)))
        return replace(case, serves=rng.choice(rng.choice(self._place.offices)))

    def _amended(self, case: Case, sent: _Sent) -> list[_Sent]:
        return [self._amendment(case, self._later(sent, 12, 60), 1)]

    def _amended_twice(self, case: Case, sent: _Sent) -> list[_Sent]:
        first = self._amendment(case, self._later(sent, 12, 30), 1)
        return [first, self._amendment(case, self._later(first, 3, 30), 2)]

    def _amended_again(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The change itself is faxed again."""
        first = self._amendment(case, self._later(sent, 12, 60), 1)
        return [first, replace(first, at=self._later(first, 0, 10), story="change_faxed_again")]

    def _amendment(self, case: Case, at: datetime, which: int) -> _Sent:
        """A letter, a change form, or the full form with its change: with the number, with a wrong one, or without."""
        rng = self._rng
        how = rng.random()
        number = self._number if how < 0.72 else misread(rng, self._number) if how < 0.8 else None
        by_letter = rng.random() < 0.5
        who = frozenset(one for one in ("member.member_id", "member.date_of_birth") if rng.random() < 0.12)
        left = (_LETTER if by_letter else frozenset({"urgency"})) | who
        asks = case.asks if rng.random() < 0.92 else rng.choice(rng.choice(self._place.offices))
        change = self._change(case)
        sheet = Sheet("amendment", left, number=number, changes=(change,))
        own = replace(case, group=f"{case.group}/change{which}", asks=asks, asked_on=at.date())
        return _Sent(own, sheet, at, "amended", amends=case.group)

    def _change(self, case: Case) -> Amendment:
        rng, first = self._rng, case.services[0]
        how = rng.choice(("code", "units", "to", "serves", "diagnosis"))
        if how == "code":
            new = rng.choice([code for code in SPECIALTIES[case.serves.specialty] if code != first.code])
            return Amendment(action=AmendmentAction.REPLACE, field=AmendmentField.SERVICE_CODE, old=first.code, new=new)
        if how == "units":
            return Amendment(action=AmendmentAction.ADD, field=AmendmentField.UNITS, new=rng.choice((4, 6, 12)), code=first.code)
        if how == "to":
            day = (first.last or first.first) + timedelta(days=30)
            return Amendment(action=AmendmentAction.REPLACE, field=AmendmentField.TO_DATE, old=first.last, new=day)
        if how == "diagnosis":
            return Amendment(action=AmendmentAction.ADD, field=AmendmentField.DIAGNOSIS_CODE, new=rng.choice(DIAGNOSES))
        provider = rng.choice(rng.choice(self._place.offices))
        return Amendment(action=AmendmentAction.REPLACE, field=AmendmentField.SERVICING_NPI, old=case.serves.npi, new=provider.npi)

    def _extended(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The full form with Extension ticked, for the time behind the first."""
        one = replace(self._amendment(case, self._later(sent, 30, 90), 1), story="extended")
        later = moved(one.case, 60)
        return [replace(one, case=replace(later, asked_on=one.at.date()), sheet=replace(one.sheet, kind="extension", changes=()))]

    def _cancelled(self, case: Case, sent: _Sent) -> list[_Sent]:
        one = replace(self._amendment(case, self._later(sent, 3, 40), 1), story="cancelled")
        return [replace(one, sheet=replace(one.sheet, kind="cancellation", changes=()))]

    # -- what only looks so
    def _renewed(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The same for the next year."""
        days = self._rng.randrange(170, 370)
        return [self._another(moved(case, days), sent.at + timedelta(days=days), "renewed")]

    def _series(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The next block of visits."""
        days = self._rng.choice((14, 28, 30, 42, 60, 90))
        return [self._another(moved(case, days), sent.at + timedelta(days=days - self._rng.randrange(5)), "series")]

    def _other_same_day(self, case: Case, sent: _Sent) -> list[_Sent]:
        """Something else for the same member, from the same office on the same day."""
        known = {one.code for one in case.services}
        left = [code for code in SPECIALTIES[case.serves.specialty] if code not in known]
        if not left:
            return []
        services = (replace(case.services[0], code=self._rng.choice(left)),)
        at = sent.at + timedelta(minutes=self._rng.randrange(1, 200))
        return [self._another(replace(case, services=services), at, "same_day")]

    def _other_side(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The other eye, or the other knee: some days later, or at once."""
        services = tuple(replace(one, modifiers=("LT",) if "RT" in one.modifiers else ("RT",)) for one in case.services)
        days = self._rng.choice((0, 7, 14, 21))
        at = sent.at + timedelta(days=days, minutes=7)
        return [self._another(moved(replace(case, services=services), days), at, "other_side")]

    def _twin(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The same for a sister or brother, on the same day."""
        others = [person for person in self._family if person != case.person]
        if not others:
            return []
        own = replace(case, person=self._rng.choice(others))
        return [self._another(own, sent.at + timedelta(minutes=self._rng.randrange(1, 90)), "twin")]

    def _other_office(self, case: Case, sent: _Sent) -> list[_Sent]:
        """The same service, asked for by another provider for other days."""
        other = self._rng.choice(self._rng.choice(self._place.offices))
        days = self._rng.randrange(5, 30)
        return [self._another(moved(replace(case, asks=other), days), sent.at + timedelta(days=days), "other_office")]

    def _another(self, case: Case, at: datetime, story: str) -> _Sent:
        return _Sent(replace(case, group=f"{self._group}/{story}"), self._sheet(), at, story)
