"""The member roster and the provider directories in force, searched: for whoever settles a request."""

from __future__ import annotations

import re
from datetime import date
from typing import Self

from fastapi import APIRouter
from pydantic import Field

from models.circumstances import LineOfBusiness
from models.roster import MemberSpan, ProviderPlace, plain_id
from models.store import roster
from models.store.audit import EVERYTHING, Look
from models.store.desk_keys import folded
from models.store.desk_tables import KeyKind
from review.api.common import Services, Viewer, amiss, fails, reading
from review.api.listings import SEARCHED
from review.api.models import Message, Words
from review.api.search_words import as_key_of_day
from review.api.views import note_always

router = APIRouter(tags=["rosters"])

_MOST = 50


class MemberSought(Message):
    """Who is looked for: all that is given holds. An id is any of theirs, whole; names are found by their beginnings."""

    member_id: Words = ""
    last_name: Words = ""
    first_name: Words = Field("", description="With a last name alone.")
    date_of_birth: Words = Field("", description="As 1950-02-17 or 2/17/1950.")


class MemberShown(Message):
    """One span of a member's coverage."""

    member_id: str
    cin: str | None
    mbi: str | None
    medical_record: str | None
    last_name: str
    first_name: str
    middle_name: str | None
    date_of_birth: date
    sex: str | None
    phone: str | None
    plan: str | None
    line_of_business: LineOfBusiness | None
    delegated_group: str | None
    eligible_from: date | None
    eligible_to: date | None
    other_coverage: str | None
    pcp_npi: str | None
    covered_today: bool

    @classmethod
    def of(cls, span: MemberSpan, today: date) -> Self:
        """A span as it is shown."""
        told = {name: getattr(span, name) for name in cls.model_fields if name != "covered_today"}
        return cls(**told, covered_today=span.holds_on(today))


class ProviderSought(Message):
    """Who is looked for: all that is given holds. A name is found by its beginning, all else is whole."""

    npi: Words = ""
    tin: Words = ""
    fax: Words = Field("", description="Ten digits, with or without the country code.")
    name: Words = ""


class ProviderShown(Message):
    """One place of a provider. ``national``: of NPPES, and not of the plan's own directory."""

    npi: str
    name: str
    is_organization: bool | None
    tin: str | None
    phone: str | None
    fax: str | None
    specialty: str | None
    network: str | None
    plan: str | None
    deactivated_on: date | None
    national: bool

    @classmethod
    def of(cls, place: ProviderPlace) -> Self:
        """A place as it is shown."""
        return cls(**{name: getattr(place, name) for name in cls.model_fields})


@router.post("/members/search", responses=fails(), summary="Search the member roster")
def members(services: Services, actor: Viewer, sought: MemberSought) -> list[MemberShown]:
    """Members of the roster in force, at most 50 spans of coverage; the audit trail keeps who asked. Without a question, none."""
    born = _born(sought.date_of_birth)
    with reading(services) as session:
        if plain_id(sought.member_id):
            found = roster.members_by_id(session, {plain_id(sought.member_id)})
        elif sought.last_name:
            found = roster.members_named_like(session, sought.last_name, sought.first_name)
        else:
            found = () if born is None else roster.members_by_birth(session, born)
    shown = [span for span in found if _is(span, sought, born)][:_MOST]
    _note(services, actor.name, "members", sought, len(shown))
    return [MemberShown.of(span, services.today()) for span in shown]


@router.post("/providers/search", responses=fails(), summary="Search the provider directories")
def providers(services: Services, actor: Viewer, sought: ProviderSought) -> list[ProviderShown]:
    """Providers of the directories in force, at most 50 places; the audit trail keeps who asked. Without a question, none."""
    npi, tin, fax = (re.sub(r"\D", "", text) for text in (sought.npi, sought.tin, sought.fax))
    tin = f"{tin[:2]}-{tin[2:]}" if tin else ""
    fax = f"+1{fax[-10:]}" if fax else ""
    with reading(services) as session:
        if npi:
            found = roster.providers_by_npi(session, {npi})
        elif tin:
            found = roster.providers_by_tin(session, tin)
        elif fax:
            found = roster.providers_by_fax(session, fax)
        else:
            found = roster.providers_by_name(session, sought.name, begins=True) if folded(KeyKind.PROVIDER, sought.name) else ()
    name = folded(KeyKind.PROVIDER, sought.name)
    shown = [
        place
        for place in found
        if tin in ("", place.tin) and fax in ("", place.fax) and folded(KeyKind.PROVIDER, place.name).startswith(name)
    ][:_MOST]
    _note(services, actor.name, "providers", sought, len(shown))
    return [ProviderShown.of(place) for place in shown]


def _born(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(as_key_of_day(text))
    except ValueError as error:
        raise amiss("body/date_of_birth", "A day such as 1950-02-17 or 2/17/1950.") from error


def _is(span: MemberSpan, sought: MemberSought, born: date | None) -> bool:
    last, first = folded(KeyKind.MEMBER, sought.last_name), folded(KeyKind.MEMBER, sought.first_name)
    named = folded(KeyKind.MEMBER, span.last_name).startswith(last) and folded(KeyKind.MEMBER, span.first_name).startswith(first)
    return named and born in (None, span.date_of_birth)


def _note(services: Services, actor: str, what: str, sought: MemberSought | ProviderSought, found: int) -> None:
    """Note who searched, by the names of what was asked for and without its values."""
    names = ", ".join(name for name, value in sought.model_dump().items() if value)
    note_always(services, Look(actor, SEARCHED, EVERYTHING, detail=f"{what} by {names or 'nothing'}: {found} found"))
