from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from intake.listing import Stranger, is_candidate, list_inbox, look_into


def test_the_listing_holds_regular_files_of_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"12345")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.pdf").write_bytes(b"1")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    (entry,) = list_inbox(tmp_path)
    assert (entry.name, entry.size) == ("a.pdf", 5)


def test_the_oldest_file_comes_first(tmp_path: Path) -> None:
    for name, mtime in (("b.pdf", 100), ("a.pdf", 200)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (mtime, mtime))
    assert [entry.name for entry in list_inbox(tmp_path)] == ["b.pdf", "a.pdf"]


@pytest.mark.parametrize("name", [".a.pdf", "a.pdf.tmp", "a.PART", "a.pdf~", "~$a.pdf", "a.crdownload", "README.md", "Thumbs.db"])
def test_temporary_names_and_the_folders_own_files_are_no_candidates(name: str) -> None:
    assert not is_candidate(name)


@pytest.mark.parametrize("name", ["a.pdf", "no suffix", "fax.tmp.tif", "a.json", "partial.pdf"])
def test_any_other_name_is_a_candidate(name: str) -> None:
    assert is_candidate(name)


def test_a_folder_that_is_gone_is_an_error_and_not_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_inbox(tmp_path / "gone")


def test_urgent_files_come_before_older_ones(tmp_path: Path) -> None:
    (tmp_path / "urgent").mkdir()
    for name, mtime in (("a.pdf", 100), ("urgent/b.pdf", 300), ("urgent/c.pdf", 200)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (mtime, mtime))
    entries = list_inbox(tmp_path)
    assert [(entry.name, entry.urgent) for entry in entries] == [("c.pdf", True), ("b.pdf", True), ("a.pdf", False)]
    assert all(entry.path(tmp_path).exists() for entry in entries)


def test_a_plans_folder_and_its_urgent_files_are_listed_and_other_folders_are_not(tmp_path: Path) -> None:
    for folder in ("alameda/urgent", "urgent", "cencal", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    files = (("a.pdf", 100), ("alameda/a.pdf", 200), ("alameda/urgent/a.pdf", 400), ("urgent/a.pdf", 300), ("elsewhere/b.pdf", 1))
    for name, mtime in files:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (mtime, mtime))
    listing = look_into(tmp_path, ("alameda", "cencal", "not-there"))
    assert [(one.plan_folder, one.urgent) for one in listing.entries] == [
        (None, True),
        ("alameda", True),
        (None, False),
        ("alameda", False),
    ]
    assert len({one.key for one in listing.entries}) == 4, "files of one name in four folders are four files"
    assert all(one.path(tmp_path).exists() for one in listing.entries)
    assert listing.strangers == {Stranger.FOLDER: 1}


def test_without_plans_a_plans_folder_is_a_stranger(tmp_path: Path) -> None:
    (tmp_path / "alameda").mkdir()
    (tmp_path / "alameda" / "a.pdf").touch()
    listing = look_into(tmp_path)
    assert (listing.entries, listing.strangers) == ((), {Stranger.FOLDER: 1})


def test_a_link_and_what_is_no_folder_are_no_plans_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.pdf").touch()
    (tmp_path / "in" / "alameda").symlink_to(tmp_path)
    (tmp_path / "in" / "cencal").touch()
    listing = look_into(tmp_path / "in", ("alameda", "cencal"))
    assert [one.name for one in listing.entries] == ["cencal"], "a file of that name is a fax like any other"
    assert listing.strangers == {Stranger.LINK: 1}


def test_a_link_to_another_folder_is_no_folder_for_urgent_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.pdf").touch()
    (tmp_path / "in" / "urgent").symlink_to(tmp_path)
    assert list_inbox(tmp_path / "in") == ()


def test_what_is_no_file_is_counted_by_its_kind(tmp_path: Path) -> None:
    (tmp_path / "fax.pdf").touch()
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "urgent").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "fax.pdf")
    (tmp_path / "nowhere.pdf").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.pdf"))
        assert look_into(tmp_path).strangers == {Stranger.FOLDER: 1, Stranger.LINK: 2, Stranger.SPECIAL: 2}
