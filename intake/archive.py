"""The archives ``done/`` and ``failed/``: documents go there when they are finished, and come back to be read again.

With keys, the source, the gateway's sidecar and the kept pages lie there sealed; the claim beside them keeps the source's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.archive_part import Part
from intake.folders import Folders
from intake.kept_pages import forget_prints, unfinished_pages
from intake.sealing import Keyring
from intake.work_item import (
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
from models.errors import StorageUnavailable, WorkLost
from models.files import rename_durably, write_atomically


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
    for left in unfinished_pages(folder):
        left.unlink()
    forget_prints(folder)
    if claim is not None and keyring is not None:
        for part in Part.all_of(folder, claim):
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
    return not Part.source_of(folder, claim).is_there()


def take_back(folders: Folders, document_id: str, keyring: Keyring | None, *, at_desk: bool = False) -> bool:
    """Bring a document from ``failed/`` back into work, to be read once more; so also one in work that was given up.

    What is sealed is opened in work, so that nothing plain is left in an archive, whenever this is killed. The kept pages stay as
    they are, and can be looked at until they are written anew.

    Args:
        folders: the layout.
        document_id: which document.
        keyring: what sealed sources are opened with.
        at_desk: a person waits for it: one in ``done/`` is taken too, and it is read before those that wait.

    Returns:
        Whether there was such a document.

    Raises:
        ConfigurationError: it is sealed, and its key is not among the keys.
        OSError: a folder cannot be written now.
        SealBroken: what is sealed was changed.
        StorageUnavailable: it was read, and its source is not there any more.
    """
    if not is_document_id(document_id):
        return False
    given_up = read_claim(folders.work / document_id)
    if given_up is not None:
        if given_up.given_up:
            write_claim(folders.work / document_id, _once_more(given_up, at_desk=at_desk))
        return given_up.given_up
    places = (folders.failed, folders.done) if at_desk else (folders.failed,)
    return any(_brought_back(place / document_id, folders, keyring, at_desk=at_desk) for place in places)


def _brought_back(folder: Path, folders: Folders, keyring: Keyring | None, *, at_desk: bool) -> bool:
    claim = read_claim(folder)
    if claim is None:
        return False
    if folder.parent == folders.done and not Part.source_of(folder, claim).is_there():
        raise StorageUnavailable("A document's source is not there any more.")
    try:
        for part in Part.arrived(folder, claim):
            part.check(keyring)
        write_claim(folder, _once_more(claim, at_desk=at_desk))
        failure_file(folder, claim).unlink(missing_ok=True)
        rename_durably(folder, folders.work / folder.name)
    except FileNotFoundError:
        if folder.is_dir():
            raise
        return False  # somebody else had it read again meanwhile, or it was purged
    return True


def _once_more(claim: Claim, *, at_desk: bool) -> Claim:
    return claim.model_copy(update={"run": claim.run + 1, "faults": 0, "given_up": False, "awaited": at_desk})


def open_folder(folder: Path, claim: Claim, keyring: Keyring | None) -> None:
    """Lay a document's files as they lie in work: the source plain under its name, the sidecar among ours.

    Raises:
        ConfigurationError: it is sealed, and its key is not among the keys.
        OSError: the folder cannot be written now.
        SealBroken: what is sealed was changed.
    """
    for part in Part.arrived(folder, claim):
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
        yield from Part.source_of(folder, claim).pieces(keyring)


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
                done = [part.reseal(keyring) for part in Part.all_of(folder, claim)]
            except FileNotFoundError:
                if folder.exists():
                    raise
                continue  # an operator had it read again meanwhile, or it was purged
            anew, before = (anew + 1, before) if any(done) else (anew, before + 1)
    return Resealed(anew, before)
