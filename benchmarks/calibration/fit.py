"""From examples to the models of ``extraction/data/confidence.yaml``, and to predictions for forms that a model has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.calibration.examples import Example
from benchmarks.calibration.logistic import Fitted, Penalties, fit
from extraction.confidence import MODELS, Model, features, judged_with, model_of

PENALTIES = {
    "read": Penalties(shared=1.0, deviation=10.0, bias=1.0),
    "reread": Penalties(shared=1.0, deviation=10.0, bias=1.0),
    "absent": Penalties(shared=1.0, deviation=6.0, bias=1.0),
}
# What speaks against a value does so before any example is seen: a reader that has learnt to avoid an error leaves none to fit to.
_AGAINST = {
    "ambiguous": -1.5,
    "implausible": -1.5,
    "invalid": -1.5,
    "odd": -1.0,
    "repaired_exact": -1.5,
    "tied": -1.0,
    "undescribed": -1.0,
    "unfit": -3.0,
}
EXPECTED: dict[str, dict[str, float]] = {"read": _AGAINST, "reread": _AGAINST, "absent": {"leftover": -1.5, "worded": -1.5}}
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Predicted:
    """An example with the probability that a model which has not seen its form gives it."""

    example: Example
    probability: float


def fit_models(examples: Iterable[Example]) -> dict[str, Fitted]:
    """The models, each fitted to its own examples."""
    mine: dict[str, list[Example]] = {name: [] for name in MODELS}
    for example in examples:
        mine[model_of(example.evidence)].append(example)
    return {name: _fitted(name, held) for name, held in mine.items() if held}


def _fitted(name: str, examples: Sequence[Example]) -> Fitted:
    return fit(
        [judged_with(example.path, example.evidence) for example in examples],
        [features(example.evidence) for example in examples],
        [example.right for example in examples],
        PENALTIES[name],
        EXPECTED[name],
    )


def unseen(examples: Sequence[Example], whole: frozenset[str], shipped: dict[str, Model] | None = None) -> list[Predicted]:
    """Each example judged by models fitted without its form.

    Args:
        examples: all examples.
        whole: sources whose documents are left out a form at a time; those of the others are left out in equal parts.
        shipped: models to judge by as they are, for examples that none of them was fitted to.
    """
    if shipped is not None:
        return [Predicted(example, _judge(shipped, example)) for example in examples]
    parts: dict[str, list[Example]] = {}
    for example in examples:
        of_form = f"{example.source}/{example.form}" if example.source in whole else f"{example.document % _FOLDS}"
        parts.setdefault(of_form, []).append(example)
    found: list[Predicted] = []
    for name, held in sorted(parts.items()):
        others = (example for other, each in parts.items() if other != name for example in each)
        judges = {key: Model(model.weights, model.groups) for key, model in fit_models(others).items()}
        found += [Predicted(example, _judge(judges, example)) for example in held]
    return found


def _judge(judges: dict[str, Model], example: Example) -> float:
    model = judges[model_of(example.evidence)]
    return model.probability(judged_with(example.path, example.evidence), features(example.evidence))
