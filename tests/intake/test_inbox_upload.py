"""Files handed in at the desk: whole or not at all, under names that the inbox takes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.folders import Folders
from intake.inbox_upload import InboxUpload
from intake.listing import list_inbox
from intake.settings import Settings
from models.errors import TooLarge
from tests.intake.harness import fax

_PDF = fax("handed in")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = Folders.of(Settings(inbox=tmp_path / "in", outbox=tmp_path / "out", data=tmp_path / "data"), "local")
    found.inbox.mkdir()
    return found


@pytest.fixture
def uploads(folders: Folders) -> InboxUpload:
    return InboxUpload(folders, "local", 1000)


def taken(folders: Folders) -> dict[str, bytes]:
    return {entry.name: entry.path(folders.inbox).read_bytes() for entry in list_inbox(folders.inbox)}


def test_a_file_keeps_its_name_and_is_closed_to_others(uploads: InboxUpload, folders: Folders) -> None:
    uploads.take("Élan, page 1.pdf", iter([_PDF[:5], _PDF[5:]]))
    assert taken(folders) == {"Élan, page 1.pdf": _PDF}
    (path,) = folders.inbox.iterdir()
    assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_nlink) == (0o600, 1)


def test_no_file_goes_over_another_and_none_gets_a_sidecar_that_waits_for_another(uploads: InboxUpload, folders: Folders) -> None:
    (folders.inbox / "a.pdf").write_bytes(b"before")
    (folders.inbox / "b.json").write_bytes(b"{}")
    (folders.inbox / "c.pdf.json").write_bytes(b"{}")
    for name in ("a.pdf", "a.pdf", "b.pdf", "c.pdf", "plain", "plain"):
        uploads.take(name, iter([_PDF]))
    faxes = taken(folders)
    assert faxes.pop("a.pdf") == b"before"
    assert {name for name in faxes if not name.endswith(".json")} == {
        "a (2).pdf",
        "a (3).pdf",
        "b (2).pdf",
        "c (2).pdf",
        "plain",
        "plain (2)",
    }


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden.pdf",
        "../../etc/passwd",
        "a/b.pdf",
        "a\\b.pdf",
        "C:a.pdf",
        "a\nb.pdf",
        "a\x00.pdf",
        "\u202efdp.exe",
        "\ud800.pdf",
        " a.pdf",
        "x" * 200 + ".pdf",
        "sidecar.json",
        "README.md",
        "half.pdf.part",
        "urgent~",
    ],
)
def test_a_name_that_is_not_safe_is_not_used(name: str, uploads: InboxUpload, folders: Folders) -> None:
    uploads.take(name, iter([_PDF]))
    assert taken(folders) == {"upload.pdf": _PDF}
    assert [path.name for path in folders.inbox.parent.iterdir()] == ["in"]


def test_a_nameless_file_is_called_by_its_type(uploads: InboxUpload, folders: Folders) -> None:
    for content in (b"II*\x00rest", b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xffrest", b"anything", b""):
        uploads.take("", iter([content]))
    assert sorted(taken(folders)) == ["upload", "upload (2)", "upload.jpg", "upload.png", "upload.tif"]


def _cut_off() -> Iterator[bytes]:
    yield _PDF
    raise ConnectionResetError


def test_what_does_not_come_to_its_end_or_is_too_large_leaves_nothing(uploads: InboxUpload, folders: Folders) -> None:
    with pytest.raises(ConnectionResetError):
        uploads.take("a.pdf", _cut_off())
    with pytest.raises(TooLarge):
        uploads.take("a.pdf", iter([bytes(600), bytes(600)]))
    assert list(folders.inbox.iterdir()) == []
    uploads.take("a.pdf", iter([bytes(600), bytes(400)]))
    assert list(taken(folders)) == ["a.pdf"]


def test_a_share_without_second_names_is_written_to_all_the_same(
    uploads: InboxUpload, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", refused)
    uploads.take("a.pdf", iter([_PDF]))
    assert [path.name for path in folders.inbox.iterdir()] == ["a.pdf"]


def test_what_was_cut_short_is_removed_by_the_worker_that_began_it_and_by_no_other(uploads: InboxUpload, folders: Folders) -> None:
    for name in (".upload.local.0123", ".upload.local.two.0123", ".upload.other.0123", ".part", "a.pdf"):
        (folders.inbox / name).touch()
    uploads.clear()
    left = sorted(path.name for path in folders.inbox.iterdir())
    assert left == [".part", ".upload.local.two.0123", ".upload.other.0123", "a.pdf"]
