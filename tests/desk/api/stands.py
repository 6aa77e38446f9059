"""A desk for programs: documents with pages that are made up, and what a client of the API says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from models.errors import TooLarge
from models.geometry import Box
from models.store.roles import Role
from review.app import build_desk
from review.services import PageView, PageWord
from tests.desk.desks import Desk

PNG = b"\x89PNG\r\n\x1a\n made up"
SOURCE = b"%PDF-1.7 made up"
MOST_BYTES = 3_000_000


@dataclass(slots=True)
class MadeUpPages:
    """Documents with so many pages each; none of those that are not named."""

    counts: dict[str, int] = field(default_factory=dict)
    looked: int = 0

    def count(self, document_id: str) -> int:
        return self.counts.get(document_id, 0)

    def page(self, document_id: str, number: int) -> PageView | None:
        if not 1 <= number <= self.count(document_id):
            return None
        self.looked += 1
        word = PageWord(f"word{number}", Box(0.1, 0.1, 0.2, 0.15))
        return PageView(number, 1700, 2200, PNG, (word,))


@dataclass(slots=True)
class MadeUpDocuments:
    """Sources of documents; ``busy`` is being read, and so cannot be read again."""

    sources: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    uploaded: list[tuple[str, bytes]] = field(default_factory=list)

    def source(self, document_id: str) -> tuple[str, Iterator[bytes]] | None:
        return ("application/pdf", iter([SOURCE[:5], SOURCE[5:]])) if document_id in self.sources else None

    def read_again(self, document_id: str) -> bool:
        if document_id in self.busy:
            return False
        self.read.append(document_id)
        return True

    def upload(self, name: str, pieces: Iterator[bytes]) -> None:
        kept = bytearray()
        for piece in pieces:
            kept += piece
            if len(kept) > MOST_BYTES:
                raise TooLarge(f"The file has more than {MOST_BYTES} bytes.")
        self.uploaded.append((name, bytes(kept)))


@dataclass(frozen=True, slots=True)
class Api:
    """A desk with its made-up documents, and how often it announced a revision."""

    desk: Desk
    pages: MadeUpPages
    documents: MadeUpDocuments
    announced: list[int]

    @classmethod
    def of(cls, folder: Path, url: str | None = None) -> Api:
        """A new one over an empty store."""
        plain = Desk.of(folder, url=url)
        pages, documents, announced = MadeUpPages(), MadeUpDocuments(), list[int]()
        services = replace(plain.services, pages=pages, documents=documents, announce=lambda: announced.append(1))
        return cls(Desk(services, build_desk(services), plain.clock), pages, documents, announced)

    def person(self, name: str, role: Role = Role.COORDINATOR) -> httpx.Client:
        """A person's browser."""
        return self.desk.signed_in(role, name)


def key() -> str:
    return str(uuid4())


def edit(
    path: str | None = None, value: object = None, *, action: str = "set", revision: int = 1, **more: object
) -> dict[str, Any]:
    """An edit as a page sends it."""
    body = {"key": key(), "action": action, "revision": revision, "path": path, "value": value, **more}
    return {name: part for name, part in body.items() if part is not None}
