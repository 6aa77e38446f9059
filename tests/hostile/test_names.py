"""What may stand in the inbox under what name. The service is the real one, with a reading that takes no time."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from intake.unreadable import printable_name
from tests.intake.harness import Site, fax

NAMES = (
    b"line\nbreak.pdf",
    b"tab\tand\x07bell\x1b[31m.pdf",
    b"no utf-8 \xff\xfe.pdf",
    b"half \xc3.pdf",
    b"\xe2\x80\xaefdp.exe.pdf",  # from here on, letters run from right to left
    b"\xe2\x80\xa8line separator.pdf",
    b"  .pdf",
    b"-rf.pdf",
    b"a.pdf.",
    b"...",
    b"%s%n%x.pdf",
    b"$(touch gone).pdf",
    b"'; drop table documents; --.pdf",
    b"<script>alert(1)<br>.pdf",
    b"con.pdf",
    b"claim.json.pdf",
    b"x" * 251 + b".pdf",
    b"y" * 255,
    "ﷺ".encode() * 85,
)
HIDDEN = {b"..."}


def test_every_name_ends_in_a_record_and_an_archived_source_of_that_name(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number, name in enumerate(NAMES):
        (site.inbox / os.fsdecode(name)).write_bytes(fax(f"number {number}"))
    assert site.drain() == 0
    taken = [name for name in NAMES if name not in HIDDEN]
    records = site.records().values()
    assert len(records) == len(taken)
    assert {record["status"] for record in records} == {"ready"}
    assert {record["source"]["file_name"] for record in records} == {printable_name(os.fsdecode(name)) for name in taken}
    archived = {os.fsencode(path.name) for path in site.data.glob("done/*/*") if path.is_file()}
    assert archived == set(taken)
    assert {os.fsencode(path.name) for path in site.inbox.iterdir()} == HIDDEN
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("name", [os.fsdecode(name) for name in NAMES])
def test_a_name_in_a_record_is_one_line_of_text_that_runs_one_way(name: str) -> None:
    shown = printable_name(name)
    assert shown.isprintable()
    assert shown.splitlines() == [shown]
    assert shown.encode().decode() == shown


def test_a_failed_source_with_the_longest_name_has_its_reason_beside_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.inbox / ("x" * 255)).write_bytes(b"no fax")
    assert site.drain() == 0
    (folder,) = (site.data / "failed").iterdir()
    assert (folder / "failure.json").exists()
    assert (folder / ("x" * 255)).exists()


def test_what_is_no_file_stays_and_is_told_of_by_its_kind_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.root / "secret").write_bytes(fax("not for the service"))
    (site.inbox / "link.pdf").symlink_to(site.root / "secret")
    (site.inbox / "nowhere.pdf").symlink_to(site.root / "gone")
    (site.inbox / "endless.pdf").symlink_to("endless.pdf")
    (site.inbox / "folder.pdf").mkdir()
    (site.inbox / "folder.pdf" / "inside.pdf").write_bytes(fax("inside"))
    os.mkfifo(site.inbox / "pipe.pdf")
    site.drop("fine.pdf", fax("fine"))
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(site.inbox)  # a socket's whole path may have 107 bytes
        listener.bind("socket.pdf")
        os.chdir(here)
        assert site.drain() == 0
    assert [record["source"]["file_name"] for record in site.records().values()] == ["fine.pdf"]
    left = {path.name for path in site.inbox.iterdir()}
    assert left == {"link.pdf", "nowhere.pdf", "endless.pdf", "folder.pdf", "pipe.pdf", "socket.pdf"}
    (line, *_) = [line for line in site.log() if line["event"] == "what is no file stays in the inbox"]
    assert (line["folders"], line["links"], line["specials"]) == (1, 3, 2)
    assert not [name for name in left if name in (site.root / "log").read_text()]


def test_a_device_node_is_left_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    try:
        os.mknod(site.inbox / "null.pdf", 0o20666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("making a device node needs root")
    assert site.drain() == 0
    assert site.records() == {}


def test_two_names_of_one_file_are_two_faxes_of_equal_bytes(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drop("a.pdf", fax("one"))
    (site.inbox / "b.pdf").hardlink_to(site.inbox / "a.pdf")
    assert site.drain() == 0
    first, second = sorted(site.records().values(), key=lambda record: record["related"]["duplicate_of"] is not None)
    assert second["related"]["duplicate_of"] == first["record_id"]
    assert site.archived("done") == {"a.pdf": 1, "b.pdf": 1}


def test_a_file_of_a_thousand_gigabytes_that_fills_no_disk_is_refused_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for name in ("a.pdf", "b.pdf"):
        with (site.inbox / f".{name}").open("wb") as file:
            file.write(b"%PDF-1.7\n")
            file.truncate(1 << 40)
        (site.inbox / f".{name}").rename(site.inbox / name)
    (site.inbox / "empty.pdf").touch()
    site.drop("fine.pdf", fax("fine"))
    assert site.drain() == 0
    records = {record["source"]["file_name"]: record for record in site.records().values()}
    assert {name: record["status"] for name, record in records.items()} == {
        "a.pdf": "unreadable",
        "b.pdf": "unreadable",
        "empty.pdf": "unreadable",
        "fine.pdf": "ready",
    }
    assert "more than 200000000 bytes" in records["a.pdf"]["gaps"][0]["message"]
    assert records["a.pdf"]["record_id"] != records["b.pdf"]["record_id"]
    assert records["b.pdf"]["related"]["duplicate_of"] is None
