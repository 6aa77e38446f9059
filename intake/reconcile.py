"""Keeps the work folder and the workflow engine in step: the folder says what there is to do, the engine how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from intake.folders import Folders
from intake.work_item import Claim, is_document_id, mended_claim, read_claim, write_claim
from intake.workflow import workflow_id

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkflowState:
    """What the engine says of one workflow.

    ``queued``: nobody has begun it. ``ended_badly``: it will not go on by itself. ``exhausted``: it was resumed too often. One that
    is none of these and does not run has ended well.
    """

    running: bool
    ended_badly: bool
    exhausted: bool
    executor_id: str | None
    queued: bool = False

    @property
    def ended_well(self) -> bool:
        """Whether its document is in its archive, or was."""
        return not (self.running or self.queued or self.ended_badly)


@dataclass(frozen=True, slots=True)
class Work:
    """How many documents stand in the work folder; ``queued`` of them nobody has begun.

    ``unknown`` are the folders that have lost their claim and their file, ``stuck`` the documents that could not even be set aside.
    ``oldest`` is the id of the one that was claimed first.
    """

    documents: int
    queued: int
    unknown: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    oldest: str | None = None


class Engine(Protocol):
    """What is asked of the workflow engine."""

    def states(self, ids: list[str]) -> dict[str, WorkflowState]:
        """The states of those of the workflows that the engine knows."""
        ...

    def start(self, document_id: str, run: int, *, urgent: bool) -> None:
        """Queue a workflow, an urgent one before the others; one that is known already is left as it is."""
        ...

    def resume(self, key: str) -> None:
        """Queue a workflow again that nobody works on."""
        ...

    def in_hand(self) -> frozenset[str]:
        """The workflows that run in this process."""
        ...


class Reconciler:
    """Starts what is not started, and picks up what was dropped."""

    def __init__(self, folders: Folders, engine: Engine, executor_id: str, max_attempts: int) -> None:
        self.folders = folders
        self._engine = engine
        self._executor_id = executor_id
        self._max_attempts = max_attempts
        self._unattended: set[str] = set()
        self._unclaimed: set[Path] = set()

    def reconcile(self) -> Work:
        """Bring folder and engine into step once.

        Raises:
            OSError: the work folder cannot be read or written.
        """
        folders = self._folders()
        self._mend_claims(folders)
        claims = {folder: claim for folder in folders if (claim := read_claim(folder)) is not None}
        keys = {workflow_id(folder.name, claim.run): folder for folder, claim in claims.items()}
        states = self._engine.states(list(keys))
        unattended: set[str] = set()
        stuck: list[str] = []
        queued = 0
        for key, folder in keys.items():
            state = states.get(key)
            queued += state is None or state.queued
            if state is None:
                self._engine.start(folder.name, claims[folder].run, urgent=claims[folder].goes_first)
            elif state.ended_badly and self._is_stuck(claims[folder]):
                stuck.append(folder.name)  # it stays where it is, and stops nothing
            elif state.ended_badly:
                self._start_anew(folder, claims[folder], state)
            elif state.ended_well or (
                state.running and state.executor_id == self._executor_id and key not in self._engine.in_hand()
            ):
                unattended.add(key)
        # One look may fall between the engine's taking a workflow and its first step, or between the listing and the workflow's
        # end; two are a thread that is gone, or a folder that somebody brought back.
        for key in unattended & self._unattended:
            self._attend(keys[key], claims[keys[key]], states[key])
        self._unattended = unattended - self._unattended
        # One that was put away since the listing has no claim here either.
        unknown = tuple(folder.name for folder in folders if folder not in claims and folder.is_dir())
        return Work(len(claims), queued, unknown, tuple(stuck), min((folder.name for folder in claims), default=None))

    def _folders(self) -> list[Path]:
        return sorted(self.folders.work.iterdir()) if self.folders.work.is_dir() else []

    def _mend_claims(self, folders: list[Path]) -> None:
        """Make the claim of a folder that has lost it anew from its file, at the second look: the first may find one on its way."""
        unclaimed = {folder for folder in folders if is_document_id(folder.name) and read_claim(folder) is None}
        for folder in unclaimed & self._unclaimed:
            if mended_claim(folder) is not None:
                _log.warning("a document had lost its claim; it was made anew", document_id=folder.name)
        self._unclaimed = unclaimed

    def _attend(self, folder: Path, claim: Claim, state: WorkflowState) -> None:
        key = workflow_id(folder.name, claim.run)
        if state.running:
            _log.warning("a workflow of ours is not running; it is queued again", workflow=key, document_id=folder.name)
            self._engine.resume(key)
        elif read_claim(folder) == claim:
            _log.warning("a finished document is in work again; it goes its way again", document_id=folder.name)
            write_claim(folder, claim.model_copy(update={"run": claim.run + 1}))
            self._engine.start(folder.name, claim.run + 1, urgent=claim.goes_first)

    def _is_stuck(self, claim: Claim) -> bool:
        """Whether even setting it aside fails, again and again."""
        return claim.given_up and claim.faults >= 2 * self._max_attempts

    def _start_anew(self, folder: Path, claim: Claim, state: WorkflowState) -> None:
        """An error of our own, or a document that ends the service each time: try anew, and in the end set it aside."""
        faults = claim.faults + 1
        given_up = claim.given_up or state.exhausted or faults >= self._max_attempts
        _log.error("a workflow ended in an error", document_id=folder.name, faults=faults, given_up=given_up)
        write_claim(folder, claim.model_copy(update={"run": claim.run + 1, "faults": faults, "given_up": given_up}))
        self._engine.start(folder.name, claim.run + 1, urgent=claim.goes_first)
