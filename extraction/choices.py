"""What a request chooses among given answers: its kind, its urgency, the member's sex."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extraction.choice import choose
from extraction.cited import Cited
from extraction.evidence import EXACT
from extraction.layout import PageLayout, comment_areas
from extraction.lexicon import tokens_of
from extraction.lines import runs_of
from extraction.option_words import option_data
from extraction.pages import PageKind
from extraction.readings import choice_reading, reading_of
from extraction.sections import PLAN
from extraction.slot import Direction
from extraction.tickrows import names_of_boxes
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import Method, Word
from models.reading import AmendmentReading, FieldReading
from models.record import RequestKind

# What only these change asks for more of the same.
_EXTENDED = frozenset({"services.to_date", "services.units"})
_WRITTEN = Evidence(Origin.WRITTEN_CHOICE)
_LONE_WORDS = 4
# How well an implied kind fits a form that names others; in a longer run of words such a name is part of a sentence.
_OFFERED, _CHOICE_WORDS, _KIND_LETTERS = 0.5, 8, 5
_MANIFOLD = ("proc_text", "place_of_service")
_BESIDE = (Direction.RIGHT, Direction.IN_CELL, Direction.NEXT_CELL)
_TITLE_BOTTOM = 0.09
# A form for new requests asks for their kind elsewhere; forms for these may say it in their titles alone.
_TITLES = frozenset({"REQUEST", "FORM", "AUTHORIZATION", "NOTIFICATION", "STAY"})
_TITLED_KINDS, _TITLED_URGENCIES = frozenset({"cancellation", "extension"}), frozenset({"retroactive"})
# Printed options are parted by a gap of so many heights of their letters.
_OPTION_GAP = 0.9


def kind_reading(layouts: tuple[PageLayout, ...], page_kind: PageKind, amendments: tuple[AmendmentReading, ...]) -> FieldReading:
    """The kind of request: as ticked, as written out, or else as the form and the stated changes imply."""
    options = tuple(option for layout in layouts for option in layout.options)
    choice = choose(options, "request.kind")
    if choice is not None and choice.value is not None:
        value = choice.value
        if value != "amendment" and "amendment" in choice.also and amendments:
            value = "amendment"
        return choice_reading(choice, value)
    typed = _typed_choice(layouts, "kind", "request.kind")
    if typed is not None:
        # A box that may be ticked speaks for another kind than words that stand elsewhere on the form.
        against = choice is not None and choice.ticked and all(option.value != typed.value for option in choice.ticked)
        return replace(typed, evidence=replace(typed.evidence, ambiguous=True, fit=_OFFERED)) if against else typed
    titled = _titled(layouts, "request.kind", _TITLED_KINDS)
    if titled is not None and choice is None:
        return titled
    page = layouts[0].page
    changes = page_kind is PageKind.CHANGE_FORM or bool(amendments)
    extended = bool(amendments) and all(each.field in _EXTENDED for each in amendments)
    changed = RequestKind.EXTENSION if extended else RequestKind.AMENDMENT
    value = changed.value if changes else RequestKind.NEW.value
    box = choice.options[0].box.box if choice else Box(0.0, 0.0, 1.0, 0.25)
    method = page.words[0].method if page.words else Method.OCR
    unticked = choice is not None or changes
    fit = _OFFERED if any(_offers_kinds(layout) for layout in layouts) else 1.0
    evidence = Evidence(Origin.IMPLIED, exact=method in EXACT, ambiguous=unticked, fit=fit)
    return FieldReading("request.kind", "", value, 1.0, page.number, box, method, evidence=evidence)


def _offers_kinds(layout: PageLayout) -> bool:
    """Whether the page prints the name of another kind than new: a choice that was not read, for a form without one is new."""
    short = (run for run in runs_of(layout.page) if len(run.words) <= _CHOICE_WORDS)
    named = (option_data().typed(word.text) for run in short for word in run.words if len(word.text) >= _KIND_LETTERS)
    return any(path == "request.kind" and value != RequestKind.NEW.value for pairs in named for path, value in pairs)


def may_amend(layouts: tuple[PageLayout, ...]) -> bool:
    """Whether what is ticked names an amendment, perhaps among other kinds ("Extension / Renewal / Amendment")."""
    choice = choose(tuple(option for layout in layouts for option in layout.options), "request.kind")
    return choice is not None and choice.value is not None and "amendment" in (choice.value, *choice.also)


def choice_readings(layouts: tuple[PageLayout, ...]) -> list[FieldReading]:
    """Urgency and sex, where the request chooses them."""
    options = tuple(option for layout in layouts for option in layout.options)
    readings = []
    for path, attribute in (("request.urgency", "urgency"), ("member.sex", "sex")):
        choice = choose(options, path)
        if choice is not None and (choice.value is not None or choice.doubtful):
            readings.append(choice_reading(choice, choice.value))
        elif choice is None and attribute == "urgency":
            typed = _typed_choice(layouts, attribute, path) or _titled(layouts, path, _TITLED_URGENCIES)
            if typed is not None:
                readings.append(typed)
    return readings


def _typed_choice(layouts: tuple[PageLayout, ...], attribute: str, path: str) -> FieldReading | None:
    """A kind or an urgency that is written out instead of ticked; a row of unticked options names several, and is none."""
    for layout in layouts:
        for owned in layout.owned:
            if owned.label.attribute != attribute or owned.owner == PLAN:
                continue
            words = next((slot.words for slot in layout.finder.slots(owned.label) if slot.words), ())
            texts = (" ".join(w.text for w in part) for part in (words, *_apart(words, layout.page.aspect)))
            named = {value for text in texts for field, value in option_data().typed(text) if field == path}
            if len(named) == 1:
                text = " ".join(w.text for w in words)
                return reading_of(path, Cited(named.pop(), text, words, layout.page.number, 0.85, seen=_WRITTEN))
    return _lone_choice(layouts, path)


def _titled(layouts: tuple[PageLayout, ...], path: str, sayable: frozenset[str]) -> FieldReading | None:
    """What the title of the form says of itself, where it is one of ``sayable``: "Request to withdraw a pending authorization"."""
    layout = layouts[0]
    for run in runs_of(layout.page):
        if run.box.y > _TITLE_BOTTOM or len(run.words) > _CHOICE_WORDS:
            continue
        # "Preauthorization" is no misread reauthorization: a title is taken at its word.
        tokens = set(tokens_of(run.text))
        named = {each.value for each in option_data().wordings if each.path == path and each.words <= tokens}
        if len(named) == 1 and named <= sayable and not _TITLES.isdisjoint(tokens):
            return reading_of(path, Cited(named.pop(), run.text, run.words, layout.page.number, 0.85, seen=_WRITTEN))
    return None


def _apart(words: tuple[Word, ...], aspect: float) -> list[tuple[Word, ...]]:
    """The words parted at their gaps: of "Non-urgent / Standard    Rush" the second part is another option."""
    parts: list[list[Word]] = []
    for word in words:
        near = parts and 0 <= word.box.left - parts[-1][-1].box.right < _OPTION_GAP * aspect * word.box.height
        if near:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [tuple(part) for part in parts]


def _lone_choice(layouts: tuple[PageLayout, ...], path: str) -> FieldReading | None:
    """The one value of the field that stands by itself in a cell or a field, under a label that is not known."""
    found: dict[str, Cited] = {}
    for layout in layouts:
        # The heading "New" of a change table is no answer.
        changes = [layout.change_table.area] if layout.change_table is not None else []
        others, spoken_for = [*comment_areas(layout), *changes], _spoken_for(layout)
        for run in runs_of(layout.page):
            asks = run.text.endswith("?") or any(area.holds(run.box.x, run.box.y) for area in others)
            if asks or any(id(word) in spoken_for for word in run.words):
                continue
            cell = layout.finder.cell_of(run.box)
            named = [value for field, value in option_data().spelled(run.text) if field == path]
            if cell is not None and len(named) == 1 and len(run.words) <= _LONE_WORDS and run.box.top > _TITLE_BOTTOM:
                found.setdefault(named[0], Cited(named[0], run.text, run.words, layout.page.number, 0.75, seen=_WRITTEN))
        for words in _unlikely_answers(layout):
            text = " ".join(word.text for word in words)
            named = [value for field, value in option_data().spelled(text) if field == path]
            if len(named) == 1:
                found.setdefault(named[0], Cited(named[0], text, words, layout.page.number, 0.75, seen=_WRITTEN))
    return reading_of(path, next(iter(found.values()))) if len(found) == 1 else None


def _unlikely_answers(layout: PageLayout) -> Iterator[tuple[Word, ...]]:
    """What stands beside a label that may ask for more than one thing: "Service is: Routine" names no procedure."""
    for owned in layout.owned:
        if owned.label.attribute in _MANIFOLD and owned.owner != PLAN:
            slot = layout.finder.filled(owned.label)
            if slot is not None and slot.direction in _BESIDE and len(slot.words) <= _LONE_WORDS:
                yield slot.words


def _spoken_for(layout: PageLayout) -> set[int]:
    """The words of labels and of check-boxes, and what stands under a label that is known: a contact's name is no choice."""
    labels = {id(word) for label in layout.labels for word in label.words}
    labels |= {id(word) for option in layout.options for word in option.words}
    labels |= {id(word) for word in names_of_boxes(layout.page)}
    slots = (layout.finder.filled(owned.label) for owned in layout.owned if owned.label.attribute is not None)
    return labels | {id(word) for slot in slots if slot is not None for word in slot.words}
