"""Teaching the reader a label: proposed by whoever sees it, confirmed by a supervisor, then written into the site's label data."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from models.errors import StorageUnavailable
from models.files import write_atomically
from models.record import without_positions
from models.store import taught_labels
from models.store.desk_tables import LabelState, TaughtLabelRow
from models.store.taught_labels import Seen
from models.taught_labels import TEACHABLE, TaughtLabel, as_yaml, parse, problem_with, tidy
from review.services import DeskServices
from review.work.errors import Refused


def propose(services: DeskServices, session: Session, text: str, field: str, seen: Seen, actor: str) -> TaughtLabelRow:
    """Propose that a text on a form is the label of a field.

    Raises:
        Refused: it can be no label, and the message says why.
    """
    path = without_positions(field)
    if path not in TEACHABLE:
        raise Refused("The label of this field cannot be taught.")
    problem = problem_with(tidy(text))
    if problem is None and seen.document_id is not None and taught_labels.names_a_person(session, text, seen.document_id):
        problem = "That has the member’s name in it. Teach the printed label alone."
    if problem is not None:
        raise Refused(problem)
    return taught_labels.propose(session, TaughtLabel(text=text, field=path), seen, actor, services.now())


def decide(services: DeskServices, session: Session, label_id: int, state: LabelState, actor: str) -> TaughtLabelRow | None:
    """Confirm or refuse a label; ``None`` where there is none. The file is written before the decision is committed.

    Raises:
        StorageUnavailable: the file cannot be read or written now.
        ConfigurationError: the file holds something else.
    """
    row = taught_labels.decide(session, label_id, state, actor, services.now())
    if row is None:
        return None
    _write(services.labels, TaughtLabel(text=row.text, field=row.field), wanted=state is LabelState.CONFIRMED)
    return row


def _write(path: Path, label: TaughtLabel, *, wanted: bool) -> None:
    """Have the file hold the label, or not; what else is in it stays."""
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        before = parse(text, str(path))
        others = tuple(one for one in before if (one.text.lower(), one.field) != (label.text.lower(), label.field))
        after = (*others, label) if wanted else others
        if after != before:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, as_yaml(after).encode(), mode=0o640)
    except (OSError, UnicodeDecodeError) as error:
        raise StorageUnavailable("The file of taught labels cannot be read or written now.") from error
