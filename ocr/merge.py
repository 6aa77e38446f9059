"""Two readings of one page made one: where they agree, what the second says where they do not, and what only one saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr.engines.protocol import SeenWord

_ALONE_CONFIDENCE = 0.6
_ALONE_SINGLE_CONFIDENCE = 0.8
_AGREED_FLOOR = 0.97


@dataclass(frozen=True, slots=True)
class MergedWord:
    """A word with the second engine's say on it."""

    word: SeenWord
    agreed: bool = False
    alternative: str | None = None


def merged(first: tuple[SeenWord, ...], second: tuple[SeenWord, ...]) -> tuple[MergedWord, ...]:
    """The words of ``first`` judged by those of ``second``, and the words that only ``second`` saw."""
    out: list[MergedWord] = []
    for mine, others in _groups(first, second):
        if not mine:
            out.extend(MergedWord(word) for word in others if _can_stand_alone(word))
        elif not others:
            out.extend(MergedWord(word) for word in mine)
        else:
            out.extend(_judged(mine, others))
    return tuple(out)


def letters_of(text: str) -> str:
    """What two engines must have in common to agree: letters and digits, case apart."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _judged(mine: list[SeenWord], others: list[SeenWord]) -> list[MergedWord]:
    own, theirs = letters_of("".join(w.text for w in mine)), letters_of("".join(w.text for w in others))
    if own and own == theirs:
        # The same letters: the finer division has the spaces that the other engine lost.
        chosen = others if len(others) > len(mine) else mine
        floor = max(_AGREED_FLOOR, _confidence(mine))
        return [MergedWord(_with_confidence(w, floor), agreed=True) for w in chosen]
    if len(mine) == 1:
        return [MergedWord(mine[0], alternative=" ".join(w.text for w in others))]
    return [_judged_alone(word, others) for word in mine]


def _judged_alone(word: SeenWord, others: list[SeenWord]) -> MergedWord:
    near = [other for other in others if _x_share(word, other) > 0.5 or _x_share(other, word) > 0.5]
    if not near:
        return MergedWord(word)
    text = " ".join(other.text for other in near)
    if letters_of(word.text) and letters_of(word.text) == letters_of(text):
        return MergedWord(_with_confidence(word, max(_AGREED_FLOOR, word.confidence)), agreed=True)
    return MergedWord(word, alternative=text)


def _groups(first: tuple[SeenWord, ...], second: tuple[SeenWord, ...]) -> list[tuple[list[SeenWord], list[SeenWord]]]:
    """Words that lie over each other, chained: two of ours under one of theirs are one group, and the reverse."""
    parent = list(range(len(first) + len(second)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, j in _over_each_other(first, second):
        parent[root(len(first) + j)] = root(i)
    groups: dict[int, tuple[list[SeenWord], list[SeenWord]]] = {}
    for i, word in enumerate(first):
        groups.setdefault(root(i), ([], []))[0].append(word)
    for j, word in enumerate(second):
        groups.setdefault(root(len(first) + j), ([], []))[1].append(word)
    for mine, others in groups.values():
        mine.sort(key=lambda w: w.left)
        others.sort(key=lambda w: w.left)
    return list(groups.values())


def _over_each_other(first: tuple[SeenWord, ...], second: tuple[SeenWord, ...]) -> list[tuple[int, int]]:
    """Pairs that share most of their height and a good part of the width of one of them; all at once, for there are many."""
    if not first or not second:
        return []
    mine, theirs = (np.array([(w.left, w.top, w.right, w.bottom) for w in words]) for words in (first, second))
    left, top, right, bottom = mine.T[:, :, np.newaxis]
    other_left, other_top, other_right, other_bottom = theirs.T[:, np.newaxis, :]
    high = np.minimum(bottom, other_bottom) - np.maximum(top, other_top)
    wide = np.minimum(right, other_right) - np.maximum(left, other_left)
    level = high > 0.5 * np.minimum(bottom - top, other_bottom - other_top)
    narrower = np.maximum(1.0, np.minimum(right - left, other_right - other_left))
    return [(int(i), int(j)) for i, j in np.argwhere(level & (wide > 0.4 * narrower))]


def _x_share(one: SeenWord, other: SeenWord) -> float:
    common = min(one.right, other.right) - max(one.left, other.left)
    return max(0.0, common) / max(1.0, one.right - one.left)


def _confidence(words: list[SeenWord]) -> float:
    return sum(w.confidence for w in words) / len(words)


def _with_confidence(word: SeenWord, confidence: float) -> SeenWord:
    return SeenWord(word.text, word.left, word.top, word.right, word.bottom, min(1.0, confidence))


def _can_stand_alone(word: SeenWord) -> bool:
    letters = letters_of(word.text)
    if not letters:
        return False
    return word.confidence >= (_ALONE_SINGLE_CONFIDENCE if len(letters) == 1 else _ALONE_CONFIDENCE)
