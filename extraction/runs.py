"""The runs of words of a page, parted where something else than a gap parts what is printed in them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from extraction.lines import Line
from models.page import Comb, Word

_NUMBERED = re.compile(r"(?:part|section|step|box)\s+(?:\d{1,2}|[ivx]{1,4}|[a-h])[:.)]?", re.IGNORECASE)


def outside_combs(run: Line, combs: tuple[Comb, ...]) -> list[Line]:
    """The parts of a run between the combs in it, whose single characters are no item numbers of a label."""
    parts: list[list[Word]] = [[]]
    for word in run.words:
        if any(comb.box.holds(word.box.x, word.box.y) for comb in combs):
            parts.append([])
        else:
            parts[-1].append(word)
    return [replace(run, words=tuple(part)) for part in parts if part]


def numbered_titles(run: Line) -> list[Line]:
    """A numbered title parted from one that stands close behind it: two columns have theirs side by side."""
    starts = [n for n, (one, other) in enumerate(itertools.pairwise(run.words)) if _NUMBERED.fullmatch(f"{one.text} {other.text}")]
    cuts = starts[1:] if starts[:1] == [0] and "(" not in run.text else []
    return [replace(run, words=run.words[start:end]) for start, end in itertools.pairwise((0, *cuts, len(run.words)))]


def numbers_title(text: str) -> bool:
    """Whether the text is no more than the number of a title ("Part 4:"), whose words stand behind a gap."""
    return _NUMBERED.fullmatch(text.strip()) is not None


def behind_number(run: Line) -> int:
    """Where the words of a numbered title begin ("Part 3: Where services will be rendered")."""
    if len(run.words) < 3 or not _NUMBERED.fullmatch(f"{run.words[0].text} {run.words[1].text}"):
        return 0
    return 2 if any(c.isalnum() for c in run.words[2].text) or len(run.words) == 3 else 3
