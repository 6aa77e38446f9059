"""Tokens of programs: made by an administrator, shown once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import AccountRefused
from models.store import api_tokens
from review.access.permissions import Permission

# Accounts are the business of people alone.
SCOPES = tuple(scope for scope in Permission if scope is not Permission.ADMINISTER)
LONGEST_DAYS = 366


def new_token(session: Session, name: str, scopes: Collection[str], days: int, now: datetime, *, actor: str) -> str:
    """Make a token that is good for so many days.

    Raises:
        AccountRefused: a scope does not exist, the time is too long, or the name cannot be used.
    """
    unknown = set(scopes) - {scope.value for scope in SCOPES}
    if unknown:
        raise AccountRefused(f"The scopes are {', '.join(scope.value for scope in SCOPES)}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise AccountRefused(f"A token is good for 1 to {LONGEST_DAYS} days.")
    return api_tokens.add(session, name, scopes, now, now + timedelta(days=days), actor=actor)
