"""Words in reading order: lines of the page, and the runs that wide gaps or printed lines part them into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from extraction.kept import once_a_page
from models.geometry import Box
from models.page import Method, Page, Rule, Word

# A printed line may touch the word beside it by this much of the page width.
_RULE_SLACK = 0.002
# A gap that is so much wider than the usual one of its line parts it too.
_UNUSUAL = 1.7
_UNUSUAL_HEIGHTS = 0.8
# One that is not so much wider than the usual one of its line, of so many, does not.
_TYPED, _TYPED_GAPS = 1.5, 3
_LEAST_HEIGHT = 0.002
# A hint in brackets has few words, letters first, and follows its label within so many heights.
_HINT, _HINT_WORDS, _HINT_HEIGHTS = re.compile(r"\([A-Za-z]"), 4, 2.5
_ITEM = re.compile(r"(?:\d{1,2}[.)]|[•*-])\s+\w+\s+\S+\s+\S")
_DASHES = frozenset("-–—")
# The shortest rule that a value is written on, and how far its ends may be from the words beside them, in page widths.
_SHORTEST_BLANK, _AT = 0.03, 0.004
# How far such a rule is from the lower edge of the words, in their heights; the next box begins farther below.
_ON_LINE = 0.3
# Lines of a paragraph begin within so many page widths of each other.
_SAME_EDGE = 0.01
# Words beside each other, a space apart in page widths, share so much of the lower one's height; the higher one has descenders.
_SHARED, _HANGING, _CLOSE = 0.6, 1.7, 0.012


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand beside each other, left to right.

    ``blank_ends`` are the ends of the rules below them, in page widths, where only they part a label from its value on a fax;
    ``box`` is the one around all words.
    """

    words: tuple[Word, ...]
    blank_ends: tuple[float, ...] = ()
    box: Box = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", Box.around(word.box for word in self.words))

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    def at_blank(self, place: int) -> bool:
        """Whether a rule to write on begins or ends right before the word at ``place``."""
        left, right = self.words[place - 1].box, self.words[place].box
        return any(left.x < end < right.x and left.right - _AT < end < right.left + _AT for end in self.blank_ends)


@once_a_page
def lines_of(page: Page) -> tuple[Line, ...]:
    """All words of the page as lines, top to bottom; a line spans the width of the page.

    Kept for the pages at hand: each step asks for them again, and a page is cheaper to know again than to part again.
    """
    return lines_from(page.words)


def lines_from(words: tuple[Word, ...]) -> tuple[Line, ...]:
    """Group words whose vertical middles fall together, top to bottom, each line left to right."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.y, w.box.left)):
        homes = [group for group in reversed(groups[-6:]) if _same_line(group, word)]
        if not homes:
            groups.append([word])
        elif len(homes) == 1:
            homes[0].append(word)
        else:  # Writing stands off its label's line, and the next label in line with both.
            min(homes, key=lambda group: min(_gap(other.box, word.box) for other in group)).append(word)
    lines = [Line(tuple(sorted(group, key=lambda w: w.box.left))) for group in groups]
    return tuple(sorted(lines, key=lambda line: (line.box.top, line.box.left)))


def _same_line(group: list[Word], word: Word) -> bool:
    """Compared with the nearest word to the left or right, so that a slight slope does not part a line.

    The words come from top to bottom: one too far below the last of the group is too far below all of them.
    """
    is_dash = _is_dash(word)
    if word.box.height and not is_dash and word.box.y - group[-1].box.y > 0.5 * max(word.box.height, _LEAST_HEIGHT):
        return False
    nearest = min(group, key=lambda other: abs(other.box.x - word.box.x))
    heights = nearest.box.height, word.box.height
    height = max(heights) if is_dash or _is_dash(nearest) else min(heights) or max(heights)
    if any(other.box.x_overlap(word.box) > 0.5 * min(other.box.width, word.box.width) for other in group):
        return False
    return abs(nearest.box.y - word.box.y) <= 0.5 * max(height, _LEAST_HEIGHT) or _overhangs(nearest.box, word.box)


def _gap(one: Box, other: Box) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def _overhangs(one: Box, other: Box) -> bool:
    """Whether words close to each other differ by their descenders alone: "Thank you," with a comma that hangs lower than the g."""
    low, high = sorted((one.height, other.height))
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= _SHARED * low and high <= _HANGING * low and _gap(one, other) < _CLOSE


def _is_dash(word: Word) -> bool:
    """Whether the word is a dash, whose own height says nothing of its line's."""
    return word.text in _DASHES


def sentence_lines(page: Page, least: int) -> tuple[Line, ...]:
    """The lines of ``least`` words or more, each with a shorter one below it that ends its sentence, and items of a list."""
    found: list[Line] = []
    for line in lines_of(page):
        last = found[-1] if found else None
        item = _ITEM.match(line.text) is not None and line.text.endswith(".")
        if len(line.words) >= least or item or (last is not None and _ends_sentence(line, last)):
            found.append(line)
    return tuple(found)


