"""The same numbers on PostgreSQL, whose arithmetic of times and groups is another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk.desks import Desk
from tests.desk.reports import test_decisions as decisions
from tests.desk.reports import test_reports as reports


@pytest.fixture
def desk(desk_on_postgresql: Desk) -> Desk:
    return desk_on_postgresql


@pytest.mark.parametrize(
    "check",
    [
        reports.test_turn_around_by_urgency,
        reports.test_a_request_counts_with_each_of_its_clocks,
        reports.test_yearly_metrics,
        reports.test_missing_information_by_office,
        reports.test_the_matrix_log_has_a_line_for_each_request,
        reports.test_everything_that_arrived_has_its_end,
        reports.test_a_purge_loses_nothing_and_takes_all_of_a_document_along,
        decisions.test_the_api_keeps_each_decision_for_itself_and_once,
    ],
)
def test_the_same_holds(desk: Desk, check: Callable[[Desk], None]) -> None:
    check(desk)


@pytest.mark.parametrize("change", ["UPDATE decisions SET outcome = 'approved'", "DELETE FROM decisions"])
def test_the_database_refuses(desk: Desk, change: str) -> None:
    decisions.test_the_database_refuses_to_change_a_decision(desk, change)
