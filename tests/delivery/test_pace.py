"""Waits that double up to a cap, and when a target is left in peace."""

from __future__ import annotations

import pytest

from delivery.pace import Pace, TargetRest

PACE = Pace(first_s=4, longest_s=100, target_longest_s=20, attempts=5)


class _Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("attempt", "full_s"), [(1, 4), (2, 8), (3, 16), (5, 64), (6, 100), (7, 100), (10_000, 100)], ids=str)
def test_each_wait_is_twice_the_one_before_up_to_the_cap_and_drawn_from_its_upper_half(attempt: int, full_s: float) -> None:
    drawn = [PACE.wait_s(attempt) for _ in range(200)]
    assert all(full_s / 2 <= one <= full_s for one in drawn)
    assert len(set(drawn)) > 100


def test_one_record_that_fails_says_nothing_of_its_target() -> None:
    rest = TargetRest(PACE, _Clock())
    rest.failed(None, surely=False)
    rest.failed(None, surely=False)
    assert rest.remaining_s() == 0


def test_failures_in_a_row_are_a_rest_that_doubles_up_to_its_cap_and_ends_with_an_answer() -> None:
    clock = _Clock()
    rest = TargetRest(PACE, clock)
    longest = []
    for _ in range(8):
        clock.now_s += rest.remaining_s()
        assert rest.remaining_s() == 0
        rest.failed(None, surely=False)
        longest.append(rest.remaining_s())
    assert longest[:2] == [0, 0]
    assert all(full / 2 <= one <= full for one, full in zip(longest[2:], [4, 8, 16, 20, 20, 20], strict=True))
    rest.answered()
    assert rest.remaining_s() == 0
    rest.failed(None, surely=False)
    assert rest.remaining_s() == 0


def test_an_answer_between_two_failures_begins_the_count_anew() -> None:
    rest = TargetRest(PACE, _Clock())
    for _ in range(5):
        rest.failed(None, surely=False)
        rest.failed(None, surely=False)
        rest.answered()
    assert rest.remaining_s() == 0


def test_a_target_that_names_a_time_is_left_in_peace_until_then() -> None:
    clock = _Clock()
    rest = TargetRest(PACE, clock)
    rest.failed(3600, surely=False)
    assert rest.remaining_s() == 3600
    rest.failed(10, surely=False)
    assert rest.remaining_s() == 3600
    clock.now_s += 3601
    assert rest.remaining_s() == 0


def test_trouble_of_our_own_is_a_rest_at_once() -> None:
    rest = TargetRest(PACE, _Clock())
    rest.failed(None, surely=True)
    assert 2 <= rest.remaining_s() <= 4
