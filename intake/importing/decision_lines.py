"""The lines of a file of decisions, taken one by one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from intake.deliveries import sinks_of
from intake.executor import executor_id_of
from intake.folders import Folders
from intake.importing.csv_lines import BEYOND, Layout, lines_of, told
from intake.keeper import account
from intake.operator import open_store
from intake.settings import Settings
from intake.site_policy import policies_of
from models.store.decisions import Decision, Named, Unfit
from models.store.desk_tables import DeskItemRow
from models.store.report_tables import DecisionOutcome
from review.work.apply import Rules
from review.work.deciding import Deciding

_NAMES = ("record_id", "authorization_number", "document_id")
_TIMES = ("decided_at", "extended_at", "provider_notified_at", "member_notified_at")
COLUMNS = (*_NAMES, "decision_id", "outcome", *_TIMES, "extended", "reviewer", "reason_code")
"""All columns that a file may have; one of the first three, ``outcome`` and ``decided_at`` it must have."""

_LAYOUT = Layout(
    holds="decisions",
    columns=COLUMNS,
    needs=lambda head: {"outcome", "decided_at"} <= head and bool(set(_NAMES) & head),
    needed=f"outcome, decided_at, and one of {', '.join(_NAMES)}",
)
_YES_NO = {"yes": True, "true": True, "1": True, "y": True, "no": False, "false": False, "0": False, "n": False, "": False}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,39}")
_LONGEST_NAME = 64
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """How many decisions were new, known before, and not taken."""

    entered: int = 0
    known: int = 0
    refused: int = 0


def take_decisions(settings: Settings, file: Path, tell: Callable[[str], None]) -> Taken:
    """Take the decisions of a file, some lines at a time.

    Args:
        settings: of the service whose requests these are.
        file: CSV in UTF-8, with a head.
        tell: told of each line that is not taken, by its number and column, and no value.

    Raises:
        ConfigurationError: the file cannot be read, its head is not as it should be, or there is no store.
        StorageUnavailable: the store cannot be reached.
    """
    store = open_store(settings, folders := Folders.of(settings, executor_id_of(settings)))
    sinks, policies, actor = tuple(sinks_of(settings, folders)), policies_of(settings), account()
    counts = Taken()

    def rules_of(item: DeskItemRow) -> Rules:
        return Rules(policies, item.received_at.astimezone(settings.zone).date(), settings.zone)

    lines = lines_of(file, _LAYOUT)
    while some := tuple(islice(lines, _AT_ONCE)):
        with Session(store) as session, session.begin():
            desk = Deciding(session, actor, rules_of, sinks, datetime.now(UTC))
            for number, row in some:
                counts = _with_line(counts, partial(_enter, desk, row, settings.zone), partial(_told, tell, number))
    return counts


def _with_line(counts: Taken, enter: Callable[[], bool], refuse: Callable[[Unfit], None]) -> Taken:
    try:
        is_new = enter()
    except Unfit as why:
        refuse(why)
        return Taken(counts.entered, counts.known, counts.refused + 1)
    return Taken(counts.entered + is_new, counts.known + (not is_new), counts.refused)


def _told(tell: Callable[[str], None], number: int, why: Unfit) -> None:
    tell(told(number, why.column, str(why)))


def _enter(desk: Deciding, row: dict[str, str], zone: tzinfo) -> bool:
    named, decision = decision_of(row, zone)
    return desk.enter(named, decision)[1]


def decision_of(row: dict[str, str], zone: tzinfo) -> tuple[Named, Decision]:
    """What a line says.

    Args:
        row: its cells by their columns.
        zone: of times without an offset.

    Raises:
        Unfit: a cell cannot be understood.
    """
    if BEYOND in row:
        raise Unfit("line", "there are more cells than columns")
    named = Named(*(row.get(name, "") for name in _NAMES))
    if named == Named():
        raise Unfit("record_id", f"one of {', '.join(_NAMES)} is needed")
    wanted = re.sub(r"[\s-]+", "_", row.get("outcome", "").casefold())
    if wanted not in set(DecisionOutcome):
        raise Unfit("outcome", f"this is none of {', '.join(DecisionOutcome)}")
    times = {name: _time(name, row.get(name, ""), zone) for name in _TIMES}
    decided_at = times["decided_at"]
    if decided_at is None:
        raise Unfit("decided_at", "this is needed")
    extended = _YES_NO.get(row.get("extended", "").casefold())
    if extended is None:
        raise Unfit("extended", "this is neither yes nor no")
    return named, Decision(
        key=_code("decision_id", row) or _fingerprint(row),
        outcome=DecisionOutcome(wanted),
        decided_at=decided_at,
        extended=extended or times["extended_at"] is not None,
        extended_at=times["extended_at"],
        provider_notified_at=times["provider_notified_at"],
        member_notified_at=times["member_notified_at"],
        reviewer=_name("reviewer", row),
        reason_code=_code("reason_code", row),
    )


def _fingerprint(row: dict[str, str]) -> str:
    """What a line without an id of its own is known by: all that it says."""
    said = "\n".join(f"{name}={row[name]}" for name in COLUMNS if row.get(name))
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def _time(name: str, text: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(name, "this is no time such as 2026-03-01T09:30 or 2026-03-01T09:30-08:00") from None
    if len(text) <= len("2026-03-01"):
        raise Unfit(name, "this is a day without a time")
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _code(name: str, row: dict[str, str]) -> str | None:
    text = row.get(name, "")
    if text and not _CODE.fullmatch(text):
        raise Unfit(name, "this is no code of at most 40 letters, digits and . _ : / -")
    return text or None


def _name(name: str, row: dict[str, str]) -> str | None:
    text = row.get(name, "")
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise Unfit(name, f"this is no name of at most {_LONGEST_NAME} letters")
    return text or None
