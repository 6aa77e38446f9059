"""Words that forms print, told by what the recogniser holds likely and not only by what it holds likeliest.

A small caption on a bad fax is misread in a letter or two ("Fione." for "Phone:"), and the right letters are nearly as likely. So a
doubtful line is decoded a second time among the words that forms print: each word on the best path is either one of them, paid for
by what its letters lose against the likeliest ones, or anything else, paid for by each letter. This is token passing over a tree of
the words, after Young, Russell and Thornton (1989), on the output of connectionist temporal classification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from ocr.engines.ctc import Alphabet

Floats = npt.NDArray[np.float32]
_Indexes = npt.NDArray[np.intp]

_NEVER = np.float32(-1e9)
_FLOOR = 1e-4
# In natural logarithms of probability: what it takes to see a word of the list at all, any other word and each of its characters,
# and the next word of the list where no space is seen.
_WORD_COST, _OTHER_COST = 4.0, 1.0
_LETTER_COST, _DIGIT_COST, _SIGN_COST = 1.6, 0.2, 0.3
_JOINT_COST = 1.5
# What a word gains for each e-fold of the wordings that hold it.
_COMMON_GAIN = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """A word on the best path: its first step and the one behind its last; ``word`` in capitals, or ``None`` for any other word."""

    word: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    """Where the best path stands at a step: what it has cost so far, negative, and the last whole word, or -1."""

    score: float
    last: int


@dataclass(frozen=True, slots=True)
class _Ended:
    """A word that may have ended at a step, and the whole word before it, or -1."""

    span: Span
    before: int


class FormWords:
    """The words as a tree of letters, with the columns of the model that each letter may be seen in, small or capital."""

    def __init__(self, words: Sequence[tuple[str, int]], alphabet: Alphabet) -> None:
        """``words`` are in capitals and of letters only, each with how many wordings of labels and choices hold it."""
        self._known = frozenset(word for word, _ in words)
        self._tree = _tree(words, alphabet) if words else None

    def knows(self, word: str) -> bool:
        """Whether a word in capitals is one of the list."""
        return word in self._known

    def spans(self, probabilities: Floats) -> tuple[Span, ...]:
        """The words of a line, left to right.

        Args:
            probabilities: a row for each step along the line, a column for each character of the alphabet.
        """
        if self._tree is None or not len(probabilities):
            return ()
        passing = _Passing(self._tree, probabilities)
        last = passing.run()
        found: list[Span] = []
        while last >= 0:
            found.append(passing.ended[last].span)
            last = passing.ended[last].before
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class _Tree:
    """Nodes are letters: ``letter`` their place in ``columns``, ``parent`` the node before, ``first`` those that begin a word.

    ``doubled`` nodes are the same letter as their parent: a blank stands between. ``words`` end at the nodes ``ends``; ``rarity``
    is what each word costs. ``others`` is what each character costs in a word that is not of the list, ``signs`` and ``space`` are
    columns: of what stands between words, and of the space.
    """

    letter: _Indexes
    parent: _Indexes
    first: npt.NDArray[np.bool_]
    doubled: npt.NDArray[np.bool_]
    words: tuple[str, ...]
    ends: _Indexes
    rarity: Floats
    columns: tuple[tuple[int, ...], ...]
    others: tuple[float, ...]
    signs: tuple[int, ...]
    space: int


class _Passing:
    """One pass over a line: the best score of each state, and at which step its word began."""

    def __init__(self, tree: _Tree, probabilities: Floats) -> None:
        self.ended: list[_Ended] = []
        self._tree = tree
        logs = np.log(np.maximum(probabilities, _FLOOR))
        top = logs.max(axis=1)
        self._likeliest = logs.argmax(axis=1)
        seen = [np.log(np.maximum(probabilities[:, columns].sum(axis=1), _FLOOR)) for columns in tree.columns]
        self._letters = (np.stack(seen, axis=1) - top[:, None])[:, tree.letter]
        self._blank = logs[:, 0] - top
        self._sign = logs[:, tree.signs].max(axis=1) - top
        self._on = np.full(len(tree.letter), _NEVER, dtype=np.float32)
        self._behind = self._on.copy()
        self._on_since = np.zeros(len(tree.letter), dtype=np.intp)
        self._behind_since = self._on_since.copy()
        self._other, self._other_since = float(_NEVER), 0
        # Where a word may begin at each step: behind a gap any, right behind a word of the list only another of the list.
        self._gaps: list[_Token] = []
        self._entries: list[_Token] = []

    def run(self) -> int:
        """The last whole word of the best path, or -1."""
        gap = _Token(0.0, -1)
        closed = joined = _Token(float(_NEVER), -1)
        for step in range(len(self._blank)):
            self._gaps.append(gap)
            self._entries.append(max(gap, joined, key=_score))
            self._pass_letters(step)
            self._pass_other(step)
            sign, blank = float(self._sign[step]), float(self._blank[step])
            gap = max(_Token(gap.score + max(sign, blank), gap.last), _Token(closed.score + sign, closed.last), key=_score)
            closed, joined = self._close(step)
        return max(closed, gap, key=_score).last

    def _pass_letters(self, step: int) -> None:
        tree, entry = self._tree, self._entries[step].score
        straight = np.where(tree.first | tree.doubled, _NEVER, self._on[tree.parent])
        over = np.where(tree.first, np.float32(entry), self._behind[tree.parent])
        came = np.maximum(straight, over)
        behind_since = np.where(tree.first, step, self._behind_since[tree.parent])
        since = np.where(straight >= over, self._on_since[tree.parent], behind_since)
        on = np.maximum(self._on, came) + self._letters[step]
        on_since = np.where(self._on >= came, self._on_since, since)
        self._behind_since = np.where(self._on >= self._behind, self._on_since, self._behind_since)
        self._behind = np.maximum(self._on, self._behind) + self._blank[step]
        self._on, self._on_since = on, on_since

    def _pass_other(self, step: int) -> None:
        seen, entry = int(self._likeliest[step]), self._gaps[step].score
        if seen == self._tree.space:
            self._other = float(_NEVER)
            return
        if entry - _OTHER_COST > self._other:
            self._other, self._other_since = entry - _OTHER_COST, step
        if step == 0 or self._likeliest[step - 1] != seen:
            self._other -= self._tree.others[seen]

    def _close(self, step: int) -> tuple[_Token, _Token]:
        """The best word that may end here, and the same where it is one of the list and another follows without a space."""
        ends = self._tree.ends
        scores = np.maximum(self._on[ends], self._behind[ends]) - self._tree.rarity
        best = int(scores.argmax())
        node = ends[best]
        since = int(self._on_since[node] if self._on[node] >= self._behind[node] else self._behind_since[node])
        score = float(scores[best])
        listed = score >= self._other
        if listed:
            self.ended.append(_Ended(Span(self._tree.words[best], since, step + 1), self._entries[since].last))
        else:
            self.ended.append(_Ended(Span(None, self._other_since, step + 1), self._gaps[self._other_since].last))
        closed = _Token(max(score, self._other), len(self.ended) - 1)
        return closed, _Token(score - _JOINT_COST if listed else float(_NEVER), closed.last)


def _score(token: _Token) -> float:
    return token.score


def _cost(character: str) -> float:
    if not character:
        return 0.0
    return _LETTER_COST if character.isalpha() else _DIGIT_COST if character.isdigit() else _SIGN_COST


def _tree(words: Sequence[tuple[str, int]], alphabet: Alphabet) -> _Tree:
    parents: list[int] = []
    letters: list[str] = []
    children: dict[tuple[int, str], int] = {}
    ends: list[int] = []
    for word, _ in words:
        node = -1
        for each in word:
            if (node, each) not in children:
                children[node, each] = len(parents)
                parents.append(node)
                letters.append(each)
            node = children[node, each]
        ends.append(node)
    known = sorted(set(letters))
    letter = np.asarray([known.index(each) for each in letters], dtype=np.intp)
    before = np.asarray(parents, dtype=np.intp)
    first = before < 0
    parent = np.where(first, 0, before)
    return _Tree(
        letter=letter,
        parent=parent,
        first=first,
        doubled=~first & (letter == letter[parent]),
        words=tuple(word for word, _ in words),
        ends=np.asarray(ends, dtype=np.intp),
        rarity=np.asarray([_WORD_COST - _COMMON_GAIN * log(1 + uses) for _, uses in words], dtype=np.float32),
        columns=tuple(tuple(n for n, c in enumerate(alphabet.characters) if c.upper() == each) for each in known),
        others=tuple(_cost(c) for c in alphabet.characters),
        signs=tuple(n for n, c in enumerate(alphabet.characters) if n and not c.isalnum()),
        space=alphabet.characters.index(" "),
    )
