"""The archives ``done/`` and ``failed/``: documents go there when they are finished, and come back to be read again.

With keys, the source and the gateway's sidecar lie there sealed; the claim beside them keeps the source's name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.folders import Folders
from intake.sealing import Keyring, key_of, plain_pieces, seal, unseal
from intake.work_item import (
    OUR_FOLDER,
    Claim,
    Failure,
    failure_file,
    gateway_file,
    is_document_id,
    mended_claim,
    read_claim,
    records_file,
    write_claim,
)
from models.errors import ConfigurationError, WorkLost
from models.files import rename_durably, sync_folder, write_atomically

_SEALED = ".sealed"


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of a document that is sealed in an archive; ``purpose`` binds it to the document and to its part in it."""

    plain: Path
    sealed: Path
    purpose: str

    @classmethod
    def source_of(cls, folder: Path, claim: Claim) -> _Part:
        """The source itself."""
        return cls(folder / claim.file.file_name, folder / OUR_FOLDER / f"source{_SEALED}", f"{folder.name}/source")

    @classmethod
    def all_of(cls, folder: Path, claim: Claim) -> tuple[_Part, ...]:
        """The source, and the sidecar where there is one."""
        parts = [cls.source_of(folder, claim)]
        if claim.sidecar is not None:
            plain = folder / claim.sidecar.file_name
            parts.append(cls(plain, folder / OUR_FOLDER / f"gateway{_SEALED}", f"{folder.name}/gateway"))
        return tuple(parts)

    def seal(self, keyring: Keyring) -> bool:
        """Replace the plain file by the sealed one; gives whether there was one. The plain one goes last."""
        if not self.plain.exists():
            return False
        seal(plain_pieces(self.plain), self.sealed, keyring.first, self.purpose)
        self.plain.unlink()
        sync_folder(self.plain.parent)
        return True

    def unseal(self, keyring: Keyring | None) -> None:
        """Replace the sealed file by the plain one. A plain one that an operator put there stays."""
        if not self.sealed.exists():
            return
        if not self.plain.exists():
            temporary = self.sealed.with_suffix(".plain")
            with temporary.open("wb") as file:
                for piece in self.pieces(keyring):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            rename_durably(temporary, self.plain)
        self.sealed.unlink()

    def reseal(self, keyring: Keyring) -> bool:
        """Seal with the first key what is not; gives whether anything was done."""
        if not self.sealed.exists() or self.plain.exists():
            return self.seal(keyring)
        if key_of(self.sealed) == keyring.first.key_id:
            return False
        seal(self.pieces(keyring), self.sealed, keyring.first, self.purpose)
        return True

    def pieces(self, keyring: Keyring | None) -> Iterator[bytes]:
        """The bytes, wherever they lie."""
        if self.plain.exists():
            yield from plain_pieces(self.plain)
            return
        with self.sealed.open("rb") as file:
            if keyring is None:
                raise ConfigurationError("A source is sealed, and archive_keys names no key.")
            yield from unseal(file, keyring, self.purpose)


def archive(folders: Folders, document_id: str, failure: Failure | None, keyring: Keyring | None) -> None:
    """Move a document's folder to its archive, sealed where there are keys; done before, it does nothing.

    Raises:
        OSError: a folder cannot be written now.
        WorkLost: there is nothing to move, neither in work nor in an archive.
    """
    folder = folders.work / document_id
    target = (folders.done if failure is None else folders.failed) / document_id
    claim = mended_claim(folder)
    if claim is None and target.is_dir():
        return
    if claim is None and not folder.is_dir() and folders.work.is_dir():
        if find(folders, document_id) is not None:
            return  # it went to the other archive in an earlier run
        raise WorkLost("A document's folder is gone.")
    if claim is not None and claim.sidecar is not None and gateway_file(folder).exists():
        gateway_file(folder).replace(folder / claim.sidecar.file_name)
    if claim is not None and failure is not None:
        write_atomically(failure_file(folder, claim), failure.model_dump_json(indent=2).encode() + b"\n")
    if claim is not None and keyring is not None:
        for part in _Part.all_of(folder, claim):
            part.seal(keyring)
    records_file(folder).unlink(missing_ok=True)
    rename_durably(folder, target)


