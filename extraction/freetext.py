"""What a form says in sentences: in its comments, behind its ticked boxes, and where it has no field for what is asked."""

from __future__ import annotations

from datetime import date

from extraction.layout import PageLayout, comment_areas
from extraction.lines import sentence_lines
from extraction.prose import read_changes
from extraction.prose.asked import read_services
from extraction.prose.language import read_sentences
from extraction.prose.text import passage_of
from extraction.tickrows import tick_rows
from models.page import MarkState, Page, Word
from models.reading import AmendmentReading, FieldReading
from models.values import ValueKind, find_values

_SENTENCE_WORDS = 7
_ASKED = frozenset({"proc_code", "code"})


def comments(layout: PageLayout) -> list[tuple[Word, ...]]:
    """The free text of each comment field, with the words that look like labels in it."""
    return [words for area in comment_areas(layout) if (words := layout.finder.all_words_in(area))]


def changes_in_sentences(layouts: tuple[PageLayout, ...], today: date) -> tuple[AmendmentReading, ...]:
    """The changes that an amendment states somewhere in its text, where no field for comments was found."""
    found: list[AmendmentReading] = []
    for layout in layouts:
        words = tuple(word for line in sentence_lines(layout.page, _SENTENCE_WORDS) for word in line.words)
        found.extend(read_changes(words, layout.page.number, today) if words else ())
    return tuple(found)


def ticked_changes(page: Page, today: date) -> tuple[AmendmentReading, ...]:
    """The changes that stand behind ticked boxes: "[x] Change end date from 06/30/2026 to 08/31/2026"."""
    found: list[AmendmentReading] = []
    for row in tick_rows(page):
        stops = [*(box.box.left for box in row.boxes[1:]), 1.0]
        for box, stop in zip(row.boxes, stops, strict=True):
            words = tuple(word for word in row.words if box.box.right < word.box.x < stop)
            if box.state is MarkState.TICKED and words:
                found.extend(read_changes(words, page.number, today))
    return tuple(found)


def services_in_sentences(layouts: tuple[PageLayout, ...]) -> tuple[FieldReading, ...]:
    """The services that sentences or list items ask for, on a form that has no field for their codes.

    Codes elsewhere on a form with such fields are told of, and not asked for.
    """
    if any(layout.tables or any(owned.label.attribute in _ASKED for owned in layout.owned) for layout in layouts):
        return ()
    for layout in layouts:
        passage = passage_of(layout.page.words, layout.page.number)
        if any(reading.valid for reading in find_values(ValueKind.PROCEDURE, passage.text)):
            asked = read_services(passage, read_sentences(passage.text, None))
            services = tuple(reading for reading in asked if reading.path.startswith("services."))
            if services:
                return services
    return ()
