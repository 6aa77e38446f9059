"""Whether a page is a page of a known form, and how the one lies on the other.

The printed words of the blank are looked for on the page. Pairs of equal words vote for how the page was scaled and shifted
(random sample consensus: M. Fischler and R. Bolles, CACM 24, 1981), and an affine map is then fitted to the words that agree by
least squares, again and again with a closer tolerance. So missing words, misread words, values that happen to be printed words,
and a little skew do no harm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from random import Random
from statistics import median

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from extraction.forms.known import FormPage
from models.geometry import Box
from models.letters import letters_of
from models.page import Page

_Points = NDArray[np.float64]

_MIN_LETTERS = 3
_TRIALS = 400
_SCALES = (0.75, 1.33)
_FAR_APART = 0.12
_TOLERANCES = (0.015, 0.01, 0.007, 0.005, 0.005)
_FEWEST = 8
# A page that shares fewer of the form's words, wherever they stand, is not looked at closer.
_LEAST_SHARED = 0.12
# Pages of other forms share up to a fifth of their letters in their places; a poor fax loses half of its own.
_MIN_SHARE = 0.38
_SAME_LETTERS = 78.0
_SLACK = 0.004
# The words that say how far the page strays: within this reach, this many, those on the same lines before those beside.
_STRAY = 0.035
_NEAREST = 5
_ACROSS = 0.3
# A box higher than this has edges that stray by themselves.
_TALL = 0.06


@dataclass(frozen=True, slots=True)
class Anchor:
    """A printed word's middle on the blank, and how far from its expected place it was found."""

    x: float
    y: float
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A page of a form found on a page of a fax.

    ``x`` and ``y`` give a point of the fax page from one of the blank: ``x[0] * left + x[1] * top + x[2]``, and so for ``y``.
    ``anchors`` are words found, which say how far the page strays from that near them: paper that was drawn in unevenly, or a form
    that a program lays out anew each time. ``share`` is the share of the blank's letters that were found in their places, 0..1.
    """

    form: FormPage
    x: tuple[float, float, float] = (1.0, 0.0, 0.0)
    y: tuple[float, float, float] = (0.0, 1.0, 0.0)
    anchors: tuple[Anchor, ...] = ()
    share: float = 1.0

    def box(self, box: Box) -> Box:
        """Where a box of the blank lies on the page."""
        left, right = (self.point(x, box.y)[0] for x in (box.left, box.right))
        top, bottom = (self.point(box.x, y)[1] for y in (box.top, box.bottom))
        dx, dy = self._stray(box.x, box.y)
        if box.height <= _TALL:
            return Box.clipped(left + dx, top + dy, right + dx, bottom + dy)
        return Box.clipped(left + dx, top + self._stray(box.x, box.top)[1], right + dx, bottom + self._stray(box.x, box.bottom)[1])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the blank lies on the page by the affine map alone."""
        return self.x[0] * x + self.x[1] * y + self.x[2], self.y[0] * x + self.y[1] * y + self.y[2]

    def _stray(self, x: float, y: float) -> tuple[float, float]:
        nearest = sorted(self.anchors, key=lambda a: abs(a.y - y) + _ACROSS * abs(a.x - x))[:_NEAREST]
        if not nearest:
            return 0.0, 0.0
        return median(a.dx for a in nearest), median(a.dy for a in nearest)


def place(form: FormPage, page: Page) -> Placement | None:
    """How the form lies on the page, or ``None`` where the page is none of the form."""
    pairs = _pairs(form, page)
    if len({own for own, _ in pairs}) < max(_FEWEST, _LEAST_SHARED * len(form.words)):
        return None
    blank = np.array([(form.words[own].box.x, form.words[own].box.y) for own, _ in pairs])
    seen = np.array([(page.words[other].box.x, page.words[other].box.y) for _, other in pairs])
    found = _consensus(blank, seen, [own for own, _ in pairs])
    if found is None:
        return None
    x, y = _refined(blank, seen, found)
    placement = Placement(form, x, y, _anchors(Placement(form, x, y), blank, seen, [own for own, _ in pairs]))
    share = _share(placement, page)
    return replace(placement, share=share) if share >= _MIN_SHARE else None


