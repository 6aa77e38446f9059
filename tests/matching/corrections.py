"""Corrections of one character: the true changes that look most like a value that was misread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from matching.alike import confusable
from models.codesets import icd10cm, procedures
from models.values.member_id import MemberIdKind, member_id_kind
from models.values.npi import has_check_digit
from tests.matching.asked import Asked, Case

_DIGITS = "0123456789"
_FIELDS = ("code", "units", "first", "last", "member_id", "born", "diagnosis", "asks_npi", "serves_npi")


def corrected(case: Case, rng: Random) -> Case:
    """The case with one value another one of its kind: a character away, or two in an NPI, whose check digit moves with it."""
    while True:
        again = _with(case, rng.choice(_FIELDS), rng)
        if again != case:
            return again


def _with(case: Case, field: str, rng: Random) -> Case:
    if field == "member_id":
        is_cin = member_id_kind(case.person.member_id) is MemberIdKind.CIN
        told = _one_away(case.person.member_id, rng, lambda text: not is_cin or member_id_kind(text) is MemberIdKind.CIN)
        return replace(case, person=replace(case.person, member_id=told))
    if field == "born":
        return replace(case, person=replace(case.person, born=_day(case.person.born, rng)))
    if field == "diagnosis":
        told = _one_away(case.diagnoses[0], rng, icd10cm.exists)
        return replace(case, diagnoses=(told, *case.diagnoses[1:])) if told not in case.diagnoses else case
    if field.endswith("npi"):
        if field == "asks_npi":
            return replace(case, asks=replace(case.asks, npi=_npi(case.asks.npi, rng)))
        return replace(case, serves=replace(case.serves, npi=_npi(case.serves.npi, rng)))
    return replace(case, services=(_line(case, field, rng), *case.services[1:]))


def _line(case: Case, field: str, rng: Random) -> Asked:
    first = case.services[0]
    if field == "code":
        told = _one_away(first.code, rng, procedures.is_procedure)
        return first if told in {one.code for one in case.services} else replace(first, code=told)
    if field == "units":
        return first if first.units is None else replace(first, units=int(_one_away(str(first.units), rng, _is_count)))
    if field == "last":
        return first if first.last is None else replace(first, last=_day(first.last, rng, after=first.first))
    return replace(first, first=_day(first.first, rng, before=first.last))


def _is_count(text: str) -> bool:
    return text[0] != "0"


def _one_away(text: str, rng: Random, holds: Callable[[str], bool]) -> str:
    """The text with a digit changed; three times in four into one that OCR takes for it, where there is one that holds."""
    near: list[str] = []
    every: list[str] = []
    for n, character in enumerate(text):
        for digit in _DIGITS if character.isdigit() else "":
            told = text[:n] + digit + text[n + 1 :]
            if digit != character and holds(told):
                every.append(told)
                near += [told] if confusable(character, digit) else []
    return rng.choice(near if near and rng.random() < 0.75 else every or [text])


def _day(day: date, rng: Random, after: date | None = None, before: date | None = None) -> date:
    def holds(text: str) -> bool:
        try:
            told = date.fromisoformat(text)
        except ValueError:
            return False
        return text[:3] == day.isoformat()[:3] and (after is None or told >= after) and (before is None or told <= before)

    return date.fromisoformat(_one_away(day.isoformat(), rng, holds))


def _npi(npi: str, rng: Random) -> str:
    near = [npi[:n] + digit + npi[n + 1 : 9] + check for n in range(1, 9) for digit in _DIGITS for check in _DIGITS]
    return rng.choice([told for told in near if told != npi and has_check_digit(told)])
