"""The parts of a document that are sealed in an archive with keys: the source, the gateway's sidecar, and each page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.kept_pages import SEALED, kept_numbers, page_file
from intake.sealing import Keyring, key_of, plain_pieces, seal, unseal
from intake.work_item import OUR_FOLDER, Claim
from models.errors import ConfigurationError
from models.files import rename_durably, sync_folder


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a document; ``purpose`` binds its seal to the document and to its part in it."""

    plain: Path
    sealed: Path
    purpose: str

    @classmethod
    def source_of(cls, folder: Path, claim: Claim) -> Part:
        """The source itself."""
        return cls(folder / claim.file.file_name, folder / OUR_FOLDER / f"source{SEALED}", f"{folder.name}/source")

    @classmethod
    def arrived(cls, folder: Path, claim: Claim) -> tuple[Part, ...]:
        """What arrived: the source, and the sidecar where there is one."""
        parts = [cls.source_of(folder, claim)]
        if claim.sidecar is not None:
            plain = folder / claim.sidecar.file_name
            parts.append(cls(plain, folder / OUR_FOLDER / f"gateway{SEALED}", f"{folder.name}/gateway"))
        return tuple(parts)

    @classmethod
    def page_of(cls, folder: Path, number: int) -> Part:
        """One page as its reader saw it, 1-based."""
        plain = page_file(folder, number)
        return cls(plain, plain.with_suffix(SEALED), f"{folder.name}/page/{number}")

    @classmethod
    def all_of(cls, folder: Path, claim: Claim) -> tuple[Part, ...]:
        """What arrived, and the pages.

        Raises:
            OSError: the folder cannot be read now.
        """
        pages = (cls.page_of(folder, number) for number in sorted(kept_numbers(folder)))
        return (*cls.arrived(folder, claim), *pages)

    def is_there(self) -> bool:
        """Whether the file is there, plain or sealed."""
        return self.plain.exists() or self.sealed.exists()

    def check(self, keyring: Keyring | None) -> None:
        """Open what is sealed, to the last byte, and keep nothing of it.

        Raises:
            ConfigurationError: its key is not among the keys.
            OSError: it cannot be read now.
            SealBroken: it is not what was sealed.
        """
        if self.is_there():
            for _ in self.pieces(keyring):
                pass

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
        """The bytes, wherever they lie.

        Raises:
            ConfigurationError: it is sealed, and its key is not among the keys.
            OSError: it is not there, or cannot be read now.
            SealBroken: it is not what was sealed. What came before is right, and is not all.
        """
        if self.plain.exists():
            yield from plain_pieces(self.plain)
            return
        with self.sealed.open("rb") as file:
            if keyring is None:
                raise ConfigurationError("A source is sealed, and archive_keys names no key.")
            yield from unseal(file, keyring, self.purpose)
