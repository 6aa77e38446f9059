"""From a path to a document: what the bytes are, told by the bytes alone."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.document import MediaType
from models.errors import EmptyFile, InaccessibleFile, TooLarge, UnsupportedFile

# A PDF may have up to 1024 bytes of other matter before its header (PDF 1.7, appendix H, note 13).
_HEAD_BYTES = 1024
_CHUNK_BYTES = 1 << 20
_SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),  # BigTIFF
    (b"MM\x00+", MediaType.TIFF),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
)


def media_type_of(head: bytes) -> MediaType | None:
    """The type that the first bytes of a file announce, or ``None`` for a type that is not read."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    return MediaType.PDF if b"%PDF-" in head[:_HEAD_BYTES] else None


def digest_of(path: Path, max_bytes: int | None = None) -> str:
    """SHA-256 of the file's bytes, in hexadecimal.

    Args:
        path: the file.
        max_bytes: the largest file that is read; a larger one has no digest, but an empty one. A file that claims a petabyte, and
            has no block on the disk, would keep us busy for weeks.

    Raises:
        InaccessibleFile: the path names no regular file, or one that may not be read.
    """
    digest = hashlib.sha256()
    with regular_file(path) as file:
        if max_bytes is not None and os.fstat(file.fileno()).st_size > max_bytes:
            return ""
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def identify(path: Path, max_bytes: int) -> MediaType:
    """The type of the file's bytes.

    Args:
        path: the file.
        max_bytes: the largest file that is read.

    Raises:
        InaccessibleFile: the path names no regular file, or one that may not be read.
        EmptyFile: there are no bytes.
        TooLarge: there are more than ``max_bytes``.
        UnsupportedFile: the bytes are none of PDF, TIFF, PNG or JPEG.
    """
    with regular_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(_HEAD_BYTES)
    if size == 0:
        raise EmptyFile("The file has no bytes.")
    if size > max_bytes:
        raise TooLarge(f"The file has more than {max_bytes} bytes.")
    media_type = media_type_of(head)
    if media_type is None:
        raise UnsupportedFile("The bytes are none of PDF, TIFF, PNG or JPEG.")
    return media_type


@contextmanager
def regular_file(path: Path, *, follow_links: bool = True) -> Iterator[BinaryIO]:
    """The file, opened for reading, and never waited for: what is no regular file is not opened.

    Raises:
        InaccessibleFile: the path names no regular file, or one that may not be read.
    """
    try:
        # Asked first, for opening a device may move something; and once more when it is open, for it may be another by then.
        _refuse_irregular(path.stat(follow_symlinks=follow_links))
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | (0 if follow_links else os.O_NOFOLLOW)
        with os.fdopen(os.open(path, flags), "rb") as file:
            _refuse_irregular(os.fstat(file.fileno()))
            yield file
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no such path"
        raise InaccessibleFile(f"The file cannot be read: {reason}.") from error


def _refuse_irregular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InaccessibleFile("The path names no regular file.")
