"""Finds the printed labels of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extraction.closeheads import COLUMN_HEADINGS, MIN_QUALITY, as_columns
from extraction.labelsigns import (
    any_known,
    begins_field,
    behind_name_order,
    closes_row,
    digit_by_digit,
    ends_label,
    is_degree,
    is_name_part,
    is_number,
    is_range_word,
    is_value_by_looks,
    known_end,
    may_start,
    numbers_next_item,
    value_behind,
    with_head,
)
from extraction.lexicon import Lexicon, Meaning
from extraction.lines import Line, runs_of
from extraction.runs import behind_number, numbered_titles, outside_combs
from models.geometry import Box
from models.page import Method, Page, Word

_MAX_WORDS = 12
_MAX_HINT_WORDS = 8
_SENTENCE_WORDS = 9
_MIN_PLAN_QUALITY = 0.45
# A weak label ("First", "Facility") holds where a name stands apart behind it.
_BEFORE_NAMES = frozenset({("first_name",), ("last_name",), ("name",), ("facility",)})
# "Contact Edith Oyelaran" names a person, "Contact Member Services" is an instruction: there the words behind it are a form's.
_BEFORE_UNKNOWN = ("contact",)
_CHOICE = re.compile(r"M\W*F\W*|F\W*M\W*", re.IGNORECASE)
# A label may start inside a run only after a gap this wide, in text heights, or where a colon ends it.
_INNER_GAP_HEIGHTS = 0.45
_HINT_GAP_HEIGHTS = 2.0


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label.

    ``alone`` says that nothing else stands in its run of words, ``colon`` that a colon ends it, ``follows`` are the words
    behind it in the same run up to the next label.
    """

    meaning: Meaning
    words: tuple[Word, ...]
    box: Box
    colon: bool
    alone: bool
    follows: tuple[Word, ...]

    @classmethod
    def given(cls, words: tuple[Word, ...]) -> Label:
        """Words that are known to be a label, whatever they mean: where its value stands follows from the page alone."""
        meaning = Meaning((), None, neutral=False, quality=1.0, weak=False)
        return cls(meaning, words, Box.around(word.box for word in words), ends_label(words[-1].text), alone=True, follows=())

    @property
    def text(self) -> str:
        """The label as printed."""
        return " ".join(word.text for word in self.words)

    @property
    def attribute(self) -> str | None:
        """The attribute that the label most likely names."""
        return self.meaning.attributes[0] if self.meaning.attributes else None

    @property
    def names_somebody(self) -> bool:
        """Whether a label such as "Clinician" asks who somebody is, and not whose."""
        return self.meaning.neutral and self.attribute in (None, "name")


def find_labels(page: Page, lexicon: Lexicon) -> tuple[Label, ...]:
    """All labels of the page in reading order. Words typed into form fields are values and never labels."""
    labels: list[Label] = []
    for run in runs_of(page):
        for part in outside_combs(run, page.combs):
            for title in numbered_titles(part):
                labels.extend(_labels_in(title, lexicon, page.aspect))
    labels = [_with_item(label, labels) for label in _with_own_hints(labels)]
    return tuple(_without_value(label, labels) for label in labels)


def _with_item(label: Label, labels: list[Label]) -> Label:
    """A label with the number of its line, where a number of one digit is its value: "Qty 1  1" beside "Qty 2" and "Qty 3"."""
    if len(label.follows) < 2 or label.colon or not (label.follows[0].text.isdigit() and len(label.follows[0].text) == 1):
        return label
    siblings = [o for o in labels if o is not label and o.attribute == label.attribute and o.words[-1].text.rstrip(":*.").isdigit()]
    if not siblings or label.attribute not in COLUMN_HEADINGS:
        return label
    words = (*label.words, label.follows[0])
    return replace(label, words=words, box=Box.around(word.box for word in words), follows=label.follows[1:])


def _with_own_hints(labels: list[Label]) -> list[Label]:
    """The labels with a hint in brackets that stands a little apart behind one of them: "Service codes  (include units)"."""
    whole: list[Label] = []
    for label in labels:
        before = whole[-1] if whole else None
        if before is not None and label.text.startswith("(") and _is_close_behind(label.box, before.box) and not before.follows:
            words = (*before.words, *label.words)
            box = Box.around(word.box for word in words)
            whole[-1] = replace(before, words=words, box=box, colon=label.colon, alone=label.alone, follows=label.follows)
        else:
            whole.append(label)
    return whole


