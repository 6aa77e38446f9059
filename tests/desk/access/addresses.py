"""Every address of the service, what it needs, and who therefore gets in; printed or written as the table of docs/security.md.

::

    python -m tests.desk.access.addresses [--write]
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from intake.service_state import ServiceState
from intake.web import build_app
from models.store.roles import Role
from review.access.needs import Needs
from review.access.permissions import PERMISSIONS, Permission
from review.access.tokens import SCOPES
from tests.desk.desks import Desk

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "security.md"
_HEADING = "| address | needs |"
_ROW = re.compile(r"\| `[A-Z]+ /")


@dataclass(frozen=True, slots=True)
class Address:
    """One method at one path. ``needs``: what it asks for, of which there must be one; ``is_open``: marked so."""

    method: str
    path: str
    needs: tuple[Needs, ...]
    is_open: bool

    @property
    def is_declared(self) -> bool:
        """Whether it says exactly one thing about who may come in."""
        return len(self.needs) + self.is_open == 1

    @property
    def permission(self) -> Permission | None:
        """The permission that it needs; ``None`` where it is open, or a session is enough."""
        return self.needs[0].permission if self.needs else None

    def lets_in(self, role: Role) -> bool:
        """Whether an account of this role gets in."""
        return self.permission is None or self.permission in PERMISSIONS[role]

    def lets_tokens_in(self) -> bool:
        """Whether a token may have what it needs."""
        return self.is_open or self.permission in SCOPES

    def row(self) -> str:
        """Its row of the table."""
        needs = "nothing" if self.is_open else "a session" if self.permission is None else f"`{self.permission.value}`"
        yes = ["yes" if self.is_open else "", *("yes" if self.lets_in(role) else "" for role in Role)]
        token = "yes" if self.is_open else "with the scope" if self.lets_tokens_in() else ""
        return " | ".join(["", f"`{self.method} {self.path}`", needs, *yes, token, ""]).strip().replace("  ", " ")


def addresses(app: FastAPI) -> tuple[Address, ...]:
    """All addresses of an application and of those mounted in it, but files of ours."""
    return tuple(sorted(_addresses(app.routes), key=lambda one: (one.path, one.method)))


def _addresses(routes: Sequence[BaseRoute]) -> Iterator[Address]:
    for found in iter_route_contexts(routes):
        if isinstance(found.route, Mount):
            if not found.route.path.startswith("/static/"):
                yield from _addresses(found.route.routes)
            continue
        needs = tuple(_needs(found.dependant)) if hasattr(found, "dependant") else ()
        is_open = bool(getattr(found.endpoint, "open_to_all", False))
        for method in sorted((found.methods or set()) - {"HEAD"}):
            yield Address(method, str(found.path), needs, is_open)


def _needs(dependant: Dependant) -> Iterator[Needs]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Needs):
            yield inner.call
        yield from _needs(inner)


def table(app: FastAPI) -> list[str]:
    """The rows of the table, one for each address."""
    return [one.row() for one in addresses(app)]


def written() -> list[str]:
    """The rows of the table as they stand in the document."""
    return [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if _ROW.match(line)]


def write(rows: Sequence[str]) -> None:
    """Put the rows into the document, in place of those that stand there."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(_HEADING)) + 2
    kept = [line for line in lines if not _ROW.match(line)]
    DOCUMENT.write_text("\n".join([*kept[:first], *rows, *kept[first:]]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.of(Path(folder))
        rows = table(build_app(ServiceState(), 2.0, desk.app))
        desk.close()
    if "--write" in sys.argv:
        write(rows)
    else:
        print("\n".join(rows))  # noqa: T201 - what it is run for
