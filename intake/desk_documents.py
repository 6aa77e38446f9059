"""What the desk may have done with documents: give the source back, read it again, take in a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from intake.archive import find, source_pieces, take_back
from intake.folders import Folders
from intake.identify import media_type_of
from intake.inbox_upload import InboxUpload
from intake.sealing import Keyring
from intake.storage import storage_errors

_UNKNOWN_TYPE = "application/octet-stream"
_LOOKS = 3


class FolderDocuments:
    """The documents as they lie in the folders; for any number of threads.

    Args:
        folders: the layout.
        keyring: what sealed sources are opened with.
        uploads: lays files into the inbox.
        wake: has the service look at its folders now.
    """

    def __init__(self, folders: Folders, keyring: Keyring | None, uploads: InboxUpload, wake: Callable[[], None]) -> None:
        self._folders = folders
        self._keyring = keyring
        self._uploads = uploads
        self._wake = wake

    def source(self, document_id: str) -> tuple[str, Iterator[bytes]] | None:
        """Media type and bytes of the source as it arrived; ``None`` where it is not there any more.

        Raises:
            ConfigurationError: its key is not among the keys.
            SealBroken: it is not what was sealed; raised at the first piece, or by the iterator.
            StorageUnavailable: it cannot be read now; likewise.
        """
        with storage_errors():
            # A document moves from work to an archive between two looks; a file that was opened is read to its end.
            for _ in range(_LOOKS):
                folder = find(self._folders, document_id)
                if folder is None:
                    return None
                pieces = source_pieces(folder, self._keyring)
                try:
                    first = next(pieces, b"")
                except FileNotFoundError:
                    continue
                media_type = media_type_of(first)
                return media_type.value if media_type else _UNKNOWN_TYPE, _told(chain((first,), pieces))
        return None

    def read_again(self, document_id: str) -> bool:
        """Have an archived document read again, before those that wait; false while it is in work, or where there is none.

        Raises:
            ConfigurationError: its key is not among the keys.
            SealBroken: its source is not what was sealed.
            StorageUnavailable: a folder cannot be written now, or its source is not there any more.
        """
        with storage_errors():
            taken = take_back(self._folders, document_id, self._keyring, at_desk=True)
        if taken:
            self._wake()
        return taken

    def upload(self, name: str, pieces: Iterator[bytes]) -> None:
        """Lay a file into the watched folder, whole or not at all; its name is kept where it is a safe one.

        Raises:
            TooLarge: it is larger than the settings allow.
            StorageUnavailable: the folder cannot be written now.
        """
        with storage_errors():
            self._uploads.take(name, pieces)
        self._wake()


def _told(pieces: Iterator[bytes]) -> Iterator[bytes]:
    with storage_errors():
        yield from pieces
