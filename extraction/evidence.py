"""Gathers the evidence for readings: first from the words of each, then from the request around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import fmean

from extraction.cited import Cited
from models.codesets.icd10cm import similarity
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.letters import letters_of
from models.page import Method, Page, Word
from models.reading import AmendmentReading, FieldReading, FieldValue
from models.record import without_positions
from models.values import is_organization

# A text layer or a form field gives the letters as they were typed.
EXACT = frozenset({Method.PDF_TEXT, Method.FORM_FIELD})
_HARDLY_READ = 0.8
_SHORTEST_SUPPORT = 4
_YEAR_DAYS = 366
_FAX_DIGITS = 10
_SINGLE_NAMES = ("last_name", "first_name")
_NAMES = (*_SINGLE_NAMES, "name", "contact", "facility")
# What stands in the rows of a list is often repeated from row to row, misread or not.
_ROWS = ("services.", "diagnoses.")


def of_cited(cited: Cited) -> Evidence:
    """What a value's own words and place say."""
    found = cited.seen
    return replace(
        of_words(cited.words, found),
        place=cited.place,
        fit=cited.fit,
        repaired=cited.repaired,
        valid=cited.valid,
    )


def of_words(words: tuple[Word, ...], found: Evidence) -> Evidence:
    """``found`` with what the words say: how surely their letters were read."""
    sure = [word.confidence for word in words] or [0.0]
    return replace(
        found,
        exact=bool(words) and all(word.method in EXACT for word in words),
        weakest=min(sure),
        mean=fmean(sure),
        words=len(words),
        letters=sum(c.isalnum() for word in words for c in word.text),
    )


def weakest_of(parts: Iterable[Evidence]) -> Evidence:
    """The evidence for a value that stands in several places: what is weakest in each counts."""
    every = tuple(parts)
    weakest = min(every, key=lambda each: (each.place, each.fit))
    return replace(
        weakest,
        exact=all(each.exact for each in every),
        weakest=min(each.weakest for each in every),
        mean=fmean(each.mean for each in every),
        words=sum(each.words for each in every),
        letters=sum(each.letters for each in every),
        fit=min(each.fit for each in every),
        repaired=any(each.repaired for each in every),
        valid=all(each.valid for each in every),
    )


@dataclass(frozen=True, slots=True)
class PageTrouble:
    """How well the words of a page were read: mean confidence, and the share that was hardly read."""

    mean: float
    doubtful: float

    @classmethod
    def of(cls, page: Page) -> PageTrouble:
        """That of the words with a letter or digit; a page without words was not read at all."""
        sure = [1.0 if w.method in EXACT else w.confidence for w in page.words if any(c.isalnum() for c in w.text)]
        if not sure:
            return cls(0.0, 1.0)
        return cls(fmean(sure), sum(each < _HARDLY_READ for each in sure) / len(sure))


def with_context(readings: tuple[FieldReading, ...], pages: tuple[Page, ...]) -> tuple[FieldReading, ...]:
    """The readings with what the rest of the request says about each.

    Args:
        readings: all readings of one request.
        pages: all pages that came with it.
    """
    trouble = {page.number: PageTrouble.of(page) for page in pages}
    values = {reading.path: reading for reading in readings}
    said = _said(pages)
    blank = [reading.evidence for reading in readings if reading.evidence.origin is Origin.ABSENT]
    read = Counter(_owner(reading.path) for reading in readings if reading.evidence.origin is not Origin.ABSENT)
    every = Counter(_owner(reading.path) for reading in readings)
    sure = [reading for reading in readings if reading.evidence.origin is not Origin.ABSENT and reading.text]
    strays = max((each.strays for each in blank), default=0)
    unread = max((each.unread for each in blank), default=0)
    unclaimed = max((each.unclaimed for each in blank), default=0)
    unfilled = sum(each.labelled and each.words > 0 for each in blank)
    found = []
    for reading in readings:
        owner = _owner(reading.path)
        whole = replace(
            reading.evidence,
            siblings=read[owner] / every[owner],
            strays=strays,
            unfilled=unfilled,
            unread=unread,
            unclaimed=unclaimed,
            peers=_peers(reading, sure),
            odd=_is_odd(reading),
        )
        found.append(_in_context(replace(reading, evidence=whole), values, trouble[reading.page], said))
    return tuple(found)


def _peers(reading: FieldReading, sure: list[FieldReading]) -> float:
    others = [each.evidence.weakest for each in sure if each.path != reading.path]
    return fmean(others) if others else reading.evidence.weakest


def _is_odd(reading: FieldReading) -> bool:
    """Whether a name has a form that its field's names seldom have: digits, a lone word, a person where a place is asked for."""
    name, value = reading.path.rpartition(".")[2], reading.value
    if name not in _NAMES or not isinstance(value, str):
        return False
    if any(c.isdigit() for c in value) or value[:1].islower():
        return True
    if name == "facility":
        return not is_organization(value)
    lone = name not in _SINGLE_NAMES and len(value.split()) < 2
    return lone or (reading.path != "servicing_provider.name" and is_organization(value))


def _owner(path: str) -> str:
    """``member`` of ``member.phone``, ``services.0`` of ``services.0.code``."""
    return path.rpartition(".")[0]


