"""Folder and engine in step: with a fake engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.folders import Folders
from intake.reconcile import Reconciler, WorkflowState
from intake.settings import Settings
from intake.work_item import OUR_FOLDER, Claim, FileIdentity, read_claim, write_claim

RUNNING = WorkflowState(running=True, ended_badly=False, exhausted=False, executor_id="w1")
WAITING = WorkflowState(running=False, ended_badly=False, exhausted=False, executor_id=None, queued=True)
FAULTY = WorkflowState(running=False, ended_badly=True, exhausted=False, executor_id="w1")
EXHAUSTED = WorkflowState(running=False, ended_badly=True, exhausted=True, executor_id="w1")


class FakeEngine:
    """An engine whose workflows are set by hand."""

    def __init__(self) -> None:
        self.known: dict[str, WorkflowState] = {}
        self.running_here: set[str] = set()
        self.resumed: list[str] = []

    def states(self, ids: list[str]) -> dict[str, WorkflowState]:
        return {key: self.known[key] for key in ids if key in self.known}

    def start(self, document_id: str, run: int, *, urgent: bool) -> None:
        del urgent
        self.known.setdefault(f"{document_id}.{run}", WAITING)

    def resume(self, key: str) -> None:
        self.resumed.append(key)

    def in_hand(self) -> frozenset[str]:
        return frozenset(self.running_here)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def reconciler(tmp_path: Path, engine: FakeEngine) -> Reconciler:
    folders = Folders.of(Settings(inbox=tmp_path / "in", outbox=tmp_path / "out", data=tmp_path / "data"), "w1")
    folders.prepare()
    folder = folders.work / "DOC-1"
    (folder / OUR_FOLDER).mkdir(parents=True)
    identity = FileIdentity(name="a.pdf", size=1, mtime_ns=1, inode=1)
    write_claim(folder, Claim(file=identity, sidecar=None, arrived_at=datetime.now(UTC)))
    return Reconciler(folders, engine, "w1", max_attempts=3)


def _claim(reconciler: Reconciler) -> Claim:
    claim = read_claim(reconciler.folders.work / "DOC-1")
    assert claim is not None
    return claim


def test_what_stands_in_the_work_folder_is_started_once(reconciler: Reconciler, engine: FakeEngine) -> None:
    work = reconciler.reconcile()
    assert (work.documents, work.queued, work.unknown) == (1, 1, 0)
    assert reconciler.reconcile().documents == 1
    assert engine.known == {"DOC-1.1": WAITING}


def test_what_runs_here_is_left_alone(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known["DOC-1.1"] = RUNNING
    engine.running_here.add("DOC-1.1")
    for _ in range(3):
        reconciler.reconcile()
    assert engine.resumed == []


def test_what_should_run_here_and_does_not_is_queued_again_at_the_second_look(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known["DOC-1.1"] = RUNNING
    reconciler.reconcile()
    assert engine.resumed == []
    reconciler.reconcile()
    assert engine.resumed == ["DOC-1.1"]


def test_what_runs_elsewhere_is_left_alone(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known["DOC-1.1"] = WorkflowState(running=True, ended_badly=False, exhausted=False, executor_id="w2")
    for _ in range(3):
        reconciler.reconcile()
    assert engine.resumed == []


def test_an_error_of_ours_is_tried_anew_and_in_the_end_given_up(reconciler: Reconciler, engine: FakeEngine) -> None:
    given_up = []
    for run in (1, 2, 3):
        engine.known[f"DOC-1.{run}"] = FAULTY
        reconciler.reconcile()
        given_up.append(_claim(reconciler).given_up)
    assert given_up == [False, False, True]
    assert engine.known["DOC-1.4"] == WAITING


def test_a_document_that_was_resumed_too_often_is_given_up_at_once(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known["DOC-1.1"] = EXHAUSTED
    reconciler.reconcile()
    assert _claim(reconciler).given_up
    assert engine.known["DOC-1.2"] == WAITING


def test_even_what_cannot_be_set_aside_comes_to_rest(reconciler: Reconciler, engine: FakeEngine) -> None:
    for run in range(1, 30):
        engine.known[f"DOC-1.{run}"] = FAULTY
        reconciler.reconcile()
    assert _claim(reconciler).run < 10


def test_a_folder_that_has_lost_its_claim_is_counted(reconciler: Reconciler) -> None:
    (reconciler.folders.work / "DOC-1" / OUR_FOLDER / "claim.json").write_bytes(b"{")
    work = reconciler.reconcile()
    assert (work.documents, work.unknown) == (0, 1)
