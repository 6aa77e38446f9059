"""Whoever asks, as a route gets to know them."""

from __future__ import annotations

from dataclasses import dataclass

from review.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by a session, or a program by a token.

    ``name`` is what the audit trail says: the user name, or ``token:NAME``. ``account_id`` is ``None`` for a token.
    ``credential_id`` is the id of the session or of the token. ``csrf`` is what the session's forms and scripts send along.
    """

    name: str
    account_id: int | None
    permissions: frozenset[Permission]
    by_token: bool
    credential_id: int
    csrf: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether this is allowed."""
        return permission in self.permissions
