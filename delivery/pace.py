"""When a delivery that failed is tried again, and when a target that fails is left in peace."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

# Failures in a row, of whatever records, after which the target itself is taken to be in trouble.
_TARGET_FAILS_AFTER = 3
# 2 to this power is more than the quotient of any two waits.
_MOST_DOUBLINGS = 40


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits in seconds: each is twice the one before, from ``first_s`` to at most ``longest_s``.

    ``target_longest_s`` is the cap for a target that is left in peace; ``attempts`` is how often a delivery is tried before it is
    parked. A wait is drawn from the upper half of its length ("equal jitter"), so that deliveries that failed together do not come
    back together.
    """

    first_s: float
    longest_s: float
    target_longest_s: float
    attempts: int

    def wait_s(self, attempt: int) -> float:
        """How long a delivery waits after its failed ``attempt``, which counts from 1."""
        return self._drawn(attempt, self.longest_s)

    def target_wait_s(self, failures: int) -> float:
        """How long a target is left in peace that failed ``failures`` times."""
        return self._drawn(failures, self.target_longest_s)

    def _drawn(self, step: int, longest_s: float) -> float:
        full_s = min(longest_s, self.first_s * 2.0 ** min(step - 1, _MOST_DOUBLINGS))
        return full_s * random.uniform(0.5, 1.0)  # noqa: S311 - spread, not secrecy


class TargetRest:
    """Whether a target is left in peace for now; shared by the threads that deliver to it.

    One record that fails says little of the target; several in a row do, and so does a target that names a time to come back.
    Without a rest, a target that is down would cost every waiting record its attempts.
    """

    def __init__(self, pace: Pace, monotonic_s: Callable[[], float]) -> None:
        self._pace = pace
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._failures = 0
        self._until_s = 0.0

    def failed(self, asked_s: float | None, *, surely: bool) -> None:
        """An attempt failed.

        Args:
            asked_s: how long the target asks to be left in peace, if it does.
            surely: whether one failure alone tells that the target is in trouble.
        """
        with self._lock:
            self._failures += 1
            beyond = self._failures if surely else self._failures - _TARGET_FAILS_AFTER + 1
            wait_s = max(asked_s or 0.0, self._pace.target_wait_s(beyond) if beyond > 0 else 0.0)
            self._until_s = max(self._until_s, self._monotonic_s() + wait_s)

    def answered(self) -> None:
        """The target took a record, or refused one: it is there."""
        with self._lock:
            self._failures = 0
            self._until_s = 0.0

    def remaining_s(self) -> float:
        """How long the target is still left in peace."""
        with self._lock:
            return max(0.0, self._until_s - self._monotonic_s())
