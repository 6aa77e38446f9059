"""Fits what each sign is worth to generated histories, and writes it into a file of weights.

    python -m benchmarks.matching_fit [--seeds fit-1 fit-2] [--count 10000] [--out matching/weights.yaml]

Three questions are fitted by logistic regression with a small ridge, each on the pairs that the keys of the store bring together:
whether two requests are about one person, whether two of one person are one request, and which request a change is about. The
weights are log-odds (natural logarithm). Seeds that begin with ``held-`` are for measuring, and are refused here.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from matching.facts import Facts, bare_number, facts_of
from matching.score import member_level
from matching.signs import Signs, amends_signs, member_signs, request_signs
from matching.weights import WEIGHTS, Model
from models.store.match_keys import MOST_OF_A_KEY, keys_of_record
from tests.matching.histories import Arrival, History, history

_RIDGE = 0.5
_STEPS = 40
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A later and an earlier arrival that share a key, with their facts."""

    later: Arrival
    earlier: Arrival
    one: Facts
    other: Facts

    @property
    def before(self) -> Facts:
        """The facts of the earlier one as its form gives them: without the number that the plan gave it."""
        return replace(self.other, number=bare_number(self.earlier.record.request.authorization_number))

    @property
    def same_kind(self) -> bool:
        """Whether both are requests, or both changes of one kind."""
        return self.one.kind == self.other.kind

    @property
    def same_person(self) -> bool:
        """Whether both are about one person."""
        return self.later.person == self.earlier.person


def pairs(of: History, numbers: dict[str, str]) -> Iterator[list[Pair]]:
    """For each arrival the earlier ones that the store would bring up; ``numbers`` are the authorizations of groups."""
    by_key: dict[int, list[int]] = defaultdict(list)
    facts = [facts_of(one.record) for one in of.arrivals]
    for n, arrival in enumerate(of.arrivals):
        keys = keys_of_record(arrival.record)
        near = {m for key in keys for m in by_key[key][-MOST_OF_A_KEY:]}
        yield [Pair(arrival, of.arrivals[m], facts[n], _authorized(facts[m], of.arrivals[m], numbers)) for m in sorted(near)]
        for key in keys:
            by_key[key].append(n)


def _authorized(facts: Facts, arrival: Arrival, numbers: dict[str, str]) -> Facts:
    return replace(facts, number=numbers.get(arrival.group, facts.number))


def fitted(rows: Sequence[tuple[Signs, bool]]) -> Model:
    """The weights of the levels that occur, by Newton's method."""
    levels = sorted({(name, level) for signs, _ in rows for name, level in signs.items() if level != "unknown"})
    place = {level: n + 1 for n, level in enumerate(levels)}
    inputs = np.zeros((len(rows), len(levels) + 1))
    inputs[:, 0] = 1.0
    for n, (signs, _) in enumerate(rows):
        for pair in signs.items():
            if pair in place:
                inputs[n, place[pair]] = 1.0
    told = np.asarray([float(yes) for _, yes in rows])
    weights = np.zeros(len(levels) + 1)
    ridge = np.full(len(weights), _RIDGE)
    ridge[0] = 1e-6
    for _ in range(_STEPS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(inputs @ weights, -40, 40)))
        slope = inputs.T @ (told - likely) - ridge * weights
        bend = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights += np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-6:
            break
    worth: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, level), n in place.items():
        worth[name][level] = round(float(weights[n]), _PLACES)
    return Model(prior=round(float(weights[0]), _PLACES), signs=dict(worth))


def main() -> None:
    """Fit, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", nargs="+", default=["fit-1", "fit-2"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    wanted = parser.parse_args()
    if any(seed.startswith("held-") for seed in wanted.seeds):
        parser.error("seeds that begin with held- are for measuring")
    found: list[list[Pair]] = []
    for seed in wanted.seeds:
        one = history(seed, wanted.count)
        numbers = {granted.group: bare_number(granted.authorization.number) or "" for granted in one.granted}
        found += pairs(one, numbers)
    every = [pair for each in found for pair in each]
    member = fitted([(member_signs(p.one, p.other), p.same_person) for p in every])
    own = [pair for pair in every if pair.same_person and pair.same_kind]
    request = fitted([(request_signs(pair.one, pair.before), pair.later.group == pair.earlier.group) for pair in own])
    changes = [p for p in every if p.later.amends is not None and p.earlier.amends is None]
    amends = fitted(
        [
            (
                amends_signs(p.one, p.other, member_level(member.probability(member_signs(p.one, p.other)))),
                p.later.amends == p.earlier.group,
            )
            for p in changes
        ]
    )
    old = yaml.safe_load(wanted.out.read_text(encoding="utf-8"))
    command = f"python -m benchmarks.matching_fit --seeds {' '.join(wanted.seeds)} --count {wanted.count}"
    body = {
        "provenance": f"Fitted on generated histories (tests/matching/histories.py) by {command}: {len(every)} pairs, of which "
        f"{len(own)} of one person, and {len(changes)} of a change and an earlier request. The thresholds were chosen on the same.",
        **{name: model.model_dump() for name, model in (("member", member), ("request", request), ("amends", amends))},
        "duplicate": old["duplicate"],
        "amendment": old["amendment"],
    }
    wanted.out.write_text(yaml.safe_dump(body, sort_keys=False, width=130), encoding="utf-8")


if __name__ == "__main__":
    main()
