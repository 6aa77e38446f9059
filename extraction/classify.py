"""What kind of page this is: scored from cue phrases (data), the blocks of a form that it prints, and its structure.

A kind's score is the sum of the weights of the cues found, each counted once, and of what the layout says. Text is compared
letter by letter with some tolerance, so a page that was read badly still shows its cues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz, process

from extraction.lexicon import default_lexicon, with_known_words
from extraction.lines import Line, lines_of, runs_of
from extraction.pages import PageKind
from extraction.printed import as_printed
from models.page import Page

_DATA = Path(__file__).parent / "data" / "page_kinds.yaml"
_FUZZY_FROM = 6
"""Letters from which a phrase may be misread; "dear" or "plan" one letter off is another word."""
_LIKENESS = 87.0
"""Least partial ratio (0..100) of a phrase within a line: about one wrong letter in eight."""
_WORD_LIKENESS = 72.0
_LONG_WORD_LIKENESS = 84.0
"""In a longer word one letter matters less, and "medication" is not "modification"."""
_GLUED_LIKENESS = 95.0
_STEM = 4
_TOP = 0.34
_HEADING = 0.17
_PROSE_WORDS = 8
_SURE = 3.0
"""Least score of a kind; below it the page is ``OTHER``."""
_CHANGE_FORM = 7.0
_ILLEGIBLE = 0.6
"""Mean confidence of its words below which a page counts as hardly read."""

_MEMBER_BLOCKS = frozenset({"member_name", "member_birth", "member_id", "member_block"})
_MINOR_BLOCKS = frozenset({"npi", "urgency", "plan_use"})
"""Parts that letters and notices have too."""

Where = Literal["any", "top", "heading", "start"]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cue(_Closed):
    """A phrase (lower case, no punctuation) that speaks for a kind."""

    cue: str
    weight: float
    where: Where = "any"


class PageKindData(_Closed):
    """The whole of ``data/page_kinds.yaml``."""

    kinds: dict[PageKind, tuple[Cue, ...]]
    caps: dict[PageKind, float]
    asks: dict[Literal["new", "change"], tuple[str, ...]]
    blocks: dict[str, tuple[str, ...]]
    continued: tuple[str, ...]
    salutations: tuple[str, ...]
    closings: tuple[str, ...]


@lru_cache(maxsize=1)
def page_kind_data() -> PageKindData:
    """The cues, read once and checked."""
    return PageKindData.model_validate(yaml.safe_load(_DATA.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page shows, before it is seen beside the others.

    ``scores`` are per kind; ``blocks`` the parts of a form that it prints; ``vocabulary`` its longer words; ``prose`` the
    share of its words that stand in running text (0..1); ``number`` and ``count`` its own page mark ("page 2 of 3"), not the
    fax machine's; ``asks`` what a letter asks for (``new``, ``change``).
    """

    page: Page
    kind: PageKind
    scores: tuple[tuple[PageKind, float], ...]
    blocks: frozenset[str]
    vocabulary: frozenset[str]
    prose: float
    number: int | None = None
    count: int | None = None
    continued: bool = False
    salutation: bool = False
    closing: bool = False
    asks: frozenset[str] = frozenset()

    @property
    def has_member_block(self) -> bool:
        """Whether the page asks who the member is: two of name, birth date, identifier and the section's title."""
        return len(self.blocks & _MEMBER_BLOCKS) >= 2

    @property
    def form_parts(self) -> int:
        """How many parts of a request form the page prints."""
        return len(self.blocks - _MINOR_BLOCKS)

    @property
    def blank(self) -> bool:
        """Whether nothing stands on the page: the back of a sheet, a separator."""
        return len(self.page.words) < 4 and len(self.page.check_boxes) < 3 and len(self.page.cells) < 6

    def score(self, kind: PageKind) -> float:
        """The score of one kind."""
        return dict(self.scores).get(kind, 0.0)


def normal(text: str) -> str:
    """Lower case letters and digits with single spaces."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@dataclass(frozen=True, slots=True)
class _Text:
    """A page's text in the shapes that cues are looked for in."""

    any: tuple[str, ...]
    top: tuple[str, ...]
    heading: tuple[str, ...]
    start: tuple[str, ...]

    def holds(self, phrase: str, where: Where) -> bool:
        """Whether the phrase stands there."""
        if where == "start":
            return any(_starts(phrase, line) for line in self.start)
        lines = {"any": self.any, "top": self.top, "heading": self.heading}[where]
        return any(f" {phrase} " in f" {line} " for line in lines) or _nearly_in(phrase, lines)


