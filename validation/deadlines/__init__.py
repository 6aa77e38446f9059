"""When the decision on a request is due: every clock that applies, by rules that are data."""

from validation.deadlines.clocks import deadline, received_at
from validation.deadlines.rules import DeadlineRule, DeadlineSet

__all__ = ["DeadlineRule", "DeadlineSet", "deadline", "received_at"]
