"""The workflow engine's rows of what has ended, removed from beside a service, whether it runs or not.

The engine keeps its own rows in its database, and never removes them. Its checkpoints of transactions are in ours, and go by
themselves when a workflow ends well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dbos import DBOSClient, WorkflowStatusString
from sqlalchemy import Engine, column, delete, inspect, table
from sqlalchemy.orm import Session

_CHECKPOINTS = "datasource_outputs"
_SCHEMA = "dbos"
_BATCH = 500


class WorkflowRows:
    """The rows in both databases."""

    def __init__(self, client: DBOSClient | None, store: Engine) -> None:
        self._client = client
        self._store = store
        schema = _SCHEMA if store.dialect.name == "postgresql" else None
        self._there = inspect(store).has_table(_CHECKPOINTS, schema=schema)
        self._checkpoints = table(_CHECKPOINTS, column("workflow_id"), schema=schema)

    def forget_document(self, document_id: str) -> None:
        """Remove the rows of every reading through of a document that has ended."""
        if self._client is not None:
            found = self._client.list_workflows(workflow_id_prefix=f"{document_id}.", load_input=False, load_output=False)
            self._client.delete_workflows([status.workflow_id for status in found])
        # Every id of a workflow is that of its document, a full stop and a number; the slash follows the full stop.
        name = self._checkpoints.c.workflow_id
        if self._there:
            with Session(self._store) as session, session.begin():
                session.execute(delete(self._checkpoints).where(name >= f"{document_id}.", name < f"{document_id}/"))

    def forget_ended(self, before: datetime, stop: Callable[[], bool]) -> int:
        """Remove the rows of all workflows that ended well before ``before``: nothing asks for them again.

        Args:
            before: the moment.
            stop: whether to leave the rest for another time.

        Returns:
            How many workflows that were.
        """
        forgotten = 0
        while self._client is not None and not stop():
            found = self._client.list_workflows(
                status=WorkflowStatusString.SUCCESS.value,
                completed_before=before.isoformat(),
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            ids = [status.workflow_id for status in found]
            if not ids:
                break
            self._client.delete_workflows(ids)
            forgotten += len(ids)
        return forgotten


@contextmanager
def workflow_rows(url: str, file: Path | None, store: Engine) -> Iterator[WorkflowRows]:
    """The rows in the engine's database at ``url``, and in the store; ``file`` is that of an SQLite database, or ``None``."""
    if file is not None and not file.exists():
        yield WorkflowRows(None, store)
        return
    client = DBOSClient(system_database_url=url)
    try:
        yield WorkflowRows(client, store)
    finally:
        client.destroy()
