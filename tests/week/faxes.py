"""The week's faxes in the order in which they come: when, from whom, through which folder, and what is on them.

The week is Thursday, 5 November to Thursday, 12 November 2026. Wednesday, the 11th, is Veterans Day. All times are the site's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tests.faxes.content import Change
from tests.faxes.values import Day
from tests.week import drawn
from tests.week.values import AUTHORIZATION, NOT_OURS, PLAN, change, request

ZONE: Final = ZoneInfo("America/Los_Angeles")
_NUMBERS = {"alder": "831-555-0142", "cedar": "831-624-0142", "birch": "831-737-0142"}
_DRAWN_AGAIN = {"refaxed": "plain", "waited_again": "waited"}
_LOOKS = {
    "plain": "plain-3",
    "far_urgent": "far_urgent-2",
    "other_office": "amended",
    "sent_again": "forgotten",
    "made_urgent": "extended",
}
"""Which form an office has is drawn by the fax's name; these would have had one on which the reader misses a value."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a request says, where it is not the commonest: 12 visits from 23 November, routine, on the form of the site's plan."""

    urgency: str = "routine"
    first_day: date = date(2026, 11, 23)
    units: int = 12
    form: str = PLAN
    member: str | None = None


_STATED = {
    "urgent": Stated("urgent", date(2026, 11, 9)),
    "other_plan": Stated(form="CenCal Health"),
    "far_urgent": Stated("urgent", date(2026, 11, 24), form="California Health & Wellness"),
    "downgraded": Stated("urgent", date(2026, 11, 16)),
    "anew": Stated(units=16, member="commercial"),
    "sent_again": Stated(units=16, member="forgotten"),
    "made_urgent": Stated("urgent", member="extended"),
}


@dataclass(frozen=True, slots=True)
class Fax:
    """One fax: when the gateway took it, which office sent it, its folder in the inbox, and when it was sent, if not just then."""

    name: str
    at: datetime
    office: str
    folder: str = ""
    sent: datetime | None = None


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of the week, at the site."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


WEEK = (
    Fax("plain", at(5, 10), "alder"),
    Fax("commercial", at(5, 11), "birch"),
    Fax("urgent", at(5, 14), "cedar"),
    Fax("forgotten", at(5, 15), "alder"),
    Fax("lacking", at(6, 9), "birch"),
    Fax("refaxed", at(6, 13), "alder"),
    Fax("same_file", at(6, 13, 30), "cedar"),
    Fax("answer", at(9, 10), "birch"),
    Fax("amended", at(9, 11), "cedar"),
    Fax("unknown_number", at(9, 12), "alder"),
    Fax("other_plan", at(10, 9), "birch"),
    Fax("far_urgent", at(10, 10), "cedar", "california_health_wellness"),
    Fax("downgraded", at(10, 11), "alder"),
    Fax("other_office", at(10, 12), "alder"),
    Fax("extended", at(11, 12), "birch"),
    Fax("anew", at(12, 9), "birch"),
    Fax("waited", at(12, 10), "cedar", sent=at(6, 16, 20)),
    Fax("sent_again", at(12, 11), "alder"),
    Fax("made_urgent", at(12, 13), "birch"),
    Fax("cancelled", at(12, 14), "cedar"),
    Fax("waited_again", at(12, 15), "cedar"),
    Fax("junk", at(12, 15, 30), "alder"),
)
"""``same_file`` is the file of ``urgent`` once more, and ``answer`` is a letter of ours: these two are not drawn."""


def make(fax: Fax, folder: Path) -> Path:
    """Draw a fax, send it through its line, and give its file."""
    sent = fax.sent or fax.at
    first = next((one for one in WEEK if one.name == _DRAWN_AGAIN.get(fax.name)), fax)
    page = _page(first, (first.sent or first.at).date(), folder)
    return drawn.faxed(page, folder / f"{fax.name}.tif", fax.name, sent, _NUMBERS[fax.office])


def _page(fax: Fax, asked: date, folder: Path) -> Path:
    look = _LOOKS.get(fax.name, fax.name)
    if fax.name == "junk":
        return drawn.no_request(folder, look)
    if fax.name == "amended":
        more = Change("replace", "services.units", 12, 24, "97110")
        of = change("urgent", fax.office, asked, "amendment", AUTHORIZATION, (more,))
        return drawn.change_form(of, PLAN, folder, look)
    if fax.name == "other_office":
        more = Change("replace", "services.units", 24, 30, "97110")
        of = change("urgent", fax.office, asked, "amendment", AUTHORIZATION, (more,))
        return drawn.change_form(of, PLAN, folder, look)
    if fax.name == "cancelled":
        return drawn.change_form(change("urgent", fax.office, asked, "cancellation", AUTHORIZATION, ()), PLAN, folder, look)
    if fax.name == "unknown_number":
        later = Change("replace", "services.to_date", Day(2026, 11, 30), Day(2027, 1, 29), "97110")
        return drawn.change_form(change(fax.name, fax.office, asked, "extension", NOT_OURS, (later,)), PLAN, folder, look)
    return _request(fax, asked, folder, look)


def _request(fax: Fax, asked: date, folder: Path, look: str) -> Path:
    stated = _STATED.get(fax.name, Stated())
    of = request(stated.member or fax.name, fax.office, asked, stated.urgency, stated.first_day, units=stated.units)
    if fax.name == "lacking":
        of = replace(of, requesting=replace(of.requesting, npi=None))
    return drawn.form(of, stated.form, folder, look)
