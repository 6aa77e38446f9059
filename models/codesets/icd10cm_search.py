"""ICD-10-CM codes by what they say: a description on the form is a second witness for its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process, utils

from models.codesets import icd10cm_table as icd10cm

_WORD = re.compile(r"[a-z]{4,}")
_COMMON = 4000


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """A billable code whose description is near the text; ``score`` is 0..1."""

    code: str
    description: str
    score: float


@dataclass(frozen=True, slots=True)
class _Index:
    codes: tuple[str, ...]
    descriptions: tuple[str, ...]
    by_word: dict[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def _index(table: icd10cm.Icd10Table) -> _Index:
    """Billable codes by the words of their descriptions; built on the first search, in about a third of a second."""
    codes: list[str] = []
    descriptions: list[str] = []
    by_word: dict[str, list[int]] = {}
    for line in table.lines:
        code, billable, _, _, text = line.split("\t")
        if billable != "1":
            continue
        for word in set(_WORD.findall(text.lower())):
            by_word.setdefault(word, []).append(len(codes))
        codes.append(code)
        descriptions.append(text)
    return _Index(tuple(codes), tuple(descriptions), {word: tuple(places) for word, places in by_word.items()})


def similarity(code: str, text: str) -> float:
    """How near the text is to the code's description, 0..1; 0 for an unknown code."""
    description = icd10cm.description(code)
    if description is None:
        return 0.0
    return _score(text, description) / 100


def search(text: str, limit: int = 5) -> tuple[CodeMatch, ...]:
    """The billable codes whose descriptions are nearest to the text, best first; shorter descriptions win ties."""
    index = _index(icd10cm.table())
    places = _candidates(text.lower(), index)
    choices = {place: index.descriptions[place] for place in places}
    ranked = process.extract(text, choices, scorer=_scorer, processor=None, limit=None, score_cutoff=50)
    best = sorted(ranked, key=lambda item: (-item[1], len(item[0]), index.codes[item[2]]))[:limit]
    return tuple(CodeMatch(icd10cm.dotted(index.codes[place]), said, score / 100) for said, score, place in best)


def _candidates(text: str, index: _Index) -> set[int]:
    """Places that share the rarest words of the text, so that thousands and not all descriptions are compared."""
    lists = sorted((index.by_word[word] for word in set(_WORD.findall(text)) if word in index.by_word), key=len)
    places: set[int] = set()
    for word_places in lists:
        if places and len(places) + len(word_places) > _COMMON:
            break
        places.update(word_places)
    return places


def _score(text: str, description: str) -> float:
    return fuzz.token_sort_ratio(text, description, processor=utils.default_process)


def _scorer(text: str, description: str, *, score_cutoff: float | None = None, processor: None = None) -> float:
    del processor
    return fuzz.token_sort_ratio(text, description, processor=utils.default_process, score_cutoff=score_cutoff or 0)
