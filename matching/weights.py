"""What each sign is worth, as data: fitted on generated histories, never on those it is measured on."""

from __future__ import annotations

from functools import lru_cache
from math import exp
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from matching.signs import Signs

WEIGHTS = Path(__file__).with_name("weights.yaml")


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Model(_Closed):
    """One question, such as whether two requests are about the same person: the log-odds of yes are a sum of weights.

    ``prior`` is the log-odds with no sign known. A level that is not named is worth nothing.
    """

    prior: float
    signs: dict[str, dict[str, float]]

    def log_odds(self, signs: Signs) -> float:
        """The log-odds (natural logarithm) of yes."""
        return self.prior + sum(self.signs.get(name, {}).get(level, 0.0) for name, level in signs.items())

    def probability(self, signs: Signs) -> float:
        """The probability of yes, 0 to 1."""
        return logistic(self.log_odds(signs))


class Thresholds(_Closed):
    """From which probability a link is sure, and from which it is asked about."""

    sure: float = Field(ge=0.0, le=1.0)
    ask: float = Field(ge=0.0, le=1.0)


class Weights(_Closed):
    """The whole of ``weights.yaml``; ``provenance`` says what the weights were fitted on, and with which command."""

    provenance: str
    member: Model
    request: Model
    amends: Model
    duplicate: Thresholds
    amendment: Thresholds


def logistic(log_odds: float) -> float:
    """The probability of log-odds."""
    return 1.0 / (1.0 + exp(-max(-40.0, min(40.0, log_odds))))


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights, read once and checked."""
    return Weights.model_validate(yaml.safe_load(WEIGHTS.read_text(encoding="utf-8")))
