"""What flags and silent errors a cost ratio gives, and whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.calibration.fit import Predicted
from extraction.confidence import group_of, model_of
from extraction.second_look import HOPELESS
from intake.evaluation.calibration import EDGES
from intake.evaluation.tally import interval

RATIOS = (10, 20, 30, 50, 100, 300)
"""Costs of a silent error in needless flags."""
# The default policy prices a missed value at a third of a wrong one.
_MISSED = 3.0


@dataclass(frozen=True, slots=True)
class _Final:
    """A reading as a record would give it under one cost ratio."""

    predicted: Predicted
    flagged: bool

    @property
    def absent(self) -> bool:
        """Whether nothing was read."""
        return model_of(self.predicted.example.evidence) == "absent"

    @property
    def silent(self) -> bool:
        """Wrong, and nobody is asked."""
        return not self.flagged and not self.predicted.example.right


def finals(predicted: Sequence[Predicted], ratio: float) -> list[_Final]:
    """The readings after the second look that the ratio asks for."""
    second = {_key(each): each for each in predicted if model_of(each.example.evidence) == "reread"}
    found = []
    for first in predicted:
        if model_of(first.example.evidence) == "reread":
            continue
        asked = HOPELESS <= first.probability <= 1.0 - 1.0 / ratio
        final = second.get(_key(first), first) if asked else first
        price = ratio / _MISSED if model_of(final.example.evidence) == "absent" else ratio
        found.append(_Final(final, 1.0 - final.probability > 1.0 / price))
    return found


def _key(predicted: Predicted) -> tuple[str, int, str]:
    return predicted.example.source, predicted.example.document, predicted.example.reading


def as_text(predicted: Sequence[Predicted]) -> str:
    """The tables."""
    lines = [f"{len(predicted)} examples", "", *_reliability(predicted)]
    for ratio in RATIOS:
        found = finals(predicted, ratio)
        lines += ["", f"a silent error costs {ratio} needless flags", *_table(_by_condition(found))]
    found = finals(predicted, RATIOS[2])
    lines += ["", f"by kind of field, at {RATIOS[2]}", *_table(_by_group(found))]
    lines += ["", f"by source, at {RATIOS[2]}", *_table(_by_source(found))]
    return "\n".join(lines)


def _reliability(predicted: Sequence[Predicted]) -> Iterator[str]:
    for name in ("read", "reread", "absent"):
        mine = [each for each in predicted if model_of(each.example.evidence) == name]
        yield f"{name:26}{'examples':>9}{'mean':>8}{'right':>8}  95 % interval of right"
        for low, high in pairwise(EDGES):
            held = [each for each in mine if low <= each.probability < high or (high == 1.0 and each.probability == 1.0)]
            right = sum(each.example.right for each in held)
            bounds = interval(right, len(held))
            if bounds is not None:
                mean = sum(each.probability for each in held) / len(held)
                at = f"  {low:.3f} to {high:.3f}"
                yield f"{at:26}{len(held):9}{mean:8.4f}{right / len(held):8.4f}  {bounds[0]:.4f} to {bounds[1]:.4f}"


def _by_condition(found: Iterable[_Final]) -> dict[str, list[_Final]]:
    groups: dict[str, list[_Final]] = {}
    for each in found:
        example = each.predicted.example
        groups.setdefault(example.condition + (", by hand" if example.by_hand else ""), []).append(each)
        groups.setdefault("all", []).append(each)
    return groups


def _by_group(found: Iterable[_Final]) -> dict[str, list[_Final]]:
    groups: dict[str, list[_Final]] = {}
    for each in found:
        groups.setdefault(group_of(each.predicted.example.path), []).append(each)
    return groups


def _by_source(found: Iterable[_Final]) -> dict[str, list[_Final]]:
    groups: dict[str, list[_Final]] = {}
    for each in found:
        example = each.predicted.example
        groups.setdefault(f"{example.source}, {'typed' if example.evidence.exact else 'read'}", []).append(each)
    return groups


def _table(groups: dict[str, list[_Final]]) -> Iterator[str]:
    yield f"  {'':24}{'values':>8}{'flagged':>9}{'silent':>8}{'per 1000':>10}  95 % interval {'missed: asked':>16}{'silent':>8}"
    for name, held in sorted(groups.items()):
        given = [each for each in held if not each.absent]
        blank = [each for each in held if each.absent]
        silent = sum(each.silent for each in given)
        low, high = interval(silent, len(given)) or (0.0, 0.0)
        flagged = sum(each.flagged for each in given) / max(len(given), 1)
        missed = sum(each.silent for each in blank)
        rate = 1000 * silent / max(len(given), 1)
        yield (
            f"  {name:24}{len(given):8}{flagged:9.3f}{silent:8}{rate:10.2f}  {1000 * low:5.2f} to {1000 * high:5.2f}"
            f"{sum(each.flagged for each in blank) / max(len(blank), 1):16.3f}{missed:8}"
        )
