"""A record with what people entered: their edits, replayed on its newest revision, and checked as a reading is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from pydantic import BaseModel

from models.circumstances import LinkAnswer
from models.coverage import CoveragePart
from models.link_answers import TOPIC_OF_NOTICE, with_answer
from models.notices import notice_code, settled
from models.record import Amendment, Diagnosis, Reading, ReferralRecord, Service, Status
from models.status import with_status
from models.store.desk_edits import Done, Edit, Spot
from models.store.desk_tables import EditAction
from models.values import code_system
from review.work.changes import ChangeEntry, change
from review.work.entries import Value, kept
from review.work.fields import LISTS, Choice, field_at
from validation.fields import COORDINATOR
from validation.policy_book import PolicyBook

_COVERAGE: dict[str, CoveragePart] = {"coverage.plan": "plan", "coverage.line_of_business": "line_of_business"}
_EMPTY_ROWS: dict[str, Callable[[], BaseModel]] = {"diagnoses": Diagnosis, "services": Service}


ANSWERS = (EditAction.CONFIRM, EditAction.DENY)
"""What a person answers to the question whether a request belongs to another one: yes, and no."""


def _as_it_is(record: ReferralRecord) -> ReferralRecord:
    return record


@dataclass(frozen=True, slots=True)
class Rules:
    """What a record is checked by: the policy of its plan; ``placed`` gives it first what the store knows about it."""

    policies: PolicyBook
    today: date
    zone: tzinfo
    placed: Callable[[ReferralRecord], ReferralRecord] = _as_it_is

    @property
    def plans(self) -> tuple[str, ...]:
        """The ids of the plans that the site works for."""
        return tuple(plan.id for plan in self.policies.plans)

    def checked(self, record: ReferralRecord) -> ReferralRecord:
        """The record with its links and notices, its gaps, its deadline and its status."""
        return self.policies.checked(self.placed(record), today=self.today, time_zone=self.zone)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as it stands with the edits.

    ``left_aside`` are edits that do not fit it any more: they were of rows of an earlier reading.
    """

    record: ReferralRecord
    left_aside: tuple[Done, ...] = ()


def drafted(record: ReferralRecord, edits: Sequence[Done], rules: Rules, same_rows: Collection[int] = ()) -> Draft:
    """Replay edits on a record, in their order.

    Args:
        record: the newest revision.
        edits: what was entered since the record was read, or taken up.
        rules: what it is checked by.
        same_rows: the numbers of earlier revisions that have the same rows.
    """
    left_aside = []
    for done in edits:
        # Rows of another reading may be other rows.
        if done.edit.revision not in (record.revision, *same_rows) and _is_of_row(done.edit.path):
            left_aside.append(done)
            continue
        record = answered(record, done) if done.edit.action in ANSWERS else applied(record, done.edit, rules)
    # What is to be said of the request follows from its values: it is settled after them.
    record = rules.checked(record)
    for done in edits:
        if done.edit.action is EditAction.ACCEPT and (code := notice_code(done.edit.path)) is not None:
            record = with_status(settled(record, code, done.actor))
    return Draft(record, tuple(left_aside))


def answered(record: ReferralRecord, done: Done) -> ReferralRecord:
    """The record with what a person said about a link; it is found again, or dropped, when the record is placed."""
    topic = TOPIC_OF_NOTICE.get(notice_code(done.edit.path) or "")
    if topic is None or not isinstance(done.edit.value, dict):
        return record
    yes = done.edit.action is EditAction.CONFIRM
    return with_answer(record, LinkAnswer.model_validate({**done.edit.value, "about": topic, "yes": yes, "by": done.actor}))


def _is_of_row(path: str | None) -> bool:
    return path is not None and path.partition(".")[0] in LISTS and "." in path


def applied(record: ReferralRecord, edit: Edit, rules: Rules) -> ReferralRecord:
    """The record with one edit, not yet checked; one that does not fit leaves it as it is."""
    if edit.action is EditAction.BY_HAND:
        return record.model_copy(update={"status": Status.NEEDS_REVIEW, "gaps": [], "final": False})
    if edit.path is None:
        return record
    if edit.action is EditAction.ACCEPT:
        return _accepted(record, edit.path)
    if edit.action is EditAction.REMOVE_ROW:
        return _without_row(record, edit.path)
    if edit.action is EditAction.SET:
        return _with_value(record, edit, rules)
    return record


