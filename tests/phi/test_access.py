"""Who may read what the service writes: its own user, and nobody else unless the settings say so."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.intake.harness import Site, fax


def _modes(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): stat.S_IMODE(path.lstat().st_mode) for path in (root, *root.rglob("*"))}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """One document of each end, dropped by a gateway that leaves its files open to all."""
    before = os.umask(0)
    try:
        site = Site(tmp_path)
        site.drop("a.pdf", fax("a"))
        site.drop("a.json", b'{"sender_number": "+18315550142"}')
        site.drop("empty.pdf", b"")
    finally:
        os.umask(before)
    return site


def test_folders_are_0700_and_files_0600_whatever_the_umask(site: Site) -> None:
    before = os.umask(0)
    try:
        assert site.drain() == 0
    finally:
        os.umask(before)
    assert site.archived("done") == {"a.pdf": 1}
    for root in (site.data, site.outbox):
        for path in (root, *root.rglob("*")):
            assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_group_reads_the_outbox_and_nothing_else_where_the_settings_say_so(site: Site) -> None:
    assert site.drain({"PAR_OUTBOX_READERS": "group"}) == 0
    modes = _modes(site.outbox)
    assert modes.pop(".") == 0o750
    assert set(modes.values()) == {0o640}
    assert all(mode & 0o077 == 0 for mode in _modes(site.data).values())


def test_what_was_open_before_is_closed_at_the_start_and_told(site: Site) -> None:
    site.data.mkdir(mode=0o755)
    site.outbox.mkdir(mode=0o755)
    (site.data / "done").mkdir(mode=0o755)
    (site.data / "par-intake.sqlite").touch(mode=0o644)
    for path in (site.data, site.outbox, site.data / "done"):
        path.chmod(0o755)
    assert site.drain() == 0
    assert _modes(site.data)["."] == _modes(site.data)["done"] == _modes(site.outbox)["."] == 0o700
    assert _modes(site.data)["par-intake.sqlite"] == 0o600
    told = {line["name"] for line in site.log() if "was open to others" in line["event"]}
    assert told == {"data", "out", "done", "par-intake.sqlite"}


def test_an_inbox_that_everybody_reads_is_left_to_its_owner_and_told(site: Site) -> None:
    site.inbox.chmod(0o777)
    assert site.drain() == 0
    assert stat.S_IMODE(site.inbox.stat().st_mode) == 0o777
    assert any(line["event"].startswith("the inbox is open") for line in site.log())
