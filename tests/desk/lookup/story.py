"""What a site knows of a member with a twin, of her provider, and of her authorization: brought in by files, and by faxes.

=========  ====  ===============================================================================================
record     day   is
=========  ====  ===============================================================================================
PAR-0001   0     Ana's physical therapy, by her CIN; AUTH-1001 was given for it, and it was approved on day 3
PAR-0002   10    a request with the plan's own ID of hers; what was missing was asked for by letter
PAR-0003   18    a change to AUTH-1001 by its number: 24 units of 97110 in place of 12
PAR-0004   40    a request without an ID, by her names and date of birth; another office
PAR-0005   41    her twin's
PAR-0006   50    somebody else's, in which her provider is the servicing one
=========  ====  ===============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from intake.importing import authorization_lines, decision_lines, rosters
from intake.importing.rosters import Order
from intake.settings import Settings
from models.letter import Asked
from models.record import GapReason
from models.store import desk_edits, letters
from models.store.letter_tables import LetterState
from models.store.letters import Proposal
from models.store.roles import Role
from tests.desk.desks import Desk
from tests.matching.records import OFFICE, OTHER_OFFICE, START, Intake, a_letter, a_request

ROSTER = """\
member_id,last_name,first_name,date_of_birth,cin,plan,line_of_business,delegated_group,eligible_from,eligible_to,other_coverage
H331812251,Ruiz-Ortega,Ana,1980-02-17,91234567A,alder_health,medi_cal,,2025-01-01,2025-12-31,
H331812251,Ruiz-Ortega,Ana,1980-02-17,91234567A,alder_health,medi_cal,Cedar Medical Group,2026-01-01,,Maple Insurance
H331812252,Ruiz-Ortega,Bella,1980-02-17,91234568C,alder_health,medi_cal,,2025-01-01,,
"""
DIRECTORY = """\
npi,name,tin,fax,phone,specialty,network
1234567893,Linda T. O'Brien,12-3456789,(831) 555-0142,(831) 555-0140,Internal medicine,in
"""
AUTHORIZATIONS = """\
number,status,member_id,last_name,first_name,date_of_birth,requesting_npi,code,units,from_date,to_date,valid_to,record_id
AUTH-1001,approved,91234567A,Ruiz-Ortega,Ana,1980-02-17,1234567893,97110,12,2026-03-16,2026-06-14,2026-06-14,PAR-0001
AUTH-1001,approved,91234567A,Ruiz-Ortega,Ana,1980-02-17,1234567893,97140,12,2026-03-16,2026-06-14,2026-06-14,PAR-0001
"""
DECISIONS = """\
record_id,outcome,decided_at,reviewer,decision_id
PAR-0001,approved,2026-03-05T09:30-08:00,UM nurse,DEC-1
"""
MORE = {"action": "replace", "field": "services.units", "code": "97110", "old": 12, "new": 24}
BELLA = {"last_name": "Ruiz-Ortega", "first_name": "Bella", "member_id": "91234568C", "date_of_birth": "1980-02-17"}
STRANGER = {"last_name": "Okafor", "first_name": "Chidi", "member_id": "97654321N", "date_of_birth": "1991-07-01"}


@dataclass(frozen=True, slots=True)
class Story:
    """The site after all that."""

    desk: Desk
    settings: Settings
    intake: Intake
    folder: Path

    @classmethod
    def told(cls, desk: Desk, url: str, folder: Path) -> Story:
        """Let it happen over the desk's store at ``url``."""
        settings = Settings(inbox=folder / "in", outbox=folder / "out", data=folder / "data", database_url=url)
        story = cls(desk, settings, Intake(desk.services.engine), folder)
        with story.commands():
            story.happen()
        return story

    @contextmanager
    def commands(self) -> Iterator[None]:
        """Commands leave their store open until the process ends; here it is the desk's, which is closed."""
        with pytest.MonkeyPatch.context() as patch:
            for module in (authorization_lines, decision_lines, rosters):
                patch.setattr(module, "open_store", lambda *_: self.desk.services.engine)
            yield

    def imported_authorizations(self, text: str) -> None:
        """Bring in a file of authorizations."""
        with self.commands():
            self.imported(authorization_lines.take_authorizations, text)

    def happen(self) -> None:
        """All that the head of this module tells."""
        rosters.import_members(self.settings, Order(self.file(ROSTER), replaces=True, broken=0))
        rosters.import_providers(self.settings, Order(self.file(DIRECTORY), replaces=True, broken=0))
        self.intake.put(a_request())
        self.imported(authorization_lines.take_authorizations, AUTHORIZATIONS)
        own = {"last_name": "Ruiz-Ortega", "first_name": "Ana", "member_id": "H331812251", "date_of_birth": "1980-02-17"}
        gap = {"field": "diagnoses", "reason": "missing", "severity": "blocking", "message": "Please send it."}
        other = [{"code": "73721", "code_system": "CPT", "units": 1, "from_date": "2026-04-01"}]
        self.intake.put(a_request(member=own, services=other, diagnoses=[], gaps=[gap]), days=10)
        self.intake.put(a_letter(amendments=[MORE]), days=18)
        nameless = {name: value for name, value in own.items() if name != "member_id"}
        self.intake.put(a_request(member=nameless, requesting_provider=OTHER_OFFICE, services=[{"code": "G0151"}]), days=40)
        self.intake.put(a_request(member=BELLA), days=41)
        serves = {"name": OFFICE["name"], "npi": OFFICE["npi"]}
        values = a_request(member=STRANGER, requesting_provider=OTHER_OFFICE, servicing_provider=serves)
        self.intake.put(values, days=50)
        self.imported(decision_lines.take_decisions, DECISIONS)
        self.asked_by_letter("PAR-0002")

    def file(self, text: str) -> Path:
        """A file with this content."""
        path = self.folder / "file.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def imported(self, take: Callable[[Settings, Path, Callable[[str], None]], Any], text: str) -> None:
        """Bring in a file, every line of which is taken."""
        faults: list[str] = []
        take(self.settings, self.file(text), faults.append)
        assert faults == []

    def asked_by_letter(self, record_id: str) -> None:
        """Ask for what a request lacks, and write a note beside it."""
        with Session(self.desk.services.engine) as session, session.begin():
            known = desk_edits.newest_record(session, record_id)
            assert known is not None
            record, row = known
            asked = (Asked("diagnoses", GapReason.MISSING),)
            proposal = Proposal(record, row.document_id, asked, LetterState.HELD, "dana")
            at = START + timedelta(days=11)
            letter = letters.propose(session, proposal, at)
            letters.release(session, letter, "+18315550142", (), "dana", at + timedelta(hours=2))
            desk_edits.note_beside(session, record_id, row.document_id, record.revision, "They call back.", "dana", at)

    def asks(self, name: str = "ana", role: Role = Role.COORDINATOR) -> Asks:
        """Somebody who looks things up."""
        return Asks(self.desk.signed_in(role, name))


def telling(url: str, folder: Path) -> Iterator[Story]:
    """The story over a new store at ``url``, for as long as it is looked at."""
    desk = Desk.of(folder, url=url)
    yield Story.told(desk, url, folder)
    desk.close()


@dataclass(frozen=True, slots=True)
class Asks:
    """A person's browser."""

    client: httpx.Client

    def __call__(self, **body: object) -> dict[str, Any]:
        answer = self.client.post("/api/lookup", json=body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def ids(told: dict[str, Any]) -> list[str]:
    """The records of an answer, in its order."""
    return [one["record_id"] for one in told["requests"]]
