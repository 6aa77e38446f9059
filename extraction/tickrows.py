"""Check-boxes in rows, and the words on either side of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

from extraction.lines import is_ruled, lines_from
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Rule, Word

MAX_OPTION_WORDS = 6
# An option's words begin this close to its box, and go on over gaps no wider, in widths of the page.
NEAR = 0.05
_GAP = 0.022
# Words whose middle is so far from the box's, in heights of the box, stand in a line above or below it.
_OFF_LINE = 0.3
# Wider than the space of any print but typewriters', in heights of its letters.
_SPACE_HEIGHTS = 0.8
# Parts of one line, in heights of the box.
_JOINED = 0.35
_MARK_LETTERS = 2
_MARK_SURENESS = 0.8

Lines = tuple[tuple[Word, ...], ...]


@dataclass(frozen=True, slots=True)
class TickRow:
    """Check-boxes in a row from left to right, the lines of words that stand there, and the page's upright lines."""

    boxes: tuple[CheckBox, ...]
    lines: Lines
    aspect: float
    verticals: tuple[Rule, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words, line by line."""
        return tuple(word for line in self.lines for word in line)

    def right(self, n: int) -> tuple[Word, ...]:
        """The words that follow a box, up to the next box or a wide gap."""
        box = self.boxes[n].box
        stop = self.boxes[n + 1].box.left if n + 1 < len(self.boxes) else 1.0
        after = _kept(self.lines, lambda word: word.box.x > box.right and word.box.left < stop - 0.002)
        edge = box.right
        found: list[Word] = []
        for word in _line_beside(box, tuple(line for line in after if line[0].box.left - box.right <= NEAR)):
            if word.box.left - edge > (_GAP if found else NEAR) or (found and is_ruled(found[-1], word, self.verticals)):
                break
            found.append(word)
            edge = word.box.right
        return tuple(found[: 2 * MAX_OPTION_WORDS])

    def left(self, n: int) -> tuple[Word, ...]:
        """The words before a box, back to the box before it, a wide gap or a label's colon."""
        box = self.boxes[n].box
        stop = self.boxes[n - 1].box.right if n > 0 else 0.0
        before = _kept(self.lines, lambda word: word.box.x < box.left and word.box.right > stop + 0.002)
        edge = box.left
        found: list[Word] = []
        for word in reversed(_line_beside(box, tuple(line for line in before if box.left - line[-1].box.right <= NEAR))):
            if edge - word.box.right > (_GAP if found else NEAR) or word.text.endswith(":"):
                break  # A colon ends the label of the whole row.
            if found and is_ruled(word, found[-1], self.verticals):
                break
            found.append(word)
            edge = word.box.left
        return tuple(reversed(found[:MAX_OPTION_WORDS]))


def nearest_part(words: tuple[Word, ...], box: CheckBox, aspect: float) -> tuple[Word, ...]:
    """The words beside the box up to the first gap that is wider than a space: beyond it stands a label, or something else."""
    ordered = words if words and words[0].box.x > box.box.x else words[::-1]
    part: list[Word] = []
    for word in ordered:
        if part:
            gap = max(word.box.left - part[-1].box.right, part[-1].box.left - word.box.right)
            if gap > _SPACE_HEIGHTS * aspect * max(word.box.height, part[-1].box.height):
                break
        part.append(word)
    return tuple(part) if ordered is words else tuple(part[::-1])


def behind_both(words: tuple[Word, ...], named: Callable[[str], tuple[tuple[str, str], ...]]) -> tuple[Word, ...]:
    """The words without a label in one word that names two answers of one field, before the one that is meant: "M/F Female"."""
    both = [path for path, _ in named(words[0].text)] if len(words) > 1 else []
    rest = len(both) > 1 and len(set(both)) == 1 and any(path == both[0] for path, _ in named(" ".join(w.text for w in words[1:])))
    return words[1:] if rest else words


def tick_rows(page: Page) -> tuple[TickRow, ...]:
    """The check-boxes of the page, row by row."""
    rows: list[list[CheckBox]] = []
    for box in sorted((box for box in page.check_boxes if not ringed_words(page, box)), key=lambda b: b.box.y):
        if rows and abs(rows[-1][-1].box.y - box.box.y) < 0.6 * max(box.box.height, rows[-1][-1].box.height):
            rows[-1].append(box)
        else:
            rows.append([box])
    verticals = tuple(rule for rule in page.rules if not rule.horizontal)
    return tuple(TickRow(tuple(sorted(row, key=lambda b: b.box.left)), _lines(page, row), page.aspect, verticals) for row in rows)


def names_of_boxes(page: Page) -> tuple[Word, ...]:
    """The words that name check-boxes standing side by side, whatever they ask for.

    Where the words on both sides stand alike, as they may in the middle of a table, no name is told. A number is none.
    """
    rows = (row for row in tick_rows(page) if len(row.boxes) > 1)
    parts = [part for row in rows for part in _names_in(row)]
    return tuple(word for part in parts if not any(c.isdigit() for word in part for c in word.text) for word in part)


def _names_in(row: TickRow) -> Lines:
    places = range(len(row.boxes))
    right = tuple(nearest_part(row.right(n), row.boxes[n], row.aspect) for n in places)
    left = tuple(nearest_part(row.left(n), row.boxes[n], row.aspect) for n in places)
    if all(right) != all(left):
        return right if all(right) else left
    return ()


def ringed_words(page: Page, box: CheckBox) -> tuple[Word, ...]:
    """The words in a loop that was drawn around them; none in a box, whose mark may have been read as an X or a V."""
    if box.state is not MarkState.TICKED:
        return ()
    inside = [word for word in page.words if word.box.inside_share(box.box) > 0.6 and _is_sure(word)]
    return tuple(sorted((word for word in inside if any(c.isalpha() for c in word.text)), key=lambda word: word.box.left))


def _is_sure(word: Word) -> bool:
    marks_only = not set(word.text) - set("xXvV✓√")
    return not marks_only and (len(word.text) > _MARK_LETTERS or word.confidence >= _MARK_SURENESS)


def _lines(page: Page, boxes: list[CheckBox]) -> Lines:
    """The words beside the boxes, without brackets and box marks read as letters."""
    band = Box.around(box.box for box in boxes)
    height = max(box.box.height for box in boxes)
    beside = [
        word
        for word in page.words
        if abs(word.box.y - band.y) < 0.8 * max(height, word.box.height)
        and any(c.isalnum() for c in word.text)
        and not any(_is_box(word, box.box) for box in boxes)
    ]
    return _joined([line.words for line in lines_from(tuple(beside))], height)


def _joined(lines: list[tuple[Word, ...]], height: float) -> Lines:
    """The lines, with the parts of one put together that boxes of unlike height for small and large words have parted."""
    joined: list[tuple[Word, ...]] = []
    for line in lines:
        last = joined[-1] if joined else ()
        apart = not any(one.box.x_overlap(other.box) > 0 for one in last for other in line)
        if last and apart and abs(mean(w.box.y for w in line) - mean(w.box.y for w in last)) <= _JOINED * height:
            joined[-1] = tuple(sorted((*last, *line), key=lambda word: word.box.left))
        else:
            joined.append(line)
    return tuple(joined)


def _is_box(word: Word, box: Box) -> bool:
    """Whether the word is the box or its mark, read as a letter."""
    if word.box.inside_share(box) > 0.6:
        return True
    return len(word.text) <= _MARK_LETTERS and word.confidence < _MARK_SURENESS and box.inside_share(word.box) > 0.4


def _kept(lines: Lines, fits: Callable[[Word], bool]) -> Lines:
    kept = (tuple(word for word in line if fits(word)) for line in lines)
    return tuple(line for line in kept if line)


def _line_beside(box: Box, lines: Lines) -> tuple[Word, ...]:
    """The line that the box stands in; the upper one where it stands between two."""

    def off(line: tuple[Word, ...]) -> float:
        nearest = min(line, key=lambda word: abs(word.box.x - box.x))
        return abs(nearest.box.y - box.y) / max(box.height, 0.001)

    if not lines:
        return ()
    least = min(off(line) for line in lines)
    within = [line for line in lines if off(line) <= (least if least <= _OFF_LINE else least + _OFF_LINE)]
    return min(within, key=lambda line: line[0].box.y)
