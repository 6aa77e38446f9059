"""Folder and engine in step: with a fake engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.archive import take_back
from intake.folders import Folders
from intake.reconcile import Reconciler, WorkflowState
from intake.settings import Settings
from intake.work_item import OUR_FOLDER, Claim, FileIdentity, read_claim, write_claim

DOCUMENT = "DOC-" + 22 * "1"
RUNNING = WorkflowState(running=True, ended_badly=False, exhausted=False, executor_id="w1")
WAITING = WorkflowState(running=False, ended_badly=False, exhausted=False, executor_id=None, queued=True)
FAULTY = WorkflowState(running=False, ended_badly=True, exhausted=False, executor_id="w1")
FINISHED = WorkflowState(running=False, ended_badly=False, exhausted=False, executor_id="w1")
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
    folder = folders.work / DOCUMENT
    (folder / OUR_FOLDER).mkdir(parents=True)
    identity = FileIdentity(name="a.pdf", size=1, mtime_ns=1, inode=1)
    write_claim(folder, Claim(file=identity, sidecar=None, arrived_at=datetime.now(UTC)))
    return Reconciler(folders, engine, "w1", max_attempts=3)


def _claim(reconciler: Reconciler) -> Claim:
    claim = read_claim(reconciler.folders.work / DOCUMENT)
    assert claim is not None
    return claim


def test_what_stands_in_the_work_folder_is_started_once(reconciler: Reconciler, engine: FakeEngine) -> None:
    work = reconciler.reconcile()
    assert (work.documents, work.queued, work.unknown) == (1, 1, ())
    assert reconciler.reconcile().documents == 1
    assert engine.known == {f"{DOCUMENT}.1": WAITING}


def test_what_runs_here_is_left_alone(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known[f"{DOCUMENT}.1"] = RUNNING
    engine.running_here.add(f"{DOCUMENT}.1")
    for _ in range(3):
        reconciler.reconcile()
    assert engine.resumed == []


def test_what_should_run_here_and_does_not_is_queued_again_at_the_second_look(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known[f"{DOCUMENT}.1"] = RUNNING
    reconciler.reconcile()
    assert engine.resumed == []
    reconciler.reconcile()
    assert engine.resumed == [f"{DOCUMENT}.1"]


def test_what_runs_elsewhere_is_left_alone(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known[f"{DOCUMENT}.1"] = WorkflowState(running=True, ended_badly=False, exhausted=False, executor_id="w2")
    for _ in range(3):
        reconciler.reconcile()
    assert engine.resumed == []


def test_an_error_of_ours_is_tried_anew_and_in_the_end_given_up(reconciler: Reconciler, engine: FakeEngine) -> None:
    given_up = []
    for run in (1, 2, 3):
        engine.known[f"{DOCUMENT}.{run}"] = FAULTY
        reconciler.reconcile()
        given_up.append(_claim(reconciler).given_up)
    assert given_up == [False, False, True]
    assert engine.known[f"{DOCUMENT}.4"] == WAITING


def test_a_document_that_was_resumed_too_often_is_given_up_at_once(reconciler: Reconciler, engine: FakeEngine) -> None:
    engine.known[f"{DOCUMENT}.1"] = EXHAUSTED
    reconciler.reconcile()
    assert _claim(reconciler).given_up
    assert engine.known[f"{DOCUMENT}.2"] == WAITING


def test_even_what_cannot_be_set_aside_comes_to_rest_and_is_told(reconciler: Reconciler, engine: FakeEngine) -> None:
    assert reconciler.reconcile().stuck == ()
    for run in range(1, 30):
        engine.known[f"{DOCUMENT}.{run}"] = FAULTY
        reconciler.reconcile()
    assert _claim(reconciler).run < 10
    assert reconciler.reconcile().stuck == (DOCUMENT,)


def test_what_could_not_be_set_aside_is_tried_again_when_an_operator_asks(reconciler: Reconciler, engine: FakeEngine) -> None:
    assert not take_back(reconciler.folders, DOCUMENT, None), "it is still on its way"
    for run in range(1, 30):
        engine.known[f"{DOCUMENT}.{run}"] = FAULTY
        reconciler.reconcile()
    engine.known = {}
    assert take_back(reconciler.folders, DOCUMENT, None)
    assert reconciler.reconcile().stuck == ()
    assert list(engine.known.values()) == [WAITING]


def test_a_finished_document_that_is_in_work_again_goes_its_way_again_at_the_second_look(
    reconciler: Reconciler, engine: FakeEngine
) -> None:
    engine.known[f"{DOCUMENT}.1"] = FINISHED
    reconciler.reconcile()
    assert list(engine.known) == [f"{DOCUMENT}.1"], "it may be on its way to the archive at this moment"
    reconciler.reconcile()
    assert engine.known[f"{DOCUMENT}.2"] == WAITING
    assert _claim(reconciler).faults == 0


def test_a_claim_that_was_lost_is_made_anew_from_the_file_and_not_from_its_sidecar(
    reconciler: Reconciler, engine: FakeEngine
) -> None:
    folder = reconciler.folders.work / DOCUMENT
    (folder / "fax.pdf").write_bytes(b"fax")
    (folder / "fax.json").write_bytes(b"{}")
    (folder / OUR_FOLDER / "claim.json").unlink()
    assert reconciler.reconcile().unknown == (DOCUMENT,)
    assert reconciler.reconcile().unknown == ()
    assert _claim(reconciler).file.file_name == "fax.pdf"
    assert engine.known == {f"{DOCUMENT}.1": WAITING}


def test_a_folder_that_has_lost_its_claim_is_counted(reconciler: Reconciler) -> None:
    (reconciler.folders.work / DOCUMENT / OUR_FOLDER / "claim.json").write_bytes(b"{")
    work = reconciler.reconcile()
    assert (work.documents, work.unknown) == (0, (DOCUMENT,))
