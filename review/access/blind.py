"""Who reads a fax a second time sees it nowhere else until that is done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import HTTPException
from sqlalchemy.orm import Session

from models.store import rater_samples
from review.services import DeskServices

_NAMED = ("record_id", "document_id")


class ReadBlind(HTTPException):
    """This person reads this fax a second time now. 409."""

    def __init__(self) -> None:
        super().__init__(409, "You read this fax a second time now, and cannot see it as it stands until that is done.")


def is_about_a_fax(path_params: Mapping[str, object]) -> bool:
    """Whether an address names a record or a document."""
    return any(name in path_params for name in _NAMED)


def check_not_blind(services: DeskServices, actor: str, path_params: Mapping[str, object]) -> None:
    """Let a person see what an address names.

    Raises:
        ReadBlind: it is what this person reads a second time now.
    """
    named = {str(path_params[name]) for name in _NAMED if name in path_params}
    if named & hidden_from(services, actor):
        raise ReadBlind


def hidden_from(services: DeskServices, actor: str) -> frozenset[str]:
    """The ids of the records, and of their documents, that are in no listing of this person's now."""
    with Session(services.reading) as session:
        return rater_samples.hidden_from(session, actor)
