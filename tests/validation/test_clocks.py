"""What moves a request's clocks, worked by hand: pause, extension, ceiling, decision, and a request that is faxed again.

10 March 2026 is a Tuesday in a week without a holiday; five business days and seven calendar days from it both end on the 17th.
"""

from __future__ import annotations

import pytest

from models.circumstances import Clock, ClockEventKind, LineOfBusiness
from models.record import ReferralRecord, RequestKind, Urgency
from tests.validation.clock_examples import PACIFIC, after, at, came, due, end_of, event, rule, told
from tests.validation.requests import with_part
from validation.deadlines import refusal
from validation.policies import deadline_set

FIRST_RECEIVED = ClockEventKind.FIRST_RECEIVED
REQUESTED = ClockEventKind.INFORMATION_REQUESTED
RECEIVED = ClockEventKind.INFORMATION_RECEIVED
COMPLETE = ClockEventKind.INFORMATION_COMPLETE
EXTENDED = ClockEventKind.EXTENDED
DECIDED = ClockEventKind.DECIDED
HSC, CMS = "hsc_1367_01.routine.5_business_days", "cms_0057_f.routine.7_calendar_days"
URGENT = "hsc_1367_01.urgent.72_hours"
TUESDAY = "2026-03-10 09:00"


def clock(record: ReferralRecord, name: str) -> Clock:
    (found,) = [one for one in record.clocks if one.rule == name]
    return found


def test_every_clock_is_told_with_its_start_its_source_and_its_ceiling() -> None:
    # The State's ceiling: 14 days from the receipt (24 March). The federal one: 14 days from when it was due (17 + 14 = 31 March).
    found = after(came(TUESDAY))
    assert [(one.rule, one.starts, one.started_at, one.due_at, one.ceiling_at) for one in found.clocks] == [
        (HSC, "information", at(TUESDAY), end_of("2026-03-17"), end_of("2026-03-24")),
        (CMS, "receipt", at(TUESDAY), end_of("2026-03-17"), end_of("2026-03-31")),
    ]
    assert all(one.source for one in found.clocks)
    assert (due(found), rule(found), told(found)) == (end_of("2026-03-17"), HSC, [])


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-03-05 16:00", "2026-03-12"),  # faxed on Thursday, again on Tuesday: F6 M9 T10 W11 T12
        ("2026-03-11 16:00", "2026-03-17"),  # a later one is no first
    ],
)
def test_a_request_that_is_faxed_again_keeps_its_first_receipt(first: str, expected: str) -> None:
    found = after(came(TUESDAY), event(FIRST_RECEIVED, first))
    assert due(found) == end_of(expected)


def test_the_ceiling_counts_from_the_first_receipt() -> None:
    # Thursday 5 March + 14 = 19 March.
    found = after(came(TUESDAY), event(FIRST_RECEIVED, "2026-03-05 16:00"), event(EXTENDED, "2026-03-12 09:00"))
    assert due(found) == end_of("2026-03-19")


def test_a_request_for_information_pauses_the_clock_to_its_ceiling() -> None:
    found = after(came(TUESDAY), event(REQUESTED, "2026-03-12 10:00"))
    assert (due(found), rule(found)) == (end_of("2026-03-24"), HSC)
    assert all(one.paused for one in found.clocks)
    assert clock(found, CMS).due_at == end_of("2026-03-31")


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("2026-03-13 09:00", "2026-03-20"),  # Fri: M16 T17 W18 T19 F20
        ("2026-03-16 09:00", "2026-03-23"),  # Mon: T17 W18 T19 F20 M23
        ("2026-03-20 09:00", "2026-03-24"),  # Fri: M23 to F27, and the ceiling before that
    ],
)
def test_the_answer_starts_five_business_days_within_the_ceiling(answered: str, expected: str) -> None:
    found = after(came(TUESDAY), event(REQUESTED, "2026-03-12 10:00"), event(RECEIVED, answered))
    assert (due(found), rule(found)) == (end_of(expected), HSC)
    state = clock(found, HSC)
    assert (state.started_at, state.paused) == (at(answered), False)
    # The federal clock knows no new start: it was extended by the notice.
    assert (clock(found, CMS).due_at, clock(found, CMS).extended) == (end_of("2026-03-31"), True)


