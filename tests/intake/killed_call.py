"""``python -m tests.intake.killed_call N DATA ACTION ARGUMENT``: one act of the desk, killed before its N-th call to the disk.

Exits with 0 where the act makes fewer calls than that.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from intake.desk_documents import FolderDocuments
from intake.folders import Folders
from intake.inbox_upload import InboxUpload
from intake.sealing import read_keyring
from intake.settings import load_settings

_CALLS = ("open", "fsync", "rename", "replace", "unlink", "link", "mkdir")


P = ParamSpec("P")
T = TypeVar("T")


def _counted(call: Callable[P, T], made: list[int], last: int) -> Callable[P, T]:
    def counted(*arguments: P.args, **named: P.kwargs) -> T:
        made[0] += 1
        if made[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)

    return counted


def main() -> None:
    last, data, action, argument = sys.argv[1:]
    settings = load_settings({"data": Path(data), "inbox": Path(data).parent / "in", "outbox": Path(data).parent / "out"})
    folders = Folders.of(settings, "local")
    keyring = read_keyring(settings.archive_keys)
    documents = FolderDocuments(folders, keyring, InboxUpload(folders, "local", 1 << 20), lambda: None)
    made = [0]
    for name in _CALLS:
        setattr(os, name, _counted(getattr(os, name), made, int(last)))
    if action == "upload":
        documents.upload(argument, iter([b"%PDF-1.4\n", argument.encode(), b"\n%%EOF\n"]))
    elif not documents.read_again(argument):
        sys.exit(3)


if __name__ == "__main__":
    main()
