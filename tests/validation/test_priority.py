"""The urgency that the clocks run by, worked by hand. C08: urgent, and the service more than ten days after the request."""

from __future__ import annotations

from datetime import date

import pytest

from models.circumstances import ClockEventKind, Priority
from models.record import ReferralRecord, Service, Urgency
from tests.validation.clock_examples import PACIFIC, after, at, came, due, end_of, event, rule, told
from tests.validation.requests import with_part
from validation.deadlines import refusal
from validation.policies import deadline_set

DOWNGRADED, UPGRADED = ClockEventKind.DOWNGRADED, ClockEventKind.UPGRADED
TUESDAY = "2026-03-10 09:00"
C08 = "california_health_wellness"


def urgent(requested_on: date | None, from_date: date | None) -> ReferralRecord:
    record = came(TUESDAY, Urgency.URGENT, services=[Service(code="72148", from_date=from_date)])
    return with_part(record, "request", requested_on=requested_on)


@pytest.mark.parametrize(
    ("requested_on", "from_date", "effective"),
    [
        (date(2026, 3, 9), date(2026, 3, 19), Urgency.URGENT),  # ten days
        (date(2026, 3, 9), date(2026, 3, 20), Urgency.ROUTINE),  # eleven
        (None, date(2026, 3, 20), Urgency.URGENT),  # ten from the receipt, for the form has no date
        (None, date(2026, 3, 21), Urgency.ROUTINE),
        (date(2026, 3, 9), None, Urgency.URGENT),
        (date(2026, 3, 9), date(2026, 2, 1), Urgency.URGENT),
    ],
)
def test_what_is_urgent_for_a_day_far_ahead_is_routine(
    requested_on: date | None, from_date: date | None, effective: Urgency
) -> None:
    found = after(urgent(requested_on, from_date), rules=C08)
    assert found.request.urgency is Urgency.URGENT
    assert (found.priority.requested, found.priority.effective) == (Urgency.URGENT, effective)
    # 72 hours, or five business days: W11 T12 F13 M16 T17.
    assert due(found) == (at("2026-03-13 09:00") if effective is Urgency.URGENT else end_of("2026-03-17"))


def test_a_downgrade_by_rule_says_its_rule_and_source() -> None:
    found = after(urgent(date(2026, 3, 9), date(2026, 3, 20)), rules=C08)
    assert found.priority.rule == "c08.urgent_service_more_than_10_days_ahead"
    assert (found.priority.source or "").startswith("https://www.cahealthwellness.com/")
    assert "11 days" in (found.priority.reason or "")
    assert told(found) == ["clock.downgraded"]


def test_without_the_switch_in_the_rule_set_nothing_is_downgraded() -> None:
    found = after(urgent(date(2026, 3, 9), date(2026, 5, 20)))
    assert found.priority == Priority(requested=Urgency.URGENT, effective=Urgency.URGENT)
    assert (due(found), rule(found)) == (at("2026-03-13 09:00"), "hsc_1367_01.urgent.72_hours")


def test_an_urgency_that_is_not_stated_counts_as_routine() -> None:
    assert after(came(TUESDAY, None)).priority == Priority(requested=None, effective=Urgency.ROUTINE)


def test_a_person_downgrades_with_a_reason() -> None:
    found = after(came(TUESDAY, Urgency.URGENT), event(DOWNGRADED, "2026-03-11 10:00", "no threat to life or health"))
    assert found.priority == Priority(
        requested=Urgency.URGENT, effective=Urgency.ROUTINE, reason="no threat to life or health", decided_by="ann"
    )
    # From the receipt: W11 T12 F13 M16 T17.
    assert due(found) == end_of("2026-03-17")


def test_a_person_undoes_the_downgrade_of_a_rule() -> None:
    found = after(urgent(date(2026, 3, 9), date(2026, 3, 20)), event(UPGRADED, "2026-03-10 15:00"), rules=C08)
    assert (found.priority.effective, found.priority.rule, found.priority.decided_by) == (Urgency.URGENT, None, "ann")
    assert due(found) == at("2026-03-13 09:00")


@pytest.mark.parametrize(
    ("upgraded", "expected", "name"),
    [
        ("2026-03-12 10:00", at("2026-03-15 10:00"), "hsc_1367_01.urgent.72_hours"),  # 72 hours from the wish
        ("2026-03-16 10:00", end_of("2026-03-17"), "hsc_1367_01.routine.5_business_days"),  # which would end on the 19th
    ],
)
def test_a_routine_request_that_becomes_urgent_has_72_hours_and_no_more_than_it_had(
    upgraded: str, expected: object, name: str
) -> None:
    found = after(came(TUESDAY), event(UPGRADED, upgraded))
    assert (due(found), rule(found)) == (expected, name)
    assert {clock.starts for clock in found.clocks} == {"receipt", "information", "asked"}
    assert found.request.urgency is Urgency.ROUTINE


def test_up_and_down_again_is_as_it_was() -> None:
    found = after(came(TUESDAY), event(UPGRADED, "2026-03-12 10:00"), event(DOWNGRADED, "2026-03-13 10:00"))
    assert (found.priority.effective, due(found)) == (Urgency.ROUTINE, end_of("2026-03-17"))


@pytest.mark.parametrize(
    ("urgency", "kind", "moment", "reason", "says"),
    [
        (Urgency.URGENT, DOWNGRADED, "2026-03-11 10:00", None, "reason"),
        (Urgency.URGENT, DOWNGRADED, "2026-03-13 09:01", "stable", "what is late stays late"),
        (Urgency.ROUTINE, DOWNGRADED, "2026-03-11 10:00", "stable", "by the routine clocks already"),
        (Urgency.RETROACTIVE, DOWNGRADED, "2026-03-11 10:00", "stable", "Only an urgent request"),
        (Urgency.URGENT, UPGRADED, "2026-03-11 10:00", "pain", "by the urgent clocks already"),
        (Urgency.ROUTINE, UPGRADED, "2026-03-11 10:00", "", "reason"),
    ],
)
def test_a_change_of_urgency_that_is_refused(
    urgency: Urgency, kind: ClockEventKind, moment: str, reason: str | None, says: str
) -> None:
    record, one = came(TUESDAY, urgency), event(kind, moment, reason)
    assert says in (refusal(record, one, deadline_set("medi_cal_knox_keene"), PACIFIC) or "")
    assert after(record, one).deadline == after(record).deadline
