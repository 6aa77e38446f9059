"""The workflow on the real engine, in this process, with steps that fail as the test asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from intake.claim import claim
from intake.durable import DurableEngine
from intake.folders import Folders
from intake.listing import list_inbox
from intake.reconcile import Reconciler
from intake.record_id import record_id
from intake.service_state import ServiceState
from intake.settings import Settings
from intake.stability import Ready
from intake.steps import Steps
from intake.workflow import QUEUE
from models.document import Document
from models.record import ReferralRecord, Source, Status
from models.store import documents
from models.store.database import migrate, open_engine, sqlite_url
from models.store.tables import DeliveryRow, DocumentRow, RecordRow
from tests.intake.harness import fax

_LIMIT_S = 60


@dataclass
class Bench:
    """An engine at work on folders of its own, without a loop: the test drives it."""

    folders: Folders
    store: Engine
    state: ServiceState
    reconciler: Reconciler
    reads: list[str] = field(default_factory=list)
    announced: threading.Event = field(default_factory=threading.Event)

    def take(self, name: str) -> str:
        """Drop a document and claim it."""
        (self.folders.inbox / name).write_bytes(fax(name))
        (entry,) = list_inbox(self.folders.inbox)
        document_id = claim(Ready(entry), self.folders, self.state.snapshot().started_at)
        assert document_id is not None
        return document_id

    def finish(self, document_id: str, archive: Path) -> None:
        """Keep folder and engine in step until the document is in the archive and the store says so."""
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            self.reconciler.reconcile()
            with Session(self.store) as session:
                row = session.get(DocumentRow, document_id)
                if (archive / document_id).is_dir() and row is not None and row.state == archive.name:
                    return
            time.sleep(0.05)
        raise AssertionError("the document never came to its archive")

    def count(self, table: type[RecordRow | DeliveryRow], document_id: str) -> int:
        """How many rows of a table are of the document."""
        with Session(self.store) as session:
            return session.scalar(select(func.count()).select_from(table).where(table.document_id == document_id)) or 0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    # One for all tests here: the engine is one in a process.
    root = tmp_path_factory.mktemp("site")
    settings = Settings(inbox=root / "in", outbox=root / "out", data=root / "data", retry_first_s=0.05, workers=1)
    folders = Folders.of(settings, "local")
    folders.prepare()
    store = open_engine(sqlite_url(folders.database))
    migrate(store)
    engine = DurableEngine(settings, folders, "local")
    bench = Bench(folders, store, ServiceState(), Reconciler(folders, engine, "local", settings.max_attempts))

    def read(document: Document) -> tuple[ReferralRecord, ...]:
        bench.reads.append(document.path.parent.name)
        source = Source(file_name=document.file_name, sha256=document.sha256, received_at=document.received_at, pages=[1])
        return (ReferralRecord(record_id=record_id(document.sha256, [1], document.arrival), status=Status.READY, source=source),)

    stopping = threading.Event()
    steps = Steps(settings, folders, store, ("outbox",), read, bench.state, bench.announced.set)
    engine.launch(steps, stopping, store)
    yield bench
    stopping.set()
    engine.stop(5)
    store.dispose()


def _failing(real: Callable[..., object], times: int, error: Callable[[], Exception]) -> Callable[..., object]:
    """Do the work, and then fail, so that only a rollback can undo it."""
    left = iter(range(times))

    def work(*args: object) -> object:
        result = real(*args)
        if next(left, None) is not None:
            raise error()
        return result

    return work


def _disk_full() -> Exception:
    return OperationalError("INSERT", {}, Exception("database or disk is full"))


def test_rows_and_checkpoint_are_one_transaction(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "datasource_outputs" in inspect(bench.store).get_table_names()
    monkeypatch.setattr(documents, "add_records", _failing(documents.add_records, 2, _disk_full))
    document_id = bench.take("full disk.pdf")
    bench.finish(document_id, bench.folders.done)
    assert bench.count(RecordRow, document_id) == bench.count(DeliveryRow, document_id) == 1


def test_a_step_that_is_tried_again_does_not_repeat_those_before_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "add_records", _failing(documents.add_records, 3, _disk_full))
    document_id = bench.take("read once.pdf")
    bench.finish(document_id, bench.folders.done)
    assert bench.reads.count(document_id) == 1


def test_trouble_is_a_problem_while_it_lasts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    real = documents.add_records

    def until_released(*args: object) -> object:
        if not release.is_set():
            raise _disk_full()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "add_records", until_released)
    document_id = bench.take("trouble.pdf")
    deadline = time.monotonic() + _LIMIT_S
    while not bench.state.snapshot().problems and time.monotonic() < deadline:
        bench.reconciler.reconcile()
        time.sleep(0.02)
    assert [problem.code for problem in bench.state.snapshot().problems] == ["storage_unavailable"]
    release.set()
    bench.finish(document_id, bench.folders.done)
    assert bench.state.snapshot().problems == ()


def test_an_error_of_our_own_is_tried_anew(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "add_records", _failing(documents.add_records, 2, lambda: RuntimeError("a fault of ours")))
    document_id = bench.take("our fault.pdf")
    bench.finish(document_id, bench.folders.done)
    assert bench.count(RecordRow, document_id) == 1


def test_an_error_of_our_own_that_stays_sets_the_document_aside(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Steps.read_document

    def faulty(steps: Steps, document_id: str) -> int:
        if 'given_up":true' not in (steps.folders.work / document_id / ".intake" / "claim.json").read_text():
            raise RuntimeError("a fault of ours")
        return real(steps, document_id)

    monkeypatch.setattr(Steps, "read_document", faulty)
    document_id = bench.take("always our fault.pdf")
    bench.finish(document_id, bench.folders.failed)
    assert bench.count(RecordRow, document_id) == 1


def test_a_document_is_archived_while_nobody_delivers_it(bench: Bench) -> None:
    bench.announced.clear()
    document_id = bench.take("no target.pdf")
    bench.finish(document_id, bench.folders.done)
    assert bench.announced.is_set()
    with Session(bench.store) as session:
        (row,) = session.scalars(select(DeliveryRow).where(DeliveryRow.document_id == document_id))
        assert (row.state, row.attempts) == ("pending", 0)


def test_steps_are_timed_and_their_retries_counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    counters = bench.state.counters
    before = counters.registry.get_sample_value("par_intake_step_seconds_count", {"step": "store"}) or 0
    labels = {"step": "store", "code": "storage_unavailable"}
    retried = counters.registry.get_sample_value("par_intake_step_retries_total", labels) or 0
    monkeypatch.setattr(documents, "add_records", _failing(documents.add_records, 2, _disk_full))
    bench.finish(bench.take("timed.pdf"), bench.folders.done)
    assert counters.registry.get_sample_value("par_intake_step_seconds_count", {"step": "store"}) == before + 3
    assert counters.registry.get_sample_value("par_intake_step_retries_total", labels) == retried + 2


def test_every_line_of_a_workflow_names_its_document(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "add_records", _failing(documents.add_records, 1, _disk_full))
    with capture_logs(processors=[merge_contextvars]) as lines:
        document_id = bench.take("logged.pdf")
        bench.finish(document_id, bench.folders.done)
    assert {line["event"] for line in lines} >= {"step is tried again", "document finished"}
    assert {line.get("document_id") for line in lines} == {document_id}


def test_work_is_limited_by_worker_and_never_for_all_together(bench: Bench) -> None:
    del bench
    queue = DBOS.retrieve_queue(QUEUE)
    assert queue is not None
    assert queue.worker_concurrency is not None
    assert queue.global_concurrency is None