def test_a_second_request_for_information_pauses_again_and_keeps_the_ceiling() -> None:
    # Answered on Friday 13 (due on the 20th), asked again on the 19th.
    found = after(
        came(TUESDAY),
        event(REQUESTED, "2026-03-12 10:00"),
        event(RECEIVED, "2026-03-13 09:00"),
        event(REQUESTED, "2026-03-19 09:00"),
    )
    assert due(found) == end_of("2026-03-24")


def test_an_answer_that_nobody_asked_for_moves_nothing() -> None:
    assert due(after(came(TUESDAY), event(RECEIVED, "2026-03-13 09:00"))) == end_of("2026-03-17")


def test_information_that_was_complete_later_starts_the_states_clock_and_not_the_federal_one() -> None:
    # Thursday 12: F13 M16 T17 W18 T19; seven calendar days from the receipt stay.
    found = after(came(TUESDAY), event(COMPLETE, "2026-03-12 09:00"))
    assert clock(found, HSC).due_at == end_of("2026-03-19")
    assert (due(found), rule(found)) == (end_of("2026-03-17"), CMS)


def test_information_complete_after_the_deadline_is_no_new_start() -> None:
    found = after(came(TUESDAY, line=LineOfBusiness.COMMERCIAL), event(COMPLETE, "2026-03-18 09:00"))
    assert (due(found), told(found)) == (end_of("2026-03-17"), ["clock.not_paused"])


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, "2026-03-24"),  # to the ceiling
        ("2026-03-20", "2026-03-20"),  # to a day before it
        ("2026-03-24", "2026-03-24"),
    ],
)
def test_an_extension_by_notice(until: str | None, expected: str) -> None:
    found = after(came(TUESDAY), event(EXTENDED, "2026-03-16 09:00", until=until))
    assert (due(found), rule(found), told(found)) == (end_of(expected), HSC, [])
    assert all(one.extended for one in found.clocks)


@pytest.mark.parametrize(
    ("kind", "moment", "reason", "until", "says"),
    [
        (EXTENDED, "2026-03-16 09:00", None, None, "reason"),
        (EXTENDED, "2026-03-16 09:00", "  ", None, "reason"),
        (EXTENDED, "2026-03-16 09:00", "expert", "2026-03-25", "ceiling of 2026-03-24 23:59"),  # beyond it
        (EXTENDED, "2026-03-16 09:00", "expert", "2026-03-17", "later time than it has"),  # no extension at all
        (EXTENDED, "2026-03-18 00:00", "expert", None, "too late"),
        (REQUESTED, "2026-03-18 00:00", "notes", None, "too late"),
        (REQUESTED, "2026-03-16 09:00", None, None, "reason"),
    ],
)
def test_what_is_refused_moves_nothing_and_is_told(
    kind: ClockEventKind, moment: str, reason: str | None, until: str | None, says: str
) -> None:
    one = event(kind, moment, reason, until)
    found = after(came(TUESDAY), one)
    assert due(found) == end_of("2026-03-17")
    (notice,) = found.notices
    assert says in notice.message
    assert notice.rule == HSC
    assert refusal(came(TUESDAY), one, deadline_set("medi_cal_knox_keene"), PACIFIC) == notice.message


def test_an_extension_to_the_ceiling_is_the_last_one() -> None:
    found = after(came(TUESDAY), event(EXTENDED, "2026-03-16 09:00"), event(EXTENDED, "2026-03-20 09:00"))
    assert (due(found), told(found)) == (end_of("2026-03-24"), ["clock.not_extended"])


