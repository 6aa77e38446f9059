"""Fields that nothing was read for: is the form blank there, or was the value missed?

A value that is missed in silence is as bad as one that is read wrongly. So each field without a value gets a reading of
``None`` whose evidence says what speaks for a value all the same: ink or words in its place, a value of its kind on the page
that belongs to nothing, a page that was hardly read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from extraction.choice import choose
from extraction.evidence import EXACT
from extraction.layout import PageLayout
from extraction.lines import runs_of
from extraction.sections import PLAN
from extraction.slots import SlotFinder
from extraction.targets import targets_of
from extraction.unread import unclaimed_values, unread_answers
from models.evidence import Evidence, Origin
from models.geometry import Box
from models.page import MarkState, Method, Page, Word
from models.reading import AmendmentReading, FieldReading
from models.record import RequestKind
from models.values import ValueKind, find_values

_PROVIDER = {"name": ValueKind.PROVIDER_NAME, "npi": ValueKind.NPI, "phone": ValueKind.PHONE, "fax": ValueKind.PHONE}
_KINDS: dict[str, dict[str, ValueKind]] = {
    "request": {
        "urgency": ValueKind.TEXT,
        "requested_on": ValueKind.DATE,
        "authorization_number": ValueKind.AUTHORIZATION_NUMBER,
    },
    "member": {
        "last_name": ValueKind.PERSON_NAME,
        "first_name": ValueKind.PERSON_NAME,
        "member_id": ValueKind.MEMBER_ID,
        "date_of_birth": ValueKind.DATE,
        "sex": ValueKind.SEX,
        "phone": ValueKind.PHONE,
    },
    "requesting_provider": {**_PROVIDER, "tin": ValueKind.TIN, "contact": ValueKind.PERSON_NAME},
    "servicing_provider": {**_PROVIDER, "tin": ValueKind.TIN, "facility": ValueKind.PROVIDER_NAME},
}
_DETAILS = {
    "modifiers": ValueKind.MODIFIER,
    "units": ValueKind.UNITS,
    "from_date": ValueKind.DATE,
    "to_date": ValueKind.DATE,
}
_LISTS = {"diagnoses": ValueKind.ICD10, "services": ValueKind.PROCEDURE}
_DETAIL_LABELS = {"modifiers": "modifier"}
_CHOICES = frozenset({"request.urgency", "member.sex"})
# Kinds that a run of words can be told to hold without its label.
_TELLING = frozenset({ValueKind.NPI, ValueKind.TIN, ValueKind.PHONE, ValueKind.DATE, ValueKind.ICD10, ValueKind.PROCEDURE})
_STRAYS = (ValueKind.NPI, ValueKind.TIN, ValueKind.PHONE)
_NAMES = (ValueKind.PERSON_NAME, ValueKind.PROVIDER_NAME)
_IDS = (ValueKind.MEMBER_ID, ValueKind.AUTHORIZATION_NUMBER)
_CLEAR = 0.85
_OWNERS = {
    "member": frozenset({"member"}),
    "requesting_provider": frozenset({"requesting"}),
    "servicing_provider": frozenset({"servicing", "facility"}),
}
# What these labels ask for is no value of a request.
_NEVER_OURS = frozenset(
    {"plan_use", "mrn", "ssn", "group_number", "age", "dea", "taxonomy", "ndc", "revenue_code", "email", "language", "coverage"}
)
_OTHERS = frozenset({PLAN, "pcp", "pharmacy", "other"})


def absences(
    readings: tuple[FieldReading, ...],
    changes: tuple[AmendmentReading, ...],
    pages: tuple[Page, ...],
    layouts: tuple[PageLayout, ...],
) -> list[FieldReading]:
    """A reading of ``None`` for each field of the request that has no reading, and one for each list that may have more rows.

    Args:
        readings: what was read.
        changes: the stated changes that were read.
        pages: the pages that carry the request.
        layouts: those pages taken apart; empty for a letter, which has no labels to go by.
    """
    if not pages:
        return []
    known = {reading.path for reading in readings}
    rest = _Rest(readings, changes, pages, layouts)
    rows = sum(path.startswith("services.") and path.endswith(".code") for path in known)
    heads = {**_KINDS, **{f"services.{n}": _DETAILS for n in range(rows)}}
    fields = {f"{head}.{name}": kind for head, kinds in heads.items() for name, kind in kinds.items()}
    found = [rest.absence(path, kind) for path, kind in fields.items() if path not in known]
    found += [rest.absence(name, kind, filled=any(p.startswith(f"{name}.") for p in known)) for name, kind in _LISTS.items()]
    if any(reading.path == "request.kind" and reading.value != RequestKind.NEW.value for reading in readings):
        found.append(rest.absence("amendments", ValueKind.TEXT, filled=bool(changes)))
    return found


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a field's value would stand."""

    page: int
    box: Box
    ink: float
    words: int
    peak: float = 0.0


