"""Running text made from the words of a page, that still knows which word each letter came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.lines import Line, lines_from
from extraction.prose.spelling import spelled
from models.geometry import Box
from models.page import Method, Word

_NEAR_MARGIN = 0.14
"""A line that ends this near to the right margin (share of the page width) goes on in the next one."""
_PARAGRAPH_GAP = 1.1
"""A gap between lines of this many line heights parts two paragraphs."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text and its words; ``spans`` are the places of the words in ``text``. A new line parts what is no running sentence."""

    text: str
    words: tuple[Word, ...]
    spans: tuple[tuple[int, int], ...]
    page: int

    def words_at(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that ``text[start:end]`` touches."""
        pairs = zip(self.words, self.spans, strict=True)
        return tuple(word for word, (first, last) in pairs if first < end and start < last)

    def box(self, start: int, end: int) -> Box:
        """Where it stands on the page; the whole passage for a span without words."""
        return Box.around(word.box for word in self.words_at(start, end) or self.words)

    def confidence(self, start: int, end: int) -> float:
        """That of the least certain word, 0 to 1."""
        return min((word.confidence for word in self.words_at(start, end)), default=0.0)

    def method(self, start: int, end: int) -> Method:
        """How the first word was read."""
        words = self.words_at(start, end)
        return words[0].method if words else Method.OCR


def passage_of(words: Sequence[Word], page: int) -> Passage:
    """The words in reading order as one text."""
    lines = lines_from(tuple(words))
    parts: list[str] = []
    placed: list[Word] = []
    spans: list[tuple[int, int]] = []
    place = 0
    margin = max((line.box.right for line in lines), default=1.0)
    for number, line in enumerate(lines):
        for index, word in enumerate(line.words):
            gap = "" if not placed else " " if index else _line_break(lines[number - 1], line, margin)
            text = spelled(word)
            parts += [gap, text]
            place += len(gap)
            spans.append((place, place + len(text)))
            place += len(text)
            placed.append(word)
    return Passage("".join(parts), tuple(placed), tuple(spans), page)


def _line_break(before: Line, after: Line, margin: float) -> str:
    """What stands between two lines: nothing inside a number that was broken at its dash, a space in a running sentence."""
    last, first = before.words[-1].text, after.words[0].text
    height = max(before.box.height, 0.005)
    apart = after.box.top - before.box.bottom > _PARAGRAPH_GAP * height
    if apart or before.box.right < margin - _NEAR_MARGIN:
        return "\n"
    if last.endswith("-") and len(last) > 1 and last[-2].isdigit() and first[0].isdigit():
        return ""
    return " "
