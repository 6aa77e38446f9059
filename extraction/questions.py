"""Questions that are answered by ticking Yes or No: "Is this request retroactive?  [ ] Yes  [x] No"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import tokens_of
from extraction.lines import Line, runs_of
from extraction.option_words import option_data
from extraction.options import Option
from extraction.tickrows import TickRow, tick_rows
from models.geometry import Box
from models.page import CheckBox, Page, Word

_YES, _NO = tokens_of("Yes"), tokens_of("No")
_ASKED = frozenset({"request.urgency", "request.kind"})
# What is not urgent is routine; what is not retroactive may be either.
_DENIED = {("request.urgency", "urgent"): ("request.urgency", "routine")}
# A question stands before its answers on their line, this near in page widths, or on the line over them, in heights of its letters.
_BEFORE, _OVER, _BESIDE = 0.08, 1.8, 0.03


def answers(page: Page) -> tuple[Option, ...]:
    """The choices that Yes or No makes of what the question before them or over them names."""
    return tuple(option for row in tick_rows(page) for pair in _pairs(row) for option in _answered(pair, page))


def _pairs(row: TickRow) -> Iterator[tuple[tuple[CheckBox, Word], tuple[CheckBox, Word]]]:
    """The boxes beside Yes and No, two by two, with these words."""
    places = range(len(row.boxes))
    behind = [next(iter(row.right(n)), None) for n in places]
    before = [next(iter(reversed(row.left(n))), None) for n in places]
    named = max((behind, before), key=lambda words: sum(_says(word, _YES) or _says(word, _NO) for word in words))
    for n in places[:-1]:
        one, other = named[n], named[n + 1]
        if one is not None and other is not None and _says(one, _YES) and _says(other, _NO):
            yield (row.boxes[n], one), (row.boxes[n + 1], other)


def _says(word: Word | None, answer: tuple[str, ...]) -> bool:
    return word is not None and tokens_of(word.text) == answer


def _answered(pair: tuple[tuple[CheckBox, Word], tuple[CheckBox, Word]], page: Page) -> Iterator[Option]:
    (yes, said), (no, denied) = pair
    area = Box.around((yes.box, said.box, no.box, denied.box))
    question = _question(area, page, {id(said), id(denied)})
    named = _named(question) if question is not None else ()
    if question is None or not named:
        return
    yield Option(*named[0], (), yes, question.words, page.number)
    if named[0] in _DENIED:
        yield Option(*_DENIED[named[0]], (), no, question.words, page.number)


def _question(area: Box, page: Page, answered: set[int]) -> Line | None:
    """The words before the answers on their line, those on the line over them, or both where it goes on in a second line."""
    runs = runs_of(page)
    over = max((run for run in runs if _is_over(run, area)), key=lambda run: run.box.bottom, default=None)
    before = next((line for run in runs if (line := _before(run, area, answered)) is not None), None)
    both = Line((*over.words, *before.words)) if over is not None and before is not None else None
    return next((line for line in (before, both, over) if line is not None and _named(line)), None)


def _named(question: Line) -> tuple[tuple[str, str], ...]:
    """What the question names, where it is one thing that a request chooses."""
    named = option_data().values(question.text.rstrip("? "))
    return named if len(named) == 1 and named[0][0] in _ASKED else ()


def _before(run: Line, area: Box, answered: set[int]) -> Line | None:
    words = tuple(w for w in run.words if w.box.right <= area.left and id(w) not in answered and w.text.strip("_.:-"))
    near = words and run.box.on_row_of(area) and area.left - words[-1].box.right < _BEFORE
    return Line(words) if near else None


def _is_over(run: Line, area: Box) -> bool:
    gap = area.top - run.box.bottom
    beside = run.box.left < area.right and run.box.right > area.left - _BESIDE - _BEFORE
    return beside and run.box.y < area.top and gap < _OVER * run.box.height