def _anchors(placement: Placement, blank: _Points, seen: _Points, words: list[int]) -> tuple[Anchor, ...]:
    """The nearest equal word to the expected place of each printed word, if it is near enough."""
    nearest: dict[int, tuple[float, Anchor]] = {}
    for (x, y), (u, v), own in zip(blank.tolist(), seen.tolist(), words, strict=True):
        expected = placement.point(x, y)
        dx, dy = u - expected[0], v - expected[1]
        off = max(abs(dx), abs(dy))
        if off < _STRAY and off < nearest.get(own, (_STRAY, None))[0]:
            nearest[own] = off, Anchor(x, y, dx, dy)
    return tuple(anchor for _, anchor in nearest.values())


def _pairs(form: FormPage, page: Page) -> list[tuple[int, int]]:
    """The words of the blank and of the page that have the same letters."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(page.words):
        places[letters_of(word.text)].append(number)
    pairs: list[tuple[int, int]] = []
    for own, printed in enumerate(form.words):
        text = letters_of(printed.text)
        if len(text) >= _MIN_LETTERS:
            pairs.extend((own, other) for other in places.get(text, ()))
    return pairs


def _consensus(blank: _Points, seen: _Points, words: list[int]) -> NDArray[np.bool_] | None:
    """The pairs that agree with the scale and shift that most words agree with."""
    rng = Random(0)  # noqa: S311 - a repeatable sample, nothing secret
    count = len(words)
    groups = np.unique(np.array(words), return_inverse=True)[1]
    best: NDArray[np.bool_] | None = None
    most = _FEWEST - 1
    for _ in range(_TRIALS):
        one, other = rng.randrange(count), rng.randrange(count)
        apart = blank[other] - blank[one]
        if min(abs(apart[0]), abs(apart[1])) < _FAR_APART:
            continue
        scale = (seen[other] - seen[one]) / apart
        if not (_SCALES[0] <= scale.min() and scale.max() <= _SCALES[1]):
            continue
        off = np.abs(seen[one] + (blank - blank[one]) * scale - seen).max(axis=1)
        agree = off < _TOLERANCES[0]
        votes = len(np.unique(groups[agree]))
        if votes > most:
            best, most = agree, votes
    return best


def _refined(
    blank: _Points, seen: _Points, agree: NDArray[np.bool_]
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The affine map by least squares over the pairs that agree with it."""
    full = np.column_stack((blank, np.ones(len(blank))))
    solution: _Points = np.zeros((3, 2))
    for tolerance in _TOLERANCES:
        solution = np.asarray(np.linalg.lstsq(full[agree], seen[agree], rcond=None)[0], dtype=np.float64)
        nearer: NDArray[np.bool_] = np.abs(full @ solution - seen).max(axis=1) < tolerance
        if nearer.sum() < _FEWEST:
            break
        agree = nearer
    (xa, xb, xc), (ya, yb, yc) = solution.T.tolist()
    return (xa, xb, xc), (ya, yb, yc)


def _share(placement: Placement, page: Page) -> float:
    """The share of the blank's letters that the page has in their places; a misread or glued word counts where it stands."""
    edges = np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in page.words])
    texts = [letters_of(word.text) for word in page.words]
    total = found = 0
    for printed in placement.form.words:
        text = letters_of(printed.text)
        if len(text) < _MIN_LETTERS:
            continue
        total += len(text)
        box = placement.box(printed.box)
        beside = (edges[:, 0] < box.right + _SLACK) & (edges[:, 2] > box.left - _SLACK)
        near = np.flatnonzero(beside & (edges[:, 1] < box.y + _SLACK) & (edges[:, 3] > box.y - _SLACK))
        if any(_alike(text, texts[n]) for n in near):
            found += len(text)
    return found / total if total else 0.0


def _alike(printed: str, seen: str) -> bool:
    if len(seen) >= len(printed):
        return fuzz.partial_ratio(printed, seen) >= _SAME_LETTERS
    return 2 * len(seen) >= len(printed) and fuzz.partial_ratio(seen, printed) >= _SAME_LETTERS
