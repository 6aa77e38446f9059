"""What a plan file and the file of published forms may say; the shipped ones are in ``validation/plans/``."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.circumstances import LineOfBusiness
from validation.policy import RULE_ID

PLAN_ID = r"^[a-z][a-z0-9_]*$"
URGENT_FOLDER = "urgent"
"""The name that a folder for urgent faxes has, and so that of no plan's folder."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormTopic(StrEnum):
    """What a published form is for, where that is no medical request to a plan."""

    PHARMACY = "pharmacy"
    CCS = "ccs"
    DENTAL = "dental"


class KnownPlan(_Closed):
    """A plan whose forms are told from those of others. ``names`` are how they call it."""

    id: str = Field(pattern=PLAN_ID)
    title: str
    names: tuple[str, ...] = ()


class Plan(KnownPlan):
    """One plan that a site may work for.

    ``fax_numbers`` (E.164) are those that its forms tell to send to. ``lines_of_business`` are what it offers. ``policy`` and
    ``deadlines`` name a shipped completeness policy and deadline set, or a file beside this one; without ``policy`` the site's own
    or the default one holds, without ``deadlines`` those of the policy. ``form_policies`` are other policies for single published
    forms. ``inbox`` is the folder in the inbox through which its faxes come; without it, one of its id. ``accepts`` are kinds of
    forms that it takes itself, which at other plans belong elsewhere. ``source`` is where its rules are published.
    """

    kind: Literal["plan"]
    fax_numbers: tuple[str, ...] = ()
    lines_of_business: tuple[LineOfBusiness, ...] = ()
    policy: str | None = None
    deadlines: str | None = None
    form_policies: dict[str, str] = Field(default_factory=dict)
    inbox: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    accepts: frozenset[FormTopic] = frozenset()
    source: str | None = None

    @field_validator("fax_numbers")
    @classmethod
    def _whole_numbers(cls, numbers: tuple[str, ...]) -> tuple[str, ...]:
        if any(not (number.startswith("+") and number[1:].isdecimal()) for number in numbers):
            raise ValueError("a number with its country, such as +18315550142")
        return numbers

    @field_validator("id", "inbox")
    @classmethod
    def _not_urgent(cls, name: str | None) -> str | None:
        if name is not None and name.lower() == URGENT_FOLDER:
            raise ValueError(f"{URGENT_FOLDER} is the folder for urgent faxes")
        return name

    @property
    def folder(self) -> str:
        """The name of its folder in the inbox."""
        return self.inbox or self.id


class OtherPlans(_Closed):
    """The file of plans that are known by their names alone."""

    kind: Literal["other_plans"]
    plans: tuple[KnownPlan, ...]


class PublishedForm(_Closed):
    """A form that many offices use. ``phrases`` are words of its title or its form number, of which one is enough.

    ``plan`` is the plan whose form it is, ``topic`` what it is for where that is no medical request to a plan, and ``policy`` the
    completeness policy that holds for it where no plan is known. ``belongs_to``, ``rule`` and ``source`` say where such a request
    belongs, and why.
    """

    id: str = Field(pattern=PLAN_ID)
    title: str
    phrases: tuple[str, ...]
    plan: str | None = None
    policy: str | None = None
    topic: FormTopic | None = None
    belongs_to: str | None = None
    rule: str | None = Field(default=None, pattern=RULE_ID)
    source: str


class PublishedForms(_Closed):
    """The file of published forms."""

    kind: Literal["published_forms"]
    forms: tuple[PublishedForm, ...]