class _Rest:
    """What the pages of a request hold beside its readings."""

    def __init__(
        self,
        readings: tuple[FieldReading, ...],
        changes: tuple[AmendmentReading, ...],
        pages: tuple[Page, ...],
        layouts: tuple[PageLayout, ...],
    ) -> None:
        self._page = pages[0]
        self._layouts = layouts
        self._exact = all(word.method in EXACT for page in pages for word in page.words)
        self._taken: dict[int, list[Box]] = {page.number: [] for page in pages}
        for reading in readings:
            if reading.evidence.origin not in (Origin.IMPLIED, Origin.CHOICE):
                self._taken.setdefault(reading.page, []).append(reading.box)
        for change in changes:
            self._taken.setdefault(change.page, []).append(change.box)
        for layout in layouts:
            self._taken[layout.page.number] += list(_of_others(layout))
        self._owners = {owned.owner for layout in layouts for owned in layout.owned}
        free = {layout.page.number: self._free_on(layout.page.number) for layout in layouts}
        self._unread = [text for layout in layouts for text in unread_answers(layout, free[layout.page.number])]
        self._unclaimed = [text for layout in layouts for text in unclaimed_values(layout, free[layout.page.number])]
        lone = [text for text in self._unclaimed if not text.endswith(tuple(self._unread))]
        self._leftover = self._leftovers(pages) | _shapes((*self._unread, *lone))
        self._spots = self._labelled_spots()

    def absence(self, path: str, kind: ValueKind, *, filled: bool = False) -> FieldReading:
        """The reading of a field that has none; ``filled`` says of a list that it has rows."""
        spot = self._choice_spot(path) if path in _CHOICES else None
        name = path.rpartition(".")[2]
        spot = spot or self._spots.get(path) or self._spots.get(_DETAIL_LABELS.get(name, name) if "services." in path else "")
        seen = Evidence(
            Origin.ABSENT,
            exact=self._exact,
            words=spot.words if spot else 0,
            labelled=spot is not None,
            ink=spot.ink if spot else 0.0,
            peak=spot.peak if spot else 0.0,
            leftover=self._leftover.get(kind, 0),
            filled=filled,
            titled=bool(self._layouts),
            strays=sum(self._leftover[each] for each in _STRAYS),
            asked=self._asks_of(path),
            unread=len(self._unread),
            unclaimed=len(self._unclaimed),
        )
        at = spot or _Spot(self._page.number, Box(0.0, 0.0, 1.0, 1.0), 0.0, 0)
        method = Method.PDF_TEXT if self._exact else Method.OCR
        return FieldReading(path, "", None, 1.0, at.page, at.box, method, evidence=seen)

    def _asks_of(self, path: str) -> bool:
        """Whether the pages ask for anything of whom the field is about."""
        owners = _OWNERS.get(path.partition(".")[0])
        return bool(self._layouts) if owners is None else not owners.isdisjoint(self._owners)

    def _is_free(self, word: Word, page: int) -> bool:
        return not any(box.holds(word.box.x, word.box.y) for box in self._taken[page])

    def _free_on(self, page: int) -> Callable[[Word], bool]:
        return lambda word: self._is_free(word, page)

    def _leftovers(self, pages: tuple[Page, ...]) -> dict[ValueKind, int]:
        counts = dict.fromkeys(_TELLING, 0)
        for page in pages:
            for run in runs_of(page):
                text = " ".join(word.text for word in run.words if self._is_free(word, page.number))
                if not any(c.isdigit() for c in text):
                    continue
                for kind in _TELLING:
                    counts[kind] += sum(r.fit >= _CLEAR and r.valid and not r.repaired for r in find_values(kind, text))
        return counts

    def _labelled_spots(self) -> dict[str, _Spot]:
        """Where each field would stand by its labels: the place with the most in it."""
        spots: dict[str, _Spot] = {}
        for layout in self._layouts:
            for owned in layout.owned:
                paths = [target.path for target in targets_of(owned) if target.weight > 0.5]
                paths += [owned.label.attribute] if owned.label.attribute and owned.owner not in _OTHERS else []
                if not paths:
                    continue
                slot = next(iter(layout.finder.slots(owned.label)), None)
                spot = self._spot(layout, slot.area) if slot else _Spot(layout.page.number, owned.label.box, 0.0, 0)
                for path in paths:
                    if path not in spots or (spot.words, spot.ink) > (spots[path].words, spots[path].ink):
                        spots[path] = spot
        return spots

    def _spot(self, layout: PageLayout, area: Box) -> _Spot:
        page = layout.page
        words = [word for word in _words_in(layout.finder, area) if self._is_free(word, page.number)]
        return _Spot(page.number, area, page.ink.share(area), len(words), page.ink.peak(area))

    def _choice_spot(self, path: str) -> _Spot | None:
        choice = choose(tuple(option for layout in self._layouts for option in layout.options), path)
        if choice is None:
            return None
        least = min(choice.options, key=lambda option: option.box.confidence)
        unsure = 0.0 if least.box.state is MarkState.TICKED else 1.0 - least.box.confidence
        return _Spot(least.page, least.box.box, unsure, 0)


def _shapes(answers: Iterable[str]) -> dict[ValueKind, int]:
    """How many of the answers may be names, and how many identifiers."""
    counts = dict.fromkeys((*_NAMES, *_IDS), 0)
    for answer in answers:
        kinds = _IDS if any(c.isdigit() for c in answer) else _NAMES if len(answer.split()) > 1 else ()
        for kind in kinds:
            counts[kind] += 1
    return counts


def _words_in(finder: SlotFinder, area: Box) -> Iterable[Word]:
    return (word for word in finder.words_in(area) if any(c.isalnum() for c in word.text))


def _of_others(layout: PageLayout) -> Iterator[Box]:
    """The places of values that belong to the plan, the primary care provider and the like, or to no field of a request."""
    for owned in layout.owned:
        if owned.owner in _OTHERS or owned.label.attribute in _NEVER_OURS:
            slot = layout.finder.filled(owned.label)
            if slot is not None:
                yield Box.around(word.box for word in slot.words)
    if layout.change_table is not None:
        yield layout.change_table.area