def _is_close_behind(box: Box, before: Box) -> bool:
    same_row = box.y_overlap(before) > 0.5 * min(box.height, before.height)
    return same_row and 0 <= box.left - before.right < _HINT_GAP_HEIGHTS * before.height


def _without_value(label: Label, labels: list[Label]) -> Label:
    """A label of a quantity without the number behind it, where no other label bears another number in its place."""
    last, head = label.words[-1], label.words[:-1]
    if label.attribute != "units" or not head or label.colon or label.follows or not last.text.isdigit():
        return label
    siblings = [o for o in labels if o is not label and o.attribute == "units" and o.words[-1].text.rstrip(":*.").isdigit()]
    if siblings:
        return label
    return replace(label, words=head, box=Box.around(word.box for word in head), alone=False, follows=(last,))


def _labels_in(run: Line, lexicon: Lexicon, aspect: float) -> Iterator[Label]:
    number_words = run.words[: behind_number(run)]
    run = replace(run, words=run.words[len(number_words) :])
    spans = _plan_title(run, lexicon) or list(_spans(run, lexicon, aspect))
    if number_words:
        spans = _with_whole_head(spans, run, lexicon)
    ends = [0, *(end for _, end, _ in spans)]
    begins = [with_head(run, ends[number], start, end, aspect) for number, (start, end, _) in enumerate(spans)]
    for number, (_, end, meaning) in enumerate(spans):
        begin = begins[number]
        stop = begins[number + 1] if number + 1 < len(spans) else len(run.words)
        words = (*(number_words if begin == 0 else ()), *run.words[begin:end])
        yield Label(
            meaning=meaning,
            words=words,
            box=Box.around(word.box for word in words),
            colon=ends_label(words[-1].text),
            alone=begin == 0 and end == len(run.words),
            follows=run.words[end:stop],
        )


def _with_whole_head(spans: list[tuple[int, int, Meaning]], run: Line, lexicon: Lexicon) -> list[tuple[int, int, Meaning]]:
    """The labels of a numbered title: the first names an owner, and goes on to the next though its last words could not be read."""
    rest = [span for span in spans if span[0] > 0]
    stop = min((start for start, _, _ in rest), default=len(run.words))
    for end in range(stop, 0, -1):
        meaning = lexicon.meaning_of(" ".join(word.text for word in run.words[:end]))
        if meaning is not None and meaning.owner and not meaning.attributes and meaning.quality >= MIN_QUALITY:
            return [(0, stop, meaning), *rest]
    return spans


def _with_hint(run: Line, start: int, end: int) -> int:
    """The end of the label with a hint in brackets behind it: "Sex (F/M)", "Date of birth (MM DD YYYY)"."""
    words = run.words
    text = " ".join(word.text for word in words[start:end])
    opened = text.count("(") > text.count(")")
    if ends_label(words[end - 1].text) and end < len(words) and words[end].method is not Method.FORM_FIELD:
        return behind_name_order(words, end)
    if end >= len(words) or not (opened or words[end].text.startswith("(")) or ends_label(words[end - 1].text):
        return end
    for last in range(end, min(end + _MAX_HINT_WORDS, len(words))):
        if words[last].method is Method.FORM_FIELD or sum(c.isdigit() for c in words[last].text) >= 3:
            return end
        if words[last].text.rstrip(":*.;").endswith(")"):
            return last + 1
    return end


def _plan_title(run: Line, lexicon: Lexicon) -> list[tuple[int, int, Meaning]]:
    """A title such as "For Acme Health Plan Use Only", which names a plan that no lexicon knows."""
    if len(run.words) > _MAX_WORDS or len(run.words) < 2:
        return []
    meaning = lexicon.meaning_of(run.text)
    if meaning is None or meaning.owner != "plan" or meaning.quality < _MIN_PLAN_QUALITY or any(c.isdigit() for c in run.text):
        return []
    return [(0, len(run.words), replace(meaning, attributes=()))]


def _spans(run: Line, lexicon: Lexicon, aspect: float) -> Iterator[tuple[int, int, Meaning]]:
    start = 0
    while start < len(run.words):
        found = _longest_label(run, start, lexicon, aspect)
        if found is None:
            start += 1
            continue
        end, meaning = found
        yield from as_columns(run, start, end, meaning, lexicon)
        start = end


