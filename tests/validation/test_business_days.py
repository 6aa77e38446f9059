"""Business days, worked by hand: weekends, the holidays of the State of California, the turn of the year, summer time, the cut-off.

The line of business is commercial, so that the five business days of the State's rule stand alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from models.circumstances import LineOfBusiness
from models.record import FaxHeader, Urgency
from tests.validation.clock_examples import PACIFIC, at, came, due, end_of
from tests.validation.requests import with_part
from validation.deadlines import with_clocks
from validation.deadlines.calendar import SiteCalendar
from validation.deadlines.rules import CutOff
from validation.policies import deadline_set

RULES = deadline_set("medi_cal_knox_keene")
LATE_HOUR = RULES.model_copy(update={"cut_off": CutOff(at=time(17, 30), source="a plan")})
COMMERCIAL = LineOfBusiness.COMMERCIAL


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-03-10 09:00", "2026-03-17"),  # Tue: W11 T12 F13 M16 T17
        ("2026-03-13 09:00", "2026-03-20"),  # Fri: M16 T17 W18 T19 F20
        ("2026-03-14 09:00", "2026-03-20"),  # Sat: day 0 is the Saturday, M16 to F20
        ("2026-03-15 23:59", "2026-03-20"),  # Sun: M16 to F20
        ("2026-03-27 09:00", "2026-04-06"),  # Fri: M30, not 31 (Cesar Chavez), W1 T2 F3 M6
        ("2026-11-25 09:00", "2026-12-04"),  # Wed: not 26 (Thanksgiving) nor 27 (the day after), M30 T1 W2 T3 F4
        ("2026-12-24 09:00", "2027-01-04"),  # Thu: not 25 (Christmas), M28 T29 W30 T31, not 1 (New Year), M4
        ("2025-12-31 09:00", "2026-01-08"),  # Wed: not 1 (New Year), F2 M5 T6 W7 T8
        ("2026-02-09 09:00", "2026-02-17"),  # Mon: T10 W11 T12 (Lincoln Day, worked) F13, not M16 (Presidents), T17
        ("2026-06-12 09:00", "2026-06-19"),  # Fri: M15 T16 W17 T18 F19 (Juneteenth: worked, or chosen in place of another day)
        ("2026-06-29 09:00", "2026-07-06"),  # Mon: T30 W1 T2 F3 (before Saturday the 4th: worked) M6
        ("2027-07-02 09:00", "2027-07-12"),  # Fri: not M5 (for Sunday the 4th), T6 W7 T8 F9 M12
        ("2028-11-06 09:00", "2028-11-14"),  # Mon: T7 W8 T9, not F10 (Veterans Day on a Saturday gives it), M13 T14
        ("2026-09-18 09:00", "2026-09-25"),  # Fri: M21 T22 W23 T24 F25 (Native American Day, worked)
        ("2026-10-09 09:00", "2026-10-16"),  # Fri: M12 (Columbus Day, worked) T13 W14 T15 F16
    ],
)
def test_five_business_days(received: str, last_day: str) -> None:
    found = with_clocks(came(received, line=COMMERCIAL), RULES, PACIFIC)
    assert due(found) == end_of(last_day)
    assert [clock.rule for clock in found.clocks] == ["hsc_1367_01.routine.5_business_days"]


@pytest.mark.parametrize(
    ("received", "urgency", "expected"),
    [
        # Clocks go forward on 8 March 2026: 72 hours end an hour later by the clock on the wall.
        ("2026-03-07 12:00", Urgency.URGENT, datetime(2026, 3, 10, 20, 0, tzinfo=UTC)),
        # And back on 1 November 2026: an hour earlier. Fri 30 Oct 12:00 PDT is 19:00 UTC.
        ("2026-10-30 12:00", Urgency.URGENT, datetime(2026, 11, 2, 19, 0, tzinfo=UTC)),
        # A day ends at the site's midnight: F6 M9 T10 W11 T12 F13, in summer time by then (UTC-7).
        ("2026-03-06 12:00", Urgency.ROUTINE, datetime(2026, 3, 14, 6, 59, 59, tzinfo=UTC)),
        # M26 T27 W28 T29 F30 M2, in standard time by then (UTC-8).
        ("2026-10-26 12:00", Urgency.ROUTINE, datetime(2026, 11, 3, 7, 59, 59, tzinfo=UTC)),
    ],
)
def test_daylight_saving(received: str, urgency: Urgency, expected: datetime) -> None:
    assert due(with_clocks(came(received, urgency, COMMERCIAL), RULES, PACIFIC)) == expected


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    # 01:30 on 1 November 2026 is there twice; 72 hours from each of them end an hour apart.
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=PACIFIC, fold=fold) for fold in (0, 1))
    ends = [
        due(with_clocks(with_part(came("2026-11-01 01:00", Urgency.URGENT), "source", received_at=moment), RULES, PACIFIC))
        for moment in (first, second)
    ]
    assert [end.astimezone(UTC) for end in ends] == [
        datetime(2026, 11, 4, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 4, 9, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-03-13 17:30", "2026-03-20"),  # Friday at the cut-off: that day, M16 to F20
        ("2026-03-13 17:31", "2026-03-23"),  # after it: day 0 is Monday 16, T17 W18 T19 F20 M23
        ("2026-03-14 10:00", "2026-03-20"),  # Saturday morning: that day
        ("2026-12-24 18:00", "2027-01-05"),  # day 0 is Monday 28, for 25 is Christmas: T29 W30 T31, not 1, M4 T5
    ],
)
def test_after_the_cut_off_it_came_on_the_next_business_day(received: str, last_day: str) -> None:
    assert due(with_clocks(came(received, line=COMMERCIAL), LATE_HOUR, PACIFIC)) == end_of(last_day)


def test_the_cut_off_is_no_matter_for_an_urgent_request_and_none_by_default() -> None:
    urgent = with_clocks(came("2026-03-13 18:00", Urgency.URGENT), LATE_HOUR, PACIFIC)
    assert due(urgent) == at("2026-03-16 18:00")
    assert due(with_clocks(came("2026-03-13 18:00", line=COMMERCIAL), RULES, PACIFIC)) == end_of("2026-03-20")


def test_a_rule_may_know_no_cut_off() -> None:
    # Seven calendar days from Friday 13, and five business days from Monday 16.
    kept = tuple(
        rule.model_copy(update={"ignores_cut_off": rule.id == "cms_0057_f.routine.7_calendar_days"}) for rule in LATE_HOUR.rules
    )
    found = with_clocks(came("2026-03-13 18:00"), LATE_HOUR.model_copy(update={"rules": kept}), PACIFIC)
    assert {clock.rule: clock.due_at for clock in found.clocks} == {
        "cms_0057_f.routine.7_calendar_days": end_of("2026-03-20"),
        "hsc_1367_01.routine.5_business_days": end_of("2026-03-23"),
    }


def test_the_header_of_the_fax_is_before_the_cut_off_though_the_transport_is_after_it() -> None:
    record = came("2026-03-13 18:05", line=COMMERCIAL)
    faxed = with_part(record, "source", fax=FaxHeader(sent_at=at("2026-03-13 17:10")))
    assert due(with_clocks(faxed, LATE_HOUR, PACIFIC)) == end_of("2026-03-20")


def test_every_holiday_that_the_state_works_is_a_business_day() -> None:
    calendar = SiteCalendar(RULES, PACIFIC)
    # Government Code 19853: eleven days are given; of these, two fall on a weekend in 2027 and one of them gives its Monday.
    weekdays_off = [
        day
        for day in (datetime(2027, 1, 1, tzinfo=UTC).date().replace(month=month, day=number) for month, number in _days())
        if day.weekday() < 5 and not calendar.is_business_day(day)
    ]
    assert [day.isoformat() for day in weekdays_off] == [
        "2027-01-01",
        "2027-01-18",
        "2027-02-15",
        "2027-03-31",
        "2027-05-31",
        "2027-07-05",
        "2027-09-06",
        "2027-11-11",
        "2027-11-25",
        "2027-11-26",
    ]


def _days() -> list[tuple[int, int]]:
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return [(month, number) for month, length in enumerate(lengths, 1) for number in range(1, length + 1)]


def test_a_sites_own_file_may_say_only_in_what_it_differs(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    text = (
        'kind: deadlines\nname: ours\ntitle: Ours\nbased_on: medi_cal_knox_keene\ncut_off: {at: "17:30:00", source: our contract}\n'
    )
    own.write_text(text, encoding="utf-8")
    found = deadline_set(str(own))
    assert found.cut_off == CutOff(at=time(17, 30), source="our contract")
    assert found.rules == RULES.rules
