"""The sender's transmission line: one of the formats fax machines print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.faxes.content import Case

_FORMS = (
    "{stamp}  FROM: {number}  TO: {to}  P.{page:02d}/{pages:02d}",
    "{stamp}  {name}  {number}  P. {page}/{pages}",
    "From:{name} {number}  To:{to}  {stamp}  Page {page} of {pages}",
    "{stamp} {name} (FAX){number}  P.{page:03d}/{pages:03d}",
    "Received: {stamp}  {number}  pg {page} of {pages}",
    "{name}   Fax {number}   {stamp}   Page: {page}/{pages}",
)
_STAMPS = ("%m/%d/%Y %H:%M", "%b-%d-%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%m/%d/%y %I:%M %p", "%d %b %Y %H:%M", "%a, %b %d %Y %I:%M%p")
_NUMBERS = ("{a}-{b}-{c}", "{a}{b}{c}", "1{a}{b}{c}", "({a}) {b}-{c}", "{a} {b} {c}", "+1{a}{b}{c}")


@dataclass(frozen=True, slots=True)
class Transmission:
    """What the line says; ``name`` is ``None`` where its format has none."""

    form: str
    stamp: str
    number: str
    shown_number: str
    name: str | None
    to: str
    sent_at: datetime

    def line(self, page: int, pages: int) -> str:
        """The line on one page."""
        return self.form.format(
            stamp=self.sent_at.strftime(self.stamp),
            number=self.shown_number,
            name=self.name or "",
            to=self.to,
            page=page,
            pages=pages,
        )


def draw(rng: Random, case: Case) -> Transmission:
    """A random format with the case's office as sender."""
    form, number = rng.choice(_FORMS), case.requesting.fax or "+12095550100"
    day = (case.requested_on.real if case.requested_on else None) or date(2026, 1, 5)
    ten = number[2:]
    shown = rng.choice(_NUMBERS).format(a=ten[:3], b=ten[3:6], c=ten[6:])
    sent = datetime.combine(day, time(8)) + timedelta(minutes=rng.randrange(600))
    return Transmission(
        form,
        rng.choice(_STAMPS),
        number,
        shown,
        case.practice.upper()[:20].strip() if "{name}" in form else None,
        f"{rng.randrange(8000000000, 8999999999)}",
        sent,
    )
