"""What can be allowed, and which role is allowed what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.store.roles import Role


class Permission(StrEnum):
    """One thing that an account or a token may be allowed; a token's scopes are these names."""

    VIEW = "view"
    WORK = "work"
    TEACH = "teach"
    SUPERVISE = "supervise"
    REPORT = "report"
    AUDIT = "audit"
    ADMINISTER = "administer"


MEANINGS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.VIEW: "see the queue, records, their pages and their history",
        Permission.WORK: "claim, correct and complete records, move pages, write notes, upload, have a document read again",
        Permission.TEACH: "confirm labels that the reader is taught",
        Permission.SUPERVISE: "take a record from somebody else, see work by person",
        Permission.REPORT: "see the dashboard and the reports, and download their numbers",
        Permission.AUDIT: "export the audit trail",
        Permission.ADMINISTER: "accounts, tokens, other people's sessions",
    }
)

_COORDINATOR = frozenset({Permission.VIEW, Permission.WORK, Permission.REPORT})

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.COORDINATOR: _COORDINATOR,
        Role.SUPERVISOR: _COORDINATOR | {Permission.TEACH, Permission.SUPERVISE, Permission.AUDIT},
        Role.AUDITOR: frozenset({Permission.VIEW, Permission.REPORT, Permission.AUDIT}),
        Role.ADMINISTRATOR: frozenset(Permission),
    }
)
