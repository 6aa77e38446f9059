"""One reading of a labelled document with its evidence and whether it was right: what confidence is fitted to.

An example holds no value from a form, so that a file of them may be kept and sent.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from models.evidence import PLAIN, Evidence, Origin, SecondLook

_PLAIN: dict[str, Any] = dataclasses.asdict(PLAIN)


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
    """Write one example a line, without the evidence that is as it is of the plainest reading; how many there were."""
    count = 0
    with _opened(file, "wt") as lines:
        for example in examples:
            plain = dataclasses.asdict(example)
            plain["evidence"] = {name: value for name, value in plain["evidence"].items() if value != _PLAIN[name]}
            lines.write(json.dumps(plain) + "\n")
            count += 1
    return count


def read(files: Sequence[Path]) -> Iterator[Example]:
    """The examples of the files, packed (``.gz``) or not."""
    for file in files:
        with _opened(file, "rt") as lines:
            for line in lines:
                plain = json.loads(line)
                seen = _PLAIN | plain.pop("evidence")
                seen |= {"origin": Origin(seen["origin"]), "second": SecondLook(seen["second"])}
                yield Example(**plain, evidence=Evidence(**seen))


def _opened(file: Path, mode: Literal["rt", "wt"]) -> TextIO:
    return gzip.open(file, mode, encoding="utf-8") if file.suffix == ".gz" else file.open(mode, encoding="utf-8")
