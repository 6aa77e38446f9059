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
_NO_MARK_INK = 0.3
# A check-box is looked for this many of its own sides around its place.
_REACH = 0.8
_UNSEEN = 0.75


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
    if kind is not ZoneKind.COMB or len(ordered) < 2:
        return ordered
    text = "".join(word.text for word in ordered)
    around = Box.around(word.box for word in ordered)
    return (replace(ordered[0], text=text, box=around, confidence=mean(word.confidence for word in ordered)),)


def check_box_of(page: Page, box: Box) -> CheckBox:
    """The check-box that was seen at a place; one that was not seen is empty, or perhaps hidden by a heavy tick."""
    reach = _REACH * max(box.width, box.height * page.aspect)
    near = [seen for seen in page.check_boxes if abs(seen.box.x - box.x) < reach and abs(seen.box.y - box.y) * page.aspect < reach]
    if near:
        return min(near, key=lambda seen: abs(seen.box.x - box.x) + abs(seen.box.y - box.y))
    dark = page.ink.share(box) > _NO_MARK_INK
    return CheckBox(box, MarkState.AMBIGUOUS if dark else MarkState.EMPTY, _UNSEEN)
