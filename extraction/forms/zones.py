"""The zones of a placed form with what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import mean

from extraction.forms.known import Zone, ZoneKind
from extraction.forms.match import Placement
from extraction.forms.printed import filled_in
from extraction.labels import Label
from extraction.lexicon import Meaning, default_lexicon
from extraction.lines import lines_from
from extraction.prepare import with_labels_parted
from models.geometry import Box
from models.page import CheckBox, MarkState, Page, Word

_MIN_INSIDE = 0.35
_SIDE = 0.004
_HEIGHTS = 0.35
# A check-box is looked for this many of its own sides around its place.
_REACH = 0.8
_UNSEEN = 0.85
_BY_INK = 0.82
# A tick makes its box so much darker than the next darkest one of its question, in shares of ink, and so many times.
_TICK_INK = 0.04
_CLEARLY = 3.0
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class FilledZone:
    """A zone where it lies on the page, and the words in it, in reading order. ``page`` is 1-based."""

    zone: Zone
    box: Box
    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def label(self) -> Label:
        """The zone's label as the blank prints it."""
        text = self.zone.label or "-"
        meaning = default_lexicon().meaning_of(text) or Meaning((), None, neutral=False, quality=1.0, weak=False)
        word = Word(text, self.zone.box, 1.0)
        return Label(meaning, (word,), self.zone.box, colon=text.endswith(":"), alone=True, follows=())


def filled_zones(page: Page, placement: Placement) -> tuple[FilledZone, ...]:
    """All zones of the form on the page; each written word stands in the one zone that most of it lies in."""
    page = with_labels_parted(page, default_lexicon())
    zones = placement.form.zones
    boxes = [placement.box(zone.box) for zone in zones]
    held: list[list[Word]] = [[] for _ in zones]
    for word in filled_in(page, placement):
        home = _home(word, zones, boxes)
        if home is not None:
            held[home].append(word)
    return tuple(
        FilledZone(zone, box, _in_order(words, zone.kind), page.number) for zone, box, words in zip(zones, boxes, held, strict=True)
    )


def _home(word: Word, zones: tuple[Zone, ...], boxes: list[Box]) -> int | None:
    """The zone of a word: where most of it lies; the smaller of two that hold it alike."""
    shares = []
    for number, (zone, box) in enumerate(zip(zones, boxes, strict=True)):
        if zone.kind is not ZoneKind.CHECK_BOX:
            near = word.box.inside_share(box.grown(_SIDE, _HEIGHTS * word.box.height))
            shares.append((round(word.box.inside_share(box), 1) + round(near, 1), -box.area, number, near))
    if not shares:
        return None
    best = max(shares)
    return best[2] if best[3] >= _MIN_INSIDE else None


def _in_order(words: list[Word], kind: ZoneKind) -> tuple[Word, ...]:
    ordered = tuple(word for line in lines_from(tuple(words)) for word in line.words)
    if kind is not ZoneKind.COMB or not ordered:
        return ordered
    text = "".join(word.text for word in ordered).replace("|", "")
    around = Box.around(word.box for word in ordered)
    return (replace(ordered[0], text=text, box=around, confidence=mean(word.confidence for word in ordered)),)


def check_boxes_of(page: Page, boxes: tuple[Box, ...]) -> tuple[CheckBox, ...]:
    """The check-boxes of one question, at known places of a page.

    Where none of them was seen to be ticked, their ink is compared: on one page, boxes that are left empty are equally dark.
    """
    seen = tuple(_seen(page, box) or CheckBox(box, MarkState.EMPTY, _UNSEEN) for box in boxes)
    ink = [page.ink.share(box) for box in boxes]
    if len(boxes) < _FEWEST or any(each.state is not MarkState.EMPTY for each in seen):
        return seen
    darkest, second = sorted(ink, reverse=True)[:2]
    if darkest - second < _TICK_INK:
        return seen
    state = MarkState.TICKED if darkest > _CLEARLY * second else MarkState.AMBIGUOUS
    return tuple(
        replace(each, state=state, confidence=_BY_INK) if own == darkest else each for each, own in zip(seen, ink, strict=True)
    )


def _seen(page: Page, box: Box) -> CheckBox | None:
    reach = _REACH * max(box.width, box.height * page.aspect)
    near = [seen for seen in page.check_boxes if abs(seen.box.x - box.x) < reach and abs(seen.box.y - box.y) * page.aspect < reach]
    return min(near, key=lambda seen: abs(seen.box.x - box.x) + abs(seen.box.y - box.y), default=None)
