"""``python -m tests.faxes --out DIR --count N --seed S [--conditions ...] [--kinds ...] [--struck SHARE]``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.faxes.degrade import Condition
from tests.faxes.document import KINDS, Order, make

_KIND_WEIGHTS = dict(zip(KINDS, (42, 5, 6, 3, 11, 12, 12, 5, 4), strict=True))
_WITHOUT_FIELDS = ("letter", "packet", "none")


def orders(count: int, seed: str, conditions: list[Condition], kinds: list[str], prefix: str = "fax") -> list[Order]:
    """What to make: conditions in turn, kinds at random by how often they arrive."""
    rng = Random(f"{seed}/orders")
    made = []
    for n in range(count):
        condition = conditions[n % len(conditions)]
        fit = [kind for kind in kinds if condition is not Condition.ACROFORM or kind not in _WITHOUT_FIELDS] or ["new"]
        kind = rng.choices(fit, [_KIND_WEIGHTS[kind] for kind in fit])[0]
        made.append(Order(f"{prefix}-{n + 1:03d}", kind, condition, f"{seed}/{n}"))
    return made


def main(argv: list[str] | None = None) -> int:
    """Write the documents and their labels; 0 when all were written."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faxes", description="Writes labelled prior authorization faxes of the project's own."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write into; made if it is missing")
    parser.add_argument("--count", type=int, default=20, help="how many documents")
    parser.add_argument("--seed", default="1", help="the same seed gives the same labels")
    parser.add_argument("--conditions", nargs="+", choices=[str(c) for c in Condition], default=[str(c) for c in Condition])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--prefix", default="fax", help="how the files' names begin")
    parser.add_argument(
        "--struck", type=float, default=0.0, help="share of full forms on which a value is struck out and corrected"
    )
    wanted = parser.parse_args(argv)
    wanted.out.mkdir(parents=True, exist_ok=True)
    for order in orders(wanted.count, wanted.seed, [Condition(c) for c in wanted.conditions], wanted.kinds, wanted.prefix):
        make(replace(order, struck=wanted.struck), wanted.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
