"""From a recogniser's probabilities to words with edges."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.protocol import SeenWord
from ocr.images import GreyImage

_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ACCENTED = "ÁÉÍÓÚÜÑÀÈÌÒÙÄÖÇÂÊÎÔÛáéíóúüñàèìòùäöçâêîôû"
_SIGNS = "–—•·°§©®™✓✔√×☐☑☒□■○●"
_SAME = {"—": "-", "–": "-", "√": "✓", "（": "(", "）": ")", "：": ":", "，": ",", "×": "x"}
# So many dots together may be noise: one, or one on a fax whose rows were doubled.
_SPECK = 2
# A gap that no space was read in: how wide it is at least, in heights of the line and in the usual gaps of its letters; between
# two digits, which a hand sets far apart, wider.
_SPACE, _WIDER, _IN_NUMBER = 0.6, 3.0, 1.6


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of a form in English, out of all that the model knows; index 0 is the blank."""

    columns: npt.NDArray[np.intp]
    characters: tuple[str, ...]

    @classmethod
    def of(cls, known: Sequence[str]) -> Alphabet:
        """Pick from the model's characters, which follow the blank; the space comes after all of them."""
        wanted = set(_PLAIN + _ACCENTED + _SIGNS) | set(_SAME)
        columns, characters = [0], [""]
        for index, character in enumerate((*known, " "), start=1):
            if character in wanted:
                columns.append(index)
                characters.append(_SAME.get(character, character))
        return cls(np.asarray(columns), tuple(characters))

    def only(self, characters: str) -> Alphabet:
        """The part of it that ``characters`` names, with the blank and the space."""
        keep = [0, *(i for i, known in enumerate(self.characters) if i and (known == " " or known in characters))]
        return Alphabet(self.columns[keep], tuple(self.characters[i] for i in keep))


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    at: float
    confidence: float


def decoded(probabilities: npt.NDArray[np.float32], crop: GreyImage, alphabet: Alphabet) -> tuple[SeenWord, ...]:
    """The words of one line, each with edges in the crop's pixels.

    Underscores are left out: they are printed lines. ``probabilities`` has one row for each step along the line and one column
    for each character of the model.
    """
    letters = _letters(probabilities[:, alphabet.columns], crop.shape[1], alphabet)
    letters = [letter for letter in letters if letter.text != "_"]
    return _with_edges(_groups(letters), np.asarray(crop < 128))


def _letters(probabilities: npt.NDArray[np.float32], width: int, alphabet: Alphabet) -> list[_Letter]:
    best = probabilities.argmax(axis=1)
    steps = len(best)
    letters: list[_Letter] = []
    start = 0
    for step in range(1, steps + 1):
        if step < steps and best[step] == best[start]:
            continue
        if best[start] != 0:
            peak = float(probabilities[start:step, best[start]].max())
            letters.append(_Letter(alphabet.characters[int(best[start])], ((start + step) / 2) * width / steps, peak))
        start = step
    return letters


def _groups(letters: list[_Letter]) -> list[list[_Letter]]:
    groups: list[list[_Letter]] = [[]]
    for letter in letters:
        if letter.text == " ":
            groups.append([])
        else:
            groups[-1].append(letter)
    return [group for group in groups if group]


def _with_edges(groups: list[list[_Letter]], inked: npt.NDArray[np.bool_]) -> tuple[SeenWord, ...]:
    if not groups:
        return ()
    height, width = inked.shape
    strokes = _without_specks(inked)
    columns = np.asarray(strokes.any(axis=0))
    groups = _parted(groups, columns, float(np.count_nonzero(strokes.any(axis=1))))
    # A mark or a rule beside the text may lie in the crop as well: the line ends where its letters do.
    reach = max(0.9 * height, 1.6 * _pitch(groups))
    cuts = [max(0.0, groups[0][0].at - reach)]
    for left, right in itertools.pairwise(groups):
        start, length = _gap(columns, left[-1].at, right[0].at)
        cuts.append(start + length / 2)
    cuts.append(min(float(width), groups[-1][-1].at + reach))
    words = []
    for group, start, end in zip(groups, cuts, cuts[1:], strict=False):
        text = "".join(letter.text for letter in group)
        confidence = float(np.exp(np.mean([np.log(max(letter.confidence, 1e-3)) for letter in group])))
        words.append(SeenWord(text, *_ink_box(inked, strokes, int(start), int(end)), confidence))
    return tuple(words)


def _pitch(groups: list[list[_Letter]]) -> float:
    steps = [b.at - a.at for group in groups for a, b in itertools.pairwise(group)]
    return float(np.median(steps)) if steps else 0.0


def _parted(groups: list[list[_Letter]], columns: npt.NDArray[np.bool_], height: float) -> list[list[_Letter]]:
    """The groups, parted too where the paper shows a space that the recogniser did not name, as between a value and a label."""
    gaps = {id(b): _gap(columns, a.at, b.at)[1] for group in groups for a, b in itertools.pairwise(group)}
    wide = max(_SPACE * height, _WIDER * float(np.median([*gaps.values(), 0.0])))
    parts: list[list[_Letter]] = []
    for group in groups:
        parts.append([])
        for before, letter in zip((None, *group), group, strict=False):
            number = before is not None and before.text.isdigit() and letter.text.isdigit()
            if gaps.get(id(letter), 0.0) > (_IN_NUMBER * wide if number else wide):
                parts.append([])
            parts[-1].append(letter)
    return parts


def _gap(columns: npt.NDArray[np.bool_], left: float, right: float) -> tuple[float, float]:
    """Where the widest white gap between two letters begins, and its width."""
    first, last = int(left), max(int(left) + 1, int(right))
    best_start, best_length, start = (first + last) // 2, 0, None
    for x in range(first, last + 1):
        white = x < last and x < len(columns) and not columns[x]
        if white and start is None:
            start = x
        elif not white and start is not None:
            if x - start > best_length:
                best_start, best_length = start, x - start
            start = None
    return best_start, best_length


def _without_specks(inked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The ink without dots that stand alone or in twos: noise beside a word would widen its box up to the next word."""
    around = cv2.boxFilter(inked.astype(np.uint8), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return inked & np.asarray(around > _SPECK)


def _ink_box(
    inked: npt.NDArray[np.bool_], strokes: npt.NDArray[np.bool_], start: int, end: int
) -> tuple[float, float, float, float]:
    view = inked[:, start:end]
    xs = np.flatnonzero(strokes[:, start:end].any(axis=0))
    ys = np.flatnonzero(view.any(axis=1))
    if not len(xs) or not len(ys):
        return float(start), 0.0, float(max(start + 1, end)), float(inked.shape[0])
    return float(start + xs[0]), float(ys[0]), float(start + xs[-1] + 1), float(ys[-1] + 1)
