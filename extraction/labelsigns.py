"""What tells a label from the words around it."""

from __future__ import annotations

import re
from itertools import pairwise

from extraction.lexicon import Lexicon, Meaning, tokens_of
from extraction.lines import Line
from models.page import Method, Word
from models.values.name_words import name_words, plain

_NAME_WORDS = 5
_VALUE_DIGITS = 3
_NEXT_ITEM = 1.5
_TYPE_SIZE, _WIDER_GAP = 0.1, 1.7
# The same for words whose boxes an engine drew; only letters that reach from the base line to the height of a capital say a size.
_SEEN_SIZE, _WITH_TAILS, _SMALL_LETTERS = 0.2, frozenset("gjpqyQJ,;()[]/"), frozenset("acemnorstuvwxz.:'-")
_WIDE_GAP = 0.04
# The widest space between the words of a label, a typewriter's, in text heights; by how much what parts it from a value is wider.
_SPACE_HEIGHTS, _APART = 0.9, 1.8
_NAME_ORDER = frozenset({"LAST", "FIRST", "MIDDLE", "INITIAL", "MI", "M", "I", "NAME"})
# A hint that was read in one word with the last of the label ("ICD-10(list all)").
_HINT = re.compile(r"(?<=\w)\([^)]*\)?")
# The number of a field: "7", "12.", "17b.".
_ITEM = re.compile(r"(?=.{1,3}$)\d+[.)]*|\d{1,2}[A-Za-z][.)]+")
# What letters the sections of a form: "G. Referred to".
_LETTERED = re.compile(r"(?:[A-Z]|[IVX]{2,4})[.)]")
_SEXES, _SEX_LABELS = frozenset({"F", "M", "X", "Female", "Male"}), frozenset({("SEX",), ("GENDER",)})
_RANGE_WORDS = frozenset({("TO",), ("THRU",), ("THROUGH",), ("UNTIL",)})


def is_range_word(run: Line, start: int) -> bool:
    """Whether the word stands between the two ends of a range ("2/1/2026 thru 3/2/2026") and is no label."""
    words = run.words
    if not 0 < start < len(words) - 1 or tokens_of(words[start].text) not in _RANGE_WORDS:
        return False
    return all(sum(c.isdigit() for c in words[n].text) >= 2 for n in (start - 1, start + 1))


def is_degree(text: str) -> bool:
    """Whether the word is a degree, as behind a name and its comma; it may differ from a label in a letter ("NP", no "NPI")."""
    return plain(text) in name_words().degrees


def behind_name_order(words: tuple[Word, ...], end: int) -> int:
    """The end of a label with the order of names behind its colon ("Member name: Last, First, MI"), where nothing else follows."""
    tokens = {token for word in words[end:] for token in tokens_of(word.text)}
    return len(words) if {"LAST", "FIRST"} <= tokens <= _NAME_ORDER else end


def may_start(text: str, lexicon: Lexicon, first: bool) -> bool:
    """Whether a label can begin with the word; a number only where it may be that of a field."""
    tokens = lexicon.tokens(text)
    if not tokens:
        return False
    numbered = _ITEM.fullmatch(text) is not None
    return lexicon.resolve(tokens[0]) is not None or (first and (numbered or _LETTERED.fullmatch(text) is not None))


def numbers_next_item(words: tuple[Word, ...], place: int) -> bool:
    """Whether the word is the number of the next field on the form: nearer to what follows than to what stands before it."""
    word = words[place]
    if not (_ITEM.fullmatch(word.text) or word.text.strip(".)").isdigit()) or place + 1 >= len(words):
        return False
    before, after = word.box.left - words[place - 1].box.right, words[place + 1].box.left - word.box.right
    return before > _NEXT_ITEM * max(after, 0.001)


def is_number(text: str) -> bool:
    """A word with three digits and more is a value: a code, a date, a telephone number."""
    return sum(c.isdigit() for c in text) >= _VALUE_DIGITS


def digit_by_digit(words: tuple[Word, ...]) -> bool:
    """Two single characters in a row are a value in a comb, not the number of an item."""
    return len(words) >= 2 and words[-2].text.isdigit() and all(len(word.text) == 1 and word.text.isalnum() for word in words[-2:])


def known_end(text: str, lexicon: Lexicon) -> bool:
    """Whether a label can end with the word."""
    tokens = lexicon.tokens(_HINT.sub("", text)) or lexicon.tokens(text)
    if tokens in (("F",), ("M",), ("MALE",), ("FEMALE",)):
        return False  # "Sex F" ends in a value.
    return bool(tokens) and all(lexicon.resolve(token) is not None for token in tokens)