def changes_in_context(
    changes: tuple[AmendmentReading, ...], readings: tuple[FieldReading, ...], pages: tuple[Page, ...]
) -> tuple[AmendmentReading, ...]:
    """The stated changes with what their pages and the request's own fields say about each."""
    trouble = {page.number: PageTrouble.of(page) for page in pages}
    read = [reading for reading in readings if reading.evidence.origin is not Origin.ABSENT and reading.text]
    peers = fmean(each.evidence.weakest for each in read) if read else 1.0
    return tuple(
        replace(
            change,
            evidence=replace(
                change.evidence,
                page_mean=trouble[change.page].mean,
                page_doubtful=trouble[change.page].doubtful,
                peers=peers,
                supported=sum(_says_the_same(reading, change) for reading in read),
            ),
        )
        for change in changes
    )


def _says_the_same(reading: FieldReading, change: AmendmentReading) -> bool:
    """Whether the request holds the old or the new value in the field that changes, in another place than the change is stated."""
    if reading.value not in (change.old, change.new) or reading.value is None:
        return False
    elsewhere = reading.page != change.page or reading.box.overlap(change.box) == 0.0
    return elsewhere and without_positions(reading.path) == change.field


def _in_context(
    reading: FieldReading, values: dict[str, FieldReading], trouble: PageTrouble, said: dict[str, tuple[tuple[int, Box], ...]]
) -> FieldReading:
    evidence = replace(
        reading.evidence,
        empty=reading.value is None,
        page_mean=trouble.mean,
        page_doubtful=trouble.doubtful,
        described=_described(reading, values),
        plausible=_is_plausible(reading, values),
        supported=reading.evidence.supported + _elsewhere(reading, said),
    )
    return replace(reading, evidence=evidence)


def _described(reading: FieldReading, values: dict[str, FieldReading]) -> float | None:
    """How near the description beside a diagnosis code is to what the code means."""
    head, _, name = reading.path.rpartition(".")
    description = values.get(f"{head}.description")
    if not head.startswith("diagnoses.") or name != "code" or description is None or not isinstance(reading.value, str):
        return None
    return similarity(reading.value, description.text)


def _is_plausible(reading: FieldReading, values: dict[str, FieldReading]) -> bool:
    """Whether a date is in order with the others: nobody is born after the request, and services lie within a year of it."""
    if not isinstance(reading.value, date):
        return True
    name = reading.path.rpartition(".")[2]
    asked = _day(values, "request.requested_on") or _day(values, "signature.signed_on")
    if name == "date_of_birth":
        return asked is None or reading.value < asked
    start, end = (_day(values, f"{reading.path.rpartition('.')[0]}.{part}") for part in ("from_date", "to_date"))
    if start and end and not start <= end <= start + timedelta(_YEAR_DAYS):
        return False
    if _is_of_another_year(reading, values):
        return False
    other = (_day(values, "services.0.from_date") if name in ("requested_on", "signed_on") else asked) or reading.value
    return abs((reading.value - other).days) <= _YEAR_DAYS


def _is_of_another_year(reading: FieldReading, values: dict[str, FieldReading]) -> bool:
    """Whether another service begins or ends on the same day of another year: one of the two years was misread."""
    day, name = reading.value, reading.path.rpartition(".")[2]
    if not isinstance(day, date) or not reading.path.startswith("services."):
        return False
    others = (_day(values, path) for path in values if path.startswith("services.") and path.endswith(name))
    return any(o is not None and (o.month, o.day) == (day.month, day.day) and o.year != day.year for o in others)


def _day(values: dict[str, FieldReading], path: str) -> date | None:
    value: FieldValue = values[path].value if path in values else None
    return value if isinstance(value, date) else None


def _said(pages: Iterable[Page]) -> dict[str, tuple[tuple[int, Box], ...]]:
    """Where each word of the pages stands, by its letters and digits; a fax header's numbers stand nowhere on the page."""
    found: dict[str, tuple[tuple[int, Box], ...]] = {}
    for page in pages:
        for word in page.words:
            key = letters_of(word.text)
            if len(key) >= _SHORTEST_SUPPORT:
                found[key] = (*found.get(key, ()), (page.number, word.box))
        for run in _digit_runs(page.fax_header or ""):
            found[run] = (*found.get(run, ()), (0, Box(0.0, 0.0, 0.0, 0.0)))
    return found


def _digit_runs(text: str) -> list[str]:
    digits = "".join(c for c in text if c.isdigit())
    return [digits[n : n + _FAX_DIGITS] for n in range(max(0, len(digits) - _FAX_DIGITS + 1))]


def _elsewhere(reading: FieldReading, said: dict[str, tuple[tuple[int, Box], ...]]) -> int:
    """How many other places of the pages hold the same letters; what rows of a list repeat is no support."""
    if reading.value is None or isinstance(reading.value, (bool, int, tuple)) or reading.path.startswith(_ROWS):
        return 0
    keys = {
        letters_of(reading.text),
        letters_of(str(reading.value)).removeprefix("1" if reading.path.endswith(("phone", "fax")) else ""),
    }
    places = {place for key in keys for place in said.get(key, ())}
    return sum(page != reading.page or box.overlap(reading.box) == 0.0 for page, box in places)
