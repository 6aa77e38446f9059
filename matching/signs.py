"""The signs by which two requests agree or disagree, each with its level. What a level is worth is data: see ``weights.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from matching import alike
from matching.alike import Likeness
from matching.facts import Facts

Signs = Mapping[str, str]
"""By the name of a sign its level."""

UNKNOWN = Likeness.UNKNOWN.value
SAME = Likeness.SAME.value
OTHER = Likeness.OTHER.value
PART = "part"
AGREEING = frozenset({SAME, Likeness.MISREAD.value, Likeness.NEAR.value, PART})
"""The levels of values that agree, in whole or in part."""

_SOON = ((60, "months"), (200, "half_year"))
_SHIFT = ((0, SAME), (7, "week"), (45, "weeks"))


def member_signs(one: Facts, other: Facts) -> dict[str, str]:
    """Whether both are about the same person."""
    born = alike.dates(_iso(one.born), _iso(other.born))
    return {
        "member_id": alike.numbers(one.member_id, other.member_id).value,
        "last_name": alike.names(one.last_name, other.last_name).value,
        "first_name": alike.names(one.first_name, other.first_name).value,
        "date_of_birth": born.value,
    }


def request_signs(one: Facts, other: Facts) -> dict[str, str]:
    """Whether two requests for one member are the same request.

    Args:
        one: the later one.
        other: the earlier one.
    """
    codes, begin = _codes(one.codes, other.codes), _begin(one.from_dates, other.from_dates)
    sides = _set(one.modifiers, other.modifiers, empty=SAME) if one.codes and other.codes else UNKNOWN
    return {
        "services": _changes(one, other) if one.changes and other.changes else _services(codes, begin, sides),
        "codes": codes,
        "modifiers": sides,
        "units": _set(_units(one), _units(other)),
        "from_dates": begin,
        "diagnoses": _codes(one.diagnoses, other.diagnoses),
        "requesting_provider": _asks(one, other),
        "servicing_provider": _provider(one.serves_npi, one.serves_name, other.serves_npi, other.serves_name),
        "requested_on": _plain(_iso(one.requested_on), _iso(other.requested_on)),
        "authorization_number": alike.numbers(one.number, other.number).value,
        "changes": _set(one.changes, other.changes),
        "marked_second": "yes" if one.marked_second else "no",
        "apart": _apart(one, other),
    }


def amends_signs(one: Facts, other: Facts, member: str) -> dict[str, str]:
    """Whether a change, extension or cancellation is about an earlier request or authorization.

    Args:
        one: the change.
        other: the earlier request, with the number of its authorization, where it has one.
        member: how sure it is that both are about the same person, a level of :func:`matching.score.member_level`.
    """
    number = "untold" if one.number is not None and other.number is None else alike.numbers(one.number, other.number).value
    old = UNKNOWN if not one.stated_old else SAME if one.stated_old <= other.codes else OTHER
    return {
        "authorization_number": number,
        "member": member,
        "codes": _codes(one.codes, other.codes),
        "old_codes": old if other.codes else UNKNOWN,
        "diagnoses": _codes(one.diagnoses, other.diagnoses),
        "requesting_provider": _asks(one, other),
        "servicing_provider": _provider(one.serves_npi, one.serves_name, other.serves_npi, other.serves_name),
        "from_dates": _begin(one.from_dates, other.from_dates),
        "apart": _apart(one, other),
    }


def agreeing(signs: Signs) -> list[str]:
    """The names of the signs that agree."""
    return [name for name, level in signs.items() if level in AGREEING or (name, level) == ("marked_second", "yes")]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    return SAME if one == other else OTHER


def _set(one: frozenset[str], other: frozenset[str], empty: str = UNKNOWN) -> str:
    if not one and not other:
        return empty
    if not one or not other:
        return UNKNOWN
    return SAME if one == other else PART if one & other else OTHER


def _codes(one: frozenset[str], other: frozenset[str]) -> str:
    """``misread``: each code of the smaller set is, or may be misread from, one of the larger set."""
    if not one or not other:
        return UNKNOWN
    if one == other:
        return SAME
    fewer, more = sorted((one - other, other - one), key=len)
    if len(one) == len(other) and all(_misread_in(code, more) for code in fewer):
        return Likeness.MISREAD.value
    return PART if one & other or any(_misread_in(code, more) for code in fewer) else OTHER


def _services(codes: str, begin: str, sides: str) -> str:
    """Codes, days and sides together: ``same`` where all agree, ``misread`` where one may be misread, ``other`` where one does not.

    What each says by itself is less than what they say together: an office asks for the same codes again, and for others from the
    same day.
    """
    if UNKNOWN in (codes, begin):
        return UNKNOWN
    if OTHER in (codes, begin, sides):
        return OTHER
    if (codes, begin) == (SAME, SAME) and sides in (SAME, UNKNOWN):
        return SAME
    return Likeness.MISREAD.value if {codes, begin} <= {SAME, Likeness.MISREAD.value} else PART


def _changes(one: Facts, other: Facts) -> str:
    """The changes that two amendments ask for, together with the authorization that they are of."""
    if one.changes != other.changes:
        return "change_other"
    number = alike.numbers(one.number, other.number)
    if number in (Likeness.SAME, Likeness.UNKNOWN):
        return "change_same"
    return "change_other" if number is Likeness.OTHER else "change_misread"


def _misread_in(code: str, others: Iterable[str]) -> bool:
    return any(alike.numbers(code, other) is Likeness.MISREAD for other in others)


def _units(facts: Facts) -> frozenset[str]:
    return frozenset(f"{line.code} {line.units}" for line in facts.lines if line.units is not None)


def _begin(one: frozenset[date], other: frozenset[date]) -> str:
    """How far the earliest days of service lie apart; ``misread`` where one digit differs."""
    if not one or not other:
        return UNKNOWN
    first, second = min(one), min(other)
    days = abs((first - second).days)
    if days and alike.dates(first.isoformat(), second.isoformat()) is Likeness.MISREAD:
        return Likeness.MISREAD.value if days > _SHIFT[1][0] else "week"
    return next((level for most, level in _SHIFT if days <= most), OTHER)


def _asks(one: Facts, other: Facts) -> str:
    """The requesting provider: by NPI, else by name; an office's fax number in common is agreement too."""
    by_name = _provider(one.asks_npi, one.asks_name, other.asks_npi, other.asks_name)
    if by_name in (SAME, Likeness.MISREAD.value):
        return by_name
    if one.faxes & other.faxes:
        return "office" if by_name in (OTHER, Likeness.NEAR.value) else SAME
    return by_name


def _provider(npi: str | None, name: str | None, other_npi: str | None, other_name: str | None) -> str:
    by_npi, by_name = alike.numbers(npi, other_npi), alike.names(name, other_name)
    if by_npi is Likeness.SAME or by_npi is Likeness.UNKNOWN:
        return by_npi.value if by_npi is Likeness.SAME else by_name.value
    agrees = by_name in (Likeness.SAME, Likeness.MISREAD)
    return Likeness.MISREAD.value if agrees else OTHER


def _apart(one: Facts, other: Facts) -> str:
    """How long after the earlier one the later one came."""
    if one.received_at is None or other.received_at is None:
        return UNKNOWN
    days = abs((one.received_at - other.received_at).days)
    return next((level for most, level in _SOON if days <= most), "year")
