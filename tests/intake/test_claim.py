"""Claiming: by rename, once, and carried to its end after any interruption."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BufferedWriter
from itertools import count
from pathlib import Path

import pytest

from intake import claim as claiming
from intake.claim import claim, finish_claims
from intake.folders import Folders
from intake.listing import list_inbox
from intake.settings import Settings
from intake.stability import Ready
from intake.work_item import OUR_FOLDER, gateway_file, read_claim, write_claim
from models.files import rename_durably

NOW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return _folders(tmp_path)


def _folders(root: Path) -> Folders:
    settings = Settings(inbox=root / "in", outbox=root / "out", data=root / "data")
    made = Folders.of(settings, "w1")
    made.prepare()
    return made


def _drop(folders: Folders, name: str = "a.pdf", content: bytes = b"fax", sidecar: str | None = None) -> Ready:
    (folders.inbox / name).write_bytes(content)
    if sidecar is not None:
        (folders.inbox / sidecar).write_bytes(b"{}")
    entries = {entry.name: entry for entry in list_inbox(folders.inbox)}
    return Ready(entries[name], entries.get(sidecar or ""))


def test_a_claimed_file_has_left_the_inbox_with_its_sidecar(folders: Folders) -> None:
    document_id = claim(_drop(folders, sidecar="a.json"), folders, NOW)
    assert document_id is not None
    assert list(folders.inbox.iterdir()) == []
    folder = folders.work / document_id
    assert (folder / "a.pdf").read_bytes() == b"fax"
    assert gateway_file(folder).read_bytes() == b"{}"


def test_a_claimed_file_is_the_same_file_and_no_copy(folders: Folders) -> None:
    ready = _drop(folders)
    document_id = claim(ready, folders, NOW)
    assert (folders.work / str(document_id) / "a.pdf").stat().st_ino == ready.entry.inode


def test_a_claimed_file_is_open_to_us_alone(folders: Folders) -> None:
    document_id = claim(_drop(folders), folders, NOW)
    path = folders.work / str(document_id) / "a.pdf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_changed_since_the_look_stays(folders: Folders) -> None:
    ready = _drop(folders)
    (folders.inbox / "a.pdf").write_bytes(b"more of the fax")
    assert claim(ready, folders, NOW) is None
    assert (folders.inbox / "a.pdf").exists()
    assert list(folders.claim.iterdir()) == []


def test_a_file_that_became_a_link_stays(folders: Folders, tmp_path: Path) -> None:
    ready = _drop(folders)
    (folders.inbox / "a.pdf").unlink()
    (folders.inbox / "a.pdf").symlink_to(tmp_path / "secret")
    assert claim(ready, folders, NOW) is None
    assert list(folders.work.iterdir()) == []


def test_a_file_that_another_worker_took_is_no_error(folders: Folders) -> None:
    ready = _drop(folders)
    (folders.inbox / "a.pdf").unlink()
    assert claim(ready, folders, NOW) is None


def test_a_name_that_is_no_utf8_is_kept(folders: Folders) -> None:
    name = os.fsdecode(b"fax\xff\n.pdf")
    document_id = claim(_drop(folders, name), folders, NOW)
    assert (folders.work / str(document_id) / name).exists()


def test_the_arrival_is_when_the_file_came_and_not_when_it_was_made(folders: Folders) -> None:
    (folders.inbox / "a.pdf").write_bytes(b"fax")
    os.utime(folders.inbox / "a.pdf", (1000, 1000))
    (entry,) = list_inbox(folders.inbox)
    document_id = claim(Ready(entry), folders, NOW)
    written = read_claim(folders.work / str(document_id))
    assert written is not None
    assert datetime.now(UTC) - written.arrived_at < timedelta(minutes=5)


class Killed(BaseException):
    """Stands for SIGKILL: nothing below catches it."""


# Every function through which a claim changes the disk; a kill may fall before or after each call of each.
_CHANGES = ("rename_durably", "write_claim", "sync_folder")


@pytest.mark.parametrize("across_file_systems", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("function", _CHANGES)
def test_a_claim_that_was_killed_anywhere_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, after: bool, across_file_systems: bool
) -> None:
    for call in count(1):
        folders = _folders(tmp_path / str(call))
        ready = _drop(folders, sidecar="a.json")
        with monkeypatch.context() as patched:
            if across_file_systems:
                patched.setattr("intake.claim.rename_durably", _refusing_inbox(folders))
            killed = _killed_at(getattr(claiming, function), call, after=after)
            patched.setattr(claiming, function, killed)
            try:
                claim(ready, folders, NOW)
            except Killed:
                pass
            else:
                return  # the claim makes fewer such calls, and all of them were tried
        _next_start(folders)
        (folder,) = folders.work.iterdir()
        assert (folder / "a.pdf").read_bytes() == b"fax"
        assert gateway_file(folder).exists()
        assert list(folders.inbox.iterdir()) == []
        assert list(folders.claim.iterdir()) == []


def _killed_at(real: Callable[..., object], call: int, *, after: bool) -> Callable[..., object]:
    calls = count(1)

    def killed(*args: object) -> object:
        now = next(calls)
        if now == call and not after:
            raise Killed
        result = real(*args)
        if now == call:
            raise Killed
        return result

    return killed


def _next_start(folders: Folders) -> None:
    finish_claims(folders)
    entries = {entry.name: entry for entry in list_inbox(folders.inbox)}
    if "a.pdf" in entries:
        claim(Ready(entries["a.pdf"], entries.get("a.json")), folders, NOW)


def _refusing_inbox(folders: Folders) -> Callable[[Path, Path], None]:
    real = rename_durably

    def rename(source: Path, target: Path) -> None:
        if source.parent == folders.inbox != target.parent:
            raise OSError(errno.EXDEV, "cross-device link")
        real(source, target)

    return rename


def test_a_new_fax_under_the_name_of_a_half_claimed_one_is_kept(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = _drop(folders)
    real = rename_durably

    def killed_after_first(source: Path, target: Path) -> None:
        real(source, target)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("intake.claim.rename_durably", killed_after_first)
        with pytest.raises(Killed):
            claim(ready, folders, NOW)
    (folders.inbox / "a.pdf").write_bytes(b"another fax")
    assert finish_claims(folders) == ()
    assert len(list(folders.work.iterdir())) == 1
    assert (folders.inbox / "a.pdf").read_bytes() == b"another fax"


def test_a_file_that_may_not_be_read_stays(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = _drop(folders)
    monkeypatch.setattr("os.access", lambda _, mode: mode != os.R_OK)
    with pytest.raises(PermissionError):
        claim(ready, folders, NOW)
    assert (folders.inbox / "a.pdf").exists()
    assert list(folders.claim.iterdir()) == []


def test_another_users_file_is_taken_as_it_is(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not the owner")

    ready = _drop(folders)
    monkeypatch.setattr(Path, "chmod", refused)
    assert claim(ready, folders, NOW) is not None


def test_a_read_only_inbox_on_another_file_system_is_trouble_and_nothing_is_copied(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(source: Path, target: Path) -> None:
        raise OSError(errno.EROFS if source.parent == target.parent else errno.EXDEV, "no")

    ready = _drop(folders)
    monkeypatch.setattr("intake.claim.rename_durably", read_only)
    with pytest.raises(OSError, match="no"):
        claim(ready, folders, NOW)
    assert (folders.inbox / "a.pdf").exists()
    assert list(folders.claim.iterdir()) == []


def test_a_worker_that_was_quicker_is_no_trouble(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    for refusal in (None, errno.EXDEV):
        ready = _drop(folders)

        def late(source: Path, target: Path, refusal: int | None = refusal) -> None:
            if refusal is not None and source.parent != target.parent:
                raise OSError(refusal, "cross-device link")
            source.unlink()
            raise FileNotFoundError(errno.ENOENT, "gone")

        with monkeypatch.context() as patched:
            patched.setattr("intake.claim.rename_durably", late)
            assert claim(ready, folders, NOW) is None
        assert list(folders.claim.iterdir()) == []


def test_a_file_that_grew_while_it_was_copied_is_copied_again(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = _drop(folders)
    with (folders.inbox / "a.pdf").open("ab") as writer, monkeypatch.context() as patched:
        patched.setattr("intake.claim.rename_durably", _refusing_inbox(folders))
        patched.setattr("intake.claim.shutil.copyfileobj", _growing(writer))
        with pytest.raises(OSError, match="being written"):
            claim(ready, folders, NOW)
    assert list_inbox(folders.inbox) == (), "no other worker may take it for a fax of its own"
    assert finish_claims(folders) == ()
    (folder,) = folders.work.iterdir()
    assert (folder / "a.pdf").read_bytes() == b"fax and its end"
    assert list(folders.inbox.iterdir()) == []


def _growing(writer: BufferedWriter) -> Callable[..., None]:
    def copy(*_: object) -> None:
        writer.write(b" and its end")
        writer.flush()

    return copy


def test_a_file_put_aside_is_not_given_up_while_its_share_is_away(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = _drop(folders)
    with monkeypatch.context() as patched:
        patched.setattr("intake.claim.rename_durably", _refusing_inbox(folders))
        patched.setattr("intake.claim.shutil.copyfileobj", _full_disk)
        with pytest.raises(OSError, match="full"):
            claim(ready, folders, NOW)
    away = folders.inbox.rename(folders.inbox.with_name("away"))
    folders.inbox.mkdir()
    (folder,) = folders.claim.iterdir()
    written = read_claim(folder)
    assert written is not None
    write_claim(folder, written.model_copy(update={"aside_on": -1}))  # the share is another file system than what is under it
    assert finish_claims(folders) == (os.strerror(errno.ENODEV),)
    folders.inbox.rmdir()
    away.rename(folders.inbox)
    assert finish_claims(folders) == ()
    (folder,) = folders.work.iterdir()
    assert (folder / "a.pdf").read_bytes() == b"fax"


def _full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


def test_a_claim_that_cannot_be_understood_does_not_cost_the_fax(folders: Folders) -> None:
    document_id = claim(_drop(folders), folders, NOW)
    folder = (folders.work / str(document_id)).rename(folders.claim / str(document_id))
    (folder / OUR_FOLDER / "claim.json").write_bytes(b"{")
    assert finish_claims(folders) == ()
    written = read_claim(folders.work / str(document_id))
    assert written is not None
    assert written.file.file_name == "a.pdf"


def test_one_claim_that_cannot_be_finished_stops_no_other(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.pdf", "b.pdf"):
        document_id = claim(_drop(folders, name), folders, NOW)
        (folders.work / str(document_id)).rename(folders.claim / str(document_id))
    real = rename_durably

    def refuses_the_first(source: Path, target: Path) -> None:
        if (source / "a.pdf").exists():
            raise OSError(errno.EIO, "broken")
        real(source, target)

    monkeypatch.setattr("intake.claim.rename_durably", refuses_the_first)
    assert finish_claims(folders) == (os.strerror(errno.EIO),)
    (folder,) = folders.work.iterdir()
    assert (folder / "b.pdf").exists()


def test_an_urgent_file_is_taken_from_its_folder(folders: Folders) -> None:
    (folders.inbox / "urgent").mkdir()
    (folders.inbox / "urgent" / "a.pdf").write_bytes(b"fax")
    (entry,) = list_inbox(folders.inbox)
    document_id = claim(Ready(entry), folders, NOW)
    written = read_claim(folders.work / str(document_id))
    assert written is not None
    assert written.urgent
    assert list((folders.inbox / "urgent").iterdir()) == []


@pytest.mark.parametrize("urgent", [False, True])
def test_a_plans_file_is_taken_from_its_folder_with_its_sidecar(folders: Folders, urgent: bool) -> None:
    there = folders.inbox / "alameda" / "urgent" if urgent else folders.inbox / "alameda"
    there.mkdir(parents=True)
    for content, folder in ((b"the plan's", there), (b"another", folders.inbox)):
        (folder / "a.pdf").write_bytes(content)
        (folder / "a.json").write_bytes(b"{}")
    entries = {entry.name: entry for entry in list_inbox(folders.inbox, ("alameda",)) if entry.plan_folder == "alameda"}
    document_id = claim(Ready(entries["a.pdf"], entries["a.json"]), folders, NOW)
    folder = folders.work / str(document_id)
    written = read_claim(folder)
    assert written is not None
    assert (written.plan_folder, written.urgent) == ("alameda", urgent)
    assert (folder / "a.pdf").read_bytes() == b"the plan's"
    assert gateway_file(folder).exists()
    assert [path.name for path in there.iterdir() if path.is_file()] == []
    assert (folders.inbox / "a.pdf").read_bytes() == b"another"


def test_a_plans_claim_that_was_cut_short_is_carried_to_its_end(folders: Folders) -> None:
    (folders.inbox / "alameda").mkdir()
    (folders.inbox / "alameda" / "a.pdf").write_bytes(b"fax")
    (entry,) = list_inbox(folders.inbox, ("alameda",))
    document_id = claim(Ready(entry), folders, NOW)
    (folders.work / str(document_id)).rename(folders.claim / str(document_id))
    source = folders.claim / str(document_id) / "a.pdf"
    source.rename(folders.inbox / "alameda" / "a.pdf")
    assert finish_claims(folders) == ()
    assert (folders.work / str(document_id) / "a.pdf").read_bytes() == b"fax"
