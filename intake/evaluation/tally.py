"""Counts of comparisons, and the rates that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from intake.evaluation.marks import Mark, Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """How many comparisons came out how.

    ``wrong`` was given and is not what the form says, ``invented`` was given where the form gives nothing, ``missed`` was not
    given, ``absent`` rightly not. ``flagged`` counts given values with a flag, ``silent`` errors without one.
    """

    right: int = 0
    wrong: int = 0
    invented: int = 0
    missed: int = 0
    absent: int = 0
    flagged: int = 0
    silent: int = 0

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Tally:
        """Count them."""
        counts = dict.fromkeys(Outcome, 0)
        flagged = silent = 0
        for mark in marks:
            counts[mark.outcome] += 1
            flagged += mark.given is not None and mark.flagged
            silent += mark.silent
        return cls(
            counts[Outcome.RIGHT],
            counts[Outcome.WRONG],
            counts[Outcome.INVENTED],
            counts[Outcome.MISSED],
            counts[Outcome.ABSENT],
            flagged,
            silent,
        )

    @property
    def given(self) -> int:
        """Values that the records give."""
        return self.right + self.wrong + self.invented

    @property
    def there(self) -> int:
        """Values that the forms hold."""
        return self.right + self.wrong + self.missed

    @property
    def scored(self) -> int:
        """All comparisons but those rightly absent."""
        return self.given + self.missed

    @property
    def precision(self) -> float | None:
        """The share of given values that are right."""
        return ratio(self.right, self.given)

    @property
    def recall(self) -> float | None:
        """The share of values on the forms that are right."""
        return ratio(self.right, self.there)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; a wrong value hurts both."""
        if self.precision is None and self.recall is None:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def flag_rate(self) -> float | None:
        """The share of given values that a person is asked to look at."""
        return ratio(self.flagged, self.given)

    @property
    def silent_rate(self) -> float | None:
        """The share of comparisons that are errors nobody is asked to look at."""
        return ratio(self.silent, self.scored)

    @property
    def silent_interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of :attr:`silent_rate`."""
        return interval(self.silent, self.scored)


_DEVIATIONS = 1.96


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % confidence interval of a share by Wilson's score method (J. Am. Stat. Assoc. 22, 1927); ``None`` of nothing."""
    if not whole:
        return None
    share, square = part / whole, _DEVIATIONS**2 / whole
    middle = (share + square / 2) / (1 + square)
    half = _DEVIATIONS * sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def ratio(part: int, whole: int) -> float | None:
    """``None`` where there is nothing to take a share of."""
    return part / whole if whole else None
