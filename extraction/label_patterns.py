"""The wordings of labels as patterns of words, and which of them a label's words hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

Wordings = Annotated[tuple[str, ...], BeforeValidator(lambda text: tuple(part.strip() for part in str(text).split("|")))]
"""Several wordings in one text, parted by ``|``."""


class LabelData(BaseModel):
    """The file ``data/labels.yaml`` as it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attributes: dict[str, Wordings]
    owners: dict[str, Wordings]
    neutral_owners: Wordings
    fillers: Wordings
    weak: Wordings


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording: what it names, its words in capitals, and its place among all wordings."""

    name: str
    words: frozenset[str]
    rank: int


def patterns_of(groups: dict[str, tuple[str, ...]]) -> tuple[Pattern, ...]:
    """The wordings of a part of the label data, in their order."""
    return tuple(
        Pattern(name, frozenset(wording.split()), rank)
        for rank, (name, wordings) in enumerate(groups.items())
        for wording in wordings
    )


def by_word(patterns: tuple[Pattern, ...]) -> dict[str, list[tuple[int, Pattern]]]:
    """The patterns under their first word in the alphabet, each with its place: a text is compared with few of them."""
    found: dict[str, list[tuple[int, Pattern]]] = {}
    for place, pattern in enumerate(patterns):
        found.setdefault(min(pattern.words), []).append((place, pattern))
    return found


def within(patterns: dict[str, list[tuple[int, Pattern]]], present: set[str]) -> list[Pattern]:
    """The patterns all of whose words are present, in their order."""
    found = [placed for word in present for placed in patterns.get(word, ()) if placed[1].words <= present]
    return [pattern for _, pattern in sorted(found, key=lambda placed: placed[0])]


def adjacent(pattern: frozenset[str], words: list[str | None]) -> bool:
    """Whether the pattern's words stand together: "for plan use only", not "use black ink only"."""
    size = len(pattern)
    return size == 1 or any(set(words[n : n + size]) == pattern for n in range(len(words) - size + 1))


def owner_strength(pattern: Pattern) -> tuple[bool, int, int]:
    """A facility is where, not who: any other owner is stronger. Then the longer wording, then the earlier."""
    return pattern.name != "facility", len(pattern.words), -pattern.rank


def best_attributes(matched: list[Pattern]) -> tuple[str, ...]:
    """The widest pattern first; then those that share no word with a chosen one."""
    chosen: list[Pattern] = []
    used: set[str] = set()
    for pattern in sorted(matched, key=lambda p: (-len(p.words), p.rank)):
        if not pattern.words & used and all(pattern.name != other.name for other in chosen):
            chosen.append(pattern)
            used |= pattern.words
    return tuple(pattern.name for pattern in chosen)
