"""What the directories say of the providers of a request: whether name, NPI, TIN and fax number belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.circumstances import Notice
from models.notices import with_notices
from models.record import ReferralRecord, RequestingProvider, ServicingProvider
from models.roster import ProviderPlace
from models.values.npi import has_check_digit
from roster.likeness import Likeness, best, of_number, of_provider_name
from roster.linkage import Likenesses, agreements
from roster.members import service_day
from roster.readings import Said, as_read, with_said
from roster.rules import notice

Role = Literal["requesting", "servicing"]
ROLES: tuple[Role, ...] = ("requesting", "servicing")
_FIELDS = ("npi", "name", "tin", "fax", "phone")


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider of the directories: all its places, and how the request stands to them."""

    places: tuple[ProviderPlace, ...]
    likenesses: Likenesses


@dataclass(frozen=True, slots=True)
class Directories:
    """Which directories are in force: the plan's own, and the national one."""

    own: bool
    national: bool


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of one provider: who has its NPI, and who is meant by all that is said, where that is sure."""

    with_npi: Entry | None
    meant: Entry | None


def confirmed_providers(
    record: ReferralRecord, found: Mapping[Role, Sequence[ProviderPlace]], directories: Directories
) -> ReferralRecord:
    """The record with what the directories say of its providers; done again on its own result, nothing changes.

    Args:
        record: the record.
        found: for each role, the places of everybody with its NPI, TIN, fax number or name.
        directories: which there are.
    """
    notices: list[Notice] = []
    for role in ROLES:
        looked = _looked(record, role, found.get(role, ()))
        record = with_said(record, f"{role}_provider", _said(record, role, looked))
        notices += _notices(record, role, looked, directories)
    return with_notices(record, "provider", notices)


def provider_of(record: ReferralRecord, role: Role) -> RequestingProvider | ServicingProvider:
    """The provider with a role."""
    return record.requesting_provider if role == "requesting" else record.servicing_provider


def _looked(record: ReferralRecord, role: Role, found: Sequence[ProviderPlace]) -> _Looked:
    places: dict[str, list[ProviderPlace]] = {}
    for place in dict.fromkeys(found):
        places.setdefault(place.npi, []).append(place)
    entries = [Entry(tuple(own), _likenesses(record, role, own)) for own in places.values()]
    shares = agreements()["provider"].probabilities([entry.likenesses for entry in entries])
    ranked = sorted(zip(shares, entries, strict=True), key=lambda pair: -pair[0])
    meant = ranked[0][1] if ranked and ranked[0][0] >= agreements()["provider"].sure else None
    with_npi = next((entry for entry in entries if entry.likenesses["npi"] is Likeness.SAME), None)
    return _Looked(with_npi, meant)


def _likenesses(record: ReferralRecord, role: Role, places: Sequence[ProviderPlace]) -> dict[str, Likeness]:
    said = provider_of(record, role)
    # An NPI may be that of the facility, which stands beside the name of who will do it there.
    names = [said.name, said.facility] if isinstance(said, ServicingProvider) else [said.name]
    return {
        "npi": of_number(said.npi, places[0].npi),
        "name": best(of_provider_name(name, place.name) for name in names for place in places),
        "tin": best(of_number(said.tin, place.tin) for place in places),
        "fax": best(of_number(said.fax, place.fax) for place in places),
        "phone": best(of_number(said.phone, place.phone) for place in places),
    }


def _said(record: ReferralRecord, role: Role, looked: _Looked) -> dict[str, Said]:
    """What the directories say of the readings of a provider, each weighed by what all others say of who it is."""
    entry, numbers = looked.meant, agreements()["provider"]
    said: dict[str, Said] = {}
    for name in _FIELDS if entry is not None else ():
        path = f"{role}_provider.{name}"
        reading = record.readings.get(path)
        if reading is None or entry is None:
            continue
        likeness = entry.likenesses[name]
        if name == "name" and likeness is Likeness.SAME and not _own_name_is(record, role, entry):
            continue
        (linked,) = numbers.probabilities([entry.likenesses], without=name)
        confidence = numbers.confidence(name, as_read(reading), likeness, linked)
        said[path] = Said(confidence, _proposed(record, role, entry, name))
    return said


def _own_name_is(record: ReferralRecord, role: Role, entry: Entry) -> bool:
    """Whether it is the name itself that the directory has, and not that of the facility."""
    name = provider_of(record, role).name
    return any(of_provider_name(name, place.name) is Likeness.SAME for place in entry.places)


def _proposed(record: ReferralRecord, role: Role, entry: Entry, name: str) -> str | None:
    """The directory's value, where the form's is a misreading away, or where none could be read and there is but one."""
    read = getattr(provider_of(record, role), name)
    known = list(dict.fromkeys(value for place in entry.places if (value := getattr(place, name))))
    if read is None:
        return known[0] if len(known) == 1 and name in ("npi", "name") else None
    if entry.likenesses[name] is not Likeness.NEAR:
        return None
    like = of_provider_name if name == "name" else of_number
    return next((value for value in known if like(read, value) is Likeness.NEAR), None)


def _notices(record: ReferralRecord, role: Role, looked: _Looked, directories: Directories) -> Iterator[Notice]:
    npi = provider_of(record, role).npi
    if npi is None or not has_check_digit(npi):
        # What is no NPI is a gap of the form; the directory's value is proposed.
        return
    if looked.meant is not None and looked.meant.likenesses["npi"] is Likeness.NEAR:
        yield notice("directory.provider.npi_differs", role=role)
    elif looked.with_npi is not None:
        yield from _of_entry(role, looked.with_npi, service_day(record))
    else:
        yield notice("directory.provider.unknown_npi" if directories.national else "directory.provider.not_in_directory", role=role)


def _of_entry(role: Role, entry: Entry, day: date) -> Iterator[Notice]:
    ended = [place.deactivated_on for place in entry.places if place.deactivated_on is not None]
    if ended and min(ended) <= day:
        yield notice("directory.provider.npi_deactivated", role=role, day=day.isoformat())
    if entry.likenesses["name"] is Likeness.OTHER:
        yield notice("directory.provider.name_differs", role=role)
    if entry.likenesses["tin"] in (Likeness.OTHER, Likeness.NEAR):
        yield notice("directory.provider.tin_differs", role=role)
    if entry.likenesses["fax"] in (Likeness.OTHER, Likeness.NEAR):
        yield notice("directory.provider.fax_differs", role=role)
