"""The clocks of the plans whose rules are shipped, worked by hand. 10 March 2026 is a Tuesday, the 14th a Saturday."""

from __future__ import annotations

from datetime import date

import pytest

from models.circumstances import ClockEventKind, LineOfBusiness, Standing
from models.record import RequestKind, Service, Urgency
from tests.validation.clock_examples import after, at, came, due, end_of, event, rule
from tests.validation.requests import with_part
from validation.policies import deadline_sets

REQUESTED, RECEIVED = ClockEventKind.INFORMATION_REQUESTED, ClockEventKind.INFORMATION_RECEIVED
COMPLETE, EXTENDED = ClockEventKind.INFORMATION_COMPLETE, ClockEventKind.EXTENDED
MEDI_CAL, DUAL, MEDICARE = LineOfBusiness.MEDI_CAL, LineOfBusiness.DUAL, LineOfBusiness.MEDICARE
TUESDAY = "2026-03-10 09:00"
DRUG = [Service(code="J3490", description="Unclassified drugs")]
STANDING = [Service(code="99214", description="Standing Referral to cardiology")]


@pytest.mark.parametrize(
    ("received", "expected", "name"),
    [
        (TUESDAY, "2026-03-17", "cfr_422_568.routine.7_calendar_days"),  # 10 + 7
        ("2026-01-01 00:10", "2026-01-08", "cfr_422_568.routine.7_calendar_days"),  # the first day of the new limit
        ("2025-12-31 23:50", "2026-01-14", "cfr_422_568.routine.14_calendar_days"),  # the last day of the old one: 31 Dec + 14
    ],
)
def test_medicare_advantage(received: str, expected: str, name: str) -> None:
    found = after(came(received, line=MEDICARE), rules="medicare_advantage")
    assert (due(found), rule(found)) == (end_of(expected), name)


def test_medicare_advantage_is_extended_by_fourteen_days() -> None:
    # 17 + 14 = 31 March, and not for an urgent request.
    assert due(after(came(TUESDAY), event(EXTENDED, "2026-03-17 09:00"), rules="medicare_advantage")) == end_of("2026-03-31")
    fast = after(came(TUESDAY, Urgency.URGENT), event(EXTENDED, "2026-03-11 09:00"), rules="medicare_advantage")
    assert (due(fast), rule(fast)) == (at("2026-03-13 09:00"), "cfr_422_572.urgent.72_hours")


def test_health_net_duals_have_five_business_days_from_information_and_fourteen_days_at_most() -> None:
    found = after(came(TUESDAY, line=DUAL), event(COMPLETE, "2026-03-12 09:00"), rules="health_net")
    assert {clock.rule: clock.due_at for clock in found.clocks} == {
        "cms_0057_f.routine.7_calendar_days": end_of("2026-03-17"),  # 10 + 7: since 2026 the first
        "health_net.dual.routine.5_business_days": end_of("2026-03-19"),  # from Thursday 12: F13 M16 T17 W18 T19
        "health_net.dual.routine.14_calendar_days": end_of("2026-03-24"),  # 10 + 14
    }


def test_health_net_duals_extended() -> None:
    found = after(came(TUESDAY, line=DUAL), event(REQUESTED, "2026-03-12 09:00"), rules="health_net")
    assert {clock.rule: clock.due_at for clock in found.clocks} == {
        "cms_0057_f.routine.7_calendar_days": end_of("2026-03-31"),  # 17 + 14
        "health_net.dual.routine.5_business_days": end_of("2026-04-07"),  # 14 days from the request, and 14 more
        "health_net.dual.routine.14_calendar_days": end_of("2026-04-07"),  # 24 March + 14
    }
    assert due(found) == end_of("2026-03-31")


def test_health_net_waits_45_days_for_an_expert_from_its_notice() -> None:
    # 16 March + 45 = 30 April; before the notice there is no ceiling.
    record = came(TUESDAY, line=LineOfBusiness.COMMERCIAL)
    assert [clock.ceiling_at for clock in after(record, rules="health_net").clocks] == [None]
    noticed = after(record, event(EXTENDED, "2026-03-16 09:00"), rules="health_net")
    assert due(noticed) == end_of("2026-04-30")
    # A second notice does not count anew.
    again = after(
        record, event(EXTENDED, "2026-03-16 09:00", until="2026-04-10"), event(EXTENDED, "2026-04-09 09:00"), rules="health_net"
    )
    assert due(again) == end_of("2026-04-30")


@pytest.mark.parametrize(
    ("ends", "expected", "name"),
    [
        (date(2026, 3, 11), at("2026-03-11 09:00"), "health_net.concurrent.24_hours"),  # ends 38 hours 59 minutes later
        (date(2026, 3, 10), at("2026-03-13 09:00"), "hsc_1367_01.urgent.72_hours"),  # ends today
        (None, at("2026-03-13 09:00"), "hsc_1367_01.urgent.72_hours"),  # nobody knows when
    ],
)
def test_health_net_decides_in_24_hours_what_goes_on(ends: date | None, expected: object, name: str) -> None:
    record = with_part(came(TUESDAY, Urgency.URGENT, MEDI_CAL), "request", kind=RequestKind.EXTENSION)
    record = with_part(record, "related", before=Standing(valid_to=ends))
    found = after(record, rules="health_net")
    assert (due(found), rule(found)) == (expected, name)


