"""The printed words of a blank that may be captions of its places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.labels import Label
from extraction.lines import runs_of
from extraction.tables import Table
from models.geometry import Box
from models.page import Page, Word

_HINT = re.compile(r"[\W_\d]*|\W*(?:MM|DD|YY|YYYY|M|D|Y)(?:\W+(?:MM|DD|YY|YYYY))*\W*")
_INSIDE = 0.6
_EDGE = 0.004
_BAR_GAP = 0.02
_CAPTION_WORDS = 9
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Caption:
    """A run of printed words; ``label`` is ``None`` where the general reader knows no meaning for it."""

    text: str
    box: Box
    colon: bool
    label: Label | None


def captions_of(page: Page, labels: tuple[Label, ...], tables: tuple[Table, ...]) -> list[Caption]:
    """The labels of a blank, and the other runs of printed words; those of tables left out."""
    known = {id(word) for label in labels for word in label.words}
    captions = [_of_label(label) for label in labels]
    for run in runs_of(page):
        words = tuple(word for word in run.words if id(word) not in known)
        if 0 < len(words) == len(run.words) <= _CAPTION_WORDS and any(c.isalpha() for c in run.text):
            captions.append(Caption(run.text, run.box, run.text.endswith(":"), None))
    return [c for c in captions if not any(table.box.holds(c.box.x, c.box.y) for table in tables)]


def _of_label(label: Label) -> Caption:
    """A label with the few words behind it that are no label ("Dates of service: From")."""
    words = label.follows if len(label.follows) <= _FEW_WORDS else ()
    box = Box.around((label.box, *(word.box for word in words)))
    return Caption(label.text, box, label.colon or any(word.text.endswith(":") for word in words), label)


def is_written(word: Word) -> bool:
    """Whether the word says more than how a date is to be written."""
    return not _HINT.fullmatch(word.text.upper())


def shade_of(box: Box, page: Page) -> Box | None:
    """The smallest filled area that a box stands on."""
    return min((shade for shade in page.shades if box.inside_share(shade) > _INSIDE), key=lambda s: s.area, default=None)


def is_shaded(box: Box, page: Page) -> bool:
    """Whether a caption stands on a bar or a grey area; one that its letters cut short begins right behind them."""
    behind = [s for s in page.shades if s.on_row_of(box) and s.height > box.height and -_EDGE < s.left - box.right < _BAR_GAP]
    return bool(behind) or shade_of(box, page) is not None
