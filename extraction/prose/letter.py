"""A letter read: whom it is about, who writes, what is asked for, and the changes."""

from __future__ import annotations

from datetime import date

from extraction.evidence import of_words
from extraction.pages import RequestPages
from extraction.prose.asked import read_kind, read_services, read_urgency
from extraction.prose.changes import changes_in
from extraction.prose.cues import any_of, prose_data
from extraction.prose.language import read_sentences
from extraction.prose.letterhead import read_sender, read_signature
from extraction.prose.parts import LetterParts, parts_of
from extraction.prose.readings import value_reading
from extraction.prose.reference import read_reference
from extraction.prose.resolve import DOUBTFUL, Change, typed
from extraction.prose.text import Passage, passage_of
from models.evidence import Evidence, Origin
from models.page import Word
from models.reading import AmendmentReading, FieldReading
from models.record import RequestKind
from models.values import ValueKind, find_values


def read_letter(request: RequestPages) -> tuple[tuple[FieldReading, ...], tuple[AmendmentReading, ...]]:
    """The fields that a letter states, and its changes."""
    parts = tuple(parts_of(page) for page in request.pages if page.words)
    if not parts:
        return (), ()
    body = max((each.passage(each.body) for each in parts), key=lambda passage: len(passage.text))
    if not body.words:  # greeting and closing were misread: all of the page is searched
        body = passage_of(parts[0].page.words, parts[0].page.number)
    dated = _date(parts[0])
    sentences = read_sentences(body.text, next((each.value for each in dated if isinstance(each.value, date)), None))
    changes = changes_in(sentences)
    kind = read_kind(body, sentences, changes)
    fields = [kind, *read_urgency(body), *dated, *_reference(parts), *_sender(parts)]
    if kind.value == RequestKind.NEW.value:
        fields += read_services(body, sentences)
        changes = ()
    if kind.value == RequestKind.CANCELLATION.value:
        changes = ()
    return tuple(fields), tuple(amendment(body, change) for change in changes)


def read_changes(words: tuple[Word, ...], page: int, today: date) -> tuple[AmendmentReading, ...]:
    """The changes that a form's comment asks for; ``page`` is 1-based, ``today`` the day of receipt.

    Empty where the words ask for none.
    """
    passage = passage_of(words, page)
    return tuple(amendment(passage, change) for change in changes_in(read_sentences(passage.text, today)))


def amendment(passage: Passage, change: Change) -> AmendmentReading:
    """The change with its place on the page; how surely it was read is that of its least certain value."""
    values = [item for item in (change.old, change.new) if item is not None]
    said = tuple(word for item in values for word in passage.words_at(item.start, item.end))
    fit = min(item.fit for item in values)
    if change.evidence <= DOUBTFUL:
        fit = min(fit, change.evidence)
    return AmendmentReading(
        action=change.action,
        field=change.field,
        old=typed(change.field, change.old),
        new=typed(change.field, change.new),
        code=change.code,
        text=passage.text[change.start : change.end],
        confidence=change.evidence,
        page=passage.page,
        box=passage.box(change.start, change.end),
        method=passage.method(values[-1].start, values[-1].end),
        evidence=of_words(said, Evidence(Origin.PROSE, place=change.evidence, fit=fit, words=len(said))),
    )


def _reference(parts: tuple[LetterParts, ...]) -> tuple[FieldReading, ...]:
    passages = [part.passage(lines) for part in parts for lines in (part.before_body, part.body) if lines]
    return read_reference(tuple(passages))


def _sender(parts: tuple[LetterParts, ...]) -> tuple[FieldReading, ...]:
    """Letterhead of the first page, signature of the last that has one; the surer reading of each field."""
    best: dict[str, FieldReading] = {}
    for part in parts:
        for each in (*read_sender(part), *read_signature(part)):
            if each.path not in best or each.confidence > best[each.path].confidence:
                best[each.path] = each
    return tuple(best.values())


def _date(part: LetterParts) -> tuple[FieldReading, ...]:
    """The date of the letter: the first one above the salutation that is not the member's.

    A line about the member may hold a date whose label was misread: one behind other labels is doubtful.
    """
    passage = part.passage(part.before_body)
    letter = prose_data().letter
    labels = any_of((*letter.subject, *letter.member_id, *letter.authorization))
    doubtful: tuple[FieldReading, ...] = ()
    for found in find_values(ValueKind.DATE, passage.text):
        line = passage.text[: found.start].split("\n")[-1]
        if found.value is None or any_of(letter.birth).search(line):
            continue
        if not labels.search(line) and (":" not in line or any_of(letter.date).search(line)):
            return (value_reading("request.requested_on", passage, found, 0.95),)
        doubtful = doubtful or (value_reading("request.requested_on", passage, found, DOUBTFUL),)
    return doubtful
