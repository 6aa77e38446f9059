"""Sealed files: encrypted and authenticated with AES-256-GCM, piece by piece, so that memory stays small whatever the file's size.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 2015), as used by age and Tink. Each file has a key of its own,
derived by HKDF-SHA256 from one of the site's keys and a random salt. Each piece has a nonce that counts it and says whether it is
the last. A piece that is changed, moved, left out or added is noticed, and so is a file that belongs to another document.

::

    PARSEAL1 | id of the key, 8 bytes | salt, 32 bytes | pieces of 1 MiB, each with its tag of 16 bytes
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import ConfigurationError, SealBroken
from models.files import rename_durably

_MAGIC = b"PARSEAL1"
_KEY_BYTES = 32
_ID_BYTES = 8
_SALT_BYTES = 32
_HEADER_BYTES = len(_MAGIC) + _ID_BYTES + _SALT_BYTES
_PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_COUNTER_BYTES = 11
_IN_ENVIRONMENT = "env:"


@dataclass(frozen=True, slots=True)
class Key:
    """One of the site's keys. ``key_id`` tells it from the others and says nothing of it."""

    key_id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, written: str) -> Key:
        """A key as :func:`new_key` writes it.

        Raises:
            ValueError: it is none.
        """
        secret = base64.b64decode(written, altchars=b"-_", validate=True)
        if len(secret) != _KEY_BYTES:
            raise ValueError(f"a key has {_KEY_BYTES} bytes")
        return cls(hashlib.sha256(b"par-intake key id" + secret).digest()[:_ID_BYTES], secret)


def new_key() -> str:
    """A random key, as it stands in a file of keys."""
    return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode("ascii")


@dataclass(frozen=True, slots=True)
class Keyring:
    """The site's keys. The first seals; all of them open."""

    keys: tuple[Key, ...]

    @property
    def first(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def key(self, key_id: bytes) -> Key:
        """The key of this id.

        Raises:
            ConfigurationError: it is not among them.
        """
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise ConfigurationError("A source is sealed with a key that archive_keys does not hold.")


def read_keyring(where: str | None) -> Keyring | None:
    """The keys that the setting ``archive_keys`` names: a file, or ``env:NAME``; ``None`` where it names none.

    One key a line or word, the first of them seals; a line that begins with ``#`` is a comment. A variable is removed from our
    environment, so that no program that we start gets it.

    Raises:
        ConfigurationError: there are no keys, one is no key, or the file is open to every user.
    """
    if where is None:
        return None
    written = re.sub(r"^#.*$", "", _written_keys(where), flags=re.MULTILINE).split()
    try:
        keys = tuple(Key.of(one) for one in written)
    except (ValueError, binascii.Error):
        raise ConfigurationError("archive_keys names something that is no key; par-intake key new makes one.") from None
    if not keys:
        raise ConfigurationError("archive_keys names no key; par-intake key new makes one.")
    return Keyring(keys)


def _written_keys(where: str) -> str:
    if where.startswith(_IN_ENVIRONMENT):
        return os.environ.pop(where.removeprefix(_IN_ENVIRONMENT), "")
    try:
        with Path(where).open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IROTH | stat.S_IWOTH):
                raise ConfigurationError("The file of archive_keys is open to every user of this machine.")
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("The file of archive_keys cannot be read.") from error


def key_of(sealed: Path) -> bytes:
    """The id of the key that a file is sealed with.

    Raises:
        OSError: it cannot be read now.
        SealBroken: it is no sealed file.
    """
    with sealed.open("rb") as file:
        return _header(file)[len(_MAGIC) : -_SALT_BYTES]


def seal(source: Iterator[bytes], target: Path, key: Key, purpose: str) -> None:
    """Write the pieces of ``source`` to ``target``, sealed, whole or not at all.

    Args:
        source: the bytes, in pieces of any size.
        target: the file to write.
        key: what to seal with.
        purpose: whose file this is; it opens only for the same.

    Raises:
        OSError: the folder cannot be written now.
    """
    header = _MAGIC + key.key_id + os.urandom(_SALT_BYTES)
    cipher = _cipher(key, header, purpose)
    temporary = target.with_name(f".{target.name}.tmp")
    with temporary.open("wb") as file:
        file.write(header)
        for number, (piece, last) in enumerate(_pieces(source)):
            file.write(cipher.encrypt(_nonce(number, last=last), piece, None))
        file.flush()
        os.fsync(file.fileno())
    rename_durably(temporary, target)


def unseal(sealed: BinaryIO, keyring: Keyring, purpose: str) -> Iterator[bytes]:
    """The bytes of a sealed file, each piece after it was found to be as it was sealed.

    Raises:
        ConfigurationError: its key is not among the keys.
        OSError: it cannot be read now.
        SealBroken: it is not what was sealed. What came before is right, and is not all.
    """
    header = _header(sealed)
    cipher = _cipher(keyring.key(header[len(_MAGIC) : -_SALT_BYTES]), header, purpose)
    number = 0
    piece = sealed.read(_PIECE_BYTES + _TAG_BYTES)
    while True:
        following = sealed.read(_PIECE_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("A sealed source was changed, or is not whole.") from error
        if not following:
            return
        piece, number = following, number + 1


def plain_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in pieces."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _header(file: BinaryIO) -> bytes:
    header = file.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or not header.startswith(_MAGIC):
        raise SealBroken("A sealed source was changed, or is not whole.")
    return header


def _cipher(key: Key, header: bytes, purpose: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=header[-_SALT_BYTES:], info=header + purpose.encode())
    return AESGCM(derived.derive(key.secret))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])


def _pieces(source: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes in pieces of one size, the last one shorter, perhaps empty, and marked."""
    waiting = b""
    for given in source:
        waiting += given
        while len(waiting) > _PIECE_BYTES:
            yield waiting[:_PIECE_BYTES], False
            waiting = waiting[_PIECE_BYTES:]
    yield waiting, True
