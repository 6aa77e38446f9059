"""What stands around a label: the labels beside it, the printed lines over and behind it."""

from __future__ import annotations

from extraction.labels import Label
from extraction.lines import Line, runs_of
from models.geometry import Box
from models.page import Page, Rule, Word

_LINE_START = 0.03
_TOUCH = 0.006
_BOX_EDGE = 0.012
_LEAST_LINE = 0.02
_BESIDE = 0.02
_ABOVE_HEIGHTS = 2.4
# A caption that nobody understood stands apart from the label by this much, and has at least so many letters.
_CAPTION_GAP, _CAPTION_LETTERS = 0.03, 3
_OFF_LINE_GAP = 0.025
# Values that begin so near to each other, in page widths, on so many rows, stand in one column.
_SAME_COLUMN, _COLUMN_ROWS = 0.004, 5
# A space between two words of a caption.
_OF_CAPTION = 0.008
_OF_WORD = 0.6
_HALVES_OF_NAMES = frozenset({"last_name", "first_name", "middle"})


class Neighbours:
    """The labels and printed lines of a page, asked about by one of its labels."""

    def __init__(self, page: Page, labels: tuple[Label, ...]) -> None:
        self._page = page
        self._labels = labels
        self._found: tuple[Line, ...] | None = None
        self._unread: tuple[Box, ...] | None = None

    def is_beside_label(self, cell: Box, label: Label, *, colon: bool = True) -> bool:
        """Whether the box begins right behind another label, one with a colon where ``colon``: then it is that one's."""
        return any(
            other is not label
            and (other.colon or not colon)
            and -_TOUCH < cell.left - other.box.right < _BESIDE
            and cell.on_row_of(other.box)
            for other in self._labels
        )

    def label_between(self, label: Label, cell: Box) -> bool:
        """Whether another label stands between the label and the box: then the box is that one's."""
        top, bottom = sorted((label.box.y, cell.y))
        return any(
            other is not label
            and top < other.box.y < bottom
            and other.box.x_overlap(cell) > 0
            and not other.box.on_row_of(label.box)
            for other in self._labels
        )

    def has_line(self, label: Label) -> bool:
        """Whether a line to write on begins right behind the label."""
        box = label.box
        return any(
            r.horizontal
            and -_TOUCH < r.box.left - box.right < _LINE_START
            and r.box.width > _LINE_START
            and box.y < r.box.y <= box.bottom + 0.5 * box.height
            for r in self._page.rules
        )

    def has_box_edge_below(self, label: Label) -> bool:
        """Whether an upright line or a comb begins under the label's left end: the line behind it is the top of a box then."""
        box = label.box
        y = box.bottom + 0.8 * box.height
        upright = [r.box for r in self._page.rules if not r.horizontal]
        combs = [comb.box for comb in self._page.combs]
        edges = [(edge.x, edge) for edge in upright] + [(comb.left, comb) for comb in combs]
        return any(abs(left - box.left) < _BOX_EDGE and edge.top <= y <= edge.bottom for left, edge in edges)

    def next_label_left(self, label: Label) -> float:
        """The left edge of the next label on the row, or of the page."""
        rights = [
            other.box.left
            for other in self._labels
            if other is not label and other.box.left >= label.box.right - 0.002 and other.box.on_row_of(label.box)
        ]
        return min(rights, default=1.0)

    def vertical_stop(self, box: Box) -> float:
        """The next long upright line behind the box, or the edge of the page."""
        stops = [
            r.box.left
            for r in self._page.rules
            if not r.horizontal and r.box.left > box.right and r.box.top <= box.y <= r.box.bottom and r.box.height > 0.03
        ]
        return min(stops, default=1.0)

    def left_label(self, label: Label, cell: Box) -> bool:
        """Whether another label of the cell stands left of the label on its row."""
        return any(
            other is not label
            and cell.holds(other.box.x, other.box.y)
            and other.box.right <= label.box.left + 0.002
            and other.box.on_row_of(label.box)
            for other in self._labels
        )

    def line_over(self, label: Label) -> list[Rule]:
        """The pieces of the printed line that parts a caption from what stands above it; writing may have broken the line."""
        box = label.box
        limit = self.next_label_left(label)
        pieces = [
            r
            for r in self._page.rules
            if r.horizontal
            and r.box.left < limit
            and r.box.right > box.left - _TOUCH
            and -0.6 * box.height <= box.top - r.box.y <= 0.9 * box.height
        ]
        covered = sum(max(0.0, min(r.box.right, limit) - max(r.box.left, box.left)) for r in pieces)
        return pieces if covered > min(_LEAST_LINE, 0.5 * box.width) else []

    def own_part(self, cell: Box, label: Label) -> Box:
        """The part of a box that is the label's where several captions stand in a row over it: the sides between them were lost."""
        row = [
            o.box
            for o in self._labels
            if o is not label and o.box.on_row_of(label.box) and cell.left - _TOUCH < o.box.left < cell.right
        ]
        right = min((o.left for o in row if o.left > label.box.right), default=cell.right)
        left = label.box.left - _TOUCH if any(o.right < label.box.left for o in row) else cell.left
        return Box.clipped(max(left, cell.left), cell.top, min(right, cell.right), cell.bottom)

    def is_on_line_over(self, word: Box, label: Label) -> bool:
        """Whether the word stands on a printed line that runs over the label: it is written above a caption, not beside it."""
        box = label.box
        return any(
            r.horizontal
            and r.box.width > _OF_WORD * word.width  # The feet of some of its letters are no line.
            and r.box.left - _TOUCH < word.x < r.box.right + _TOUCH
            and word.y < r.box.y <= min(box.y, word.y + word.height)
            for r in self._page.rules
        )

    def behind_caption(self, label: Label, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words without the last one of a caption before a box, where it was misread: it stands close and outside the box."""
        if len(words) < 2 or words[0].box.left - label.box.right > _OF_CAPTION or label.colon:
            return words
        inside = [cell for cell in self._page.cells if cell.holds(words[1].box.x, words[1].box.y)]
        apart = bool(inside) and min(cell.left for cell in inside) > words[0].box.right - _TOUCH
        return words[1:] if apart and not any(cell.holds(label.box.x, label.box.y) for cell in self._page.cells) else words

    def in_value_column(self, words: tuple[Word, ...]) -> bool:
        """Whether the first word begins where many of the page's lines have their second column: a list of fields and values."""
        if not words:
            return False
        lefts = [run.box.left for run in self._runs()]
        column = [left for left in lefts if abs(left - words[0].box.left) < _SAME_COLUMN]
        return len(column) >= _COLUMN_ROWS

    def on_its_line(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words up to a gap behind which the line that the first of them stands on has ended: there a caption begins.

        A number behind it is none: noise breaks lines.
        """
        lines = [r.box for r in self._page.rules if r.horizontal]
        if not words or not _on_line(words[0].box, lines):
            return words
        for place in range(1, len(words)):
            apart = words[place].box.left - words[place - 1].box.right > _OFF_LINE_GAP
            if apart and words[place].text.isalpha() and not _on_line(words[place].box, lines):
                return words[:place]
        return words

    def left_of_caption(self, label: Label) -> float:
        """The left edge of a caption's own place: of the label itself, where another caption stands left of it on the row.

        Where nobody understood that one, the first words of the label may not have been understood either.
        """
        if any(o is not label and o.box.right <= label.box.left and o.box.on_row_of(label.box) for o in self._labels):
            return label.box.left - 0.01
        if not any(box.right < label.box.left for box in self._unread_beside(label)):
            return 0.0
        own = next((run.box.left for run in self._runs() if any(word is label.words[0] for word in run.words)), label.box.left)
        return own - 0.01

    def right_of_caption(self, label: Label) -> float:
        """Where a caption's own place ends: at the next caption on its row, or at the edge of the page."""
        behind = [box.left for box in self._unread_beside(label) if box.left > label.box.right]
        return min((self.next_label_left(label), *behind))

    def _runs(self) -> tuple[Line, ...]:
        if self._found is None:
            self._found = runs_of(self._page)
        return self._found

    def _unread_beside(self, label: Label) -> list[Box]:
        """Captions on the label's row that nobody understood: runs of words in small letters of its height, apart from it."""
        if self._unread is None:
            known = {id(word) for each in self._labels for word in each.words}
            runs = [run for run in self._runs() if not any(id(word) in known for word in run.words)]
            self._unread = tuple(run.box for run in runs if sum(c.islower() for c in run.text) >= _CAPTION_LETTERS)
        return [
            box
            for box in self._unread
            if box.on_row_of(label.box) and max(box.left - label.box.right, label.box.left - box.right) > _CAPTION_GAP
        ]

    def is_spoken_for(self, words: tuple[Word, ...]) -> bool:
        """Whether words stand behind a label of their own line."""
        first = words[0].box if words else None
        return first is not None and any(o.colon and o.box.right <= first.left and o.box.on_row_of(first) for o in self._labels)

    def captions_over(self, label: Label, line: Box) -> list[float]:
        """Where the captions of the row above end, over the line that belongs to the label."""
        over = [o.box for o in self._labels if o is not label and o.box.x_overlap(label.box) > 0 and o.box.bottom < line.y]
        return [box.bottom for box in over if line.y - box.bottom > label.box.height]

    def area_above(self, label: Label, *, captions_below: bool) -> Box | None:
        """The line above a caption: only where a printed line parts it from the caption."""
        box = label.box
        if not (parting := self.line_over(label)):
            return self._line_above(label) if captions_below else None
        rule = max(parting, key=lambda r: r.box.y)
        top = max((rule.box.y - _ABOVE_HEIGHTS * box.height, *self.captions_over(label, rule.box)))
        # Lines of neighbouring fields may run together: the captions beside it bound the field.
        left = max(min(rule.box.left, box.left) - 0.005, self.left_of_caption(label))
        right = min(max(r.box.right for r in parting) + 0.005, self.right_of_caption(label))
        return Box.clipped(left, top, right, rule.box.y + 0.25 * box.height) if right > left else None

    def _line_above(self, label: Label) -> Box:
        """The line above a caption whose line to write on was not seen."""
        box = label.box
        return Box.clipped(box.left - 0.01, box.top - 2 * box.height, self.next_label_left(label), box.top)


def _on_line(word: Box, lines: list[Box]) -> bool:
    """Whether the word is written on one of the lines."""
    low, high = word.y, word.bottom + 0.6 * word.height
    return any(low < line.y <= high and line.left - _TOUCH < word.x < line.right + _TOUCH for line in lines)


def owner_by_name_before(label: Label, labels: tuple[Label, ...]) -> str | None:
    """The owner that the label of the other half of a name says, right before it on its row: "Physician - Last: ... First:".

    Or right behind it, where its own word for the owner was misread: "Pi. last name: ... Patient's given name:".
    """
    if label.attribute not in _HALVES_OF_NAMES:
        return None
    row = [o for o in labels if o.box.on_row_of(label.box)]
    before = max((o for o in row if o.box.right <= label.box.left), key=lambda o: o.box.right, default=None)
    if before is not None and before.attribute in _HALVES_OF_NAMES:
        return before.meaning.owner
    behind = min((o for o in row if o.box.left >= label.box.right), key=lambda o: o.box.left, default=None)
    is_other = behind is not None and behind.attribute in _HALVES_OF_NAMES and behind.attribute != label.attribute
    return behind.meaning.owner if behind is not None and is_other else None


def owner_by_number_behind(label: Label, labels: tuple[Label, ...]) -> str | None:
    """The owner that the NPI behind a provider's name says, where the name's label lost it: "Primary ... provider | PCP NPI"."""
    if not label.meaning.neutral or label.attribute not in (None, "name"):
        return None
    behind = [o for o in labels if o.box.left > label.box.right and o.box.on_row_of(label.box)]
    nearest = min(behind, key=lambda o: o.box.left, default=None)
    return nearest.meaning.owner if nearest is not None and nearest.attribute == "npi" else None


def reading_order(labels: tuple[Label, ...]) -> list[int]:
    """Rows top to bottom, each left to right; a row is what overlaps its first label."""
    rows: list[list[int]] = []
    for n in sorted(range(len(labels)), key=lambda i: labels[i].box.y):
        if rows and labels[rows[-1][0]].box.on_row_of(labels[n].box):
            rows[-1].append(n)
        else:
            rows.append([n])
    return [n for row in rows for n in sorted(row, key=lambda i: labels[i].box.left)]
