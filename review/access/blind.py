"""Who reads a fax a second time sees it nowhere else until that is done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import HTTPException
from sqlalchemy.orm import Session

from models.store import rater_samples
from models.store.letter_tables import LetterRow
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
        ReadBlind: it is what this person reads a second time now.
    """
    named = {str(path_params[name]) for name in _NAMED if name in path_params}
    with Session(services.reading) as session:
        hidden = rater_samples.hidden_from(session, actor)
        if hidden and _LETTER in path_params:
            letter = session.get(LetterRow, str(path_params[_LETTER]))
            named |= set() if letter is None else {letter.record_id}
    if named & hidden:
        raise ReadBlind