@pytest.mark.parametrize("kind", [REQUESTED, EXTENDED])
def test_an_urgent_request_is_neither_paused_nor_extended(kind: ClockEventKind) -> None:
    found = after(came(TUESDAY, Urgency.URGENT), event(kind, "2026-03-11 09:00"))
    assert due(found) == at("2026-03-13 09:00")
    assert (clock(found, URGENT).paused, clock(found, URGENT).extended) == (False, False)
    (notice,) = found.notices
    assert "urgent request is never" in notice.message


def test_a_retroactive_request_has_no_extension() -> None:
    # 30 calendar days from 10 March: 9 April.
    found = after(came(TUESDAY, Urgency.RETROACTIVE), event(EXTENDED, "2026-03-16 09:00"))
    assert (due(found), told(found)) == (end_of("2026-04-09"), ["clock.not_extended"])
    assert "cannot be extended" in found.notices[0].message


@pytest.mark.parametrize(
    ("decided", "met", "codes"),
    [("2026-03-17 23:59", True, []), ("2026-03-18 00:00", False, ["clock.decided_late"])],
)
def test_a_decision_stops_the_clocks_in_time_or_late(decided: str, met: bool, codes: list[str]) -> None:
    found = after(came(TUESDAY), event(DECIDED, decided))
    assert [(one.decided_at, one.met) for one in found.clocks] == [(at(decided), met)] * 2
    assert (due(found), told(found)) == (end_of("2026-03-17"), codes)


def test_nothing_moves_a_clock_after_the_decision() -> None:
    found = after(
        came(TUESDAY), event(DECIDED, "2026-03-16 09:00"), event(EXTENDED, "2026-03-16 10:00"), event(DECIDED, "2026-03-20 10:00")
    )
    assert due(found) == end_of("2026-03-17")
    assert clock(found, HSC).decided_at == at("2026-03-16 09:00")
    assert "is decided" in found.notices[0].message


def test_a_decision_in_a_pause_is_in_time_to_the_ceiling() -> None:
    found = after(came(TUESDAY), event(REQUESTED, "2026-03-12 10:00"), event(DECIDED, "2026-03-24 17:00"))
    assert [(one.met, one.paused) for one in found.clocks] == [(True, False)] * 2


def test_the_order_in_which_events_are_told_is_no_matter() -> None:
    events = [event(REQUESTED, "2026-03-12 10:00"), event(RECEIVED, "2026-03-16 09:00"), event(FIRST_RECEIVED, "2026-03-09 09:00")]
    there, back = after(came(TUESDAY), *events), after(came(TUESDAY), *reversed(events))
    assert (there.clocks, there.deadline) == (back.clocks, back.deadline)


def test_clocks_that_are_told_again_are_the_same() -> None:
    once = after(came(TUESDAY), event(EXTENDED, "2026-03-18 09:00"), event(REQUESTED, "2026-03-12 10:00"))
    assert after(once) == once


def test_a_cancellation_has_no_clock_and_its_clocks_cannot_be_moved() -> None:
    record = with_part(came(TUESDAY), "request", kind=RequestKind.CANCELLATION)
    found = after(record)
    assert (found.clocks, found.deadline) == ([], None)
    assert refusal(record, event(EXTENDED, "2026-03-11 09:00"), deadline_set("medi_cal_knox_keene"), PACIFIC) is not None


def test_a_line_of_business_has_the_clocks_that_are_its_own() -> None:
    clocks = {line: [one.rule for one in after(came(TUESDAY, line=line)).clocks] for line in (None, *LineOfBusiness)}
    assert clocks == {
        None: [HSC, CMS],
        LineOfBusiness.MEDI_CAL: [HSC, CMS],
        LineOfBusiness.DUAL: [HSC, CMS],
        LineOfBusiness.COMMERCIAL: [HSC],
        LineOfBusiness.MEDICARE: [CMS],
        LineOfBusiness.MEDICAID_OTHER: [CMS],
    }
