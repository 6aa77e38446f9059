"""Values that were struck out, and what stands in their place.

A struck word is never a value, so the pages are read without it. Where the request asks for a change, the struck value and the one
beside it are that change; elsewhere it is a slip of the pen, and the value beside it is to be looked at by a coordinator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from extraction.lexicon import default_lexicon
from extraction.lines import lines_from
from extraction.pages import RequestPages
from models.geometry import Box
from models.page import Page, Word
from models.reading import AmendmentReading, FieldReading, FieldValue
from models.record import AmendmentAction, AmendmentField, without_positions
from models.values import ValueKind, find_values, plain_provider_name

_GAP = 0.03
_BESIDE = 0.08
_ABOVE_HEIGHTS = 1.5
_SURETY = 0.5
_CHANGED: dict[str, tuple[AmendmentField, ValueKind]] = {
    "services.code": (AmendmentField.SERVICE_CODE, ValueKind.PROCEDURE),
    "services.modifiers": (AmendmentField.MODIFIERS, ValueKind.MODIFIER),
    "services.units": (AmendmentField.UNITS, ValueKind.UNITS),
    "services.from_date": (AmendmentField.FROM_DATE, ValueKind.DATE),
    "services.to_date": (AmendmentField.TO_DATE, ValueKind.DATE),
    "diagnoses.code": (AmendmentField.DIAGNOSIS_CODE, ValueKind.ICD10),
    "servicing_provider.name": (AmendmentField.SERVICING_NAME, ValueKind.PROVIDER_NAME),
    "servicing_provider.npi": (AmendmentField.SERVICING_NPI, ValueKind.NPI),
}


@dataclass(frozen=True, slots=True)
class Struck:
    """Words side by side that were struck out, on one page."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words as far as they could be read."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The box around the words."""
        return Box.around(word.box for word in self.words)


def without_struck(request: RequestPages) -> tuple[RequestPages, tuple[Struck, ...]]:
    """The pages of a request without struck words, and what was struck out on them."""
    struck = tuple(each for page in request.pages for each in _struck_on(page))
    gone = {id(word) for each in struck for word in each.words}
    pages = tuple(replace(page, words=tuple(word for word in page.words if id(word) not in gone)) for page in request.pages)
    return replace(request, pages=pages), struck


def _may_be_value(word: Word) -> bool:
    """Nobody strikes out the words that a form prints; small print may look as if somebody had."""
    if any(character.isdigit() for character in word.text):
        return True
    lexicon = default_lexicon()
    return word.text[:1].isupper() and all(lexicon.resolve(token) is None for token in lexicon.tokens(word.text))


def _struck_on(page: Page) -> Iterator[Struck]:
    for line in lines_from(tuple(word for word in page.words if word.struck and _may_be_value(word))):
        group: list[Word] = []
        for word in line.words:
            if group and word.box.left - group[-1].box.right > _GAP:
                yield Struck(page.number, tuple(group))
                group = []
            group.append(word)
        yield Struck(page.number, tuple(group))


def struck_changes(struck: Iterable[Struck], readings: tuple[FieldReading, ...], today: date) -> tuple[AmendmentReading, ...]:
    """The changes that strokes state: a field's old value struck out, its new one beside it or above or below it.

    Args:
        struck: what was struck out on the request's pages.
        readings: the values read from the same pages without it.
        today: the day of receipt, for two-digit years.
    """
    changes: dict[tuple[str, FieldValue], AmendmentReading] = {}
    for each in struck:
        new = _replacement(each, readings)
        changed = _CHANGED.get(without_positions(new.path)) if new is not None else None
        if new is None or changed is None:
            continue
        field, kind = changed
        old = _value(kind, each.text, today)
        change = AmendmentReading(
            action=AmendmentAction.REPLACE.value,
            field=field.value,
            old=old,
            new=new.value,
            code=_code_beside(new.path, readings),
            text=f"{each.text} > {new.text}",
            confidence=_SURETY,
            page=new.page,
            box=Box.around((each.box, new.box)),
            method=new.method,
            evidence=new.evidence,
        )
        changes.setdefault((field.value, new.value), change)
    return tuple(changes.values())


def doubted(readings: tuple[FieldReading, ...], struck: tuple[Struck, ...]) -> tuple[FieldReading, ...]:
    """The readings, those in the place of a struck one in doubt: the stroke may have been meant for them."""
    beside = {id(new) for each in struck if (new := _replacement(each, readings)) is not None}
    return tuple(
        replace(reading, evidence=replace(reading.evidence, struck=True)) if id(reading) in beside else reading
        for reading in readings
    )


def doubted_changes(changes: tuple[AmendmentReading, ...], struck: tuple[Struck, ...]) -> tuple[AmendmentReading, ...]:
    """The changes, those with a struck value no surer than a guess: letters under a stroke are read badly."""
    return tuple(
        replace(change, confidence=min(change.confidence, _SURETY))
        if any(each.page == change.page and change.box.holds(each.box.x, each.box.y) for each in struck)
        else change
        for change in changes
    )


def _replacement(struck: Struck, readings: tuple[FieldReading, ...]) -> FieldReading | None:
    """The value nearest to what was struck out: on its row, or close above or below it."""
    near = [r for r in readings if r.page == struck.page and r.value is not None and _is_near(struck.box, r.box)]
    return min(near, key=lambda r: abs(r.box.left - struck.box.right) + abs(r.box.y - struck.box.y), default=None)


def _is_near(old: Box, new: Box) -> bool:
    if new.on_row_of(old):
        return -old.height <= new.left - old.right <= _BESIDE or -old.height <= old.left - new.right <= _BESIDE
    gap = max(new.top - old.bottom, old.top - new.bottom)
    return new.x_overlap(old) > 0.3 * min(new.width, old.width) and gap <= _ABOVE_HEIGHTS * old.height


def _code_beside(path: str, readings: tuple[FieldReading, ...]) -> str | None:
    """The code of the service that a path is about."""
    row = path.rpartition(".")[0]
    if not row.startswith("services.") or path.endswith(".code"):
        return None
    return next((str(r.value) for r in readings if r.path == f"{row}.code" and r.value is not None), None)


def _value(kind: ValueKind, text: str, today: date) -> FieldValue:
    if kind is ValueKind.PROVIDER_NAME:
        return plain_provider_name(text)
    found = find_values(kind, text, today=today)
    return found[0].value if found else None
