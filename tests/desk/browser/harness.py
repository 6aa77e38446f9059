"""The real service on real faxes, and the system's browser in front of it."""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.store import accounts
from models.store.accounts import NewAccount
from models.store.database import open_engine, sqlite_url
from models.store.roles import Role
from review.access.passwords import hash_of
from tests.intake.harness import Site, stop

SAMPLES = Path(__file__).parents[2] / "faxes" / "samples"
# Read once for all tests: a bad fax, a change, a letter, two requests in one document, a wrong code, none, and one that is no PDF.
FAXES = ("form-standard-001.tif", "change-001.tif", "extension-001.tif", "packet-001.tif", "unbillable-001.tif", "junk-001.tif")
BROKEN = "broken.pdf"
_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
NO_CHROMIUM = "No Chromium was found: ./test installs it, and so does apt-get install chromium on Debian."
# What a person's work changes; put back before each test. Changes and the audit trail only ever grow.
_CHANGED = (
    "records", "desk_items", "desk_keys", "desk_gaps", "desk_edits", "desk_outcomes", "desk_notes", "desk_filters", "arrangements",
    "deliveries", "taught_labels", "report_items", "report_clocks", "rater_samples", "rater_fields",
)  # fmt: skip
# A busy machine takes its time.
WAIT_MS = 30_000
SMALL = {"width": 1366, "height": 768}
LARGE = {"width": 1920, "height": 1080}


def chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium: the system's, or the one that playwright has installed. A snap's stub is none."""
    for found in filter(None, map(shutil.which, _NAMES)):
        if subprocess.run([found, "--version"], capture_output=True, check=False, timeout=60).returncode == 0:
            return found
    own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def launched(playwright: Playwright) -> Browser | None:
    """A browser without a window; ``None`` where there is no Chromium."""
    path = chromium(playwright)
    # Without a sandbox of its own: containers and root have none to give it.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    return None if path is None else playwright.chromium.launch(executable_path=path, headless=True, args=arguments)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Only one of several test processes at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_once(folder: Path) -> Path:
    """The folder of a site that has read all the faxes; made by whoever comes first."""
    with alone(folder.with_suffix(".lock")):
        if not folder.exists():
            making = Site(folder.with_suffix(".tmp"))
            for name in FAXES:
                making.drop(name, (SAMPLES / name).read_bytes())
            making.drop(BROKEN, b"%PDF-1.4\nnothing of a PDF\n%%EOF\n")
            # Not the quick setting of one worker's memory: faxes are read in two processes.
            process = making.start("--drain", standin=False)
            process.communicate(timeout=300)
            assert process.returncode == 0, (making.root / "log").read_text()[-3000:]
            making.root.rename(folder)
    return folder


@dataclass(slots=True)
class Desk:
    """A running service with its people. ``site`` is a copy of the ``origin`` that has read the faxes."""

    site: Site
    origin: Path
    process: subprocess.Popen[str]
    address: str
    engine: Engine
    passwords: dict[str, str] = field(default_factory=dict)

    @classmethod
    def started(cls, origin: Path, folder: Path, env: dict[str, str] | None = None) -> Desk:
        """Start a service on a copy of what was read."""
        shutil.copytree(origin, folder)
        (folder / "log").unlink()
        site = Site(folder)
        process = site.start(standin=False, env={"PAR_WORKERS": "1", **(env or {})})
        (line,) = site.wait_for_log("listening")
        return cls(site, origin, process, line["address"], open_engine(sqlite_url(site.data / "par-intake.sqlite")))

    def close(self) -> None:
        """Stop the service."""
        self.engine.dispose()
        stop(self.process)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def reset(self) -> None:
        """Put the records back as they were read, with nobody's work on them."""
        connection = sqlite3.connect(self.site.data / "par-intake.sqlite", timeout=30, isolation_level=None)
        try:
            connection.execute("ATTACH ? AS origin", (str(self.origin / "data" / "par-intake.sqlite"),))
            connection.execute("BEGIN IMMEDIATE")
            # The database lets go of what people did only where it was noted that the document is purged.
            noted = "SELECT datetime('now') || '.000000', 'test', 'purged', document_id FROM main.documents"
            connection.execute(f"INSERT INTO main.audit_events (at, actor, action, document_id) {noted}")
            for table in reversed(_CHANGED):
                connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 - our own names
            for table in _CHANGED:
                # By name: what was read may have been kept by an earlier release, whose tables have fewer columns.
                columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA origin.table_info({table})"))
                connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM origin.{table}")  # noqa: S608
            connection.execute("COMMIT")
        finally:
            connection.close()

    def account(self, name: str, role: Role = Role.COORDINATOR) -> str:
        """Make an account, where there is none of the name; gives its password."""
        if name not in self.passwords:
            password = secrets.token_urlsafe(12)
            with Session(self.engine) as session, session.begin():
                new = NewAccount(name, role, hash_of(password, name))
                accounts.add(session, new, datetime.now(UTC), actor="test")
            self.passwords[name] = password
        return self.passwords[name]

    def end_sessions(self, name: str) -> None:
        """End all sessions of a person, as an administrator would, or as time does."""
        with Session(self.engine) as session, session.begin():
            account = accounts.named(session, name)
            assert account is not None
            accounts.end_sessions(session, account, datetime.now(UTC), actor="test")

    def records(self, fax: str) -> list[str]:
        """The record ids of a fax, in the order of its pages."""
        rows = self.site.query("SELECT record_id, json_extract(body, '$.source.file_name') FROM records ORDER BY position")
        return list(dict.fromkeys(str(record_id) for record_id, name in rows if name == fax))

    def newest(self, record_id: str) -> dict[str, Any]:
        """The newest revision as the store has it."""
        bodies: dict[str, str] = dict(self.site.query("SELECT record_id, body FROM records ORDER BY revision"))
        body: dict[str, Any] = json.loads(bodies[record_id])
        return body

    def waiting(self) -> list[str]:
        """The records that wait for a person, in the order of the queue."""
        return [str(row[0]) for row in self.site.query("SELECT record_id FROM desk_items WHERE waits ORDER BY order_at, record_id")]


def _is_defect(told: ConsoleMessage) -> bool:
    return told.type == "error" and not told.text.startswith("Failed to load resource")


@dataclass(slots=True)
class Person:
    """Somebody at a browser of their own."""

    name: str
    desk: Desk
    context: BrowserContext
    page: Page
    messages: list[str] = field(default_factory=list)

    @classmethod
    def at(
        cls, desk: Desk, browser: Browser, name: str, role: Role = Role.COORDINATOR, viewport: dict[str, int] | None = None
    ) -> Person:
        """Open a browser, and sign in by the form."""
        desk.account(name, role)
        context = browser.new_context(viewport=viewport or SMALL, base_url=desk.address)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        person = cls(name, desk, context, page)
        # Answers that are refusals are part of the work; what else the console tells is a defect.
        page.on("console", lambda told: person.messages.append(told.text) if _is_defect(told) else None)
        page.on("pageerror", lambda error: person.messages.append(str(error)))
        person.sign_in(page)
        return person

    def sign_in(self, page: Page, name: str | None = None) -> None:
        """Sign in by the form in a tab of this browser."""
        page.goto("/sign-in")
        page.get_by_label("User name").fill(name or self.name)
        page.get_by_label("Password").fill(self.desk.passwords[name or self.name])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def close(self) -> None:
        """Close the browser's window."""
        self.context.close()
