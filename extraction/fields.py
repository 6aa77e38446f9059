"""From the pages of one request to its fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extraction.absence import absences
from extraction.birth import lone_birth_date
from extraction.carried import with_carried
from extraction.changes import read_change_rows, read_change_table, repeats_headings
from extraction.choices import choice_readings, kind_reading, may_amend
from extraction.cited import Cited
from extraction.confidence import judge, judge_changes
from extraction.diagnosis_codes import described_codes
from extraction.drug_codes import drug_codes
from extraction.extensions import extension_changes
from extraction.freetext import changes_in_sentences, comments, services_in_sentences, ticked_changes
from extraction.label_words import LabelWords, label_words
from extraction.layout import PageLayout, lay_out
from extraction.lexicon import lexicon_for, tokens_of
from extraction.lists import Lists, from_fields, from_table, joined
from extraction.lone_values import lone_values
from extraction.misread import misread_distance
from extraction.nameorder import with_order_below
from extraction.pages import PageKind, RequestPages
from extraction.prose import read_changes, read_letter
from extraction.readings import reading_of
from extraction.scalars import Found, candidates, settle
from extraction.serving import serving_facilities
from extraction.signature import bare_request_date, read_signature
from extraction.strikes import Struck, doubted, doubted_changes, struck_changes, without_struck
from extraction.targets import targets_of
from extraction.ticked_services import ticked_services
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import Method
from models.reading import AmendmentReading, Candidate, FieldReading
from models.record import RequestKind
from models.values import split_person_name

_MAX_CANDIDATES = 4
_CHANGING = frozenset({RequestKind.AMENDMENT.value, RequestKind.EXTENSION.value})
_NAMING = frozenset({"member", "requesting_provider", "servicing_provider", "diagnoses", "services"})
_LABELS_OF_OURS = 4
# From this distance on a word is another one, and not one misread.
_OTHER_WORD = 0.5


@dataclass(frozen=True, slots=True)
class RequestReading:
    """All that was read of one request.

    ``recognised`` is false for a form of another kind, such as a questionnaire: neither a value of ours nor our labels. ``labels``
    are what the form calls its fields.
    """

    readings: tuple[FieldReading, ...]
    amendments: tuple[AmendmentReading, ...] = ()
    recognised: bool = True
    labels: LabelWords = ()


def read_request(request: RequestPages, today: date) -> RequestReading:
    """Read a form, a change form or a letter.

    Args:
        request: the pages of the request.
        today: the day of receipt; settles the century of two-digit years.
    """
    request, struck = without_struck(request)
    if request.kind is PageKind.LETTER:
        return _judged(RequestReading(*read_letter(request)), request, (), struck)
    layouts = with_carried(tuple(lay_out(page, lexicon_for(page), today) for page in request.pages))
    scalars = _scalars(layouts, today)
    lists = _lists(layouts, today)
    amendments = _amendments(request, layouts, today)
    if not amendments and may_amend(layouts):
        amendments = changes_in_sentences(layouts, today)
    kind = kind_reading(layouts, request.kind, amendments)
    if kind.value == RequestKind.AMENDMENT.value and not amendments:
        amendments = changes_in_sentences(layouts, today)
    if kind.value == RequestKind.NEW.value:
        amendments = tuple(a for a in amendments if request.kind is PageKind.CHANGE_FORM)
    services = () if lists.services else services_in_sentences(layouts)
    readings = [kind, *choice_readings(layouts), *scalars, *list_readings(lists), *services, *_signature(layouts, today)]
    found = drug_codes(described_codes(tuple(_unique(readings))))
    if kind.value in _CHANGING and not amendments:
        amendments = struck_changes(struck, found, today)
    return _judged(RequestReading(found, amendments, _is_ours(found, layouts), label_words(layouts)), request, layouts, struck)


def _judged(
    reading: RequestReading, request: RequestPages, layouts: tuple[PageLayout, ...], struck: tuple[Struck, ...]
) -> RequestReading:
    """The readings, those of nothing too, with all their evidence and with the confidence that follows from it."""
    pages = (*request.pages, *request.attached)
    every = (*reading.readings, *absences(reading.readings, reading.amendments, request.pages, layouts))
    return replace(
        reading,
        readings=judge(doubted(every, struck), pages),
        amendments=doubted_changes(judge_changes(reading.amendments, reading.readings, pages), struck),
    )


def _is_ours(readings: tuple[FieldReading, ...], layouts: tuple[PageLayout, ...]) -> bool:
    """A request names somebody or something; one too damaged for that still shows its labels."""
    named = any(reading.path.split(".")[0] in _NAMING for reading in readings)
    return named or sum(bool(targets_of(owned)) for layout in layouts for owned in layout.owned) >= _LABELS_OF_OURS


def _unique(readings: Iterable[FieldReading]) -> list[FieldReading]:
    first: dict[str, FieldReading] = {}
    for reading in readings:
        first.setdefault(reading.path, reading)
    return list(first.values())


# -- values that a request has once
def _scalars(layouts: tuple[PageLayout, ...], today: date) -> list[FieldReading]:
    owned = serving_facilities(tuple(layout.owned for layout in layouts))
    found = [
        with_order_below(candidate, layout.labels)
        for each, layout in zip(owned, layouts, strict=True)
        for candidate in candidates(each, layout.finder, layout.page.number, today)
    ]
    settled = settle(tuple(found))
    readings = scalar_readings(settled)
    if "request.requested_on" not in settled:
        bare = bare_request_date(layouts, today)
        if bare is not None:
            readings.append(reading_of("request.requested_on", bare))
    taken = frozenset(id(word) for rivals in settled.values() for word in rivals[0].words)
    if "member.date_of_birth" not in settled:
        birth = lone_birth_date(layouts, taken, today)
        readings.extend([reading_of("member.date_of_birth", birth)] if birth is not None else [])
    return [*readings, *(reading_of(path, lone) for path, lone in lone_values(layouts, taken, frozenset(settled)))]


def scalar_readings(settled: dict[str, tuple[Found, ...]]) -> list[FieldReading]:
    """The settled candidates as readings; names are parted or put together as the record wants them."""
    return [reading for path, rivals in settled.items() for reading in _scalar(path, rivals, settled)]


def _scalar(path: str, rivals: tuple[Found, ...], settled: dict[str, tuple[Found, ...]]) -> list[FieldReading]:
    best = rivals[0]
    cited = _cited(rivals)
    others = _candidates(rivals)
    if path in ("member.name", "member.last_name", "member.first_name"):
        return _member_name(path, best, cited, others, settled)
    if path.endswith((".last_name", ".first_name")):
        return _provider_from_parts(path, settled)
    if path == "signature.signed_on":
        return []
    return [reading_of(path, cited, rivals=others)]


def _cited(rivals: tuple[Found, ...]) -> Cited:
    """The winner with the evidence of its place: its label, its slot, what else says the same and what says otherwise."""
    found = rivals[0]
    reading = found.reading
    others = [other.score for other in rivals[1:] if other.reading.value not in (None, reading.value)]
    seen = Evidence(
        direction=found.direction.value,
        label=found.label.meaning.quality,
        target=found.target.weight,
        coverage=found.coverage,
        titled=found.titled,
        rival=max(others, default=0.0) / max(found.score, 0.01),
        supported=sum(other.reading.value == reading.value for other in rivals[1:]),
    )
    return Cited(
        reading.value, reading.text, found.words, found.page, found.score, reading.fit, reading.repaired, reading.valid, seen
    )


def _candidates(rivals: tuple[Found, ...]) -> tuple[Candidate, ...]:
    best = rivals[0].reading.value
    seen: dict[str, Candidate] = {}
    for rival in rivals[1:]:
        if rival.reading.value is not None and rival.reading.value != best:
            value = str(rival.reading.value)
            box = Box.around(word.box for word in rival.words)
            seen.setdefault(value, Candidate(value, rival.reading.text, rival.score, rival.page, box))
    return tuple(seen.values())[:_MAX_CANDIDATES]


def _member_name(
    path: str, best: Found, cited: Cited, others: tuple[Candidate, ...], settled: dict[str, tuple[Found, ...]]
) -> list[FieldReading]:
    """A full name is parted; the box of one part that holds "Last, First", and no box of the other, is a full name too."""
    other = "member.first_name" if path == "member.last_name" else "member.last_name"
    full = path == "member.name" or ("," in cited.text and other not in settled)
    if not full:
        value = " ".join(str(cited.value).split())
        return [reading_of(path, cited, value, others)]
    if path == "member.name" and {"member.last_name", "member.first_name"} <= set(settled):
        return []
    name = split_person_name(cited.text, last_first=_last_first(best.label.text))
    parts = (("member.last_name", name.last_name), ("member.first_name", name.first_name))
    return [reading_of(part, cited, value, others) for part, value in parts if value and (part not in settled or part == path)]


def _last_first(label: str) -> bool | None:
    """The order of the names that a label asks for, where it says so."""
    tokens = tokens_of(label)
    if "LAST" in tokens and "FIRST" in tokens:
        return tokens.index("LAST") < tokens.index("FIRST")
    last = next((n for n, token in enumerate(tokens) if misread_distance(token, "LAST", _OTHER_WORD) < _OTHER_WORD), None)
    if last is not None and "FIRST" not in tokens and "NAME" in tokens[:last] and tokens[last + 1 :]:
        return True  # Noise has spoilt the word behind it: "Name (iast Fri)".
    return None


def _provider_from_parts(path: str, settled: dict[str, tuple[Found, ...]]) -> list[FieldReading]:
    group = path.rsplit(".", 1)[0]
    if f"{group}.name" in settled or not path.endswith(".last_name"):
        return []
    parts = [settled[p][0] for p in (f"{group}.first_name", f"{group}.last_name") if p in settled]
    if len(parts) == 1 and "," in parts[0].reading.text:
        name = split_person_name(parts[0].reading.text, last_first=True)
        value = " ".join(part for part in (name.first_name, name.last_name) if part)
    else:
        value = " ".join(str(part.reading.value) for part in parts)
    words = tuple(word for part in parts for word in part.words)
    weakest = min(parts, key=lambda part: part.score)
    text = " ".join(part.reading.text for part in parts)
    seen = _cited((weakest,)).seen
    return [reading_of(f"{group}.name", Cited(value, text, words, weakest.page, weakest.score, seen=seen))]


# -- lists
def _lists(layouts: tuple[PageLayout, ...], today: date) -> Lists:
    parts: list[Lists] = []
    for layout in layouts:
        number = layout.page.number
        parts.extend(from_table(table, number, today) for table in layout.tables)
        owned = {id(each.label) for each in layout.owned}
        titles = [label for label in layout.labels if id(label) not in owned]
        parts += [from_fields(layout.owned, titles, layout.finder, number, today), ticked_services(layout.page)]
    return joined(tuple(parts))


def list_readings(lists: Lists) -> list[FieldReading]:
    """Each value of each line as a reading, lines numbered from 0."""
    readings: list[FieldReading] = []
    for n, diagnosis in enumerate(lists.diagnoses):
        readings.append(reading_of(f"diagnoses.{n}.code", diagnosis.code))
        if diagnosis.description is not None:
            readings.append(reading_of(f"diagnoses.{n}.description", diagnosis.description))
    for n, service in enumerate(lists.services):
        for name in ("code", "modifiers", "units", "description", "from_date", "to_date"):
            cited: Cited | None = getattr(service, name)
            if cited is not None:
                readings.append(reading_of(f"services.{n}.{name}", cited))
    return readings


def _signature(layouts: tuple[PageLayout, ...], today: date) -> list[FieldReading]:
    signed = read_signature(layouts, today)
    if signed is None:
        return []
    evidence = Evidence(Origin.CHOICE, place=0.9)
    readings = [
        FieldReading("signature.present", signed.text, signed.present, 0.9, signed.page, signed.box, Method.OCR, evidence=evidence)
    ]
    if signed.signed_on is not None:
        readings.append(reading_of("signature.signed_on", signed.signed_on))
    return readings


# -- changes
def _amendments(request: RequestPages, layouts: tuple[PageLayout, ...], today: date) -> tuple[AmendmentReading, ...]:
    found: list[AmendmentReading] = []
    for layout in layouts:
        number = layout.page.number
        changing = request.kind is PageKind.CHANGE_FORM or repeats_headings(layout.page, layout.labels)
        if layout.change_table is not None:
            found.extend(read_change_table(layout.change_table, layout.page, layout.labels, layout.finder, today))
        elif changing:
            found.extend(read_change_rows(layout.page, layout.labels, layout.captions_below, today))
        if layout.change_table is not None or changing:
            found.extend(extension_changes(tuple(o.label for o in layout.owned), layout.finder, number, today))
        for words in comments(layout):
            found.extend(read_changes(words, number, today))
        found.extend(ticked_changes(layout.page, today) if changing else ())
    return tuple({(a.action, a.field, str(a.old), str(a.new)): a for a in found}.values())
