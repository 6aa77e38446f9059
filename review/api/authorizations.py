"""Authorizations that the plan's own system has given: brought in, searched, and one by its id. No address holds a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from models.record import Service
from models.record_parts import Diagnosis, Member, RequestingProvider, ServicingProvider
from models.store import authorizations
from models.store.audit import EVERYTHING, Look, note_look
from models.store.authorizations import NewAuthorization
from models.store.match_tables import AuthorizationRow
from review.access.actor import Actor
from review.api.common import NotThere, Services, Viewer, Worker, fails, reading
from review.api.models import Day, Id, Message
from review.services import DeskServices

router = APIRouter(tags=["authorizations"])

AuthorizationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="The authorization's id, not its number.")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\u0000-\u001f]*[A-Za-z0-9][^\u0000-\u001f]*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\u0000-\u001f]*$")]
Npi = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{9}$")]
Fax = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"), Field(description="E.164.")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4,6}$")]
Modifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
Icd10 = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]
Plan = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\u0000-\u001f]*$")]
State = Literal["approved", "modified", "pending", "denied", "cancelled", "expired"]
_MOST = 1_000
_MOST_SERVICES = 100


class ServiceBody(Message):
    """One service of an authorization."""

    code: Code
    modifiers: list[Modifier] = Field(default_factory=list, max_length=8)
    units: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = None
    from_date: Day | None = None
    to_date: Day | None = None


class AuthorizationBody(Message):
    """An authorization. ``plan`` is empty where there is one plan only; ``record_id`` is the request that it was given for."""

    number: Number
    plan: Plan = ""
    status: State = "approved"
    member_id: Number | None = None
    last_name: Name | None = None
    first_name: Name | None = None
    date_of_birth: Day | None = None
    requesting_name: Name | None = None
    requesting_npi: Npi | None = None
    requesting_fax: Fax | None = None
    servicing_name: Name | None = None
    servicing_npi: Npi | None = None
    diagnoses: list[Icd10] = Field(default_factory=list, max_length=_MOST_SERVICES)
    services: list[ServiceBody] = Field(default_factory=list, max_length=_MOST_SERVICES)
    valid_from: Day | None = None
    valid_to: Day | None = None
    record_id: Id | None = None

    def given(self) -> NewAuthorization:
        """As the store takes it."""
        return NewAuthorization(
            number=self.number,
            status=self.status,
            plan=self.plan,
            member=Member(
                last_name=self.last_name, first_name=self.first_name, member_id=self.member_id, date_of_birth=self.date_of_birth
            ),
            requesting=RequestingProvider(name=self.requesting_name, npi=self.requesting_npi, fax=self.requesting_fax),
            servicing=ServicingProvider(name=self.servicing_name, npi=self.servicing_npi),
            diagnoses=tuple(Diagnosis(code=code) for code in self.diagnoses),
            services=tuple(Service.model_validate(one.model_dump()) for one in self.services),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            record_id=self.record_id,
        )


class Authorization(AuthorizationBody):
    """An authorization as it is kept. ``tied_by``: whether the import named its record, or it was matched."""

    authorization_id: str
    tied_by: str | None
    imported_at: datetime

    @classmethod
    def of(cls, row: AuthorizationRow) -> Authorization:
        """Of a row; what was kept is not checked again."""
        granted = authorizations.standing_of(row)
        own = {name: getattr(row, name) for name in cls.model_fields if name not in ("diagnoses", "services")}
        services = [
            ServiceBody.model_construct(**one.model_dump(exclude={"code_system", "description"})) for one in granted.services
        ]
        return cls.model_construct(**own, diagnoses=[one.code for one in granted.diagnoses if one.code], services=services)


class AuthorizationsBody(Message):
    """Authorizations to keep: those that are known by their plan and number are renewed."""

    authorizations: Annotated[list[AuthorizationBody], Field(min_length=1, max_length=_MOST)]


class AuthorizationSearch(Message):
    """What is looked for: a whole number of an authorization, or a member's whole number."""

    number: Number | None = None
    member_id: Number | None = None


class Kept(Message):
    """What became of those that were sent, in their order; one that was sent twice is kept once. ``tied`` were tied by matching."""

    authorization_ids: list[str]
    tied: int


@router.post("/authorizations", status_code=201, responses=fails(), summary="Bring in authorizations")
def brought_in(services: Services, actor: Worker, body: AuthorizationsBody) -> Kept:
    """Keep authorizations, so that changes to them find what they change. Sent again, they are kept once."""
    now = services.now()
    with Session(services.engine) as session, session.begin():
        rows = authorizations.bring_in(session, [one.given() for one in body.authorizations], now)
        tied = services.tied(session, rows)
        note_look(session, Look(actor.name, "import_authorizations", EVERYTHING), now)
        return Kept(authorization_ids=[row.authorization_id for row in rows], tied=tied)


@router.post("/authorizations/search", responses=fails(), summary="Search authorizations")
def found(services: Services, actor: Viewer, sought: AuthorizationSearch) -> list[Authorization]:
    """The authorizations with a number, or a member's newest. What is looked for is sent in the body, and stands in no address."""
    with reading(services) as session:
        rows: Sequence[AuthorizationRow] = ()
        if sought.number is not None:
            rows = authorizations.with_number(session, sought.number)
        elif sought.member_id is not None:
            rows = authorizations.of_member(session, sought.member_id)
        told = [Authorization.of(row) for row in rows]
    _seen(services, actor, None)
    return told


@router.get("/authorizations/{authorization_id}", responses=fails(404), summary="Get an authorization")
def one(services: Services, actor: Viewer, authorization_id: AuthorizationId) -> Authorization:
    """One authorization, by its id."""
    with reading(services) as session:
        row = session.get(AuthorizationRow, authorization_id)
        if row is None:
            raise NotThere("There is no such authorization.")
        told = Authorization.of(row)
    _seen(services, actor, authorization_id)
    return told


def _seen(services: DeskServices, actor: Actor, authorization_id: str | None) -> None:
    """Note who looked."""
    with Session(services.engine) as session, session.begin():
        note_look(session, Look(actor.name, "view_authorizations", EVERYTHING, detail=authorization_id), services.now())
