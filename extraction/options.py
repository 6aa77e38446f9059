"""What check-boxes choose: request kind, urgency, sex."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from statistics import mean

import yaml
from rapidfuzz import fuzz

from extraction.lexicon import default_lexicon, tokens_of
from extraction.tickrows import MAX_OPTION_WORDS, NEAR, TickRow, behind_both, nearest_part, ringed_words, tick_rows
from extraction.underlined import Named, underlined
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Word

_MIN_COVERAGE = 0.7
_FUZZY_RATIO = 78.0
# "Modifier" beside a box asks for one, and is no misread "Modified".
_OTHER_WORDS = frozenset({"MODIFIER", "MODIFIERS"})
_MIN_FUZZY_LETTERS = 5
# "Unauthorized" is no misread "reauthorize".
_DENIALS = ("NON", "UN")
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


@dataclass(frozen=True, slots=True)
class _Wording:
    path: str
    value: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class OptionData:
    """The file ``data/options.yaml`` ready for look-up."""

    wordings: tuple[_Wording, ...]
    fillers: frozenset[str]

    def values(self, text: str) -> tuple[tuple[str, str], ...]:
        """The (path, value) pairs that the text names, if most of its letters belong to them; in order of appearance.

        What follows a colon or a bracket is the option's definition and does not count.
        """
        return self._named(self._parted(_tokens(_head(text))))

    def typed(self, text: str) -> tuple[tuple[str, str], ...]:
        """As :meth:`values`, for a value that was written out: the whole text counts."""
        return self._named(self._parted(_tokens(text)))

    def spelled(self, text: str) -> tuple[tuple[str, str], ...]:
        """As :meth:`typed`, where no word may be misread: for what no label says to be a choice."""
        tokens = _tokens(text)
        return self._named(tokens) if self.known.issuperset(tokens) else ()

    @property
    def known(self) -> frozenset[str]:
        """Every word that a choice or a filler has."""
        return self.fillers.union(*(wording.words for wording in self.wordings))

    @property
    def uses(self) -> Counter[str]:
        """How many wordings hold each word; fillers are in none."""
        held = Counter(word for wording in self.wordings for word in wording.words)
        return Counter(dict.fromkeys(self.fillers, 0) | held)

    def _parted(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The tokens with two words that were run together as two: "Newauthorization" is no misread reauthorization."""
        return tuple(part for token in tokens for part in _run_together(token, self.known))

    def _named(self, tokens: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        if not tokens or len(tokens) > 2 * MAX_OPTION_WORDS:
            return ()
        found: dict[tuple[str, str], int] = {}
        used: set[int] = {n for n, token in enumerate(tokens) if token in self.fillers}
        for wording in self.wordings:
            places: list[int] = []
            for word in wording.words:  # most wordings fail at their first word
                if (place := self._place(word, tokens)) is None:
                    break
                places.append(place)
            else:
                used.update(places)
                found.setdefault((wording.path, wording.value), min(places))
        letters = sum(map(len, tokens))
        if not found or sum(len(tokens[n]) for n in used) < _MIN_COVERAGE * letters:
            return ()
        if ("request.urgency", "routine") in found and "NON" in tokens:
            found.pop(("request.urgency", "urgent"), None)
        return tuple(sorted(found, key=lambda pair: found[pair]))

    def _place(self, word: str, tokens: tuple[str, ...]) -> int | None:
        """Where the word stands among the tokens; a filler is itself and no misread word ("review" is not "revise")."""
        if word in tokens:
            return tokens.index(word)
        return next((n for n, token in enumerate(tokens) if token not in self.fillers and _same(token, word)), None)


def _run_together(token: str, known: frozenset[str]) -> tuple[str, ...]:
    if token not in known:
        for cut in range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1):
            if token[:cut] in known and token[cut:] in known:
                return token[:cut], token[cut:]
    return (token,)


def _tokens(text: str) -> tuple[str, ...]:
    """The words of an option: "Re-authorization" is one, a letter's "Re: authorization" is not."""
    return tokens_of(re.sub(r"\bre[-–](?=\w)", "re", text, flags=re.IGNORECASE))


def _head(text: str) -> str:
    """The option itself, without the definition or the remark that follows it."""
    return re.split(r"[:(]| - | – ", text.strip(" :([-–"), maxsplit=1)[0]


@lru_cache(maxsize=65536)
def _same(token: str, word: str) -> bool:
    if token == word:
        return True
    denied = any(token.startswith(no) != word.startswith(no) for no in _DENIALS)
    if token in _OTHER_WORDS or denied or min(len(token), len(word)) < _MIN_FUZZY_LETTERS:
        return False
    return abs(len(token) - len(word)) <= 1 and fuzz.ratio(token, word) >= _FUZZY_RATIO


@lru_cache(maxsize=2)
def option_data(name: str = "options") -> OptionData:
    """The shipped options of a file in ``data/``, loaded once."""
    raw = yaml.safe_load(files("extraction").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8"))
    wordings = tuple(
        _Wording(path, value, frozenset(wording.split()))
        for path, values in raw.items()
        if path != "fillers"
        for value, text in values.items()
        for wording in text.split("|")
    )
    return OptionData(wordings, frozenset(word.strip() for word in raw["fillers"].split("|")))


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
