"""A desk over a store of its own, and people who are signed in to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy.orm import Session

from intake.letter_desk import LetterDesk
from intake.placing import placed
from letters.template import letter_template
from models.record import ReferralRecord
from models.store import accounts, sessions
from models.store.accounts import NewAccount
from models.store.database import migrate, open_engine, open_reading_engine, sqlite_url
from models.store.roles import Role
from review.access.signed_in import cookie_name, csrf_token, limits_of
from review.app import build_desk
from review.services import DeskServices, DeskSettings, PageView
from validation.policy_book import PolicyBook, default_book

HOST = "http://localhost"
HTML = {"accept": "text/html"}
# What cookie jars call localhost.
COOKIE_DOMAIN = "localhost.local"


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class NoPages:
    """Pages of no documents."""

    def count(self, document_id: str) -> int:
        del document_id
        return 0

    def page(self, document_id: str, number: int) -> PageView | None:
        del document_id, number
        return None


class NoDocuments:
    """No documents; what is uploaded is kept in ``uploaded``."""

    def __init__(self) -> None:
        self.uploaded: list[bytes] = []

    def source(self, document_id: str) -> tuple[str, Iterator[bytes]] | None:
        del document_id
        return None

    def read_again(self, document_id: str) -> bool:
        del document_id
        return False

    def upload(self, name: str, pieces: Iterator[bytes]) -> None:
        del name
        self.uploaded.append(b"".join(pieces))


def letters_over(policies: PolicyBook, *, automatic: bool = False) -> LetterDesk:
    """Letters to offices, in the words that come with the product."""
    zone = ZoneInfo("America/Los_Angeles")

    def checked(session: Session, record: ReferralRecord) -> ReferralRecord:
        today = record.source.received_at.astimezone(zone).date()
        return policies.checked(placed(session, record), today=today, time_zone=zone)

    return LetterDesk(letter_template(), zone, checked, ("outbox",), ("outbox",), automatic)


def services_on(url: str, folder: Path, clock: Callable[[], datetime], settings: DeskSettings | None = None) -> DeskServices:
    """What a desk over the database at ``url`` works with."""
    engine = open_engine(url)
    migrate(engine)
    return DeskServices(
        engine=engine,
        reading=open_reading_engine(url),
        sinks=("outbox",),
        announce=lambda: None,
        policies=default_book(),
        zone=ZoneInfo("America/Los_Angeles"),
        pages=NoPages(),
        documents=NoDocuments(),
        labels=folder / "labels.yaml",
        letters=letters_over(default_book()),
        settings=settings or DeskSettings(),
        now=clock,
    )


class InProcess(httpx.BaseTransport):
    """Requests that reach an application without a socket, from a made-up address; not for streams that do not end."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answer() -> httpx.Response:
            given = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
            told = await self._inner.handle_async_request(given)
            return httpx.Response(told.status_code, headers=told.headers, content=await told.aread())

        return asyncio.run(answer())


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk, and the clock it goes by."""

    services: DeskServices
    app: FastAPI
    clock: Clock

    @classmethod
    def of(cls, folder: Path, settings: DeskSettings | None = None, url: str | None = None) -> Desk:
        """A new desk over an empty store in ``folder``, or at ``url``."""
        clock = Clock()
        services = services_on(url or sqlite_url(folder / "store.sqlite"), folder, clock, settings)
        return cls(services, build_desk(services), clock)

    def with_settings(self, **changes: object) -> Desk:
        """The same desk after a restart with other settings."""
        settings = replace(self.services.settings, **changes)  # type: ignore[arg-type]
        services = replace(self.services, settings=settings)
        return Desk(services, build_desk(services), self.clock)

    def close(self) -> None:
        """Let go of the store."""
        self.services.engine.dispose()
        self.services.reading.dispose()

    def visitor(self, base_url: str = HOST, address: str = "127.0.0.1") -> httpx.Client:
        """A browser that is not signed in; it follows no redirects."""
        return httpx.Client(base_url=base_url, transport=InProcess(self.app, address))

    def account(self, name: str, role: Role, password_hash: str | None = None) -> accounts.Account:
        """An account; made where there is none of the name."""
        with Session(self.services.engine) as session, session.begin():
            known = accounts.named(session, name)
            new = NewAccount(name, role, password_hash)
            return known or accounts.add(session, new, self.clock(), actor="test")

    def signed_in(self, role: Role, name: str | None = None) -> httpx.Client:
        """A person's browser; the CSRF token goes along with every request, as our scripts send it."""
        account = self.account(name or f"one-{role.value}", role)
        with Session(self.services.engine) as session, session.begin():
            token = sessions.begin(session, account.account_id, "127.0.0.1", self.clock(), limits_of(self.services.settings))
        client = self.visitor()
        client.cookies.set(cookie_name(self.services.settings), token, COOKIE_DOMAIN)
        client.headers["x-csrf-token"] = csrf_token(token)
        return client


def title_of(answer: httpx.Response) -> str:
    """The title of a page, without the program's name."""
    return answer.text.partition("<title>")[2].partition(" – ")[0]
