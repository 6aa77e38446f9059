"""What was truly asked for, and the record that reading it gives: with the errors of OCR, and without what a form leaves out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from models.record import Amendment, FaxHeader, Reading, ReferralRecord, Status
from models.values.confusions import LETTERS_OF
from tests.matching.people import Person, Provider

_DIGITS = {"0": "8", "1": "7", "2": "7", "3": "8", "4": "9", "5": "6", "6": "5", "7": "1", "8": "3", "9": "4"}
NOISE = (0.002, 0.01, 0.05)
"""The share of values that are misread on a good, a usual and a poor page; see docs/accuracy.md for what the reader does."""
_MIX = (45, 40, 15)

Seen = Callable[[str, str | None], str | None]
"""How a value at a path is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One service: code, modifiers, units, first and last day."""

    code: str
    modifiers: tuple[str, ...]
    units: int | None
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """One request as its office meant it. ``group`` is the same for all arrivals of the same request."""

    group: str
    person: Person
    asks: Provider
    serves: Provider
    services: tuple[Asked, ...]
    diagnoses: tuple[str, ...]
    asked_on: date
    urgency: str = "routine"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a case is put on paper: what is left out, and what else stands there.

    ``fields`` leave out what a letter or another form does not ask for; ``second`` is a mark that says so; ``number`` is the
    authorization that it quotes.
    """

    kind: str = "new"
    left_out: frozenset[str] = frozenset()
    second: bool = False
    number: str | None = None
    changes: tuple[Amendment, ...] = ()
    from_fax: bool = True


def read(case: Case, sheet: Sheet, record_id: str, at: datetime, rng: Random, doubted: float = 0.0) -> ReferralRecord:
    """The record of a faxed sheet; ``doubted`` is the share of values that are read rightly and doubted all the same."""
    return _record(case, sheet, record_id, at, rng, _Page(rng.choices(NOISE, _MIX)[0], doubted))


def meant(case: Case, sheet: Sheet, record_id: str, at: datetime) -> ReferralRecord:
    """The record of a sheet without any error."""
    return _record(case, sheet, record_id, at, Random(record_id), _Page(0.0, 0.0))


@dataclass(frozen=True, slots=True)
class _Page:
    """How well a page is read: the share of values that are misread, and of right ones that are doubted."""

    noise: float
    doubted: float


def _record(case: Case, sheet: Sheet, record_id: str, at: datetime, rng: Random, page: _Page) -> ReferralRecord:
    doubts = Random(f"{record_id}/{at}/doubts")
    readings: dict[str, Reading] = {}

    def seen(path: str, text: str | None) -> str | None:
        """A value as it is read: right, misread, or not at all."""
        if text is None or path in sheet.left_out or path.partition(".")[0] in sheet.left_out:
            return None
        fate = rng.random()
        if fate >= page.noise:
            if doubts.random() < page.doubted:
                readings[path] = Reading(text=text, confidence=0.8, page=1, method="ocr", needs_review=True)
            return text
        if fate < 0.25 * page.noise:
            return None
        wrong = misread(rng, text)
        readings[path] = Reading(text=wrong, confidence=0.6, page=1, method="ocr", needs_review=rng.random() < 0.75)
        return wrong

    body = {
        "record_id": record_id,
        "status": Status.NEEDS_REVIEW,
        "source": _source(case, sheet, at, record_id, rng),
        "request": {
            "kind": sheet.kind,
            "urgency": None if "urgency" in sheet.left_out else case.urgency,
            "requested_on": seen_date(seen, "request.requested_on", case.asked_on),
            "authorization_number": seen("request.authorization_number", sheet.number),
        },
        "member": {
            "last_name": seen("member.last_name", case.person.last),
            "first_name": seen("member.first_name", case.person.first),
            "member_id": seen("member.member_id", case.person.member_id),
            "date_of_birth": seen_date(seen, "member.date_of_birth", case.person.born),
            "sex": None if "sex" in sheet.left_out else case.person.sex,
        },
        "requesting_provider": {
            "name": seen("requesting_provider.name", case.asks.name),
            "npi": seen("requesting_provider.npi", case.asks.npi),
            "fax": seen("requesting_provider.fax", case.asks.fax),
        },
        "servicing_provider": {
            "name": seen("servicing_provider.name", case.serves.name),
            "npi": seen("servicing_provider.npi", case.serves.npi),
        },
        "diagnoses": _rows("diagnoses", [_diagnosis(seen, n, code) for n, code in enumerate(case.diagnoses)], sheet),
        "services": _rows("services", [_service(seen, n, one) for n, one in enumerate(case.services)], sheet),
        "amendments": list(sheet.changes),
    }
    return ReferralRecord.model_validate({**body, "readings": readings})


def _source(case: Case, sheet: Sheet, at: datetime, record_id: str, rng: Random) -> dict[str, object]:
    header = FaxHeader(sender_number=case.asks.fax) if sheet.from_fax and rng.random() < 0.8 else None
    known = {"file_name": "fax.tif", "sha256": record_id, "received_at": at, "pages": [1]}
    return {**known, "fax": header, "marked_second": sheet.second}


def _rows(name: str, rows: list[dict[str, object]], sheet: Sheet) -> list[dict[str, object]]:
    return [] if name in sheet.left_out else [row for row in rows if row["code"] is not None]


def _diagnosis(seen: Seen, n: int, code: str) -> dict[str, object]:
    return {"code": seen(f"diagnoses.{n}.code", code)}


def _service(seen: Seen, n: int, one: Asked) -> dict[str, object]:
    units = seen(f"services.{n}.units", None if one.units is None else str(one.units))
    return {
        "code": seen(f"services.{n}.code", one.code),
        "modifiers": list(one.modifiers),
        "units": int(units) if units is not None and units.isdigit() else None,
        "from_date": seen_date(seen, f"services.{n}.from_date", one.first),
        "to_date": seen_date(seen, f"services.{n}.to_date", one.last),
    }


def seen_date(seen: Seen, path: str, day: date | None) -> date | None:
    """A date as it is read; one that is none is not read."""
    text = seen(path, None if day is None else day.isoformat())
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def misread(rng: Random, text: str) -> str:
    """The text with one character taken for another, lost, or doubled."""
    places = [n for n, character in enumerate(text) if character.isalnum()]
    if not places:
        return text
    n = rng.choice(places)
    how = rng.random()
    if how < 0.12:
        return text[:n] + text[n + 1 :] or text
    if how < 0.16:
        return text[:n] + text[n] + text[n:]
    return text[:n] + _other(rng, text[n]) + text[n + 1 :]


def _other(rng: Random, character: str) -> str:
    if character.isdigit():
        if rng.random() < 0.7:
            return _DIGITS[character]
        return rng.choice([d for d in "0123456789" if d != character])
    back = [digit for digit, letters in LETTERS_OF.items() if character.upper() in letters]
    return back[0] if back and rng.random() < 0.3 else rng.choice("aeinrcotlsu")


def at_noon(day: date, rng: Random) -> datetime:
    """A time of that day."""
    return datetime(day.year, day.month, day.day, rng.randrange(8, 18), rng.randrange(60), rng.randrange(60), tzinfo=UTC)


def moved(case: Case, days: int) -> Case:
    """The same with its days of service moved."""
    shift = timedelta(days=days)
    services = tuple(replace(one, first=one.first + shift, last=one.last and one.last + shift) for one in case.services)
    return replace(case, services=services, asked_on=case.asked_on + shift)
