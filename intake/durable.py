"""The workflow engine, DBOS, behind one class: its start, its queue, and what the service asks of it."""

from __future__ import annotations

import threading
from pathlib import Path

from dbos import DBOS, DBOSClient, DBOSConfig, SetEnqueueOptions, SetWorkflowID, SQLAlchemyDatasource, WorkflowStatusString
from sqlalchemy import Engine

from intake.folders import Folders
from intake.logs import join_library_logs
from intake.lost_work import Runs
from intake.reconcile import WorkflowState
from intake.settings import Settings
from intake.steps import Steps
from intake.workflow import APPLICATION_VERSION, QUEUE, DocumentWorkflow, workflow_id
from models.store.database import check_reachable, normalised_url, open_engine, sqlite_url, use_wal

# The engine takes at most one batch of workflows in each interval, so this bounds the throughput. It costs four small transactions,
# which are nothing in a file of our own, and add up on a server that many services ask.
_POLLING_S = 0.2
_POLLING_SERVER_S = 1.0
# Workflows beyond those that read: one that waits for a lost share to come back must not keep others from being read.
_WAITING_WORKFLOWS = 4
_APPLICATION = "par-intake"
# Lower numbers go first.
_URGENT, _ROUTINE = 1, 10
# A database takes only so many values in one statement; SQLite the fewest, 32,766.
_MOST_IDS = 1000
_BAD_ENDS = frozenset(
    {
        WorkflowStatusString.ERROR.value,
        WorkflowStatusString.CANCELLED.value,
        WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value,
    }
)
_GOES_ON = frozenset({WorkflowStatusString.PENDING.value, WorkflowStatusString.ENQUEUED.value, WorkflowStatusString.DELAYED.value})


class DurableEngine:
    """DBOS for one service. There is one in a process."""

    def __init__(self, settings: Settings, folders: Folders, executor_id: str) -> None:
        self._settings = settings
        self._executor_id = executor_id
        self._url = engine_url(settings, folders)
        if settings.database_url is None:
            use_wal(folders.workflow_database)
        self._probe = open_engine(self._url)
        # For the service's loop: the engine's own calls wait for a database that is away, however long, and cannot be interrupted.
        self._client = DBOSClient(
            system_database_url=self._url, application_name=_APPLICATION, lazy=True, retry_connection_errors=False
        )
        self._workflow: DocumentWorkflow | None = None

    def launch(self, steps: Steps, stopping: threading.Event, store: Engine) -> None:
        """Start the engine; what this worker had in hand when it last ended goes on."""
        config: DBOSConfig = {
            "name": _APPLICATION,
            "system_database_url": self._url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._executor_id,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        join_library_logs("dbos")
        url = store.url.render_as_string(hide_password=False)
        datasource = SQLAlchemyDatasource.create(url, engine=store)
        self._workflow = DocumentWorkflow(steps, datasource, stopping)
        DBOS.launch()
        # By worker, never for all together: a limit for all takes no lock on SQLite.
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._settings.worker_count + _WAITING_WORKFLOWS,
            polling_interval_sec=_POLLING_S if self._settings.database_url is None else _POLLING_SERVER_S,
            on_conflict="always_update",
        )

    def check_reachable(self) -> None:
        """Ask the engine's database anything. The engine itself would wait for it, without an end and without a word.

        Raises:
            OperationalError: it cannot be reached, or is locked.
        """
        check_reachable(self._probe)

    def states(self, ids: list[str]) -> dict[str, WorkflowState]:
        """The states of those of the workflows that the engine knows."""
        found = [
            status
            for first in range(0, len(ids), _MOST_IDS)
            for status in self._client.list_workflows(
                workflow_ids=ids[first : first + _MOST_IDS], load_input=False, load_output=False
            )
        ]
        return {
            status.workflow_id: WorkflowState(
                running=status.status == WorkflowStatusString.PENDING.value,
                ended_badly=status.status in _BAD_ENDS,
                exhausted=status.status == WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value,
                executor_id=status.executor_id,
                queued=status.status == WorkflowStatusString.ENQUEUED.value,
            )
            for status in found
        }

    def runs_of(self, document_id: str) -> Runs:
        """What the engine knows of a document."""
        found = self._client.list_workflows(workflow_id_prefix=f"{document_id}.", load_input=False, load_output=False)
        return Runs(
            last=max((int(status.workflow_id.rpartition(".")[2]) for status in found), default=0),
            go_on=any(status.status in _GOES_ON for status in found),
        )

    def start(self, document_id: str, run: int, *, urgent: bool) -> None:
        """Queue a workflow, an urgent one before the others; one that is known already is left as it is."""
        if self._workflow is not None:
            priority = _URGENT if urgent else _ROUTINE
            with SetWorkflowID(workflow_id(document_id, run)), SetEnqueueOptions(priority=priority):
                DBOS.enqueue_workflow(QUEUE, self._workflow.take_in, document_id, run)

    def resume(self, key: str) -> None:
        """Queue a workflow again that nobody works on."""
        self._client.resume_workflow(key, queue_name=QUEUE)

    def in_hand(self) -> frozenset[str]:
        """The workflows that run in this process."""
        return frozenset() if self._workflow is None else self._workflow.in_hand

    def resume_those_of(self, executor_id: str) -> int:
        """Queue again what another worker, which is gone, had in hand; gives how many there were."""
        left = self._client.list_workflows(
            status=WorkflowStatusString.PENDING.value, executor_id=executor_id, load_input=False, load_output=False
        )
        for status in left:
            self.resume(status.workflow_id)
        return len(left)

    def stop(self, patience_s: float) -> None:
        """Stop taking work, and give what is in hand ``patience_s`` to be finished."""
        self._probe.dispose()
        self._client.destroy()
        # The engine waits by whole seconds, also where there is nothing to wait for.
        DBOS.destroy(workflow_completion_timeout_sec=int(patience_s) if self.in_hand() else 0, destroy_registry=False)


def engine_url(settings: Settings, folders: Folders) -> str:
    """SQLite: a file beside the store's, so that the two do not wait for one another's writes. PostgreSQL: a schema of its own."""
    return sqlite_url(Path(folders.workflow_database)) if settings.database_url is None else normalised_url(settings.database_url)
