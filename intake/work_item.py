"""One document's folder: the source under its own name, and ours beside it.

::

    DOCUMENT/
      NAME                     the source
      NAME.failure.json        in failed/: why, and what to do
      .intake/claim.json       where it came from, and how often it was read through
      .intake/gateway.json     the fax gateway's sidecar, as it came; back under its own name in the archive
      .intake/records.json     what was read, until it is in the store
      .intake/pages/           the pages as the reader saw them; see :mod:`intake.kept_pages`
      .intake/source.sealed    in an archive with keys: the source, in place of NAME
      .intake/gateway.sealed   the sidecar likewise
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from intake.listing import SIDECAR_SUFFIX, Entry
from models.files import write_atomically
from models.record import ReferralRecord

OUR_FOLDER = ".intake"
_LONGEST_NAME_BYTES = 200  # a file system takes 255; our suffix and a temporary name have to fit
_MOST_NAMED = 5
_RECORDS = TypeAdapter(tuple[ReferralRecord, ...])


class FileIdentity(BaseModel):
    """Which file it was, so that another of the same name is not taken for it. ``name`` is PHI."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The identity of an entry of the inbox."""
        # Names may hold bytes that are no UTF-8; as Latin-1 every byte has its letter, and JSON can hold them.
        return cls(name=os.fsencode(entry.name).decode("latin-1"), size=entry.size, mtime_ns=entry.mtime_ns, inode=entry.inode)

    @property
    def file_name(self) -> str:
        """The name as the file system knows it."""
        return os.fsdecode(self.name.encode("latin-1"))

    def matches(self, status: os.stat_result) -> bool:
        """Whether this is the file."""
        return (self.size, self.mtime_ns, self.inode) == (status.st_size, status.st_mtime_ns, status.st_ino)


class Claim(BaseModel):
    """What is remembered of a claim.

    ``urgent``: it came through a folder for urgent faxes; ``plan_folder``: through the inbox folder of that name, a plan's.
    ``aside_on``: the device number of an inbox on another file system, where the file stands under a name of ours until it is
    copied. ``run`` counts from 1; ``faults`` are runs that ended in an error of our own. ``awaited``: a person at the desk waits
    for this run.
    """

    model_config = ConfigDict(frozen=True)

    file: FileIdentity
    sidecar: FileIdentity | None
    arrived_at: AwareDatetime
    urgent: bool = False
    plan_folder: str | None = None
    aside_on: int | None = None
    run: int = 1
    faults: int = 0
    given_up: bool = False
    awaited: bool = False

    @property
    def goes_first(self) -> bool:
        """Whether it is read before the others."""
        return self.urgent or self.awaited


class Failure(BaseModel):
    """The sidecar of a source in ``failed/``."""

    document_id: str
    record_ids: list[str]
    failed_at: datetime
    reason: str
    what_to_do: str = (
        "Correct the cause and run `par-intake retry DOCUMENT_ID`, or ask the sender to fax it again; the record says the same."
    )


def new_document_id() -> str:
    """An id that sorts by time and tells nothing of the file."""
    return f"DOC-{int(time.time() * 1000):012X}{secrets.token_hex(5).upper()}"


def claimed_at(document_id: str) -> datetime | None:
    """When the document was claimed, as its id tells; ``None`` where that is no id of ours."""
    if not is_document_id(document_id):
        return None
    return datetime.fromtimestamp(int(document_id[4:16], 16) / 1000, UTC)


def is_document_id(text: str) -> bool:
    """Whether this could be a document's id, and so the name of its folder."""
    return re.fullmatch(r"DOC-[0-9A-F]{22}", text) is not None


def named(document_ids: Sequence[str]) -> str:
    """A few of the ids, and how many more there are, for a message."""
    more = len(document_ids) - _MOST_NAMED
    return ", ".join(document_ids[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def write_claim(folder: Path, claim: Claim) -> None:
    """Put the claim into the document's folder."""
    write_atomically(folder / OUR_FOLDER / "claim.json", claim.model_dump_json().encode())


def read_claim(folder: Path) -> Claim | None:
    """The claim of a document's folder; ``None`` where there is none, or none that can be understood."""
    try:
        return Claim.model_validate_json((folder / OUR_FOLDER / "claim.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def rebuilt_claim(folder: Path) -> Claim | None:
    """A claim made anew from the source that lies in the folder, for one that cannot be understood; ``None`` where none lies there.

    Raises:
        OSError: the folder cannot be read.
    """
    # Beside a source there may be its sidecar, or the reason why it failed, both JSON; but a sidecar may also stand alone.
    for path in sorted(folder.iterdir(), key=lambda one: (one.name.lower().endswith(SIDECAR_SUFFIX), one.name)):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            identity = FileIdentity.of(Entry(path.name, status.st_size, status.st_mtime_ns, status.st_ino))
            return Claim(file=identity, sidecar=None, arrived_at=datetime.fromtimestamp(status.st_ctime, UTC))
    return None


def mended_claim(folder: Path) -> Claim | None:
    """The claim of a document's folder, made anew where it was lost; ``None`` where its file is not there either.

    Raises:
        OSError: the folder cannot be read or written now.
    """
    claim = read_claim(folder)
    if claim is not None or not folder.is_dir():
        return claim
    claim = rebuilt_claim(folder)
    if claim is not None:
        (folder / OUR_FOLDER).mkdir(mode=0o700, exist_ok=True)
        write_claim(folder, claim)
    return claim


def claim_without_source(document_id: str, file_name: str, arrived_at: datetime, run: int) -> Claim:
    """A claim for a document of which nothing but its row in the store is left."""
    name = os.fsencode(file_name)
    # A name that was made printable may be longer than a file system takes.
    shown = name if len(name) <= _LONGEST_NAME_BYTES else document_id.encode()
    identity = FileIdentity(name=shown.decode("latin-1"), size=0, mtime_ns=0, inode=0)
    return Claim(file=identity, sidecar=None, arrived_at=arrived_at, run=run)


def gateway_file(folder: Path) -> Path:
    """Where the fax gateway's sidecar lies."""
    return folder / OUR_FOLDER / "gateway.json"


def records_file(folder: Path) -> Path:
    """Where the records lie until they are in the store."""
    return folder / OUR_FOLDER / "records.json"


def write_records(folder: Path, records: tuple[ReferralRecord, ...]) -> None:
    """Keep what was read until it is in the store."""
    write_atomically(records_file(folder), _RECORDS.dump_json(records))


def read_records(folder: Path) -> tuple[ReferralRecord, ...] | None:
    """What was read; ``None`` where it is not there, or cannot be understood.

    Raises:
        OSError: the folder cannot be read now.
    """
    try:
        return _RECORDS.validate_json(records_file(folder).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def failure_file(folder: Path, claim: Claim) -> Path:
    """Where the reason lies, beside a source in ``failed/``."""
    name = claim.file.file_name
    return folder / (f"{name}.failure.json" if len(os.fsencode(name)) <= _LONGEST_NAME_BYTES else "failure.json")
