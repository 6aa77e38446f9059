"""What a deadline file may say; the files are in ``validation/policies/``, and ``docs/deadlines.md`` tells how to write one."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.circumstances import LineOfBusiness
from models.record import RequestKind, Urgency

ALL_KINDS: frozenset[RequestKind] = frozenset(RequestKind)
RULE_ID = r"^[a-z0-9_.]+$"


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Extension(_Closed):
    """By how much a notice may move a deadline.

    ``counted_from`` says from when the ``calendar_days`` run: from the original receipt, from the day on which the decision was due
    at first, or from the notice itself. What they end at is the ceiling, which nothing goes beyond.
    """

    calendar_days: int = Field(gt=0)
    counted_from: Literal["receipt", "due", "notice"]
    source: str


class ServiceFilter(_Closed):
    """Which services a rule is for: any whose description holds one of the words, or whose code fits one of the patterns whole."""

    words: tuple[str, ...] = ()
    codes: tuple[re.Pattern[str], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> ServiceFilter:
        if not self.words and not self.codes:
            raise ValueError("give words or codes")
        return self


class DeadlineRule(_Closed):
    """One turn-around rule: hours or calendar days or business days, from when, for which requests, and where the rule stands.

    ``starts``: from the receipt of the request, or from when all information that is reasonably needed was here (which is the
    receipt, unless an event says otherwise). ``lines`` are the lines of business that it is for, none for all; ``valid_from`` and
    ``valid_to`` the first and last day of receipt. ``before_expiry_hours``: it is for what was received no later than this before
    the end of the authorization that is to be extended. ``ignores_cut_off``: a receipt late in the day counts on that day.
    """

    id: str = Field(pattern=RULE_ID)
    urgency: Urgency
    hours: int | None = Field(default=None, gt=0)
    calendar_days: int | None = Field(default=None, gt=0)
    business_days: int | None = Field(default=None, gt=0)
    source: str
    starts: Literal["receipt", "information"] = "receipt"
    lines: frozenset[LineOfBusiness] = frozenset()
    kinds: frozenset[RequestKind] = ALL_KINDS
    services: ServiceFilter | None = None
    before_expiry_hours: int | None = Field(default=None, gt=0)
    valid_from: date | None = None
    valid_to: date | None = None
    ignores_cut_off: bool = False
    extension: Extension | None = None

    @model_validator(mode="after")
    def _one_length(self) -> DeadlineRule:
        if sum(length is not None for length in (self.hours, self.calendar_days, self.business_days)) != 1:
            raise ValueError(f"{self.id}: give one of hours, calendar_days and business_days")
        return self


class HolidayCalendar(_Closed):
    """The public holidays on which nobody works.

    ``country`` and ``subdivision`` (ISO 3166) name a calendar, ``working`` the days in it that are worked all the same.
    ``fridays_before`` are the holidays that give the Friday before where they fall on a Saturday; without it, all do.
    """

    country: str
    subdivision: str | None = None
    working: frozenset[str] = frozenset()
    fridays_before: frozenset[str] | None = None


class CutOff(_Closed):
    """What is received later in the day than ``at``, in the site's time, is received on the next business day; not where urgent."""

    at: time
    source: str


class Downgrade(_Closed):
    """An urgent request runs by the routine clocks where its first service is more than so many days after it was written."""

    rule: str = Field(pattern=RULE_ID)
    service_after_days: int = Field(ge=0)
    source: str


class DeadlineSet(_Closed):
    """Turn-around rules that hold together: of all that fit a request, the earliest counts.

    ``when_not_stated`` is the clock of a request that gives no urgency, ``line_when_not_known`` the line of business of
    one of which nobody knows it; without it, the rules of every line apply. ``kinds`` are the requests that need a decision.
    ``fax_header_within_days``: a time of sending in the fax header starts the clock where it is before the receipt by no more than
    this.
    """

    kind: Literal["deadlines"]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    holidays: HolidayCalendar
    when_not_stated: Urgency
    line_when_not_known: LineOfBusiness | None = None
    kinds: frozenset[RequestKind] = ALL_KINDS
    fax_header_within_days: int = Field(default=0, ge=0)
    cut_off: CutOff | None = None
    downgrade: Downgrade | None = None
    rules: tuple[DeadlineRule, ...]
