"""The same numbers, the same trail and the same refusals on PostgreSQL, whose arithmetic of times is another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk.dashboard import test_figures as figures
from tests.desk.desks import Desk
from tests.desk.history import test_history as history


@pytest.fixture
def desk(desk_on_postgresql: Desk) -> Desk:
    return desk_on_postgresql


@pytest.mark.parametrize(
    "check",
    [
        figures.test_a_day_begins_at_midnight_of_the_site,
        figures.test_weeks_begin_on_monday_and_the_range_cuts_them,
        figures.test_what_ends_is_told_by_who_ended_it,
        figures.test_turn_around_is_by_the_nearest_rank,
        figures.test_gaps_are_those_of_the_fax_and_stay_when_a_person_fills_them,
        figures.test_offices_stand_by_their_gaps_with_their_most_frequent_name,
        figures.test_shares_of_flags_and_errors,
        history.test_what_happened_is_found_by_record_document_person_action_and_day,
        history.test_a_long_trail_is_streamed_whole,
        history.test_a_purge_takes_the_values_along_and_leaves_that_it_did,
    ],
)
def test_the_same_holds(desk: Desk, check: Callable[[Desk], None]) -> None:
    check(desk)


@pytest.mark.parametrize("change", ["2026-03-08", "2026-11-01"])
def test_the_clocks_change(desk: Desk, change: str) -> None:
    figures.test_the_days_around_a_change_of_the_clocks_are_whole(desk, change)


@pytest.mark.parametrize("table", ["desk_edits", "desk_notes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_database_refuses(desk: Desk, table: str, change: str) -> None:
    history.test_the_database_refuses_to_change_what_a_person_did(desk, table, change)
