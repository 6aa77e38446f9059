"""Who reads a fax a second time sees it nowhere else until that is done, nor a change or repetition that shows its values."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import HTTPException
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.store import rater_samples
from models.store.letter_tables import LetterRow
from models.store.match_tables import RecordLinkRow
from models.store.tables import RecordRow
from review.services import DeskServices

_LETTER = "letter_id"
_NAMED = ("record_id", "document_id", _LETTER)


class ReadBlind(HTTPException):
    """This person reads this fax a second time now. 409."""

    def __init__(self) -> None:
        super().__init__(409, "You read this fax a second time now, and cannot see it as it stands until that is done.")


def is_about_a_fax(path_params: Mapping[str, object]) -> bool:
    """Whether an address names a record, a document or a letter."""
    return any(name in path_params for name in _NAMED)


def check_not_blind(services: DeskServices, actor: str, path_params: Mapping[str, object]) -> None:
    """Let a person see what an address names.

    Raises:
        ReadBlind: it is what this person reads a second time now, or a request that is linked to it.
    """
    named = {str(path_params[name]) for name in _NAMED if name in path_params}
    with Session(services.reading) as session:
        hidden = rater_samples.hidden_from(session, actor)
        if hidden and _LETTER in path_params:
            letter = session.get(LetterRow, str(path_params[_LETTER]))
            named |= set() if letter is None else {letter.record_id}
        if hidden and not named & hidden:
            named |= _linked_from(session, named)
    if named & hidden:
        raise ReadBlind


def _linked_from(session: Session, named: set[str]) -> set[str]:
    """The ids of the requests that these records, or the records of these documents, change or repeat."""
    query = (
        select(RecordLinkRow.other_id)
        .join(RecordRow, RecordRow.record_id == RecordLinkRow.record_id)
        .where(or_(RecordRow.record_id.in_(named), RecordRow.document_id.in_(named)), RecordLinkRow.other_id.is_not(None))
    )
    return {other for other in session.scalars(query) if other is not None}