def _longest_label(run: Line, start: int, lexicon: Lexicon, aspect: float) -> tuple[int, Meaning] | None:
    """The end and the meaning of the best label that begins at ``start``."""
    words = run.words
    first = start == 0 or numbers_next_item(words, start)
    if words[start].method is Method.FORM_FIELD or not may_start(words[start].text, lexicon, first=first):
        return None
    if start > 0 and words[start - 1].text.endswith(",") and is_degree(words[start].text):
        return None
    best: tuple[int, Meaning] | None = None
    for end in range(start + 1, min(len(words), start + _MAX_WORDS) + 1):
        word = words[end - 1]
        if word.method is Method.FORM_FIELD or digit_by_digit(words[start : end + 1]) or is_number(word.text):
            break
        if end - 1 > start and (numbers_next_item(words, end - 1) or is_value_by_looks(words[start:end], lexicon)):
            break
        meaning = lexicon.meaning_of(" ".join(w.text for w in words[start:end]))
        closed = ends_label(word.text)
        if not closed and end == start + 1 and is_range_word(run, start):
            break
        if (
            meaning
            and meaning.quality >= MIN_QUALITY
            and (closed or known_end(word.text, lexicon) or _CHOICE.fullmatch(" ".join(w.text for w in words[start:end])))
        ):
            last = _with_hint(run, start, end)
            if (
                ends_label(words[last - 1].text)
                or (last > end and words[last - 1].text.endswith(")"))
                or (start == 0 and last == len(words))
                or _stands_apart(run, start, last, aspect, lexicon)
            ):
                best = last, meaning
        if closed:
            break
    return best if best and _is_label(best[1], run, start, best[0], lexicon) else None


def is_typed(word: Word) -> bool:
    """Whether the word was typed into a field of a fillable form, and so is no part of a label."""
    return word.method is Method.FORM_FIELD


def _stands_apart(run: Line, start: int, end: int, aspect: float, lexicon: Lexicon) -> bool:
    """A label without a colon inside a run needs a gap or a rule's end before it and one of them, or a number, behind it."""
    gap = _INNER_GAP_HEIGHTS * run.words[start].box.height * aspect
    if start > 0 and len(run.words) > _SENTENCE_WORDS:
        return False  # Words of a sentence, not labels beside each other.
    if len(run.words) > _SENTENCE_WORDS and end < len(run.words) and run.words[end].text[:1].islower():
        return False  # A sentence that begins in a label's words: "Use this form to extend or cancel ...".
    if start > 0 and run.words[0].text[:1].isupper() and run.words[start].text[:1].islower():
        return False  # A phrase that goes on: "Correction to an approved authorization".
    if start > 0 and not all(lexicon.knows(token) for word in run.words[start:end] for token in lexicon.tokens(word.text)):
        return False  # Words of a value that look like a label's: "Cypress Point" is no "Print".

    def parted(place: int) -> bool:
        left, right = run.words[place - 1], run.words[place]
        return is_typed(left if place == start else right) or right.box.left - left.box.right > gap or run.at_blank(place)

    before, after = start == 0 or parted(start), end == len(run.words) or parted(end)
    return before and (after or value_behind(run, end) or is_value_by_looks(run.words[start : end + 1], lexicon))


def _is_label(meaning: Meaning, run: Line, start: int, end: int, lexicon: Lexicon) -> bool:
    whole = start == 0 and end == len(run.words)
    closed = ends_label(run.words[end - 1].text)
    if meaning.attributes or meaning.owner:
        return (
            not meaning.weak
            or closed
            or whole
            or value_behind(run, end)
            or (start == 0 and end < len(run.words) and is_value_by_looks(run.words[: end + 1], lexicon))
            or is_name_part(meaning, run, start)
            or (meaning.attributes[:1] in _BEFORE_NAMES and begins_field(run, start, end))
            or (meaning.attributes[:1] == _BEFORE_UNKNOWN and begins_field(run, start, end) and not any_known(run, end, lexicon))
            or closes_row(run, start, end)
        )
    # "Doctors Hospital of Ceres" asks for nobody.
    return closed or whole or (begins_field(run, start, end) and not run.words[end - 1].text.islower())
