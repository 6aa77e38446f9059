"""What a release without matching stored is found after the upgrade by what repeats or changes it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

import models.store
from intake.earlier_records import earlier_records_found
from models.record import ReferralRecord, Status
from models.status import set_aside
from models.store import match_records
from models.store.database import migrate
from models.store.match_tables import MatchKeyRow
from tests.matching.records import START, Intake, a_request

COUNT = 230  # more than two steps
_DOCUMENT = """
    INSERT INTO documents (document_id, sha256, arrival, file_name, received_at, state, registered_at)
    VALUES (:id, :id, 1, 'a.tif', :came, 'done', :came)
"""
_RECORD = """
    INSERT INTO records (record_id, revision, document_id, position, status, final, body, written_at)
    VALUES (:id, 1, :id, 0, :status, :final, :body, :came)
"""
_ITEM = """
    INSERT INTO desk_items (record_id, document_id, revision, status, waits, received_at, order_at, page_count,
        blocking, warnings, doubtful, written_at)
    VALUES (:id, :id, 1, :status, :final, :came, :came, 1, 0, 0, 0, :came)
"""
_INSERTS = (_DOCUMENT, _RECORD, _ITEM)


def _before_matching(engine: Engine) -> None:
    """Take the store back to the schema of the release before."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(models.store.__file__)).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")


def _stored_by_0006(engine: Engine, record_id: str, status: Status, values: dict[str, object]) -> None:
    """A record as the release with schema 0006 stored it."""
    source = {"file_name": "a.tif", "sha256": record_id, "received_at": START, "pages": [1]}
    record = ReferralRecord.model_validate({"record_id": record_id, "status": status, "source": source, **values})
    body = record.model_dump_json(exclude={"coverage", "events", "clocks", "notices", "labels", "related"})
    known = {"id": record_id, "status": status.value, "came": START, "body": body, "final": False}
    with engine.begin() as connection:
        for statement in _INSERTS:
            connection.execute(text(statement), known)


def _keyed(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(func.distinct(MatchKeyRow.owner_id)))) or 0


@pytest.fixture
def upgraded(intake: Intake) -> Intake:
    """A store that was begun before there was matching, and brought up to date."""
    _before_matching(intake.engine)
    _stored_by_0006(intake.engine, "PAR-OLD", Status.READY, a_request(servicing_provider={}))
    _stored_by_0006(intake.engine, "PAR-JUNK", Status.NO_REQUEST, {})
    for n in range(COUNT):
        member = {"last_name": f"Name{n}", "first_name": "Ana", "member_id": f"{10000000 + n}A", "date_of_birth": "1980-01-01"}
        _stored_by_0006(intake.engine, f"PAR-{n:05d}", Status.READY, {"member": member})
    migrate(intake.engine)
    return intake


def test_records_from_before_matching_are_found_after_the_upgrade(upgraded: Intake) -> None:
    assert _keyed(upgraded.engine) == 0
    deadline = time.monotonic() + 60
    with earlier_records_found(upgraded.engine):
        while _keyed(upgraded.engine) < COUNT + 1:
            assert time.monotonic() < deadline, "they are never found"
            time.sleep(0.05)
    again = upgraded.put(a_request(servicing_provider={}), days=2)
    assert (again.related.duplicate_of, set_aside(again)) == ("PAR-OLD", True)


def test_each_step_goes_on_behind_the_last_and_the_whole_ends(upgraded: Intake) -> None:
    lasts: list[str] = [""]
    with Session(upgraded.engine) as session, session.begin():
        while (last := match_records.keep_missing(session, lasts[-1])) is not None:
            lasts.append(last)
    assert len(lasts) == 4, "a hundred, a hundred, and 31"
    with Session(upgraded.engine) as session, session.begin():
        assert match_records.keep_missing(session, "") is None