def _nearly_in(phrase: str, lines: tuple[str, ...]) -> bool:
    if len(phrase) < _FUZZY_FROM:
        return False
    near = process.extract(phrase, lines, scorer=fuzz.partial_ratio, score_cutoff=_LIKENESS, limit=None)
    words = [word for word in phrase.split() if len(word) > 3]
    # "Extension request form" is not "authorization request form": each word must be there, not only most letters.
    return any(all(_word_in(word, line) for word in words) for line, *_ in near if len(line) >= 0.8 * len(phrase))


def _word_in(word: str, line: str) -> bool:
    """Whether a word stands there, a letter or so misread, or glued to its neighbours."""
    likeness = _LONG_WORD_LIKENESS if len(word) >= 8 else _WORD_LIKENESS
    # A word of labels was not misread, though it may have another ending: "authorization date" is no "authorization update".
    words = (o for o in line.split() if o[:_STEM] == word[:_STEM] or o.upper() not in _words_of_labels())
    near = (fuzz.ratio(word, other) for other in words)
    return max(near, default=0.0) >= likeness or fuzz.partial_ratio(word, line) >= _GLUED_LIKENESS


@lru_cache(maxsize=1)
def _words_of_labels() -> frozenset[str]:
    return frozenset(default_lexicon().uses)


def _starts(phrase: str, line: str) -> bool:
    if f"{line} ".startswith(f"{phrase} "):
        return True
    head = line[: len(phrase)]
    return len(phrase) >= _FUZZY_FROM and len(head) == len(phrase) and fuzz.ratio(phrase, head) >= _LIKENESS


def _text(lines: tuple[Line, ...], runs: tuple[Line, ...]) -> _Text:
    def joined(texts: list[str], least: int) -> list[str]:
        # A phrase may be broken at the end of a line.
        return [f"{a} {b}" for a, b in pairwise(texts) if len(a.split()) >= least]

    plain = [normal(line.text) for line in lines]
    top = [normal(line.text) for line in lines if line.box.y <= _TOP]
    titles = [normal(line.text) for line in lines if line.box.y <= _HEADING and len(line.words) <= _PROSE_WORDS]
    heading = [normal(run.text) for run in runs if run.box.y <= _HEADING and len(run.words) <= _PROSE_WORDS]
    starts = dict.fromkeys(normal(line.text) for line in (*lines, *runs))
    return _Text(
        any=(*plain, *joined(plain, _PROSE_WORDS)),
        top=(*top, *joined(top, 1)),
        heading=(*heading, *titles, *joined(titles, 1)),
        start=tuple(starts),
    )


def _page_mark(lines: tuple[Line, ...]) -> tuple[int | None, int | None]:
    """The form's own "page 2 of 3"; the fax header is not among the words."""
    for line in lines:
        if 0.25 < line.box.y < 0.8:
            continue
        match = re.search(r"\bp(?:age|g)\.?\s*(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\b", line.text, re.IGNORECASE)
        if match and 1 <= int(match[1]) <= int(match[2]):
            return int(match[1]), int(match[2])
        match = re.fullmatch(r"\W*p(?:age|g)\.?\s*(\d)\W*", line.text, re.IGNORECASE)
        if match:
            return int(match[1]), None
    return None, None


def _prose_share(lines: tuple[Line, ...], runs: tuple[Line, ...]) -> float:
    words = sum(len(line.words) for line in lines)
    running = sum(len(run.words) for run in runs if len(run.words) >= _PROSE_WORDS)
    return running / words if words else 0.0


