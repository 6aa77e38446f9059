"""Who of several is meant, and what that says of each reading: Fellegi and Sunter's weights, and Bayes' rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import prod

import yaml

from roster.likeness import Likeness

Likenesses = Mapping[str, Likeness]
"""How the fields of a request stand to one row, by their names."""

_Shares = Mapping[str, Mapping[Likeness, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The numbers of one list; the data file explains each."""

    prior: float
    among: int
    sure: float
    meant: _Shares
    reading: _Shares

    def weight(self, found: Likenesses, without: str | None = None) -> float:
        """How much more often fields stand so to the one who is meant than to somebody else; ``without`` leaves one field out."""
        shares = (self.meant[name].get(one) for name, one in found.items() if name in self.meant and name != without)
        return prod(share[0] / share[1] for share in shares if share is not None)

    def probabilities(self, candidates: Sequence[Likenesses], without: str | None = None) -> tuple[float, ...]:
        """The probability of each that it is meant; what is left of 1 is that none is."""
        weights = [self.prior / self.among * self.weight(found, without) for found in candidates]
        whole = sum(weights) + 1.0 - self.prior
        return tuple(weight / whole for weight in weights)

    def confidence(self, name: str, before: float, found: Likeness, linked: float) -> float:
        """The probability that a field was read rightly.

        Args:
            name: the field.
            before: that probability as the reader gave it.
            found: how the field stands to the row.
            linked: the probability that the row is the right one, by all other fields.
        """
        shares = self.reading.get(name, {}).get(found)
        if shares is None:
            return before
        right, wrong = before * shares[0], (1.0 - before) * shares[1]
        return linked * right / (right + wrong) + (1.0 - linked) * before


@lru_cache(maxsize=1)
def agreements() -> dict[str, Agreement]:
    """The numbers of the data file: ``member`` and ``provider``."""
    raw = yaml.safe_load(files("roster").joinpath("data/agreement.yaml").read_text(encoding="utf-8"))
    return {name: _agreement(one) for name, one in raw.items()}


def _agreement(raw: dict[str, dict[str, dict[str, list[float]]]]) -> Agreement:
    numbers: Mapping[str, float] = {name: float(raw[name]) for name in ("prior", "among", "sure")}  # type: ignore[arg-type]
    return Agreement(numbers["prior"], int(numbers["among"]), numbers["sure"], _shares(raw["meant"]), _shares(raw["reading"]))


def _shares(raw: dict[str, dict[str, list[float]]]) -> _Shares:
    return {
        field: {Likeness(name): (float(shares[0]), float(shares[1])) for name, shares in kinds.items()}
        for field, kinds in raw.items()
    }
