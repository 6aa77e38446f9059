"""What a deadline file may say; the files are in ``validation/policies/``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.record import RequestKind, Urgency

ALL_KINDS: frozenset[RequestKind] = frozenset(RequestKind)


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineRule(_Closed):
    """One turn-around rule: hours or calendar days or business days from receipt, and where the rule stands."""

    id: str = Field(pattern=r"^[a-z0-9_.]+$")
    urgency: Urgency
    hours: int | None = Field(default=None, gt=0)
    calendar_days: int | None = Field(default=None, gt=0)
    business_days: int | None = Field(default=None, gt=0)
    source: str

    @model_validator(mode="after")
    def _one_length(self) -> DeadlineRule:
        if sum(length is not None for length in (self.hours, self.calendar_days, self.business_days)) != 1:
            raise ValueError(f"{self.id}: give one of hours, calendar_days and business_days")
        return self


class DeadlineSet(_Closed):
    """Turn-around rules that hold together: of all that fit a request, the earliest counts.

    ``country`` and ``subdivision`` name the calendar of public holidays, ``working_holidays`` the days in it that are worked all
    the same. ``when_not_stated`` is the clock of a request that gives no urgency. ``kinds`` are the requests that need a decision.
    ``fax_header_within_days``: a time of sending in the fax header starts the clock where it is before the receipt by no more than
    this.
    """

    kind: Literal["deadlines"]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    country: str
    subdivision: str | None = None
    working_holidays: frozenset[str] = frozenset()
    when_not_stated: Urgency
    kinds: frozenset[RequestKind] = ALL_KINDS
    fax_header_within_days: int = Field(default=0, ge=0)
    rules: tuple[DeadlineRule, ...]
