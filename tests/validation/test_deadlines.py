"""When a decision is due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.record import FaxHeader, ReferralRecord, RequestKind, Urgency
from tests.validation.requests import COMPLETE, as_kind, with_part
from validation.deadlines import deadline
from validation.policies import DeadlineRule, deadline_set

PACIFIC = ZoneInfo("America/Los_Angeles")
RULES = deadline_set("medi_cal_knox_keene")


def received(at: datetime, urgency: Urgency | None = Urgency.ROUTINE) -> ReferralRecord:
    return with_part(with_part(COMPLETE, "source", received_at=at), "request", urgency=urgency)


def due(record: ReferralRecord) -> tuple[datetime, str]:
    found = deadline(record, RULES, PACIFIC)
    assert found is not None
    return found.decision_due_at, found.rule


def end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=PACIFIC)


@pytest.mark.parametrize(
    ("day", "last_day", "rule"),
    [
        (date(2026, 3, 10), date(2026, 3, 17), "hsc_1367_01.routine.5_business_days"),  # a week without a holiday: both rules agree
        (date(2026, 3, 14), date(2026, 3, 20), "hsc_1367_01.routine.5_business_days"),  # Saturday
        (date(2026, 3, 15), date(2026, 3, 20), "hsc_1367_01.routine.5_business_days"),  # Sunday
        (date(2026, 3, 27), date(2026, 4, 3), "cms_0057_f.routine.7_calendar_days"),  # Cesar Chavez Day on 31 March
        (date(2026, 11, 25), date(2026, 12, 2), "cms_0057_f.routine.7_calendar_days"),  # Thanksgiving and the day after
        (date(2025, 12, 31), date(2026, 1, 7), "cms_0057_f.routine.7_calendar_days"),  # over the turn of the year
    ],
)
def test_routine_is_the_earlier_of_business_and_calendar_days(day: date, last_day: date, rule: str) -> None:
    assert due(received(datetime(day.year, day.month, day.day, 9, tzinfo=PACIFIC))) == (end_of(last_day), rule)


def test_urgent_runs_by_the_hour_from_receipt() -> None:
    friday_night = datetime(2026, 3, 13, 22, 15, tzinfo=PACIFIC)
    assert due(received(friday_night, Urgency.URGENT)) == (
        datetime(2026, 3, 16, 22, 15, tzinfo=PACIFIC),
        "hsc_1367_01.urgent.72_hours",
    )


def test_a_change_of_the_clocks_neither_adds_nor_takes_an_hour() -> None:
    before = datetime(2026, 3, 7, 12, 0, tzinfo=PACIFIC)
    assert due(received(before, Urgency.URGENT))[0] == datetime(2026, 3, 10, 13, 0, tzinfo=PACIFIC)


def test_retroactive_has_thirty_calendar_days() -> None:
    assert due(received(datetime(2026, 3, 10, 9, tzinfo=PACIFIC), Urgency.RETROACTIVE)) == (
        end_of(date(2026, 4, 9)),
        "hsc_1367_01.retroactive.30_calendar_days",
    )


def test_an_urgency_that_is_not_stated_runs_on_the_routine_clock() -> None:
    moment = datetime(2026, 3, 10, 9, tzinfo=PACIFIC)
    assert due(received(moment, None)) == due(received(moment))


def test_the_day_of_receipt_is_the_sites_day() -> None:
    evening_in_california = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
    assert due(received(evening_in_california))[0] == end_of(date(2026, 3, 17))


def test_a_cancellation_asks_for_no_decision() -> None:
    assert deadline(as_kind(RequestKind.CANCELLATION), RULES, PACIFIC) is None


@pytest.mark.parametrize(
    ("sent", "starts"),
    [
        (datetime(2026, 3, 6, 16, tzinfo=PACIFIC), date(2026, 3, 6)),  # it waited over a weekend
        (datetime(2026, 3, 11, 16, tzinfo=PACIFIC), date(2026, 3, 10)),  # the sender's clock is fast
        (datetime(2025, 3, 10, 16, tzinfo=PACIFIC), date(2026, 3, 10)),  # the sender's clock, or its reading, is wrong
        (datetime(2026, 3, 6, 16), date(2026, 3, 10)),  # noqa: DTZ001 - a time without its zone is no evidence
    ],
)
def test_the_fax_header_starts_the_clock_where_it_is_a_little_earlier(sent: datetime, starts: date) -> None:
    record = received(datetime(2026, 3, 10, 9, tzinfo=PACIFIC))
    faxed = with_part(record, "source", fax=FaxHeader(sent_at=sent))
    assert due(faxed)[0] == due(received(datetime(starts.year, starts.month, starts.day, 9, tzinfo=PACIFIC)))[0]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.sampled_from(Urgency))  # noqa: DTZ001 - bounds
def test_a_deadline_lies_after_the_receipt_and_within_the_longest_rule(at: datetime, urgency: Urgency) -> None:
    moment, _ = due(received(at, urgency))
    days = {Urgency.ROUTINE: 7, Urgency.URGENT: 4, Urgency.RETROACTIVE: 30}[urgency]
    assert moment > at
    assert (moment.date() - at.astimezone(PACIFIC).date()).days <= days
    assert moment.tzinfo is PACIFIC


@pytest.mark.parametrize("lengths", [{}, {"hours": 1, "calendar_days": 1}, {"hours": 0}])
def test_a_rule_has_exactly_one_length(lengths: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        DeadlineRule.model_validate({"id": "r", "urgency": Urgency.ROUTINE, "source": "s", **lengths})
