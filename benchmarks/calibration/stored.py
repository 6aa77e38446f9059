"""The data file of the fitted models, with where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import yaml

from benchmarks.calibration.examples import Example
from benchmarks.calibration.logistic import Fitted
from extraction.confidence import model_of

_HEAD = """\
# How much each piece of evidence says for a reading: weights of the log-odds that it is right. `weights` are shared by all kinds
# of fields, `groups` are what a kind adds. Features are described in extraction/confidence.py, results in docs/confidence.md.
# Written by `python -m benchmarks.calibration fit`; not to be edited by hand.
"""
_PLACES = 4
_LEAST = 0.02


def as_yaml(models: Mapping[str, Fitted], examples: Sequence[Example], seeds: str, day: date) -> str:
    """The file. Deviations too small to matter are left out."""
    sources = Counter(example.source for example in examples)
    documents = {name: len({e.document for e in examples if e.source == name}) for name in sources}
    provenance = {
        "fitted_on": day.isoformat(),
        "generated_folders": seeds,
        "sources": {name: {"documents": documents[name], "examples": count} for name, count in sorted(sources.items())},
        "examples": dict(sorted(Counter(model_of(example.evidence) for example in examples).items())),
    }
    body = {name: {"weights": _rounded(model.weights), "groups": _groups(model)} for name, model in models.items()}
    return _HEAD + yaml.safe_dump({"provenance": provenance, **body}, sort_keys=False, width=132, default_flow_style=None)


def _groups(model: Fitted) -> dict[str, dict[str, float]]:
    return {name: _rounded({k: v for k, v in own.items() if abs(v) >= _LEAST}) for name, own in model.groups.items()}


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _PLACES) for name, value in weights.items()}
