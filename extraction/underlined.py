"""Printed answers of which a hand has underlined one, where a form has no boxes to tick."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from extraction.lines import Line, runs_of
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Rule, Word

Named = tuple[tuple[Word, ...], tuple[tuple[str, str], ...]]
"""The words of an answer, and the fields and values that they name."""

# How far below the letters a stroke may be, in their heights, and how far it may run beyond them, in widths of the page.
_BELOW = 0.6
_BEYOND = 0.015
_COVERED = 0.75
_SURE = 0.85


def underlined(page: Page, name: Callable[[tuple[Word, ...]], Named]) -> list[tuple[Named, CheckBox]]:
    """The answers of each row of which exactly one is underlined, each with a box that says whether it is the one.

    Args:
        page: the page.
        name: the words of a run without the label before them, and what they name.
    """
    found: list[tuple[Named, CheckBox]] = []
    runs = [run for run in runs_of(page) if name(run.words)[1] and not run.text.endswith(":")]
    rules = tuple(rule for rule in page.rules if rule.horizontal)
    for _, row in groupby(sorted(runs, key=lambda run: run.box.y), key=_Rows()):
        answers = [name(run.words) for run in row]
        paths = {pairs[0][0] for _, pairs in answers}
        for path in sorted(paths):
            mine = [answer for answer in answers if answer[1][0][0] == path]
            chosen = [answer for answer in mine if _is_underlined(answer[0], rules)]
            if len({pairs[0][1] for _, pairs in mine}) > 1 and len(chosen) == 1:
                found += [(answer, _mark(answer[0], ticked=answer is chosen[0])) for answer in mine]
    return found


class _Rows:
    """Numbers the rows of runs that come from top to bottom."""

    def __init__(self) -> None:
        self._last: Line | None = None
        self._number = 0

    def __call__(self, run: Line) -> int:
        """The number of the run's row."""
        if self._last is not None and not run.box.on_row_of(self._last.box):
            self._number += 1
        self._last = run
        return self._number


def _is_underlined(words: tuple[Word, ...], rules: tuple[Rule, ...]) -> bool:
    """Whether a stroke runs under the words and ends with them: a line to write on goes on."""
    box = Box.around(word.box for word in words)
    for rule in rules:
        near = -0.3 * box.height <= rule.box.y - box.bottom <= _BELOW * box.height
        ends = rule.box.left >= box.left - _BEYOND and rule.box.right <= box.right + _BEYOND
        if near and ends and rule.box.x_overlap(box) >= _COVERED * box.width:
            return True
    return False


def _mark(words: tuple[Word, ...], *, ticked: bool) -> CheckBox:
    return CheckBox(Box.around(word.box for word in words), MarkState.TICKED if ticked else MarkState.EMPTY, _SURE)
