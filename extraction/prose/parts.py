"""The parts of a letter by its lines: head, recipient, reference block, body, closing and signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from extraction.classify import page_kind_data
from extraction.lines import Line, lines_of
from extraction.prose.cues import any_of, prose_data
from extraction.prose.text import Passage, passage_of
from models.page import Page
from models.values import ValueKind, find_values

_LIKENESS = 80.0
_GREETING_LETTERS = 12
_PROSE_WORDS = 8
# A closing with one letter misread is still told from other words.
_CLOSING_LETTERS, _CLOSING_WORDS = 9, 3
_LABEL_WORDS = 5
"""A colon within so many words ends a label; behind them it may stand in a sentence."""


@dataclass(frozen=True, slots=True)
class LetterParts:
    """The lines of one page of a letter, parted.

    ``head`` is the sender's letterhead with the foot of the page, ``before_body`` everything down to the salutation, ``body``
    what is said, ``signed`` what follows the closing. ``closing`` is the closing line.
    """

    page: Page
    head: tuple[Line, ...]
    before_body: tuple[Line, ...]
    body: tuple[Line, ...]
    closing: Line | None
    signed: tuple[Line, ...]

    def passage(self, lines: tuple[Line, ...]) -> Passage:
        """Some of its lines as text."""
        return passage_of([word for line in lines for word in line.words], self.page.number)


def parts_of(page: Page) -> LetterParts:
    """Part the lines of a letter page at date, salutation and closing."""
    lines = lines_of(page)
    greeting = next((i for i, line in enumerate(lines) if _greets(line.text)), None)
    closing = _closing(lines, greeting or 0)
    dated = next((i for i, line in enumerate(lines[:greeting]) if _is_date_line(line)), None)
    addressed = next((i for i, line in enumerate(lines[:greeting]) if is_recipient(line.text)), None)
    first = min((i for i in (dated, addressed, greeting) if i is not None), default=min(4, len(lines)))
    start = _first_prose(lines, first) if greeting is None else greeting + 1
    end = len(lines) if closing is None else closing
    signed = () if closing is None else lines[closing + 1 :]
    foot = tuple(line for line in signed if line.box.top > 0.88)
    return LetterParts(
        page=page,
        head=(*(line for line in lines[:first] if not is_recipient(line.text)), *foot),
        before_body=lines[:start],
        body=lines[start:end],
        closing=None if closing is None else lines[closing],
        signed=tuple(line for line in signed if line not in foot),
    )


def _greets(text: str) -> bool:
    if any_of(page_kind_data().salutations).match(text.lstrip(" .,'")) is not None:
        return True
    # A few letters, such as what is read of a signature, are a part of any sentence.
    return len(text) >= _GREETING_LETTERS and fuzz.partial_ratio("to whom it may concern", text.lower()) >= _LIKENESS


def _first_prose(lines: tuple[Line, ...], start: int) -> int:
    """The first line of running text, for a letter without a salutation that could be read."""
    for place, line in enumerate(lines):
        long = len(line.words) >= _PROSE_WORDS or (len(line.words) >= 4 and line.text.endswith("."))
        labelled = any(":" in word.text for word in line.words[:_LABEL_WORDS])
        if place >= start and long and not labelled and not is_recipient(line.text):
            return place
    return start


def is_recipient(text: str) -> bool:
    """Whether a line is of the plan's address: "Via fax (800) 485-6821"."""
    return any_of(prose_data().letter.recipient).match(text.lstrip(" ,.;:'\"")) is not None


def _is_date_line(line: Line) -> bool:
    dates = find_values(ValueKind.DATE, line.text)
    return bool(dates) and len(re.sub(r"(?i)\bdated?\b|\W", "", line.text.replace(dates[0].text, ""))) <= 2


def _closing(lines: tuple[Line, ...], start: int) -> int | None:
    """The last short line that begins with a closing word; where none does, the last that is one but for a misread letter."""
    pattern = any_of(page_kind_data().closings)
    found = [
        i
        for i, line in enumerate(lines)
        if i > start and len(line.words) <= 7 and pattern.match(line.text.lstrip(" .,'\"")) is not None
    ]
    alike = found or [i for i, line in enumerate(lines) if i > start and _is_misread_closing(line)]
    return alike[-1] if alike else None


def _is_misread_closing(line: Line) -> bool:
    """Whether a line of few words is like a closing: "Resvectfully,"."""
    text = "".join(c for c in line.text.lower() if c.isalpha() or c == " ").strip()
    long = [closing for closing in page_kind_data().closings if len(closing) >= _CLOSING_LETTERS]
    return (
        len(line.words) <= _CLOSING_WORDS and process.extractOne(text, long, scorer=fuzz.ratio, score_cutoff=_LIKENESS) is not None
    )