def source_is_gone(folders: Folders, document_id: str) -> bool:
    """Whether a document stands in work without its source, plain or sealed.

    Raises:
        OSError: its folder cannot be read now.
    """
    folder = folders.work / document_id
    claim = mended_claim(folder)
    if claim is None:
        return folder.is_dir()
    source = _Part.source_of(folder, claim)
    return not source.plain.exists() and not source.sealed.exists()


def take_back(folders: Folders, document_id: str, keyring: Keyring | None) -> bool:
    """Bring a document from ``failed/`` back into work, to be read once more; so also one in work that was given up.

    Returns:
        Whether there was such a document.

    Raises:
        ConfigurationError: it is sealed, and its key is not among the keys.
        OSError: a folder cannot be written now.
        SealBroken: what is sealed was changed.
    """
    if not is_document_id(document_id):
        return False
    given_up = read_claim(folders.work / document_id)
    if given_up is not None:
        if given_up.given_up:
            write_claim(folders.work / document_id, _once_more(given_up))
        return given_up.given_up
    folder = folders.failed / document_id
    claim = read_claim(folder)
    if claim is None:
        return False
    open_folder(folder, claim, keyring)
    write_claim(folder, _once_more(claim))
    failure_file(folder, claim).unlink(missing_ok=True)
    rename_durably(folder, folders.work / document_id)
    return True


def _once_more(claim: Claim) -> Claim:
    return claim.model_copy(update={"run": claim.run + 1, "faults": 0, "given_up": False})


def open_folder(folder: Path, claim: Claim, keyring: Keyring | None) -> None:
    """Lay a document's files as they lie in work: the source plain under its name, the sidecar among ours.

    Raises:
        ConfigurationError: it is sealed, and its key is not among the keys.
        OSError: the folder cannot be written now.
        SealBroken: what is sealed was changed.
    """
    for part in _Part.all_of(folder, claim):
        part.unseal(keyring)
    if claim.sidecar is not None and (folder / claim.sidecar.file_name).exists():
        (folder / claim.sidecar.file_name).replace(gateway_file(folder))


def find(folders: Folders, document_id: str) -> Path | None:
    """The folder of a document, wherever it is."""
    places = (folders.work, folders.done, folders.failed) if is_document_id(document_id) else ()
    return next((place / document_id for place in places if (place / document_id).is_dir()), None)


def source_pieces(folder: Path, keyring: Keyring | None) -> Iterator[bytes]:
    """The bytes of a document's source, plain or sealed.

    Raises:
        ConfigurationError: it is sealed, and its key is not among the keys.
        OSError: it cannot be read now.
        SealBroken: it is not what was sealed. What came before is right, and is not all.
    """
    claim = read_claim(folder)
    if claim is not None:
        yield from _Part.source_of(folder, claim).pieces(keyring)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many documents of the archives were sealed anew, and how many had been sealed with the first key."""

    anew: int
    before: int


def reseal_archives(folders: Folders, keyring: Keyring) -> Resealed:
    """Seal every archived source with the first key: those that are plain, and those that another key seals.

    Each file is replaced whole, so a run that is killed loses nothing, and the next one goes on.

    Raises:
        ConfigurationError: a source is sealed with a key that is not among the keys.
        OSError: a folder cannot be read or written now.
        SealBroken: what is sealed was changed.
    """
    anew = before = 0
    for place in (folders.done, folders.failed):
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            claim = read_claim(folder)
            if claim is None:
                continue
            try:
                done = [part.reseal(keyring) for part in _Part.all_of(folder, claim)]
            except FileNotFoundError:
                if folder.exists():
                    raise
                continue  # an operator had it read again meanwhile, or it was purged
            anew, before = (anew + 1, before) if any(done) else (anew, before + 1)
    return Resealed(anew, before)
