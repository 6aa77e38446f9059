"""What a letter asks for: the kind of the request, its urgency, and the services of a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extraction.prose.cues import any_of, prose_data
from extraction.prose.items import Item, ItemKind, Sentence
from extraction.prose.readings import reading
from extraction.prose.resolve import Change
from extraction.prose.text import Passage
from models.reading import FieldReading
from models.record import RequestKind, Urgency

_TURNED_DOWN = re.compile(r"\b(?:not|non|no|never|without)\b[\s\w-]{0,18}$", re.IGNORECASE)
_NEAR = 60
_EXTENDED = frozenset({"services.to_date", "services.units"})
_ASKS = re.compile(
    r"\b(?:request\w*|authoriz\w+|approv\w+|order\w*|refer\w*|schedul\w+|propos\w+|recommend\w*|plan\w*|need\w*|diagnos\w+|icd|for)\b",
    re.IGNORECASE,
)
# An item of a list begins with its code, behind a bullet or a number.
_BULLET = 5
_DATES = "services.dates"
_PAST = re.compile(
    r"\b(?:history of|was ruled out|ruled out|denies|negative for|previously|last year|resolved|in the past|underwent|completed)\b",
    re.IGNORECASE,
)


def read_kind(passage: Passage, sentences: Sequence[Sentence], changes: tuple[Change, ...]) -> FieldReading:
    """``request.kind``: cancelling the whole comes first, then what is changed, then what is only prolonged."""
    cues = prose_data().letter
    cancelled = _said(passage, sentences, cues.cancel, of_object=True)
    if cancelled is not None and not changes:
        return reading("request.kind", passage, cancelled, RequestKind.CANCELLATION.value, 0.95)
    extended = _said(passage, sentences, cues.extend, of_object=False)
    amended = _said(passage, sentences, cues.amend, of_object=True)
    if any(change.field not in _EXTENDED or change.action == "remove" for change in changes):
        return _kind(passage, changes[0], RequestKind.AMENDMENT, 0.95)
    if extended is not None and (changes or amended is None):
        return reading("request.kind", passage, extended, RequestKind.EXTENSION.value, 0.92)
    if changes:
        only_more = all(change.action == "add" for change in changes) and amended is None
        return _kind(passage, changes[0], RequestKind.EXTENSION if only_more else RequestKind.AMENDMENT, 0.85)
    if amended is not None:
        return reading("request.kind", passage, amended, RequestKind.AMENDMENT.value, 0.75)
    return reading("request.kind", passage, (0, len(passage.text)), RequestKind.NEW.value, 0.7)


def _kind(passage: Passage, change: Change, kind: RequestKind, evidence: float) -> FieldReading:
    return reading("request.kind", passage, (change.start, change.end), kind.value, evidence)


def _said(passage: Passage, sentences: Sequence[Sentence], words: tuple[str, ...], *, of_object: bool) -> tuple[int, int] | None:
    """Where one of the words is said of the authorization, and is neither denied nor past."""
    things = any_of(prose_data().letter.object)
    for sentence in sentences:
        for match in any_of(words).finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            act = next((item for item in sentence.all(ItemKind.ACT) if item.start <= start < item.end), None)
            before = sentence.text[: match.start()]
            if (act is not None and act.barred) or _TURNED_DOWN.search(before):
                continue
            near = passage.text[max(sentence.start, start - _NEAR) : end + _NEAR]
            if not of_object or things.search(near):
                return start, end
    return None


def read_urgency(passage: Passage) -> tuple[FieldReading, ...]:
    """``request.urgency`` where the letter says it."""
    cues = prose_data().letter
    for words, urgency in (
        (cues.retroactive, Urgency.RETROACTIVE),
        (cues.urgent, Urgency.URGENT),
        (cues.routine, Urgency.ROUTINE),
    ):
        for match in any_of(words).finditer(passage.text):
            if not _TURNED_DOWN.search(passage.text[max(0, match.start() - 24) : match.start()]):
                return (reading("request.urgency", passage, match.span(), urgency.value, 0.85),)
    return ()


def read_services(passage: Passage, sentences: Sequence[Sentence]) -> tuple[FieldReading, ...]:
    """Codes that the sentences of a new request name; a finding that is denied or past is not asked for."""
    codes: dict[str, Item] = {}
    units: dict[str, Item] = {}
    diagnoses: dict[str, Item] = {}
    dates: list[Item] = []
    for sentence in _asking(sentences):
        named = sentence.all(ItemKind.VALUE, "code")
        for item in sentence.all(ItemKind.VALUE):
            if item.name in ("code", "diagnosis"):
                (codes if item.name == "code" else diagnoses).setdefault(str(item.value), item)
            elif item.name == "units" and len(named) == 1:
                units.setdefault(str(named[0].value), item)
            elif item.name == "date" and (named or sentence.all(ItemKind.FIELD, _DATES)):
                dates.append(item)
    found = [reading(f"diagnoses.{i}.code", passage, (d.start, d.end), d.value, 0.85) for i, d in enumerate(diagnoses.values())]
    for place, (text, code) in enumerate(codes.items()):
        found.append(reading(f"services.{place}.code", passage, (code.start, code.end), code.value, 0.85))
        if text in units:
            found.append(reading(f"services.{place}.units", passage, (units[text].start, units[text].end), units[text].value, 0.8))
        for name, day in zip(("from_date", "to_date"), dates[:2], strict=False):
            found.append(reading(f"services.{place}.{name}", passage, (day.start, day.end), day.value, 0.7))
    return tuple(found)


def _asking(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences that ask, and the items of a list that one of them announces with its colon."""
    announced = False
    for sentence in sentences:
        listed = announced and _begins_with_code(sentence)
        barred = any(act.barred for act in sentence.all(ItemKind.ACT)) or _PAST.search(sentence.text) is not None
        asks = not barred and (listed or _ASKS.search(sentence.text) is not None)
        announced = listed or (asks and _before_code(sentence).rstrip().endswith(":"))
        if asks:
            yield sentence


def _begins_with_code(sentence: Sentence) -> bool:
    return len(_before_code(sentence)) <= _BULLET < len(sentence.text) and bool(sentence.all(ItemKind.VALUE, "code"))


def _before_code(sentence: Sentence) -> str:
    """The sentence up to its first code: an item may stand in one sentence with what announces it."""
    first = min((item.start for item in sentence.all(ItemKind.VALUE, "code")), default=sentence.end)
    return sentence.text[: first - sentence.start]
