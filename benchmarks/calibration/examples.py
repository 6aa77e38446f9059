"""One reading of a labelled document with its evidence and whether it was right: what confidence is fitted to.

An example holds no value from a form, so that a file of them may be kept and sent.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.evidence import Evidence, Origin, SecondLook


@dataclass(frozen=True, slots=True)
class Example:
    """One reading.

    ``source`` names the labelled folder, ``document`` is a number in it; ``form``, ``condition`` and ``by_hand`` are the
    label's. ``reading`` tells the readings of a document apart: the first and the second look at one have the same.
    """

    source: str
    document: int
    form: str
    condition: str
    by_hand: bool
    reading: str
    path: str
    evidence: Evidence
    right: bool


def write(examples: Iterable[Example], file: Path) -> int:
    """Write one example a line; how many there were."""
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for example in examples:
            lines.write(json.dumps(dataclasses.asdict(example)) + "\n")
            count += 1
    return count


def read(files: Sequence[Path]) -> Iterator[Example]:
    """The examples of the files."""
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                plain = json.loads(line)
                seen = plain.pop("evidence")
                seen |= {"origin": Origin(seen["origin"]), "second": SecondLook(seen["second"])}
                yield Example(**plain, evidence=Evidence(**seen))