def _structure(page: Page, blocks: frozenset[str], prose: float) -> dict[PageKind, float]:
    """What the layout says: blanks to fill in make a form, running text makes a letter, notes or instructions."""
    fillable = min(4.0, len(page.check_boxes) * 0.5) + min(3.0, len(page.cells) * 0.15) + min(3.0, len(page.fields) * 0.5)
    parts = len(blocks - _MINOR_BLOCKS)
    form = 1.2 * parts + (fillable if parts >= 2 else 0.5 * fillable)
    if prose > 0.6:
        form *= 0.6
    return {
        PageKind.FORM: form,
        PageKind.LETTER: 2.0 * prose - (0.5 * fillable if parts >= 4 else 0.0),
        PageKind.NOTES: prose,
        PageKind.INSTRUCTIONS: (3.0 * prose if prose > 0.5 else 0.0) - fillable,
    }


def _scores(page: Page, text: _Text, blocks: frozenset[str], prose: float) -> dict[PageKind, float]:
    data = page_kind_data()
    scores = dict.fromkeys(PageKind, 0.0)
    for kind, cues in data.kinds.items():
        found = sum(cue.weight for cue in cues if text.holds(cue.cue, cue.where))
        scores[kind] = min(found, data.caps.get(kind, found))
    for kind, extra in _structure(page, blocks, prose).items():
        scores[kind] += extra
    return scores


@dataclass(frozen=True, slots=True)
class _Manner:
    """What makes a letter one: how it begins and ends, and what it asks."""

    salutation: bool
    closing: bool
    asks: frozenset[str]

    @property
    def weight(self) -> float:
        """What it adds to the score of a letter."""
        return 4.0 * self.salutation + 3.0 * self.closing + (2.0 if self.closing and self.asks else 0.0)


def _manner(text: _Text) -> _Manner:
    data = page_kind_data()
    return _Manner(
        salutation=any(text.holds(word, "start") for word in data.salutations),
        closing=any(text.holds(word, "start") for word in data.closings),
        asks=frozenset(name for name, phrases in data.asks.items() if any(text.holds(phrase, "any") for phrase in phrases)),
    )


def facts(page: Page) -> PageFacts:
    """Score the page and name its kind. Continuation is for :mod:`extraction.split`, which sees the page before."""
    data = page_kind_data()
    lines, runs = lines_of(page), runs_of(page)
    known = with_known_words(as_printed(page))
    text = _text(lines_of(known), runs_of(known))
    blocks = frozenset(name for name, phrases in data.blocks.items() if any(text.holds(phrase, "any") for phrase in phrases))
    prose = _prose_share(lines, runs)
    scores, manner = _scores(page, text, blocks, prose), _manner(text)
    scores[PageKind.LETTER] += manner.weight
    number, count = _page_mark(lines)
    words = (word for line in text.any[: len(lines)] for word in line.split())
    return PageFacts(
        page=page,
        kind=_decided(scores, blocks, page),
        scores=tuple(scores.items()),
        blocks=blocks,
        vocabulary=frozenset(word for word in words if len(word) >= 4 and word.isalpha()),
        prose=prose,
        number=number,
        count=count,
        continued=any(text.holds(phrase, "top") for phrase in data.continued),
        salutation=manner.salutation,
        closing=manner.closing,
        asks=manner.asks,
    )


def _decided(scores: dict[PageKind, float], blocks: frozenset[str], page: Page) -> PageKind:
    """The best kind; a change form is a form whose own cues are strong, a form needs blocks of a request.

    A letter may ask to change something to something in a form's very words: it has nothing to fill in.
    """
    change, form = scores[PageKind.CHANGE_FORM], scores[PageKind.FORM]
    best, kind = max((score, kind) for kind, score in scores.items() if kind is not PageKind.CHANGE_FORM)
    written = kind is PageKind.LETTER and best >= _SURE and not (page.cells or page.check_boxes or page.fields)
    if change >= _CHANGE_FORM and form >= _SURE and change + form > best and not written:
        return PageKind.CHANGE_FORM
    if kind is PageKind.FORM or best < _SURE:
        parts = len(blocks - {"urgency", "plan_use"})
        drawn = len(page.cells) >= 12 or len(page.check_boxes) >= 4
        # Of a page that could hardly be read, cells and check-boxes still say what it is.
        enough = (form >= 4.0 and parts >= 2) or (drawn and (form >= 2.0 or _illegible(page)))
        return PageKind.FORM if enough else PageKind.OTHER
    return kind


def _illegible(page: Page) -> bool:
    return fmean(word.confidence for word in page.words) < _ILLEGIBLE if page.words else True
