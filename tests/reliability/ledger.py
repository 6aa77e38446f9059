"""What was faxed, and whether each of it ended exactly once: as records, outbox files and archived source."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from models.store.database import normalised_url, open_engine, sqlite_url
from tests.intake.harness import Site


@dataclass(frozen=True, slots=True)
class Fax:
    """One file as it was put into the inbox. ``requests`` is how many records it makes; ``archive`` is where it has to end."""

    name: str
    requests: int = 1
    archive: str = "done"


@dataclass
class Ledger:
    """All that was faxed to one site."""

    faxes: list[Fax] = field(default_factory=list)

    def enter(self, fax: Fax) -> None:
        """Note a fax when it is about to be put into the inbox."""
        self.faxes.append(fax)

    def check(self, site: Site) -> Verdict:
        """Compare what was faxed with what there is."""
        store = open_store(site)
        try:
            seen = _Seen.of(site, store)
        finally:
            store.dispose()
        lost: list[str] = []
        doubled: list[str] = []
        for fax in self.faxes:
            for what, found, due in seen.of_fax(fax):
                if found != due:
                    (lost if found < due else doubled).append(f"{fax.name}: {what} {found}, not {due}")
        known = {fax.name for fax in self.faxes}
        doubled += [f"{name}: never faxed" for name in seen.documents if name not in known]
        return Verdict(len(self.faxes), tuple(lost), tuple(doubled), tuple(seen.left(site)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison came to; each line names one finding."""

    faxes: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether every fax ended exactly once and nothing lies about."""
        return not self.lost and not self.doubled and not self.left_behind


def open_store(site: Site) -> Engine:
    """The site's store."""
    url = site.env.get("PAR_DATABASE_URL")
    return open_engine(sqlite_url(site.data / "par-intake.sqlite") if url is None else normalised_url(url))


@dataclass(frozen=True, slots=True)
class _Seen:
    """By file name: documents in the store, records, newest revisions, audit events, outbox files, archived sources."""

    documents: Counter[str]
    states: dict[str, str]
    records: Counter[str]
    revisions: Counter[str]
    events: Counter[tuple[str, str]]
    outbox: Counter[str]
    archives: Counter[tuple[str, str]]
    undelivered: int

    @classmethod
    def of(cls, site: Site, store: Engine) -> _Seen:
        with store.connect() as connection:

            def ask(sql: str) -> list[Any]:
                return list(connection.execute(text(sql)).all())

            documents = ask("SELECT file_name, state FROM documents")
            records = ask("SELECT d.file_name, r.revision FROM records r JOIN documents d ON d.document_id = r.document_id")
            events = ask("SELECT d.file_name, a.action FROM audit_events a JOIN documents d ON d.document_id = a.document_id")
            (undelivered,) = ask("SELECT count(*) FROM deliveries WHERE delivered_at IS NULL")[0]
        delivered = [json.loads(path.read_bytes())["source"]["file_name"] for path in site.outbox.glob("*.json")]
        sources = [
            (path.name, archive)
            for archive in ("done", "failed")
            for path in (site.data / archive).glob("*/*")
            if path.is_file() and not path.name.endswith(".json")
        ]
        return cls(
            documents=Counter(name for name, _ in documents),
            states=dict(documents),
            records=Counter(name for name, revision in records if revision == 1),
            revisions=Counter(name for name, revision in records if revision > 1),
            events=Counter((name, action) for name, action in events),
            outbox=Counter(delivered),
            archives=Counter(sources),
            undelivered=undelivered,
        )

    def of_fax(self, fax: Fax) -> list[tuple[str, int, int]]:
        """What was looked at, how much of it there is, and how much there has to be."""
        other = "failed" if fax.archive == "done" else "done"
        return [
            ("documents", self.documents[fax.name], 1),
            (f"documents {fax.archive}", int(self.states.get(fax.name) == fax.archive), 1),
            ("records", self.records[fax.name], fax.requests),
            ("later revisions", self.revisions[fax.name], 0),
            ("outbox files", self.outbox[fax.name], fax.requests),
            (f"sources in {fax.archive}/", self.archives[fax.name, fax.archive], 1),
            (f"sources in {other}/", self.archives[fax.name, other], 0),
            ("registered", self.events[fax.name, "registered"], 1),
            ("stored", self.events[fax.name, "stored"], fax.requests),
            (f"noted as {fax.archive}", self.events[fax.name, fax.archive], 1),
        ]

    def left(self, site: Site) -> list[str]:
        """What has no business to be there any more."""
        places = {
            "inbox": [path for path in site.inbox.rglob("*") if path.is_file()],
            "work": list((site.data / "work").iterdir()),
            "claim": list((site.data / "claim").glob("*/*")),
            "outbox": [path for path in site.outbox.iterdir() if path.suffix != ".json" or path.name.startswith(".")],
        }
        left = [f"{place}: {_short(found)}" for place, found in places.items() if found]
        return left + ([f"deliveries still to be made: {self.undelivered}"] if self.undelivered else [])


def _short(found: list[Path]) -> str:
    return ", ".join(path.name for path in found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
