"""Logistic regression with a hierarchy: weights that all groups share, and deviations of each group that are held small.

Newton steps on the penalised log-likelihood (iteratively reweighted least squares; Hastie, Tibshirani, Friedman, *The Elements of
Statistical Learning*, 4.4.1), with an L2 penalty for each weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_STEPS = 100
_DONE = 1e-6
_FLAT = 500.0
_NOTHING = 1e-5
_FREE = 1e-3


@dataclass(frozen=True, slots=True)
class Penalties:
    """What a squared weight costs: a shared one, a group's deviation of a weight, a group's deviation of the bias."""

    shared: float = 1.0
    deviation: float = 12.0
    bias: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights by feature name, ``bias`` among them, and what each group adds to them."""

    weights: dict[str, float]
    groups: dict[str, dict[str, float]]


def fit(
    groups: Sequence[str],
    rows: Sequence[Mapping[str, float]],
    right: Sequence[bool],
    penalties: Penalties,
    expected: Mapping[str, float] | None = None,
) -> Fitted:
    """Fit the probability of ``right``.

    Args:
        groups: the group of each row.
        rows: the features of each row; what is not named is 0.
        right: the outcome of each row.
        penalties: how strongly weights are held small.
        expected: what shared weights are taken to be before any row is seen, 0 for those that are not named.
    """
    names = ["bias", *sorted({*(expected or {}), *(name for row in rows for name in row)})]
    kinds = sorted(set(groups))
    place = {name: at for at, name in enumerate(names)}
    dense = np.zeros((len(rows), len(names)))
    dense[:, 0] = 1.0
    for at, row in enumerate(rows):
        for name, value in row.items():
            dense[at, place[name]] = value
    group = np.array([kinds.index(each) for each in groups])
    prior = np.array([(expected or {}).get(name, 0.0) for name in names])
    solved = _newton([dense[group == at] for at in range(len(kinds))], _by_group(right, group, len(kinds)), penalties, prior)
    weights = [{name: float(value) for name, value in zip(names, row, strict=True) if abs(value) > _NOTHING} for row in solved]
    return Fitted(weights[0], dict(zip(kinds, weights[1:], strict=True)))


def _by_group(right: Sequence[bool], group: NDArray[np.int64], kinds: int) -> list[Vector]:
    outcome = np.array(right, dtype=np.float64)
    return [outcome[group == at] for at in range(kinds)]


def _newton(rows: list[Vector], outcomes: list[Vector], penalties: Penalties, prior: Vector) -> Vector:
    """The weights, shared ones first and then the deviations of each group: one line of the result for each.

    The second derivatives are made of one block for each group, so that the rows are never spread over all columns. A step that
    would make the fit worse is halved until it does not (Boyd, Vandenberghe, *Convex Optimization*, 9.2): where almost all
    rows are right, a full one overshoots and never comes back.

    Raises:
        ArithmeticError: the weights did not settle.
    """
    width = rows[0].shape[1]
    costs = np.full((len(rows) + 1, width), penalties.deviation)
    costs[0], costs[:, 0], costs[0, 0] = penalties.shared, penalties.bias, _FREE
    expected_weights = np.zeros_like(costs)
    expected_weights[0] = prior

    def loss(weights: Vector) -> float:
        kept = 0.5 * float((costs * (weights - expected_weights) ** 2).sum())
        scores = (seen @ (weights[0] + weights[at]) for at, seen in enumerate(rows, start=1))
        return kept + sum(
            float(np.logaddexp(0.0, np.where(outcome > 0.5, -score, score)).sum())
            for score, outcome in zip(scores, outcomes, strict=True)
        )

    solved = expected_weights.copy()
    now = loss(solved)
    for _ in range(_STEPS):
        step = _step(rows, outcomes, costs, solved, expected_weights)
        while (then := loss(solved + step)) > now and float(np.abs(step).max()) >= _DONE:
            step = step / 2.0
        if float(np.abs(step).max()) < _DONE:
            return solved
        solved, now = solved + step, then
    raise ArithmeticError("The weights did not settle.")


def _step(rows: list[Vector], outcomes: list[Vector], costs: Vector, solved: Vector, expected_weights: Vector) -> Vector:
    """The full Newton step from the weights that were found so far."""
    width = rows[0].shape[1]
    gradient = -costs * (solved - expected_weights)
    second = np.diag(costs.ravel())
    for at, (seen, outcome) in enumerate(zip(rows, outcomes, strict=True), start=1):
        expected = 1.0 / (1.0 + np.exp(-np.clip(seen @ (solved[0] + solved[at]), -_FLAT, _FLAT)))
        slope = seen.T @ (outcome - expected)
        block = (seen * (expected * (1.0 - expected))[:, None]).T @ seen
        own = slice(at * width, (at + 1) * width)
        gradient[0] += slope
        gradient[at] += slope
        second[:width, :width] += block
        second[own, own] += block
        second[:width, own] += block
        second[own, :width] += block
    return np.asarray(np.linalg.solve(second, gradient.ravel()).reshape(solved.shape))
