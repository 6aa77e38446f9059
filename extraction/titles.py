"""Section titles by how they look: in a bar, over a line of their own, or numbered like the other titles of the page.

What a title says is the business of the lexicon; where the lexicon does not know a title, its looks still say that the section
before it ends there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from extraction.labels import Label
from extraction.lexicon import Lexicon
from extraction.lines import Line, runs_of
from models.geometry import Box
from models.page import Page

_NUMBERED = re.compile(r"(?:part|section|step|box)\s+(?:\d{1,2}|[ivx]{1,4}|[a-h])\b[:.)]?\s+\S", re.IGNORECASE)
_COUNTED = re.compile(r"[(]?(?:\d{1,2}|[A-H]|[IVX]{1,4})[.):]\s")
_LEAST_BAR = 0.25
_BAR_HEIGHTS = 3.5
# How far the box of words that lean reaches into the line over them, in its heights.
_INTO_LINE = 0.3
_UNDERLINE_HEIGHTS = 0.9
_WIDER = 1.5
_SAME_EDGE = 0.012
_MOST_WORDS, _MOST_SECTIONS = 9, 4
# A bar with more ink than this is dark, with letters left white; what stands in it is read where a word is surer than this.
_DARK, _READ = 0.5, 0.9
# The share of a title's letters in words that labels have.
_HALF_KNOWN = 0.5
# A part of a section is a box of so many label heights at least, with so many fields; its heading stands this near its top.
_PART_HEIGHTS, _PART_FIELDS, _PART_TOP = 4.0, 2, 3.0


def looks_like_title(label: Label, page: Page) -> bool:
    """Whether a label stands alone in a filled bar, or alone over a line that is much longer than it, and under none."""
    box = label.box
    if any(_is_alone(box, bar, page) for bar in _bars(page, box)):
        return True
    return not _has_line_over(box, page) and any(
        rule.horizontal
        and 0.0 <= rule.box.y - box.bottom < _UNDERLINE_HEIGHTS * box.height
        and abs(rule.box.left - box.left) < _SAME_EDGE
        and rule.box.width > _WIDER * box.width
        and _is_alone(box, Box.clipped(rule.box.left - _SAME_EDGE, box.top, rule.box.right, box.bottom), page)
        for rule in page.rules
    )


def _has_line_over(box: Box, page: Page) -> bool:
    """Whether the words stand right under a printed line, as the caption of a line to write on does; where they lean, into it."""
    return any(
        rule.horizontal
        and -_INTO_LINE * box.height <= box.top - rule.box.y < _UNDERLINE_HEIGHTS * box.height
        and rule.box.x_overlap(box) > 0.5 * box.width
        for rule in page.rules
    )


@dataclass(frozen=True, slots=True)
class UnreadTitle:
    """A title that is no label. ``owner`` is the person whom some of its words name, if any."""

    box: Box
    owner: str | None = None


def unread_titles(page: Page, labels: tuple[Label, ...], lexicon: Lexicon) -> tuple[UnreadTitle, ...]:
    """Titles of which no word is a label, top to bottom: they look like titles of the page that were understood."""
    in_bar = [label.box.left for label in labels if _bars(page, label.box) and looks_like_title(label, page)]
    numbered = any(_NUMBERED.match(label.text) for label in labels)
    known = {id(word) for label in labels for word in label.words}
    found = []
    for run in runs_of(page):
        if len(run.words) > _MOST_WORDS or any(id(word) in known for word in run.words):
            continue
        alike = any(abs(left - run.box.left) < _SAME_EDGE for left in in_bar) and _fills_bar(run, page)
        owner = _owner_of(run, lexicon)
        counted = owner is not None and _COUNTED.match(run.text) and any(_counts_with(run, label) for label in labels)
        if alike or counted or (numbered and _NUMBERED.match(run.text)) or _is_in_row_of_titles(run, page, labels):
            found.append(UnreadTitle(run.box, owner))
    return (*found, *(UnreadTitle(bar) for bar in _unread_bars(page, labels, [title.box for title in found])))


def _is_in_row_of_titles(run: Line, page: Page, labels: tuple[Label, ...]) -> bool:
    """Whether the run fills one of the cells of a row whose others hold titles alone: three sections side by side."""
    cell = min((c for c in page.cells if c.holds(run.box.x, run.box.y)), key=lambda c: c.area, default=None)
    if cell is None or not _is_alone(run.box, cell, page):
        return False
    row = [
        c
        for c in page.cells
        if c is not cell and abs(c.top - cell.top) < _SAME_EDGE / 2 and abs(c.bottom - cell.bottom) < _SAME_EDGE / 2
    ]
    titles = [o for o in labels if o.alone and o.attribute is None and o.meaning.owner is not None and not o.colon]
    return (
        bool(row)
        and len(row) < _MOST_SECTIONS
        and all(any(c.holds(o.box.x, o.box.y) and _is_alone(o.box, c, page) for o in titles) for c in row)
    )


def _counts_with(run: Line, label: Label) -> bool:
    """Whether a label is a title of its own line, numbered as the run is and at its left edge ("1. Member", "3. Diagnosis")."""
    title = label.alone and not label.colon and _COUNTED.match(label.text) is not None
    return title and abs(label.box.left - run.box.left) < _SAME_EDGE


def _owner_of(run: Line, lexicon: Lexicon) -> str | None:
    """Whose section a title announces, though not all of its words are known ("Referring physician or psychologist")."""
    meaning = lexicon.meaning_of(run.text)
    told = meaning is not None and not meaning.attributes and meaning.quality >= _HALF_KNOWN
    return meaning.owner if meaning is not None and told else None


def _unread_bars(page: Page, labels: tuple[Label, ...], found: list[Box]) -> list[Box]:
    """Filled bars as high as a title in which no word could be read for certain, under an empty strip as titles stand."""
    words = [w for w in page.words if any(c.isalnum() for c in w.text)]
    height = median([w.box.height for w in words]) if words else 0.0
    bars = [s for s in page.shades if s.width > _LEAST_BAR and 1.2 * height < s.height < _BAR_HEIGHTS * height]
    taken = [*found, *(label.box for label in labels)]
    return [
        bar
        for bar in bars
        if page.ink.share(bar) > _DARK
        and not any(bar.holds(box.x, box.y) for box in taken)
        and not any(bar.holds(w.box.x, w.box.y) and w.confidence >= _READ for w in words)
    ]


def _bars(page: Page, box: Box) -> list[Box]:
    return [s for s in page.shades if s.width > _LEAST_BAR and s.height < _BAR_HEIGHTS * box.height and s.holds(box.x, box.y)]


def _fills_bar(run: Line, page: Page) -> bool:
    return any(_is_alone(run.box, bar, page) for bar in _bars(page, run.box))


def _is_alone(box: Box, area: Box, page: Page) -> bool:
    """Whether no word of the area stands outside the box."""
    return not any(area.holds(w.box.x, w.box.y) and not box.holds(w.box.x, w.box.y) for w in page.words)


def part_headed_by(label: Label, cell_of: Callable[[Box], Box | None], labels: tuple[Label, ...], *, filled: bool) -> Box | None:
    """The box that a label heads: whom it names is asked for there, and not beside it.

    Such are the halves of a section, each with a heading and fields on lines of their own. Where the heading has a value of its
    own (``filled``), nobody else may be named in the box.
    """
    cell = cell_of(label.box)
    if cell is None or cell.height < _PART_HEIGHTS * label.box.height or label.box.top - cell.top > _PART_TOP * label.box.height:
        return None
    inside = [o for o in labels if o.attribute is not None and o is not label and cell.holds(o.box.x, o.box.y)]
    named = any(o.meaning.owner not in (None, label.meaning.owner) or o.meaning.neutral for o in inside)
    return cell if len(inside) >= _PART_FIELDS and not (filled and named) else None
