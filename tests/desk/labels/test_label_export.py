"""What people completed, as labels that ``evaluate`` takes."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from intake.evaluation.labels import load_labels
from intake.folders import Folders
from intake.label_export import export_labels, request_label
from intake.settings import Settings
from intake.work_item import Claim, FileIdentity, write_claim
from models.errors import ConfigurationError
from models.record import Reading
from models.store.database import migrate, open_engine, sqlite_url
from models.store.desk_edits import Edit
from models.store.desk_tables import EditAction
from models.store.documents import NewDocument, add_records, finish, register
from models.store.tables import AuditRow
from review.work.apply import Rules
from review.work.working import Desk
from tests.desk.stored import a_reading, a_record
from validation.policy_book import default_book

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
IDS = tuple(f"DOC-{n:022}" for n in (1, 2, 3))
SAMPLE = Path(__file__).parents[2] / "faxes" / "samples" / "digital-001.pdf"


def _entered(page: int | None) -> Reading:
    return Reading(text="x", confidence=1.0, page=page, method="coordinator")


def test_what_was_entered_without_the_page_is_not_scored() -> None:
    readings = {"member.member_id": _entered(None), "member.first_name": _entered(1), "services.0.units": _entered(None)}
    record = a_record("PAR-1", NOW, readings=readings, services=[{"code": "97110", "units": 12}])
    label = request_label(record)
    assert "member_id" not in label["member"]
    assert label["member"]["first_name"] == "Ána"
    assert "units" not in label["services"][0]
    assert label["services"][0]["code"] == "97110"


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    """A service that has read three documents, of which a person completed one and a part of another."""
    settings = Settings(data=tmp_path / "data", outbox=tmp_path / "outbox", inbox=tmp_path / "inbox")
    folders = Folders.of(settings, "w")
    for name in IDS:
        (folders.done / name).mkdir(parents=True)
        (folders.done / name / "scan.pdf").write_bytes(SAMPLE.read_bytes())
        _claim(folders.done / name)
    engine = open_engine(sqlite_url(folders.database))
    migrate(engine)
    with Session(engine) as session, session.begin():
        for name, ids in zip(IDS, (("PAR-1",), ("PAR-2", "PAR-3"), ("PAR-4",)), strict=True):
            register(session, NewDocument(name, name, "scan.pdf", NOW, None), NOW)
            readings = {"member.last_name": a_reading("Ruiz", doubtful=True)}
            add_records(session, name, [a_record(one, NOW, readings=readings) for one in ids], (), NOW)
            finish(session, name, None, NOW)
        desk = Desk(session, "dana", Rules(default_book(), NOW.date(), UTC), (), NOW)
        for one in ("PAR-1", "PAR-2"):
            desk.enter(one, Edit(f"{one}a", EditAction.ACCEPT, 1, "member.last_name"))
            desk.complete(one, f"{one}b")
    engine.dispose()
    return settings


def _claim(folder: Path) -> None:
    (folder / ".intake").mkdir()
    size = SAMPLE.stat().st_size
    write_claim(folder, Claim(file=FileIdentity(name="scan.pdf", size=size, mtime_ns=0, inode=0), sidecar=None, arrived_at=NOW))


def test_documents_that_people_completed_become_labelled_documents(site: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    assert export_labels(site, folder, None) == 1
    (found,) = load_labels(folder)
    assert found.path.read_bytes() == SAMPLE.read_bytes()
    assert found.label.document == f"{IDS[0]}.pdf"
    assert found.label.requests[0].member["member_id"] == "H331812251"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "scan.pdf" not in (folder / f"{IDS[0]}.truth.json").read_text()
    engine = open_engine(sqlite_url(Folders.of(site, "w").database))
    with Session(engine) as session:
        rows = [(row.action, row.document_id, row.detail) for row in session.query(AuditRow) if row.actor.startswith("account:")]
    assert rows == [("exported", "ALL", "labels of 1 documents"), ("source_given", IDS[0], None)]
    engine.dispose()


def test_a_folder_that_holds_something_is_left_alone(site: Settings, tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "mine").write_text("x")
    with pytest.raises(ConfigurationError, match="not empty"):
        export_labels(site, tmp_path / "labels", None)


def test_only_what_was_completed_lately(site: Settings, tmp_path: Path) -> None:
    assert export_labels(site, tmp_path / "labels", NOW.replace(day=3)) == 0
    assert not list((tmp_path / "labels").iterdir())
