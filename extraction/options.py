"""What check-boxes choose: request kind, urgency, sex."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import mean

from extraction.lexicon import default_lexicon
from extraction.option_words import OptionData, option_data
from extraction.tickrows import MAX_OPTION_WORDS, NEAR, TickRow, behind_both, nearest_part, ringed_words, tick_rows
from extraction.underlined import Named, underlined
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Word

_SHORTEST_PART = 3
_CLEARLYNEARER = 0.6
_MAX_OPTION_WIDTH = 0.25
_HIDDEN_INK = 0.12
_HIDDEN = 0.6
_RINGS, _RING_WIDTH = frozenset("O0Q(C"), 1.6
_ASKED_BY = {"request.urgency": {"urgency"}, "request.kind": {"kind"}, "member.sex": {"sex"}}


@dataclass(frozen=True, slots=True)
class Option:
    """A check-box with the words that belong to it, and the field and value that they name."""

    path: str
    value: str
    also: tuple[str, ...]
    box: CheckBox
    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        """The option as printed."""
        return " ".join(word.text for word in self.words)


def read_options(page: Page, data: OptionData | None = None) -> tuple[Option, ...]:
    """The check-boxes of the page that choose a kind, an urgency or a sex, or among the options of other ``data``."""
    data = data or option_data()
    page = replace(page, words=tuple(_without_ring(word, data) for word in page.words))
    options: list[Option] = []
    ringed = [(box, words) for box in page.check_boxes if (words := ringed_words(page, box))]
    options.extend(option for box, words in ringed if (option := _option(box, words, data, page.number)))
    for row in tick_rows(page):
        right = [_named_part(row, n, row.right(n), data) for n in range(len(row.boxes))]
        left = [_named_part(row, n, row.left(n), data) for n in range(len(row.boxes))]
        side = _chosen_side(row.boxes, right, left, data)
        named = [option for box, words in zip(row.boxes, side, strict=True) if (option := _option(box, words, data, page.number))]
        options.extend(named)
        if side is right:
            options.extend(_lost_boxes(named, row.words, data, page))
    boxed = {option.path for option in options}
    drawn_under = underlined(page, lambda words: _answer(words, data))
    options.extend(
        option
        for (words, _), mark in drawn_under
        if (option := _option(mark, words, data, page.number)) and option.path not in boxed
    )
    return tuple(options)


def _without_ring(word: Word, data: OptionData) -> Word:
    """The word without the ring before it that was read as its first letter: "OSTAT"."""
    rest = word.text[1:]
    if word.text[:1] not in _RINGS or len(rest) < _SHORTEST_PART or data.values(word.text) or not data.values(rest):
        return word
    # The ring is about as wide as the line is high, where a letter would be narrower.
    return replace(
        word, text=rest, box=replace(word.box, left=word.box.left + word.box.width * _RING_WIDTH / (len(rest) + _RING_WIDTH))
    )


def _answer(words: tuple[Word, ...], data: OptionData) -> Named:
    """The words of a run without the label before them, and what they name."""
    named = data.values(" ".join(word.text for word in words))
    if named:
        return words, named
    rest = _behind_label(words, data)
    return rest, () if rest is words else data.values(" ".join(word.text for word in rest))


def _named_part(row: TickRow, n: int, words: tuple[Word, ...], data: OptionData) -> tuple[Word, ...]:
    """The words nearest the box where they name an option by themselves, else all, or what is left of them behind their label."""
    part = behind_both(nearest_part(words, row.boxes[n], row.aspect), data.values)
    if data.values(" ".join(word.text for word in part)):
        return part
    return words if data.values(" ".join(word.text for word in words)) else _behind_label(words, data)


def _behind_label(words: tuple[Word, ...], data: OptionData) -> tuple[Word, ...]:
    """The words without those before them that ask for such a choice ("Turnaround requested"), where the rest names one."""
    for cut in range(len(words) - 1, 0, -1):
        meaning = default_lexicon().meaning_of(" ".join(word.text for word in words[:cut]))
        named = data.values(" ".join(word.text for word in words[cut:]))
        if meaning and named and set(meaning.attributes) & _ASKED_BY.get(named[0][0], set()):
            return words[cut:]
    return words


def _asks_for_choice(words: tuple[Word, ...], data: OptionData) -> bool:
    """Whether the words are the label of a choice, "Type of request", and name none of its options."""
    text = " ".join(word.text for word in words)
    meaning = default_lexicon().meaning_of(text)
    asked = set().union(*_ASKED_BY.values())
    return meaning is not None and not data.values(text) and not asked.isdisjoint(meaning.attributes)


def _option(box: CheckBox, words: tuple[Word, ...], data: OptionData, page: int) -> Option | None:
    named = data.values(" ".join(word.text for word in words))
    if not named:
        return None
    if len(named) > 1 and {path for path, _ in named} == {"member.sex"}:
        # "M / F  M [ ]": of both the one that stands beside the box is its name; "M/F" alone asks for one.
        nearest = words[-1] if words[-1].box.right <= box.box.left else words[0]
        named = data.values(nearest.text) or named
        if len(named) > 1:
            return None
    path, value = named[0]
    return Option(path, value, tuple(other for other_path, other in named[1:] if other_path == path), box, words, page)


def _lost_boxes(found: list[Option], words: tuple[Word, ...], data: OptionData, page: Page) -> list[Option]:
    """Boxes that a heavy tick has hidden: an option's name in the row, with ink where its neighbours have their box.

    What is found so is never more than a possible tick.
    """
    used = {id(word) for option in found for word in option.words}
    lost: list[Option] = []
    for sibling in found:
        gap = sibling.words[0].box.left - sibling.box.box.right
        for start, word in enumerate(words):
            if id(word) in used:
                continue
            for end in range(min(start + MAX_OPTION_WORDS, len(words)), start, -1):
                part = words[start:end]
                if any(id(w) in used for w in part) or part[-1].text.endswith(":"):
                    continue
                if part[-1].box.right - part[0].box.left > _MAX_OPTION_WIDTH:
                    continue
                area = Box.clipped(
                    word.box.left - gap - sibling.box.box.width, sibling.box.box.top, word.box.left - gap, sibling.box.box.bottom
                )
                hidden = CheckBox(area, MarkState.AMBIGUOUS, _HIDDEN)
                option = _option(hidden, part, data, page.number)
                if option and option.path == sibling.path and option.value != sibling.value and page.ink.share(area) > _HIDDEN_INK:
                    lost.append(option)
                    used.update(id(w) for w in part)
                    break
    return lost


def _chosen_side(
    boxes: tuple[CheckBox, ...], right: list[tuple[Word, ...]], left: list[tuple[Word, ...]], data: OptionData
) -> list[tuple[Word, ...]]:
    """Boxes of one row stand all before or all behind their words: clearly nearer words win, else the side with more names."""

    def named(side: list[tuple[Word, ...]]) -> int:
        return sum(bool(data.values(" ".join(word.text for word in words))) for words in side)

    if left[0] and named(right) and _asks_for_choice(left[0], data):
        return right
    right_gap = mean(words[0].box.left - box.box.right if words else NEAR for box, words in zip(boxes, right, strict=True))
    left_gap = mean(box.box.left - words[-1].box.right if words else NEAR for box, words in zip(boxes, left, strict=True))
    if named(left) and left_gap < _CLEARLYNEARER * right_gap:
        return left
    if named(right) and right_gap < _CLEARLYNEARER * left_gap:
        return right
    return left if named(left) > named(right) else right
