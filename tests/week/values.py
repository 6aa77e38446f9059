"""Who and what the week's faxes are about: fixed, made-up values, and the lists that the site imports of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.faxes.content import Case, Change, Line, Member, Person, Provider, full_name
from tests.faxes.values import Day, npi_check_digit
from tests.week.drawn import nobody

PLAN = "Valley Choice Health Plan"
PLAN_FILE = """kind: plan
id: valley_choice
title: Valley Choice Health Plan
names: [Valley Choice Health Plan]
lines_of_business: [medi_cal, commercial]
deadlines: medi_cal_knox_keene
"""


def _member(last: str, first: str, number: str, born: date, sex: str) -> Member:
    return Member(last, first, "", number, Day.of(born), sex, None)


def _provider(first: str, last: str, nine: str, tin: str, exchange: str) -> Provider:
    who = Person(last, first)
    phone, fax = (f"+1831{exchange}{line}" for line in ("0141", "0142"))
    name = full_name(who)
    return Provider(name, who, "MD", nine + npi_check_digit(nine), tin, phone, fax, "Dana Reed", "Delta Surgery Center")


MEMBERS = {
    "plain": _member("Quintero", "Marisol", "91234567A", date(1961, 3, 14), "F"),
    "commercial": _member("Holloway", "Bernard", "H40718263", date(1972, 8, 9), "M"),
    "urgent": _member("Nakamura", "Felicia", "93847561C", date(1955, 12, 2), "F"),
    "forgotten": _member("Drummond", "Chester", "95512378E", date(1948, 6, 27), "M"),
    "lacking": _member("Villareal", "Ofelia", "97310284F", date(1983, 1, 19), "F"),
    "unknown_number": _member("Osgood", "Randall", "92286417G", date(1969, 10, 5), "M"),
    "other_plan": _member("Petrossian", "Lucine", "96634819H", date(1977, 4, 30), "F"),
    "far_urgent": _member("Castellano", "Bruno", "94427156J", date(1958, 9, 12), "M"),
    "downgraded": _member("Eastwood", "Harriet", "98173642K", date(1966, 2, 8), "F"),
    "extended": _member("Lindqvist", "Gunnar", "99058273M", date(1951, 7, 21), "M"),
    "waited": _member("Mbeki", "Thandiwe", "91746385N", date(1980, 11, 16), "F"),
}
OFFICES = {
    "alder": _provider("Ina", "Brook", "123456789", "12-3456789", "555"),
    "cedar": _provider("Owen", "Marsh", "148779304", "47-2210986", "624"),
    "birch": _provider("Clara", "Stone", "167228415", "33-7719052", "737"),
}
SERVICING = replace(_provider("Omar", "Vale", "190334712", "98-7654321", "848"), contact=None)
IN_NO_LIST = ("other_plan",)
AUTHORIZATION, NOT_OURS = "A55810372", "A99127764"


def request(who: str, office: str, asked: date, urgency: str, first_day: date, *, units: int = 12) -> Case:
    """A new request for physical therapy, written and signed on one day."""
    start = Day.of(first_day)
    return replace(
        nobody(who),
        kind="new",
        urgency=urgency,
        requested_on=Day.of(asked),
        signed_on=Day.of(asked),
        authorization_number=None,
        member=MEMBERS[who],
        requesting=OFFICES[office],
        servicing=SERVICING,
        diagnoses=(("M54.50", None),),
        services=(Line("97110", None, (), units, start, Day.of(first_day + timedelta(days=59))),),
    )


def change(who: str, office: str, asked: date, kind: str, number: str, changes: tuple[Change, ...]) -> Case:
    """A change of an authorization, or its extension."""
    base = request(who, office, asked, "routine", asked + timedelta(days=7))
    return replace(base, kind=kind, authorization_number=number, changes=changes)


def roster() -> str:
    """The members as the plans' file has them; one is commercial, one belongs to the site's other plan, one is in no list."""
    rows = ["member_id,last_name,first_name,date_of_birth,sex,plan,line_of_business,eligible_from"]
    for who, one in MEMBERS.items():
        if who not in IN_NO_LIST:
            plan = "california_health_wellness" if who == "far_urgent" else "valley_choice"
            line = "commercial" if who == "commercial" else "medi_cal"
            born = one.date_of_birth.real if one.date_of_birth else None
            rows.append(f"{one.member_id},{one.last_name},{one.first_name},{born},{one.sex},{plan},{line},2025-01-01")
    return "\n".join(rows) + "\n"


def directory() -> str:
    """The providers as the plan's directory has them."""
    rows = ["npi,name,tin,fax,phone"]
    rows += [f"{one.npi},{one.name},{one.tin},{one.fax},{one.phone}" for one in (*OFFICES.values(), SERVICING)]
    return "\n".join(rows) + "\n"


def authorizations(record_id: str) -> str:
    """What the plan granted for the urgent request."""
    one, office = MEMBERS["urgent"], OFFICES["cedar"]
    born = one.date_of_birth.real if one.date_of_birth else None
    head = (
        "number,plan,status,member_id,last_name,first_name,date_of_birth,requesting_name,requesting_npi,requesting_fax,"
        "code,units,from_date,to_date,diagnoses,valid_from,valid_to,record_id"
    )
    row = (
        f"{AUTHORIZATION},valley_choice,approved,{one.member_id},{one.last_name},{one.first_name},{born},{office.name},{office.npi},"
        f"{office.fax},97110,12,2026-11-09,2027-01-07,M54.50,2026-11-09,2027-01-07,{record_id}"
    )
    return f"{head}\n{row}\n"