def closes_row(run: Line, start: int, end: int) -> bool:
    """The word From at the end of "Date of service: From", whose value stands elsewhere."""
    return start > 0 and end == len(run.words) and ends_label(run.words[start - 1].text)


def is_name_part(meaning: Meaning, run: Line, start: int) -> bool:
    """The word First behind Last and its value ("Provider - Last  Hawthorne  First  Soren")."""
    before = {token for word in run.words[:start] for token in tokens_of(word.text)}
    return meaning.attributes[:1] == ("first_name",) and "LAST" in before


def begins_field(run: Line, start: int, end: int) -> bool:
    """Whether a short label such as "Provider" stands at the head of a line before a name in capitals."""
    behind = run.words[end:]
    named = all(word.text[:1].isupper() for word in behind) and not ends_label(run.words[-1].text)
    return start == 0 and len(behind) <= _NAME_WORDS and named


def any_known(run: Line, start: int, lexicon: Lexicon) -> bool:
    """Whether any word from there on is one that labels are made of."""
    return any(lexicon.resolve(token) is not None for word in run.words[start:] for token in lexicon.tokens(word.text))


def value_behind(run: Line, end: int) -> bool:
    """A weak label ("To 1/12/2026") holds where a value with digits stands right behind it; "Sex F" where the run ends so."""
    if end >= len(run.words):
        return False
    sex = end == len(run.words) - 1 and run.words[end].text in _SEXES and tokens_of(run.words[end - 1].text) in _SEX_LABELS
    return sex or sum(c.isdigit() for c in run.words[end].text) >= 2


def ends_label(text: str) -> bool:
    """Whether the word closes a label: with a colon or an asterisk."""
    return text.rstrip().endswith((":", ":*", ":)", "*"))


def before_unknown_label(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words up to a wide gap behind which a colon tells of another label, though what it asks for could not be read."""
    for place in range(1, len(words)):
        gap = words[place].box.left - words[place - 1].box.right
        if gap > _WIDE_GAP and any(ends_label(word.text) for word in words[place:]):
            return before_unknown_label(words[:place])
    caption = len(words) > 1 and words[-1].text.endswith(":") and not any(c.isdigit() for word in words for c in word.text)
    return () if caption else words


def with_head(run: Line, first: int, start: int, end: int, aspect: float) -> int:
    """Where a label with a colon begins: a word before ``start`` where no more than a space parts it from that ("Network status:").

    ``first`` is where the label before it ends. A word that stands as close to the one before it belongs to a value.
    """
    head = start - 1
    if head < first or not ends_label(run.words[end - 1].text):
        return start
    word = run.words[head]
    behind = run.words[start].box.left - word.box.right
    if not (word.text.isalpha() and word.text[:1].isupper() and behind >= 0) or word.method is Method.FORM_FIELD:
        return start
    if behind > _SPACE_HEIGHTS * run.words[start].box.height * aspect:
        return start
    apart = head == 0 or (head > first and word.box.left - run.words[head - 1].box.right > _APART * behind)
    return head if apart else start


def is_value_by_looks(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Whether the last of the words, which labels do not have, is set larger or smaller than the first or stands apart.

    An engine's boxes are as high as their letters, so that only letters of one height tell sizes apart there. What stands apart is
    parted by a gap much wider than those between the words before it.
    """
    word, first, gaps = words[-1], words[0], [b.box.left - a.box.right for a, b in pairwise(words)]
    tokens = tokens_of(word.text)
    if not tokens or any(lexicon.resolve(token) for token in tokens):
        return False
    return _is_resized(word, first) or (len(gaps) > 1 and gaps[-1] > _WIDER_GAP * max(gaps[:-1]) > 0)


def _is_resized(word: Word, first: Word) -> bool:
    if word.method is Method.PDF_TEXT is first.method:
        return abs(word.box.height - first.box.height) > _TYPE_SIZE * first.box.height
    seen = word.method is Method.OCR is first.method and all(_shows_size(each.text) for each in (word, first))
    return seen and abs(word.box.height - first.box.height) > _SEEN_SIZE * first.box.height


def _shows_size(text: str) -> bool:
    return _WITH_TAILS.isdisjoint(text) and not _SMALL_LETTERS.issuperset(text)


def in_brackets(before: tuple[Word, ...]) -> bool:
    """Whether a bracket is open behind the words: "Service codes (include units per code)" is one label."""
    text = " ".join(word.text for word in before)
    return text.count("(") > text.count(")")
