"""What the words of a doubtful line say if the form printed them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.letters import letters_of
from ocr.engines.formwords import Floats, FormWords, Span
from ocr.engines.protocol import SeenWord

# Longer lines are sentences, and say nothing that a field hangs on.
_MOST_WORDS = 12
# How much of the narrower of the two a word of the list and a word as read share when they are of the same letters.
_SHARED = 0.35
# The number of a field, read in one word with its caption: "14.Fax:".
_ITEM = re.compile(r"^\d{1,2}[.)]?(?=[A-Za-z])")
_SIGNS_BEFORE, _SIGNS_BEHIND = re.compile(r"^[^\w]+"), re.compile(r"[^\w]+$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Words as read that stand where words of the path stand, by their positions; neither reaches into the next unit."""

    read: range
    spans: tuple[Span, ...]


def with_printed(words: tuple[SeenWord, ...], width: int, letters: Floats, known: FormWords) -> tuple[SeenWord, ...]:
    """The words, each with what it says as a word of a form where that is something else.

    Args:
        words: of one line, left to right, edges in pixels of its crop.
        width: of the crop, pixels.
        letters: the probability of each character of the alphabet at each step along the line.
        known: what forms print.
    """
    if not words or len(words) > _MOST_WORDS or sum(c.isalpha() for word in words for c in word.text) < 2:
        return words
    scale = width / max(1, len(letters))
    found = list(words)
    for unit in _units(words, known.spans(letters), scale):
        text = _text(words[unit.read.start : unit.read.stop], unit.spans)
        if text is not None:
            for position in unit.read:
                found[position] = replace(words[position], printed=text if position == unit.read.start else "")
    return tuple(found)


def _units(words: Sequence[SeenWord], spans: Sequence[Span], scale: float) -> list[_Unit]:
    units: list[_Unit] = []
    for span in spans:
        left, right = span.start * scale, span.end * scale
        over = [n for n, word in enumerate(words) if _is_shared(word, left, right)]
        if not over:
            continue
        if units and over[0] < units[-1].read.stop:
            before = units.pop()
            units.append(_Unit(range(before.read.start, max(before.read.stop, over[-1] + 1)), (*before.spans, span)))
        else:
            units.append(_Unit(range(over[0], over[-1] + 1), (span,)))
    return units


def _is_shared(word: SeenWord, left: float, right: float) -> bool:
    shared = min(word.right, right) - max(word.left, left)
    return shared > _SHARED * min(word.right - word.left, right - left)


def _text(words: Sequence[SeenWord], spans: Sequence[Span]) -> str | None:
    """The words of the list in the writing of the words as read; ``None`` where one is not of the list or nothing changes."""
    named = [span.word for span in spans if span.word is not None]
    read = "".join(word.text for word in words)
    item = _ITEM.match(words[0].text)
    if item is not None and spans[0].word is None and named:
        after = _text((replace(words[0], text=words[0].text[item.end() :]), *words[1:]), spans[1:])
        return after if after is None else f"{item[0].strip('.)')} {after}"
    if len(named) < len(spans) or (letters_of(read).upper() == "".join(named) and len(named) <= len(words)):
        return None
    small = sum(c.islower() for c in read) >= sum(c.isupper() for c in read)
    head, *rest = named
    first = head.capitalize() if small and not words[0].text[:1].islower() else head.lower() if small else head
    written = " ".join((first, *(word.lower() if small else word for word in rest)))
    before, behind = _SIGNS_BEFORE.search(words[0].text), _SIGNS_BEHIND.search(words[-1].text)
    return (before[0] if before else "") + written + (behind[0] if behind else "")
