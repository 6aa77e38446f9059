"""What the desk needs of the service around it, so that it imports no stage but validation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.geometry import Box
from models.record import ReferralRecord
from models.store.letter_tables import LetterRow
from models.store.match_tables import AuthorizationRow
from models.store.roles import Role
from validation.policy_book import PolicyBook


@dataclass(frozen=True, slots=True)
class PageWord:
    """One word of a page as it was read; ``box`` in fractions of the upright page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as the reader saw it: upright, straightened, in square pixels.

    ``number`` is 1-based in the source; ``width`` and ``height`` are pixels of ``image``, which is a PNG.
    """

    number: int
    width: int
    height: int
    image: bytes
    words: tuple[PageWord, ...]


class Pages(Protocol):
    """The pages of documents, as the reader saw them."""

    def count(self, document_id: str) -> int:
        """How many pages there are to look at; 0 where the document could not be opened, or is not there any more."""
        ...

    def page(self, document_id: str, number: int) -> PageView | None:
        """One page, 1-based; ``None`` where there is none."""
        ...


class Documents(Protocol):
    """What the desk may have done with documents."""

    def source(self, document_id: str) -> tuple[str, Iterator[bytes]] | None:
        """Media type and bytes of the source as it arrived; ``None`` where it is not there any more."""
        ...

    def read_again(self, document_id: str) -> bool:
        """Have an archived document read again, with the arrangement of its pages in the store; false while it is in work."""
        ...

    def upload(self, name: str, pieces: Iterator[bytes]) -> None:
        """Lay a file into the watched folder, whole or not at all.

        Raises:
            TooLarge: it is larger than the settings allow.
            StorageUnavailable: the folder cannot be written now.
        """
        ...


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """An OpenID provider that people sign in at.

    ``roles`` are pairs of a value of the claim ``role_claim`` and the role that it gives; the first that fits counts.
    ``name_claim`` holds the user name. ``ca_file`` are certificates to trust in place of the system's.
    """

    issuer: str
    client_id: str
    client_secret: str
    roles: tuple[tuple[str, Role], ...]
    role_claim: str = "groups"
    name_claim: str = "preferred_username"
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What a site can set about the desk.

    ``rater_share`` (0..1) of the records that have ended is read a second time, drawn by ``rater_seed``, which is secret.
    ``hosts`` are the names that requests may be addressed to (empty: those of this machine alone). ``secure_cookies`` is for a
    desk behind TLS. ``idle_s`` seconds without a request end a session, and so do ``session_life_s`` seconds after sign-in.
    ``openid`` is where people sign in that have no password here. ``at_risk``: what is due sooner than this is marked; in a working
    day, a provider's office can still be asked for what is missing. ``at_risk_until_decided``: a request is at risk until the plan
    has decided, and not only until it is completed here.
    """

    hosts: tuple[str, ...] = ()
    secure_cookies: bool = False
    idle_s: float = 900.0
    session_life_s: float = 43_200.0
    openid: OpenIdSettings | None = None
    rater_share: float = 0.0
    rater_seed: str = ""
    at_risk: timedelta = timedelta(hours=24)
    at_risk_until_decided: bool = False


class Letters(Protocol):
    """Letters to offices. Each function works in the session it is given and never commits; what it raises is a ``LetterError``."""

    def ended(self, session: Session, record: ReferralRecord, actor: str, now: datetime) -> None:
        """A person has completed, dismissed or reopened a record: its letters follow, and what it answers is taken in.

        What was set aside because of it comes back where it is no request.
        """
        ...

    def proposed(self, session: Session, record_id: str, actor: str, now: datetime) -> LetterRow:
        """The letter that a record needs as it stands."""
        ...

    def release(self, session: Session, letter_id: str, fax_number: str | None, actor: str, now: datetime) -> LetterRow:
        """Send a letter on its way; ``fax_number`` (E.164) stands in place of the record's."""
        ...

    def withdraw(self, session: Session, letter_id: str, actor: str, now: datetime) -> LetterRow:
        """Give up a letter that waits."""
        ...

    def attach(self, session: Session, reply_id: str, record_id: str, actor: str, now: datetime) -> ReferralRecord:
        """Attach a reply to the request that it answers; gives the reply's newest revision."""
        ...

    def number(self, session: Session, row: LetterRow) -> str | None:
        """Where a letter goes; ``None`` where no number of the office is known."""
        ...

    def pdf(self, session: Session, row: LetterRow) -> bytes:
        """The letter."""
        ...

    def page(self, pdf: bytes, number: int) -> bytes | None:
        """One page of a letter as PNG, 1-based; ``None`` where there is none."""
        ...

    def count(self, pdf: bytes) -> int:
        """How many pages a letter has."""
        ...


def _as_it_is(session: Session, record: ReferralRecord) -> ReferralRecord:
    del session
    return record


def _untied(session: Session, rows: Sequence[AuthorizationRow]) -> int:
    del session, rows
    return 0


@dataclass(frozen=True, slots=True)
class DeskServices:
    """Everything the desk works with.

    ``engine`` opens transactions that write, ``reading`` such that only read (they take no lock). ``sinks`` are the names of the
    delivery targets; ``announce`` tells those who deliver that there is something new. ``labels`` is the plan's own label data, to
    which confirmed labels are added. ``letters`` are those to offices. ``placed`` gives a record all that the store knows about it.
    ``tied`` ties authorizations to the requests that they were given for, and tells how many. ``now`` is a clock.
    """

    engine: Engine
    reading: Engine
    sinks: Collection[str]
    announce: Callable[[], None]
    policies: PolicyBook
    zone: tzinfo
    pages: Pages
    documents: Documents
    labels: Path
    letters: Letters
    placed: Callable[[Session, ReferralRecord], ReferralRecord] = _as_it_is
    tied: Callable[[Session, Sequence[AuthorizationRow]], int] = _untied
    settings: DeskSettings = field(default_factory=DeskSettings)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def today(self) -> date:
        """The day at the site."""
        return self.now().astimezone(self.zone).date()