@pytest.mark.parametrize(
    ("received", "line", "services", "expected", "name"),
    [
        # Saturday 14: five business days end on Friday 20, seven calendar days on Saturday 21.
        ("2026-03-14 09:00", MEDI_CAL, None, end_of("2026-03-20"), "hsc_1367_01.routine.5_business_days"),
        ("2026-03-14 09:00", MEDICARE, None, end_of("2026-03-21"), "cms_0057_f.routine.7_calendar_days"),
        # M16 T17 W18.
        ("2026-03-14 09:00", MEDI_CAL, STANDING, end_of("2026-03-18"), "alameda.standing_referral.3_business_days"),
        (TUESDAY, MEDI_CAL, DRUG, at("2026-03-11 09:00"), "alameda.drug.medi_cal.24_hours"),
        (TUESDAY, DUAL, DRUG, at("2026-03-13 09:00"), "alameda.drug.dual.72_hours"),
        # Group Care: the drug has the seven days of everything; W11 T12 F13 M16 T17 is the same day, and first in the set.
        (TUESDAY, LineOfBusiness.COMMERCIAL, DRUG, end_of("2026-03-17"), "hsc_1367_01.routine.5_business_days"),
        # Nobody knows the line: the earliest of all.
        (TUESDAY, None, DRUG, at("2026-03-11 09:00"), "alameda.drug.medi_cal.24_hours"),
    ],
)
def test_alameda(received: str, line: LineOfBusiness | None, services: list[Service] | None, expected: object, name: str) -> None:
    found = after(came(received, line=line, services=services), rules="alameda")
    assert (due(found), rule(found)) == (expected, name)


def test_alameda_retroactive_and_urgent_drugs() -> None:
    # 10 March + 30 = 9 April.
    assert due(after(came(TUESDAY, Urgency.RETROACTIVE), rules="alameda")) == end_of("2026-04-09")
    assert due(after(came(TUESDAY, Urgency.URGENT, DUAL, DRUG), rules="alameda")) == at("2026-03-11 09:00")
    assert due(after(came(TUESDAY, Urgency.URGENT, LineOfBusiness.COMMERCIAL, DRUG), rules="alameda")) == at("2026-03-13 09:00")


def test_cencal() -> None:
    friday_night = after(came("2026-03-13 22:15", Urgency.URGENT, MEDI_CAL), rules="cencal")
    assert {clock.rule: clock.due_at for clock in friday_night.clocks} == {
        "cencal.urgent.3_business_days": end_of("2026-03-18"),  # M16 T17 W18
        "cms_0057_f.urgent.72_hours": at("2026-03-16 22:15"),
    }
    # More documents: 14 days from the receipt, 24 March.
    assert due(after(came(TUESDAY, line=MEDI_CAL), event(REQUESTED, "2026-03-12 09:00"), rules="cencal")) == end_of("2026-03-24")


def test_cencals_urgent_extension_is_no_use_under_the_federal_hours() -> None:
    found = after(came(TUESDAY, Urgency.URGENT, MEDI_CAL), event(EXTENDED, "2026-03-11 09:00"), rules="cencal")
    # Friday 13 + 14 = 27 March by the plan's own rule, which is not due first.
    assert {clock.rule: clock.due_at for clock in found.clocks}["cencal.urgent.3_business_days"] == end_of("2026-03-27")
    assert due(found) == at("2026-03-13 09:00")
    assert [notice.code for notice in found.notices] == ["clock.not_extended"]


def test_scfhp_duals() -> None:
    found = after(came(TUESDAY, line=DUAL), rules="scfhp")
    assert {clock.rule: clock.due_at for clock in found.clocks} == {
        "cms_0057_f.routine.7_calendar_days": end_of("2026-03-17"),
        "scfhp.dual.routine.14_calendar_days": end_of("2026-03-24"),
    }


def test_medicaid_outside_california_works_on_cesar_chavez_day_and_has_federal_clocks_alone() -> None:
    found = after(came("2026-03-27 09:00", line=LineOfBusiness.MEDICAID_OTHER), rules="cms_0057_f")
    assert [clock.due_at for clock in found.clocks] == [end_of("2026-04-03")]  # 27 March + 7


@pytest.mark.parametrize("rules", deadline_sets(), ids=lambda rules: rules.name)
def test_every_rule_of_a_set_has_an_id_of_its_own(rules: object) -> None:
    ids = [one.id for one in getattr(rules, "rules", ())]
    assert ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("line", list(LineOfBusiness))
@pytest.mark.parametrize("name", [found.name for found in deadline_sets() if found.name != "cms_0057_f"])
@pytest.mark.parametrize("urgency", [None, Urgency.ROUTINE, Urgency.URGENT, Urgency.RETROACTIVE])
def test_no_line_of_business_is_without_a_clock(line: LineOfBusiness, name: str, urgency: Urgency | None) -> None:
    assert after(came(TUESDAY, urgency, line), rules=name).deadline is not None
