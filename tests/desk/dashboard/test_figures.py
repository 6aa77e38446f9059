"""The dashboard's numbers, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from models.record import Status
from models.store import desk_accuracy, desk_figures
from models.store.desk_edits import Edit
from models.store.desk_spans import Span, Step
from models.store.desk_tables import DeskOutcomeRow, EditAction, Outcome
from review.work.apply import Rules
from review.work.working import Desk as Work
from tests.desk.desks import Desk
from tests.desk.stored import a_gap, a_reading, a_record, put

LA = ZoneInfo("America/Los_Angeles")


def span(first: str, last: str, step: Step = Step.DAY) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last), step, LA)


def at(desk: Desk, text: str) -> datetime:
    """Set the clock to a time at the site."""
    desk.clock.now = datetime.fromisoformat(text).replace(tzinfo=LA).astimezone(UTC)
    return desk.clock.now


def complete(desk: Desk, record_id: str) -> None:
    with Session(desk.services.engine) as session, session.begin():
        rules = Rules(desk.services.policies, desk.clock().date(), LA)
        Work(session, "dana", rules, ("outbox",), desk.clock()).complete(record_id, f"{record_id} done")


def test_a_day_begins_at_midnight_of_the_site(desk: Desk) -> None:
    for n, when in enumerate(("2026-03-01T23:59", "2026-03-02T00:00", "2026-03-02T23:59", "2026-03-03T00:00")):
        put(desk, a_record(f"PAR-{n}", at(desk, when)))
    with Session(desk.services.reading) as session:
        found = desk_figures.flow(session, span("2026-03-01", "2026-03-03"))
    assert [one.received for one in found] == [1, 2, 1]


@pytest.mark.parametrize("change", ["2026-03-08", "2026-11-01"])
def test_the_days_around_a_change_of_the_clocks_are_whole(desk: Desk, change: str) -> None:
    middle = date.fromisoformat(change)
    days = [middle + timedelta(days=n) for n in (-1, 0, 1)]
    for n, day in enumerate(days):
        for hour in ("00:00", "12:00", "23:59"):
            put(desk, a_record(f"PAR-{n}{hour[:2]}", at(desk, f"{day}T{hour}")))
    with Session(desk.services.reading) as session:
        found = desk_figures.flow(session, Span(days[0], days[2], Step.DAY, LA))
    assert [one.received for one in found] == [3, 3, 3]


def test_weeks_begin_on_monday_and_the_range_cuts_them(desk: Desk) -> None:
    for n, when in enumerate(("2026-03-03T09:00", "2026-03-04T09:00", "2026-03-08T23:00", "2026-03-09T00:00")):
        put(desk, a_record(f"PAR-{n}", at(desk, when)))
    with Session(desk.services.reading) as session:
        found = desk_figures.flow(session, span("2026-03-04", "2026-03-09", Step.WEEK))
    assert [(one.begins.isoformat(), one.received) for one in found] == [("2026-03-02", 2), ("2026-03-09", 1)]


def test_what_ends_is_told_by_who_ended_it(desk: Desk) -> None:
    start = at(desk, "2026-03-02T09:00")
    put(desk, a_record("PAR-READY", start, status=Status.READY))
    put(desk, a_record("PAR-NONE", start, status=Status.NO_REQUEST))
    put(desk, a_record("PAR-1", start))
    put(desk, a_record("PAR-WAITS", start))
    at(desk, "2026-03-03T10:00")
    complete(desk, "PAR-1")
    with Session(desk.services.reading) as session:
        monday, tuesday = desk_figures.flow(session, span("2026-03-02", "2026-03-03"))
        alone, _ = desk_figures.straight(session, span("2026-03-02", "2026-03-03"))
        now = desk_figures.standing(session, start + timedelta(days=9))
    assert (monday.received, monday.by_machine, monday.by_person, monday.no_request) == (4, 1, 0, 1)
    assert (tuesday.received, tuesday.by_machine, tuesday.by_person) == (0, 0, 1)
    assert (alone.requests, alone.untouched) == (3, 1)
    assert (now.waiting, now.late, now.oldest) == (1, 1, start)


def test_turn_around_is_by_the_nearest_rank(desk: Desk) -> None:
    start = at(desk, "2026-03-02T00:00")
    for hours in range(1, 11):
        put(desk, a_record(f"PAR-{hours:02}", start))
    for hours in range(1, 11):
        desk.clock.now = start + timedelta(hours=hours)
        complete(desk, f"PAR-{hours:02}")
    with Session(desk.services.reading) as session:
        (day,) = desk_figures.turn_arounds(session, span("2026-03-02", "2026-03-02"))
        whole = desk_figures.turn_around(session, span("2026-03-01", "2026-03-03"), by_a_person=True)
    assert (day.requests, day.median_s, day.ninth_s) == (10, 5 * 3600, 9 * 3600)
    assert (whole.requests, whole.median_s, whole.ninth_s) == (10, 5 * 3600, 9 * 3600)


def test_a_range_in_which_nothing_ended_has_no_turn_around(desk: Desk) -> None:
    with Session(desk.services.reading) as session:
        assert desk_figures.turn_around(session, span("2026-03-02", "2026-03-02")).median_s is None
        assert [one.requests for one in desk_figures.turn_arounds(session, span("2026-03-02", "2026-03-03"))] == [0, 0]


def test_gaps_are_those_of_the_fax_and_stay_when_a_person_fills_them(desk: Desk) -> None:
    gaps = [a_gap("services.0.units", severity="warning"), a_gap("services.1.units", severity="warning"), a_gap()]
    put(desk, a_record("PAR-1", at(desk, "2026-03-02T09:00"), gaps=gaps, services=[{"code": "97110"}, {"code": "97112"}]))
    with Session(desk.services.engine) as session, session.begin():
        rules = Rules(desk.services.policies, desk.clock().date(), LA)
        work = Work(session, "dana", rules, ("outbox",), desk.clock())
        work.enter("PAR-1", Edit("k", EditAction.SET, 1, "member.date_of_birth", "2/17/1980"))
        work.complete("PAR-1", "k2")
    with Session(desk.services.reading) as session:
        found = desk_figures.gaps(session, span("2026-03-02", "2026-03-02"))
        (office,) = desk_figures.offices(session, span("2026-03-02", "2026-03-02"), 10)
    assert [(one.field, one.reason, one.blocking, one.warnings) for one in found] == [
        ("services.units", "missing", 0, 2),
        ("member.date_of_birth", "missing", 1, 0),
    ]
    assert (office.fax, office.name, office.requests, office.incomplete, office.gaps) == ("+18315550142", "Linda O'Brien", 1, 1, 3)


def test_offices_stand_by_their_gaps_with_their_most_frequent_name(desk: Desk) -> None:
    now = at(desk, "2026-03-02T09:00")
    for n, name in enumerate(("Bay Clinic", "Bay Clinic", "Bay Cl1nic")):
        put(desk, a_record(f"PAR-A{n}", now, gaps=[a_gap()], requesting_provider={"name": name, "fax": "+18315550001"}))
    put(desk, a_record("PAR-B", now, gaps=[a_gap(), a_gap("services")], requesting_provider={"name": "Poe", "fax": "+18315550002"}))
    put(desk, a_record("PAR-C", now, requesting_provider={"fax": "+18315550003"}))
    with Session(desk.services.reading) as session:
        found = desk_figures.offices(session, span("2026-03-02", "2026-03-02"), 2)
    assert [(one.name, one.requests, one.incomplete, one.gaps) for one in found] == [("Bay Clinic", 3, 3, 3), ("Poe", 1, 1, 2)]


def _outcomes(desk: Desk, field: str, outcomes: Sequence[tuple[bool, Outcome, int]]) -> None:
    with Session(desk.services.engine) as session, session.begin():
        for flagged, outcome, count in outcomes:
            for _ in range(count):
                row = DeskOutcomeRow(record_id="PAR-1", at=desk.clock(), actor="dana", field=field)
                row.flagged, row.outcome = flagged, outcome
                session.add(row)


def test_shares_of_flags_and_errors(desk: Desk) -> None:
    at(desk, "2026-03-02T09:00")
    _outcomes(desk, "member.member_id", [(True, Outcome.ACCEPTED, 3), (True, Outcome.CORRECTED, 1), (False, Outcome.KEPT, 5)])
    _outcomes(desk, "member.member_id", [(False, Outcome.CORRECTED, 2), (False, Outcome.REMOVED, 1), (False, Outcome.ADDED, 4)])
    at(desk, "2026-03-03T09:00")
    _outcomes(desk, "signature.present", [(True, Outcome.ADDED, 1), (True, Outcome.REMOVED, 1), (False, Outcome.ACCEPTED, 2)])
    both = span("2026-03-02", "2026-03-03")
    with Session(desk.services.reading) as session:
        member, signature = desk_accuracy.by_field(session, both)
        parts = desk_accuracy.over_time(session, both)
        only = desk_accuracy.over_time(session, both, "signature.present")
    read = member.readings
    assert (read.values, read.flagged, read.silent_missed) == (16, 4, 4)
    assert (read.flagged_share, read.needless_share, read.silent_error_share) == (4 / 16, 3 / 4, 3 / 8)
    assert (signature.readings.flagged_missed, signature.readings.flagged_wrong, signature.readings.silent_right) == (1, 1, 2)
    assert [part.readings.values for part in parts] == [16, 4]
    assert [part.readings.values for part in only] == [0, 4]
    assert only[0].readings.flagged_share is None


def test_completing_a_record_counts_its_readings(desk: Desk) -> None:
    readings = {
        "member.last_name": a_reading("Ruiz", doubtful=True),
        "member.first_name": a_reading("Ana"),
        "member.member_id": a_reading("H33", doubtful=True),
    }
    put(desk, a_record("PAR-1", at(desk, "2026-03-02T09:00"), readings=readings))
    with Session(desk.services.engine) as session, session.begin():
        work = Work(session, "dana", Rules(desk.services.policies, desk.clock().date(), LA), ("outbox",), desk.clock())
        work.enter("PAR-1", Edit("a", EditAction.ACCEPT, 1, "member.last_name"))
        work.enter("PAR-1", Edit("b", EditAction.SET, 1, "member.member_id", "H331812252"))
        work.complete("PAR-1", "c")
    with Session(desk.services.reading) as session:
        found = {one.field: one.readings for one in desk_accuracy.by_field(session, span("2026-03-02", "2026-03-02"))}
    assert found["member.last_name"].flagged_right == 1
    assert found["member.member_id"].flagged_wrong == 1
    assert found["member.first_name"].silent_right == 1
