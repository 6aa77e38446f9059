"""The lines of a file of authorizations, taken some at a time.

One line is one service of an authorization; lines of the same plan and number that follow each other are one authorization.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby, islice
from pathlib import Path

from sqlalchemy.orm import Session

from intake.executor import executor_id_of
from intake.folders import Folders
from intake.importing.csv_lines import BEYOND, Layout, lines_of, told
from intake.linking import tied
from intake.operator import open_store
from intake.settings import Settings
from models.record_parts import Diagnosis, Member, RequestingProvider, Service, ServicingProvider
from models.store.audit import EVERYTHING, OPERATOR, note
from models.store.authorizations import STATES, NewAuthorization, bring_in
from models.values import code_system, has_check_digit
from models.values.phone import find_phones

_WHOLE = ("number", "plan", "status", "member_id", "last_name", "first_name", "date_of_birth")
_PROVIDERS = ("requesting_name", "requesting_npi", "requesting_fax", "servicing_name", "servicing_npi")
_REST = ("diagnoses", "valid_from", "valid_to", "record_id")
_OF_SERVICE = ("code", "modifiers", "units", "from_date", "to_date")
COLUMNS = (*_WHOLE, *_PROVIDERS, *_REST, *_OF_SERVICE)
"""All columns that a file may have; ``number`` and one that names the member it must have."""

_LAYOUT = Layout(
    holds="authorizations",
    columns=COLUMNS,
    needs=lambda head: "number" in head and bool({"member_id", "last_name"} & head),
    needed="the column number, and member_id or last_name",
)
_LONGEST = 120
_LONGEST_NUMBER = 64
_AT_ONCE = 500
_DAYS = ((re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d"), (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), "%m/%d/%Y"))
_RECORD_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_CODE = re.compile(r"[A-Z0-9]{4,6}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class Taken:
    """How many authorizations were entered or renewed, how many tied to requests by matching, and how many lines were not taken."""

    kept: int = 0
    tied: int = 0
    refused: int = 0


class Unfit(Exception):
    """A cell is not what its column asks for. The message says why, and holds no value."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def take_authorizations(settings: Settings, file: Path, tell: Callable[[str], None]) -> Taken:
    """Take the authorizations of a file, some at a time.

    Args:
        settings: of the service whose requests these are.
        file: CSV in UTF-8, with a head.
        tell: told of each line that is not taken, by its number and column, and no value.

    Raises:
        ConfigurationError: the file cannot be read, its head is not as it should be, or there is no store.
        StorageUnavailable: the store cannot be reached.
    """
    store = open_store(settings, Folders.of(settings, executor_id_of(settings)))
    refused = 0

    def fit() -> Iterator[NewAuthorization]:
        nonlocal refused
        for number, cells in lines_of(file, _LAYOUT):
            try:
                yield authorization_of(cells)
            except Unfit as why:
                refused += 1
                tell(told(number, why.column, str(why)))

    kept = by_matching = 0
    whole = (_joined(list(some)) for _, some in groupby(fit(), key=lambda one: (one.plan, one.number)))
    while some := tuple(islice(whole, _AT_ONCE)):
        now = datetime.now(UTC)
        with Session(store) as session, session.begin():
            rows = bring_in(session, some, now)
            by_matching += tied(session, rows)
            kept += len(rows)
    with Session(store) as session, session.begin():
        note(session, "import_authorizations", EVERYTHING, datetime.now(UTC), actor=OPERATOR)
    return Taken(kept, by_matching, refused)


def _joined(lines: list[NewAuthorization]) -> NewAuthorization:
    """The lines of one authorization: its services are those of all."""
    return replace(lines[-1], services=tuple(service for line in lines for service in line.services))


def authorization_of(cells: dict[str, str]) -> NewAuthorization:
    """What a line says.

    Args:
        cells: by their columns; what is absent or empty is not known.

    Raises:
        Unfit: a cell is not what its column asks for.
    """
    if BEYOND in cells:
        raise Unfit("the columns behind the last", "more cells than columns")
    number = _text(cells, "number", _LONGEST_NUMBER)
    if number is None or not re.search(r"[A-Za-z0-9]", number):
        raise Unfit("number", "there is none")
    status = (cells.get("status") or "approved").casefold()
    if status not in STATES:
        raise Unfit("status", f"none of {', '.join(STATES)}")
    service = _service(cells)
    return NewAuthorization(
        number=number,
        status=status,
        plan=_text(cells, "plan", _LONGEST_NUMBER) or "",
        member=Member(
            last_name=_text(cells, "last_name"),
            first_name=_text(cells, "first_name"),
            member_id=_text(cells, "member_id", _LONGEST_NUMBER),
            date_of_birth=_day(cells, "date_of_birth"),
        ),
        requesting=RequestingProvider(
            name=_text(cells, "requesting_name"), npi=_npi(cells, "requesting_npi"), fax=_fax(cells, "requesting_fax")
        ),
        servicing=ServicingProvider(name=_text(cells, "servicing_name"), npi=_npi(cells, "servicing_npi")),
        diagnoses=tuple(Diagnosis(code=code) for code in _several(cells, "diagnoses", _DIAGNOSIS)),
        services=() if service is None else (service,),
        valid_from=_day(cells, "valid_from"),
        valid_to=_day(cells, "valid_to"),
        record_id=_record_id(cells),
    )


def _service(cells: dict[str, str]) -> Service | None:
    code = (cells.get("code") or "").upper()
    if not code:
        return None
    if not _CODE.fullmatch(code):
        raise Unfit("code", "no code of a service")
    return Service(
        code=code,
        code_system=code_system(code),
        modifiers=_several(cells, "modifiers", _MODIFIER),
        units=_units(cells),
        from_date=_day(cells, "from_date"),
        to_date=_day(cells, "to_date"),
    )


def _text(cells: dict[str, str], column: str, most: int = _LONGEST) -> str | None:
    text = cells.get(column, "")
    if len(text) > most or "\0" in text:
        raise Unfit(column, f"more than {most} characters, or one that no text has")
    return text or None


def _day(cells: dict[str, str], column: str) -> date | None:
    text = cells.get(column, "")
    if not text:
        return None
    for shape, pattern in _DAYS:
        if shape.fullmatch(text):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                break
    raise Unfit(column, "no day such as 2026-03-01 or 03/01/2026")


def _npi(cells: dict[str, str], column: str) -> str | None:
    text = cells.get(column, "")
    if text and not has_check_digit(text):
        raise Unfit(column, "no NPI")
    return text or None


def _fax(cells: dict[str, str], column: str) -> str | None:
    text = cells.get(column, "")
    if not text:
        return None
    found = [one.value for one in find_phones(text) if isinstance(one.value, str)]
    if len(found) != 1:
        raise Unfit(column, "no fax number")
    return found[0]


def _units(cells: dict[str, str]) -> int | None:
    text = cells.get("units", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:7]) <= _MOST_UNITS):
        raise Unfit("units", "no number of units")
    return int(text)


def _several(cells: dict[str, str], column: str, shape: re.Pattern[str]) -> list[str]:
    found = [one.upper() for one in re.split(r"[\s;,|]+", cells.get(column, "")) if one]
    if any(not shape.fullmatch(one) for one in found):
        raise Unfit(column, "one of them is none")
    return list(dict.fromkeys(found))


def _record_id(cells: dict[str, str]) -> str | None:
    text = cells.get("record_id", "")
    if text and not _RECORD_ID.fullmatch(text):
        raise Unfit("record_id", "no id of a record")
    return text or None
