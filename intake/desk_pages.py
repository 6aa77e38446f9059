"""The pages of documents for the desk, wherever a document lies, opened where they are sealed."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from intake.archive import find
from intake.archive_part import Part
from intake.folders import Folders
from intake.kept_pages import KeptPage, NotAPage, kept_numbers
from intake.sealing import Keyring
from intake.storage import storage_errors
from models.errors import ConfigurationError, SealBroken
from review.services import PageView, PageWord

_log = structlog.get_logger(__name__)

# Some two hundred fax pages: those that a few people look at now, and will turn to next.
_MOST_CACHED_BYTES = 32_000_000
_WORD_BYTES = 400  # of a word with its box, in memory
_LOOKS = 3

T = TypeVar("T")


class FolderPages:
    """The pages as they lie in the documents' folders; for any number of threads."""

    def __init__(self, folders: Folders, keyring: Keyring | None) -> None:
        self._folders = folders
        self._keyring = keyring
        self._cache = _Cache(_MOST_CACHED_BYTES)

    def count(self, document_id: str) -> int:
        """How many pages there are to look at; 0 where the document could not be opened, or is not there any more.

        Raises:
            StorageUnavailable: the folders cannot be read now.
        """
        return self._look(document_id, lambda folder: max(kept_numbers(folder), default=0)) or 0

    def page(self, document_id: str, number: int) -> PageView | None:
        """One page, 1-based; ``None`` where there is none, it could not be drawn, or its seal cannot be opened.

        Raises:
            StorageUnavailable: the folders cannot be read now.
        """
        return self._look(document_id, lambda folder: self._page_in(folder, number))

    def _look(self, document_id: str, look: Callable[[Path], T]) -> T | None:
        """Look into the document's folder, and once more where it moved meanwhile, as from work to an archive."""
        with storage_errors():
            for _ in range(_LOOKS):
                folder = find(self._folders, document_id)
                if folder is None:
                    return None
                try:
                    found = look(folder)
                except FileNotFoundError:
                    continue
                if folder.is_dir():
                    return found
        return None

    def _page_in(self, folder: Path, number: int) -> PageView | None:
        if number not in kept_numbers(folder):
            return None
        part = Part.page_of(folder, number)
        stamp = _stamp(part.plain if part.plain.exists() else part.sealed)
        key = (folder.name, number)
        cached = self._cache.get(key, stamp)
        if cached is None:
            cached = self._opened(folder.name, number, part)
            if cached is not None:
                self._cache.put(key, stamp, cached)
        return cached

    def _opened(self, document_id: str, number: int, part: Part) -> PageView | None:
        try:
            kept = KeptPage.unpacked(b"".join(part.pieces(self._keyring)))
        except (ConfigurationError, SealBroken) as error:
            _log.warning("a kept page cannot be opened", document_id=document_id, page=number, code=error.code)
            return None
        except NotAPage:
            _log.warning("a kept page cannot be understood", document_id=document_id, page=number)
            return None
        if not kept.image:
            return None
        words = tuple(PageWord(word.text, word.box) for word in kept.words)
        return PageView(number, kept.width, kept.height, kept.image, words)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Tells a page's file from another one in its place, which is another page."""

    device: int
    inode: int
    size: int
    mtime_ns: int


def _stamp(path: Path) -> _Stamp:
    status: os.stat_result = path.stat()
    return _Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class _Cache:
    """The pages that were looked at last, up to so many bytes of memory."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[tuple[str, int], tuple[_Stamp, PageView]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, int], stamp: _Stamp) -> PageView | None:
        """The page, if its file is still the same."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != stamp:
                return None
            self._pages.move_to_end(key)
            return found[1]

    def put(self, key: tuple[str, int], stamp: _Stamp, page: PageView) -> None:
        """Remember a page, and forget those that were not asked for longest."""
        with self._lock:
            self._forget(key)
            self._pages[key] = (stamp, page)
            self._bytes += _bytes_of(page)
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: tuple[str, int]) -> None:
        before = self._pages.pop(key, None)
        self._bytes -= 0 if before is None else _bytes_of(before[1])


def _bytes_of(page: PageView) -> int:
    return len(page.image) + _WORD_BYTES * len(page.words)
