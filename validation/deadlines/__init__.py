"""When the decision on a request is due: every clock that applies, by rules that are data."""

from validation.deadlines.clocks import deadline
from validation.deadlines.moves import refusal
from validation.deadlines.receipt import received_at
from validation.deadlines.rules import DeadlineRule, DeadlineSet
from validation.deadlines.telling import TOPIC, with_clocks

__all__ = ["TOPIC", "DeadlineRule", "DeadlineSet", "deadline", "received_at", "refusal", "with_clocks"]
