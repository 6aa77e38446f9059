"""The result as one JSON object."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from intake.evaluation.calibration import calibrate, calibrate_fields
from intake.evaluation.causes import commonest_errors
from intake.evaluation.marks import Part
from intake.evaluation.score import Evaluation, Summary
from intake.evaluation.tables import groupings
from intake.evaluation.tally import Tally, ratio

_Json = dict[str, object]


def as_json(result: Evaluation) -> str:
    """Everything that the tables show."""
    marks = [mark for request in result.requests for mark in request.marks]
    whole: _Json = {
        "documents": len(result.documents),
        "problems": list(result.problems),
        "total": _summary(result.total()),
        "by_field": _tallies(result.by_field(Part.FIELD)),
        "not_in_micro": _tallies(result.by_field(Part.INFO)),
        "commonest_errors": [dataclasses.asdict(held) for held in commonest_errors(result.documents)],
        "calibration": dataclasses.asdict(calibrate(marks)),
        "calibration_by_field": {path: dataclasses.asdict(field) for path, field in calibrate_fields(marks).items()},
    }
    for title, groups in groupings(result).items():
        whole[f"by_{title.replace(', ', '_').replace(' ', '_')}"] = {name: _summary(group) for name, group in groups.items()}
    return json.dumps(whole, indent=1)


def _tally(tally: Tally) -> _Json:
    rates = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
    return {**rates, **dataclasses.asdict(tally), "flag_rate": tally.flag_rate, "silent_rate": tally.silent_rate}


def _tallies(tallies: Mapping[str, Tally]) -> _Json:
    return {path: _tally(tally) for path, tally in tallies.items()}


def _summary(summary: Summary) -> _Json:
    plain: _Json = {}
    for field in dataclasses.fields(summary):
        value = getattr(summary, field.name)
        plain[field.name] = _tally(value) if isinstance(value, Tally) else value
    plain["documents_split_right"] = ratio(summary.split_right, summary.documents)
    plain["requests_pages_right"] = ratio(summary.pages_right, summary.requests)
    plain["all_right_share"] = summary.all_right_share
    plain["straight_through_share"] = summary.straight_through_share
    return plain
