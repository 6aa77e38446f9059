"""What stands on a form and was not read: answers behind captions that nobody knows, and values that belong to nothing.

It says two things. A field without a value may have its value there, and a form that holds much of it is not understood well enough
to trust the rest of it either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extraction.layout import PageLayout
from extraction.lexicon import default_lexicon
from extraction.lines import Line, lines_of, runs_of
from extraction.tickrows import names_of_boxes
from models.page import Word
from models.values import ValueKind, find_values

# An answer is short, and stands so close behind its caption, in widths of the page; a sentence with a colon goes on.
_MOST_WORDS, _NEAR, _GAP = 5, 0.2, 0.02
_LONGEST_CAPTION = 6
# Between these heights of the page; above and below stand the lines of fax machines, letterheads and the feet of forms.
_HEAD, _FOOT = 0.08, 0.94
_DIGITS = 3
_PHONE = 0.8
# Labels whose answers are known for what they are, and are no part of a record or say who signed it.
_NOT_KEPT = frozenset(
    {
        "address",
        "comments",
        "description",
        "dx_text",
        "frequency",
        "printed_name",
        "proc_text",
        "relationship",
        "sign_date",
        "signature",
        "specialty",
    }
)
# Words that an engine is less sure of may be anything.
_SURE = 0.9


def unread_answers(layout: PageLayout, is_free: Callable[[Word], bool]) -> Iterator[str]:
    """The answers behind unknown captions of a page.

    Args:
        layout: the page taken apart.
        is_free: whether a word belongs to no value that was read, and to nothing that is known to be none.
    """
    printed = _printed(layout)
    known = default_lexicon().resolve
    for line in lines_of(layout.page):
        for place, word in enumerate(line.words[:-1], start=1):
            if word.text.endswith(":") and id(word) not in printed and _is_caption(line, place):
                answer = _behind(line, place)
                said = [_letters(each) for each in answer]
                if all(is_free(each) and id(each) not in printed for each in answer) and not all(map(known, said)):
                    yield " ".join(each.text for each in answer)


def unclaimed_values(layout: PageLayout, is_free: Callable[[Word], bool]) -> Iterator[str]:
    """The short runs of words on a page that look like a number, a date or a name, and are free; arguments as above."""
    printed = _printed(layout)
    for run in runs_of(layout.page):
        words = [word for word in run.words if any(c.isalnum() for c in word.text)]
        inside = run.box.top >= _HEAD and run.box.bottom <= _FOOT
        if not words or len(words) > _MOST_WORDS or not inside or run.text.endswith((".", ":")):
            continue
        if all(is_free(word) and id(word) not in printed for word in words) and _is_value(words) and not _is_counted(run.text):
            yield run.text


def _printed(layout: PageLayout) -> set[int]:
    """The words of labels, the names of boxes, and the answers to labels whose answers no record holds."""
    found = {id(word) for owned in layout.owned for word in owned.label.words}
    found |= {id(word) for option in layout.options for word in option.words}
    found |= {id(word) for word in names_of_boxes(layout.page)}
    asked = (owned.label for owned in layout.owned if owned.label.attribute in _NOT_KEPT)
    return found | {id(word) for label in asked if (slot := layout.finder.filled(label)) for word in slot.words}


def _letters(word: Word) -> str:
    return word.text.strip(",.:;()").upper()


def _is_value(words: list[Word]) -> bool:
    """Whether the words were filled in: a number among them, or a name of words that no label has."""
    if min(word.confidence for word in words) < _SURE:
        return False
    if any(sum(c.isdigit() for c in word.text) >= _DIGITS for word in words):
        return True
    named = len(words) > 1 and all(word.text[:1].isupper() or word.text[:1].isdigit() for word in words)
    resolve = default_lexicon().resolve
    return named and 2 * sum(resolve(_letters(word)) is None for word in words) > len(words)


def _is_counted(text: str) -> bool:
    """Whether the run holds a telephone number, which is counted as a stray, or an amount of money, which no field is."""
    return "$" in text or any(reading.fit >= _PHONE for reading in find_values(ValueKind.PHONE, text))


def _is_caption(line: Line, end: int) -> bool:
    """Whether the words before ``end`` are few up to the gap before them."""
    start = end - 1
    while start > 0 and line.words[start].box.left - line.words[start - 1].box.right < _GAP:
        start -= 1
    return end - start <= _LONGEST_CAPTION


def _behind(line: Line, place: int) -> tuple[Word, ...]:
    """The words right behind a caption; none where they are many or the next caption."""
    words = line.words[place:]
    if words[0].box.left - line.words[place - 1].box.right > _NEAR:
        return ()
    end = next((n for n in range(1, len(words)) if words[n].box.left - words[n - 1].box.right > _GAP), len(words))
    part = words[:end]
    text = " ".join(word.text for word in part)
    if len(part) > _MOST_WORDS or ":" in text or text.endswith("?") or not any(c.isalnum() for c in part[0].text):
        return ()
    return () if _is_counted(text) else part