def _accepted(record: ReferralRecord, path: str) -> ReferralRecord:
    before = record.readings.get(path)
    if before is None:
        return record
    told = before.model_copy(update={"method": COORDINATOR, "confidence": 1.0, "needs_review": False})
    return record.model_copy(update={"readings": {**record.readings, path: told}})


def _without_row(record: ReferralRecord, path: str) -> ReferralRecord:
    """The record without a row; the readings of later rows move up."""
    name, _, position = path.partition(".")
    row = int(position)
    rows = list(getattr(record, name))
    if row >= len(rows):
        return record
    del rows[row]
    readings: dict[str, Reading] = {}
    for key, reading in record.readings.items():
        moved = _moved_up(key, name, row)
        if moved is not None:
            readings[moved] = reading
    return record.model_copy(update={name: rows, "readings": readings})


def _moved_up(key: str, name: str, row: int) -> str | None:
    """A reading's path once a row is gone; ``None`` where it was of that row."""
    head, _, rest = key.partition(".")
    position, dot, part = rest.partition(".")
    if head != name or not position.isdecimal() or int(position) < row:
        return key
    return None if int(position) == row else f"{head}.{int(position) - 1}{dot}{part}"


def _with_value(record: ReferralRecord, edit: Edit, rules: Rules) -> ReferralRecord:
    path, today = edit.path or "", rules.today
    field = field_at(path, rules.plans)
    if field is None:
        return record
    if field.kind is Choice.CHANGE:
        told, _ = change(ChangeEntry.model_validate(edit.value), today)
        return record if told is None else _noted(_placed(record, path, told), path, "", edit.spot)
    read = kept(field, edit.value, today)
    if read.refused:
        return record
    part = _COVERAGE.get(path)
    if part is not None:
        coverage = rules.policies.corrected(record, part, read.value if isinstance(read.value, str) else None)
        return _noted(record.model_copy(update={"coverage": coverage}), path, read.text, edit.spot)
    return _noted(_placed(record, path, read.value), path, read.text, edit.spot)


def _placed(record: ReferralRecord, path: str, value: Value | Amendment) -> ReferralRecord:
    """The record with a value at a path; the row behind the last one is added."""
    head, _, rest = path.partition(".")
    if head not in LISTS:
        part = getattr(record, head)
        told = False if (head, rest) == ("signature", "present") and value is None else value
        return record.model_copy(update={head: part.model_copy(update={rest: told})})
    position, _, name = rest.partition(".")
    rows: list[Any] = list(getattr(record, head))
    row = int(position)
    if row > len(rows):
        return record
    if row == len(rows):
        # Whoever adds the row that was missed has looked at the list.
        record = _accepted(record, head)
        rows.append(value if isinstance(value, Amendment) else _EMPTY_ROWS[head]())
    rows[row] = value if isinstance(value, Amendment) else _with_part(rows[row], name, value)
    return record.model_copy(update={head: rows})


def _with_part(row: BaseModel, name: str, value: Value) -> BaseModel:
    update: dict[str, object] = {name: [] if name == "modifiers" and value is None else value}
    if isinstance(row, Service) and name == "code":
        update["code_system"] = code_system(value) if isinstance(value, str) else None
    return row.model_copy(update=update)


def _noted(record: ReferralRecord, path: str, text: str, spot: Spot | None) -> ReferralRecord:
    """The record with where its value is from: a person, and the place that they pointed at or that it was read from."""
    before = record.readings.get(path)
    page, box = (before.page, before.box) if before is not None else (None, None)
    if spot is not None:
        page, box = spot.page, (spot.box.left, spot.box.top, spot.box.right, spot.box.bottom)
    candidates = before.candidates if before is not None else []
    told = Reading(text=text, confidence=1.0, page=page, box=box, method=COORDINATOR, candidates=candidates)
    return record.model_copy(update={"readings": {**record.readings, path: told}})