def _ends_sentence(line: Line, before: Line) -> bool:
    near = 0.0 <= line.box.top - before.box.bottom < before.box.height and abs(line.box.left - before.box.left) < _SAME_EDGE
    return near and not before.text.endswith(".") and line.text.endswith(".")


@once_a_page
def runs_of(page: Page, gap_heights: float = 1.2) -> tuple[Line, ...]:
    """Lines parted where the gap is wider than ``gap_heights`` of the line's text height, or where a vertical rule passes."""
    verticals = tuple(rule for rule in page.rules if not rule.horizontal)
    blanks = tuple(rule.box for rule in page.rules if rule.horizontal and rule.box.width > _SHORTEST_BLANK)
    runs: list[Line] = []
    for line in lines_of(page):
        for run in _parted(line, verticals, gap_heights, page.aspect):
            runs.extend(_parted_at_blanks(run, blanks))
    return tuple(runs)


def _parted_at_blanks(line: Line, blanks: tuple[Box, ...]) -> list[Line]:
    """A line of a text layer parted where a rule to write on begins or ends: no other sign parts a label from what follows.

    Of a fax the rules are broken anywhere, and words are underlined from end to end: there the line keeps where they end.
    """
    box = line.box  # asked once: a form has hundreds of rules, and the page is parted again and again
    under = [b for b in blanks if abs(b.y - box.bottom) < _ON_LINE * box.height and b.x_overlap(box) > 0]
    if any(word.method is not Method.PDF_TEXT for word in line.words):
        return [replace(line, blank_ends=tuple(edge for blank in under for edge in (blank.left, blank.right)))]
    ends = tuple(edge for blank in under if _is_to_write_on(blank, line) for edge in (blank.left, blank.right))
    written_on = replace(line, blank_ends=ends)
    cuts = [n for n in range(1, len(line.words)) if written_on.at_blank(n)] if ends else []
    return [Line(line.words[start:end]) for start, end in pairwise((0, *cuts, len(line.words)))]


def _is_to_write_on(blank: Box, line: Line) -> bool:
    """Whether the rule is longer than what stands on it."""
    on = [word.box for word in line.words if blank.left - _AT < word.box.x < blank.right]
    return bool(on) and blank.right - max(box.right for box in on) > 2 * _AT


def _parted(line: Line, verticals: tuple[Rule, ...], gap_heights: float, aspect: float) -> list[Line]:
    # A fraction of the height is ``aspect`` times as many fractions of the width.
    height = median(word.box.height for word in line.words) * aspect
    runs: list[list[Word]] = [[line.words[0]]]
    gaps = [right.box.left - left.box.right for left, right in pairwise(line.words)]
    within = [gap for gap in gaps if 0 < gap < gap_heights * height]
    usual = median(within or [height])
    # A typewriter's words stand so far apart that a comma makes their gap a wide one.
    least = max(gap_heights * height, _TYPED * usual if len(within) >= _TYPED_GAPS else 0.0)
    for n, (gap, (left, right)) in enumerate(zip(gaps, pairwise(line.words), strict=True), 1):
        wide = gap > least or (gap > _UNUSUAL * usual and gap > _UNUSUAL_HEIGHTS * height)
        wide = wide and not (gap < _HINT_HEIGHTS * height and _is_in_hint(line.words, n))
        if wide or is_ruled(left, right, verticals):
            runs.append([right])
        else:
            runs[-1].append(right)
    return [Line(tuple(run)) for run in runs]


def _is_in_hint(words: tuple[Word, ...], place: int) -> bool:
    """Whether the word belongs to a hint in brackets: "(Last, First)" in the wide spaces of a typewriter."""
    before = words[max(0, place - _HINT_WORDS) : place]
    opened = max((n for n, word in enumerate(before) if _HINT.match(word.text)), default=None)
    inside = opened is not None and not any(")" in word.text for word in before[opened:])
    closes = any(")" in word.text for word in words[place : place + _HINT_WORDS])
    return closes and (inside or _HINT.match(words[place].text) is not None)


def is_ruled(left: Word, right: Word, verticals: tuple[Rule, ...]) -> bool:
    """Whether a printed line passes between the words along their whole height."""
    top, bottom = max(left.box.top, right.box.top), min(left.box.bottom, right.box.bottom)
    slack = 0.25 * (bottom - top)
    return any(
        left.box.right - _RULE_SLACK < rule.box.x < right.box.left + _RULE_SLACK
        and rule.box.top <= top + slack
        and rule.box.bottom >= bottom - slack
        for rule in verticals
    )
