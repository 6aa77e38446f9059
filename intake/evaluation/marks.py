"""One comparison of one value, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.record import Reading


class Part(StrEnum):
    """What a comparison counts for."""

    FIELD = "field"
    AMENDMENT = "amendment"
    GAP = "gap"
    INFO = "info"


class Outcome(StrEnum):
    """How a comparison came out."""

    RIGHT = "right"
    WRONG = "wrong"
    INVENTED = "invented"
    MISSED = "missed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Mark:
    """One comparison.

    ``path`` has no positions. ``wanted`` and ``given`` are in comparable form, ``None`` for no value. ``reading`` is where the
    record says that it read the value.
    """

    part: Part
    path: str
    wanted: str | None
    given: str | None
    flagged: bool
    reading: Reading | None = None

    @property
    def outcome(self) -> Outcome:
        """Right or rightly absent, or in which way not."""
        if self.wanted == self.given:
            return Outcome.ABSENT if self.wanted is None else Outcome.RIGHT
        if self.wanted is None:
            return Outcome.INVENTED
        return Outcome.MISSED if self.given is None else Outcome.WRONG

    @property
    def right(self) -> bool:
        """Whether the record says what the label says."""
        return self.wanted == self.given

    @property
    def silent(self) -> bool:
        """Whether it is an error that the record does not ask anyone to look at."""
        return not self.right and not self.flagged
