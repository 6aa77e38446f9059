"""The store on SQLite: arrivals, revisions, deliveries, the audit trail, and the schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError, StatementError
from sqlalchemy.orm import Session

from models.errors import ConfigurationError, StorageUnavailable
from models.record import ReferralRecord, Source, Status
from models.store import documents, workers
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from models.store.tables import Base, DeliveryRow, DocumentRow, RecordRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "store.sqlite"))
    migrate(engine)
    yield engine
    engine.dispose()


def _register(store: Engine, document_id: str, sha256: str = "aa") -> int:
    new = documents.NewDocument(document_id, sha256, "a.pdf", NOW, None)
    with Session(store) as session, session.begin():
        return documents.register(session, new, NOW)


def _record(record_id: str = "PAR-1", pages: tuple[int, ...] = (1,), status: Status = Status.READY) -> ReferralRecord:
    source = Source(file_name="a.pdf", sha256="aa", received_at=NOW, pages=list(pages))
    return ReferralRecord(record_id=record_id, status=status, final=status is Status.READY, source=source)


def _add(store: Engine, document_id: str, *records: ReferralRecord) -> tuple[ReferralRecord, ...]:
    with Session(store) as session, session.begin():
        return documents.add_records(session, document_id, records, ("outbox",), NOW)


def test_the_migrations_make_the_tables_that_the_code_names(store: Engine) -> None:
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(store: Engine) -> None:
    _register(store, "d1")
    migrate(store)
    with Session(store) as session:
        assert session.get(DocumentRow, "d1") is not None


def test_sqlite_is_in_wal_mode_and_keeps_a_commit_through_a_power_cut(store: Engine) -> None:
    with store.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_arrivals_of_equal_bytes_are_counted_and_each_is_entered_once(store: Engine) -> None:
    assert [_register(store, one) for one in ("d1", "d2", "d1", "d3", "d2")] == [1, 2, 1, 3, 2]
    assert _register(store, "d4", sha256="bb") == 1


def test_other_bytes_under_the_same_document_are_another_arrival_of_those_bytes(store: Engine) -> None:
    _register(store, "d1", "aa")
    _register(store, "d2", "bb")
    assert _register(store, "d1", "bb") == 2


def test_times_come_back_with_their_offset(store: Engine) -> None:
    _register(store, "d1")
    with Session(store) as session:
        assert session.get_one(DocumentRow, "d1").received_at == NOW


def test_a_time_without_offset_is_refused(store: Engine) -> None:
    new = documents.NewDocument("d1", "aa", "a.pdf", NOW.replace(tzinfo=None), None)
    with Session(store) as session:
        documents.register(session, new, NOW)
        with pytest.raises(StatementError, match="offset"):
            session.flush()


def test_a_record_read_again_the_same_gets_no_new_revision(store: Engine) -> None:
    _register(store, "d1")
    assert [one.revision for one in _add(store, "d1", _record())] == [1]
    assert _add(store, "d1", _record()) == ()


def test_a_record_read_again_otherwise_gets_a_new_revision_and_a_delivery(store: Engine) -> None:
    _register(store, "d1")
    _add(store, "d1", _record(status=Status.NEEDS_REVIEW))
    assert [one.revision for one in _add(store, "d1", _record())] == [2]
    with Session(store) as session:
        assert [row.revision for row in session.scalars(select(DeliveryRow).order_by(DeliveryRow.delivery_id))] == [1, 2]
        assert [record.revision for record in documents.current_records(session, "d1")] == [2]


def test_a_record_that_a_new_run_no_longer_gives_is_closed(store: Engine) -> None:
    _register(store, "d1")
    _add(store, "d1", _record("PAR-0", (), Status.UNREADABLE))
    written = _add(store, "d1", _record("PAR-1"))
    assert [(one.record_id, one.revision, one.final) for one in written] == [("PAR-1", 1, True), ("PAR-0", 2, True)]
    assert _add(store, "d1", _record("PAR-1")) == ()


def test_records_and_deliveries_come_together_or_not_at_all(store: Engine) -> None:
    _register(store, "d1")
    with Session(store) as session:
        documents.add_records(session, "d1", [_record()], ("outbox",), NOW)
        session.flush()
        session.rollback()
    with Session(store) as session:
        assert session.scalars(select(RecordRow)).all() == []
        assert session.scalars(select(DeliveryRow)).all() == []


def test_the_earlier_record_is_that_of_the_same_pages(store: Engine) -> None:
    _register(store, "d1")
    _add(store, "d1", _record("PAR-1", (1,)), _record("PAR-2", (2, 3)))
    _register(store, "d2")
    with Session(store) as session:
        again = session.get_one(DocumentRow, "d2")
        assert documents.earlier_record(session, again, [2, 3]) == "PAR-2"
        assert documents.earlier_record(session, again, [9]) == "PAR-1"
        assert documents.earlier_record(session, session.get_one(DocumentRow, "d1"), [1]) is None


def test_what_failed_is_listed_and_counted(store: Engine) -> None:
    _register(store, "d1")
    _register(store, "d2")
    with Session(store) as session, session.begin():
        documents.finish(session, "d1", "No bytes.", NOW)
        documents.finish(session, "d2", None, NOW)
    with Session(store) as session:
        assert [(one.document_id, one.reason) for one in documents.failed_documents(session)] == [("d1", "No bytes.")]
        assert documents.count_by_state(session) == (("done", 1), ("failed", 1))


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
def test_the_audit_trail_cannot_be_changed(store: Engine, statement: str) -> None:
    _register(store, "d1")
    with store.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


def test_errors_of_the_database_hold_no_values(store: Engine) -> None:
    _register(store, "d1")
    with store.connect() as connection, pytest.raises(DatabaseError) as caught:
        connection.execute(text("INSERT INTO documents (document_id) VALUES (:id)"), {"id": "SMITH"})
    assert "SMITH" not in str(caught.value)


def test_a_worker_that_gave_a_sign_meanwhile_or_is_struck_off_is_not_held(store: Engine) -> None:
    with Session(store) as session, session.begin():
        workers.beat(session, "silent", NOW)
        workers.beat(session, "alive", NOW + timedelta(seconds=1))
    with Session(store) as session, session.begin():
        assert workers.hold_silent(session, "silent", NOW)
        assert not workers.hold_silent(session, "alive", NOW)
        assert not workers.hold_silent(session, "gone", NOW)


def test_an_address_of_another_kind_of_database_is_refused() -> None:
    for url in ("mysql://x/y", "no address"):
        with pytest.raises(ConfigurationError):
            normalised_url(url)
    assert normalised_url("postgresql://u:p@h/d").startswith("postgresql+psycopg://u:p@h")


def test_a_database_that_cannot_be_opened_is_trouble_that_may_pass(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "no such folder" / "store.sqlite"))
    with pytest.raises(StorageUnavailable):
        migrate(engine)
    engine.dispose()
