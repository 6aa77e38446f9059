"""Made-up people and offices: families with one name, twins, namesakes, and numbers that differ by one digit."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.faxes import values

_PEOPLE = tomllib.loads((Path(__file__).parents[1] / "faxes" / "data" / "people.toml").read_text(encoding="utf-8"))
_FIRST_DAY = date(1935, 1, 1)
_CIN_LETTERS = "ACDEFGHMNTUVWXYZ"

SPECIALTIES: tuple[tuple[str, ...], ...] = (
    ("97110", "97140", "97112", "97530", "97162"),
    ("70551", "72148", "73721", "74177", "71260"),
    ("29881", "27447", "27130", "20610", "64483"),
    ("66984", "67028", "92134", "92083"),
    ("E0601", "E1390", "K0823", "L1833", "A4253"),
    ("90837", "96130", "96131", "H2019"),
    ("J0897", "J1745", "J9271", "96413", "96365"),
    ("99213", "99214", "45378", "43239"),
)
"""The codes that offices of one kind ask for."""

DIAGNOSES = ("M54.50", "M17.11", "M25.561", "G47.33", "E11.9", "I10", "F32.1", "H25.11", "C50.911", "J44.9", "M48.061", "K21.9")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a plan."""

    last: str
    first: str
    member_id: str
    born: date
    sex: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and the fax number of the office; ``specialty`` is a place in :data:`SPECIALTIES`."""

    name: str
    npi: str
    fax: str
    specialty: int


@dataclass(frozen=True, slots=True)
class Town:
    """Families and those who treat them."""

    families: tuple[tuple[Person, ...], ...]
    offices: tuple[tuple[Provider, ...], ...]


def town(rng: Random, households: int, offices: int) -> Town:
    """Draw a town."""
    families = tuple(_family(rng) for _ in range(households))
    return Town(_with_namesakes(rng, families), tuple(_office(rng) for _ in range(offices)))


def _first(rng: Random) -> tuple[str, str]:
    sex = rng.choice("FM")
    return rng.choice(_PEOPLE["first_f" if sex == "F" else "first_m"]), sex


def _last(rng: Random) -> str:
    return str(rng.choice(_PEOPLE["last"]))


def _born(rng: Random, *, grown: bool) -> date:
    first = _FIRST_DAY if grown else date(2004, 1, 1)
    return first + timedelta(days=rng.randrange(365 * (70 if grown else 21)))


def _family(rng: Random) -> tuple[Person, ...]:
    last, ids = _last(rng), _ids(rng)
    size = rng.choices((1, 2, 3, 4, 5), (40, 25, 15, 12, 8))[0]
    people = []
    for n in range(size):
        first, sex = _first(rng)
        people.append(Person(last, first, ids[n], _born(rng, grown=n < 2), sex))
    if size > 2 and rng.random() < 0.25:
        twin = people[-2]
        people[-1] = replace(people[-1], born=twin.born)
    if size > 1 and rng.random() < 0.08:
        people[1] = replace(people[1], first=people[0].first, born=_born(rng, grown=False), sex=people[0].sex)
    return tuple(people)


def _ids(rng: Random) -> list[str]:
    """Numbers of one family: their own, one after the other, one with a suffix for each, or the same for all."""
    how = rng.choices(("own", "next", "suffix", "shared"), (55, 20, 15, 10))[0]
    if how == "own":
        return [f"9{rng.randrange(10_000_000):07d}{rng.choice(_CIN_LETTERS)}" for _ in range(5)]
    base = rng.randrange(10_000_000, 99_000_000)
    if how == "next":
        return [f"H{base + n}" for n in range(5)]
    return [f"{base}0{n + 1}" if how == "suffix" else f"W{base}" for n in range(5)]


def _with_namesakes(rng: Random, families: tuple[tuple[Person, ...], ...]) -> tuple[tuple[Person, ...], ...]:
    """Some have another's whole name, and one in ten of these also their day of birth."""
    everybody = [person for family in families for person in family]
    changed = []
    for family in families:
        if rng.random() < 0.02:
            other = rng.choice(everybody)
            own = replace(family[0], last=other.last, first=other.first, sex=other.sex)
            changed.append((replace(own, born=other.born) if rng.random() < 0.1 else own, *family[1:]))
        else:
            changed.append(family)
    return tuple(changed)


def _office(rng: Random) -> tuple[Provider, ...]:
    fax, specialty = values.phone(rng), rng.randrange(len(SPECIALTIES))
    return tuple(
        Provider(f"{_first(rng)[0]} {_last(rng)}", values.npi(rng), fax, specialty) for _ in range(rng.choice((1, 1, 2, 3, 5)))
    )
