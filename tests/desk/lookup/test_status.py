"""How a request stands, in words: what was decided goes before what became of it here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.record import ReferralRecord, Status
from models.store import documents
from models.store.desk_index import Completed
from models.store.report_tables import DecisionOutcome
from models.store.roles import Role
from tests.desk.desks import Desk
from tests.desk.lookup.test_page import look_up
from tests.desk.reports.history import decide
from tests.desk.stored import MEMBER, a_gap, a_record, put

REPEAT = {"kind": "same_pages", "record_id": "PAR-0", "confidence": 0.99, "sure": True}


def stands(desk: Desk) -> str:
    """What the page says of the member's newest request."""
    answer = look_up(desk.signed_in(Role.COORDINATOR), about="member", member_id=MEMBER["member_id"])
    cell = answer.text.partition('id="row-PAR-1"')[2].partition("</tr>")[0].rpartition("<td>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", cell).split()).partition(" due ")[0]


def complete(desk: Desk, left: ReferralRecord) -> None:
    """Have dana complete a request, which leaves it so."""
    record = left.model_copy(update={"revision": 2, "final": True})
    with Session(desk.services.engine) as session, session.begin():
        documents.add_revision(session, "D-PAR-1", 0, record, (), desk.clock(), Completed("dana", desk.clock()))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.NEEDS_REVIEW, "Waits for a person"),
        (Status.READY, "Ready by the machine"),
        (Status.UNREADABLE, "Waits cannot be read"),
    ],
)
def test_what_nobody_has_worked_on(desk: Desk, status: Status, said: str) -> None:
    put(desk, a_record("PAR-1", desk.clock(), status=status))
    assert stands(desk) == said


def test_what_somebody_works_on(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock()))
    desk.signed_in(Role.COORDINATOR, "dana").post("/api/records/PAR-1/claim")
    assert stands(desk) == "Waits dana works on it"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"status": Status.READY}, "Ready by dana"),
        ({"gaps": [a_gap()]}, "Completed by dana; 1 gap left"),
        ({"status": Status.NO_REQUEST}, "No request by dana"),
    ],
)
def test_what_somebody_completed(desk: Desk, parts: dict[str, Any], said: str) -> None:
    put(desk, a_record("PAR-1", desk.clock()))
    complete(desk, a_record("PAR-1", desk.clock(), **parts))
    assert stands(desk) == said


def test_what_repeats_another_and_was_set_aside(desk: Desk) -> None:
    put(desk, a_record("PAR-0", desk.clock()))
    put(desk, a_record("PAR-1", desk.clock(), related={"duplicate_of": "PAR-0", "links": [REPEAT]}, final=True))
    assert stands(desk) == "Repeats another set aside"


def test_what_was_decided(desk: Desk) -> None:
    put(desk, a_record("PAR-1", desk.clock(), status=Status.READY))
    decide(desk, "PAR-1", DecisionOutcome.DENIED, desk.clock())
    assert stands(desk).startswith("Denied decided 2")
    decide(desk, "PAR-1", DecisionOutcome.APPROVED_AFTER_APPEAL, desk.clock())
    assert stands(desk).startswith("Approved after appeal decided 2")
