"""Archived sources at rest: sealed, given back, read again, and sealed anew with another key."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from intake.sealing import new_key
from tests.intake.harness import Site, ask, command, environment, fax

_CANARY = "QUAGMARCH"


class Keys:
    """A file of keys, the first of which seals."""

    def __init__(self, root: Path) -> None:
        self.path = root / "keys"

    def write(self, *keys: str) -> None:
        self.path.write_text("\n".join(keys))
        self.path.chmod(0o600)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
def site(tmp_path: Path, keys: Keys) -> Site:
    return Site(tmp_path, {"PAR_ARCHIVE_KEYS": str(keys.path)})


def _ids(site: Site, archive: str) -> list[str]:
    return sorted(folder.name for folder in (site.data / archive).iterdir())


def _sources(site: Site, archive: str = "done") -> list[bytes]:
    return sorted(ask(site, "source", one)[1] for one in _ids(site, archive))


def _archived_bytes(site: Site) -> bytes:
    return b"".join(path.read_bytes() for archive in ("done", "failed") for path in (site.data / archive).rglob("*.sealed"))


def test_an_archived_source_is_sealed_and_given_back_and_the_audit_trail_keeps_who_asked(site: Site, keys: Keys) -> None:
    keys.write(new_key())
    content = fax(f"{_CANARY} @@pages=2")
    site.drop("a.pdf", content)
    site.drop("a.json", b'{"sender_number": "+18315550142"}')
    assert site.drain() == 0
    (document_id,) = _ids(site, "done")
    files = sorted(path.name for path in (site.data / "done" / document_id).rglob("*") if path.is_file())
    assert files == ["0001.sealed", "0002.sealed", "claim.json", "digest", "gateway.sealed", "source.sealed"]
    assert _CANARY.encode() not in _archived_bytes(site)
    assert b"8315550142" not in _archived_bytes(site)
    assert ask(site, "source", document_id) == (0, content, "")
    ((document, actor),) = site.query("SELECT document_id, actor FROM audit_events WHERE action = 'source_given'")
    assert document == document_id
    assert actor.startswith("account:")


def test_a_sealed_source_is_not_given_without_its_key_nor_when_it_was_changed(site: Site, keys: Keys) -> None:
    keys.write(new_key())
    site.drop("a.pdf", fax(_CANARY))
    assert site.drain() == 0
    (document_id,) = _ids(site, "done")
    right = keys.path.read_text()
    keys.write(new_key())
    assert ask(site, "source", document_id)[:2] == (2, b"")
    keys.write(right)
    (sealed,) = (site.data / "done").rglob("*.sealed")
    sealed.write_bytes(sealed.read_bytes()[:-1])
    code, given, told = ask(site, "source", document_id)
    assert (code, given) == (1, b"")
    assert "changed, or is not whole" in told


def test_what_failed_and_was_sealed_is_read_again(site: Site, keys: Keys, tmp_path: Path) -> None:
    keys.write(new_key())
    cause = tmp_path / "cause"
    site.drop("a.pdf", fax(f"@die_until={cause}"))
    site.drop("a.json", b'{"sender_number": "+18315550142"}')
    assert site.drain() == 0
    (document_id,) = _ids(site, "failed")
    assert not list((site.data / "failed").rglob("*.pdf"))
    cause.touch()
    assert ask(site, "retry", document_id)[0] == 0
    assert site.drain() == 0
    assert _ids(site, "done") == [document_id]
    assert _sources(site) == [fax(f"@die_until={cause}")]


def test_a_plain_file_that_an_operator_puts_there_goes_before_the_sealed_one(site: Site, keys: Keys) -> None:
    keys.write(new_key())
    site.drop("a.pdf", b"")
    assert site.drain() == 0
    (document_id,) = _ids(site, "failed")
    (site.data / "failed" / document_id / "a.pdf").write_bytes(fax("a copy that can be read"))
    assert ask(site, "retry", document_id)[0] == 0
    assert site.drain() == 0
    assert _sources(site) == [fax("a copy that can be read")]


def test_rotation_that_is_killed_again_and_again_loses_nothing(site: Site, keys: Keys) -> None:
    old, new = new_key(), new_key()
    keys.write(old)
    contents = [fax(f"{number} " + "x" * 4_000_000) for number in range(6)]
    for number, content in enumerate(contents):
        site.drop(f"{number}.pdf", content)
    site.env = {}
    site.drop("plain.pdf", fax("archived before there were keys"))
    site.drop("6.pdf", fax("6"))
    assert site.drain() == 0
    contents += [fax("archived before there were keys"), fax("6")]
    site.env = {"PAR_ARCHIVE_KEYS": str(keys.path)}
    assert ask(site, "key", "rotate")[:2] == (0, b"8 documents sealed with the first key, 0 had been before\n")
    keys.write(new, old)
    rng = random.Random(7)
    killed = 0
    for _ in range(8):
        rotation = subprocess.Popen(
            command("key", "rotate", "--data", site.data), env=environment(site.env), cwd=site.root, stdout=subprocess.DEVNULL
        )
        # Any moment will do: before the first file, in the middle of one, after the last.
        time.sleep(rng.uniform(0.3, 0.9))
        rotation.kill()
        killed += rotation.wait() != 0
    assert killed
    assert _sources(site) == sorted(contents)
    assert ask(site, "key", "rotate")[0] == 0
    keys.write(new)
    assert _sources(site) == sorted(contents)
    assert not list((site.data / "done").rglob("*.tmp"))
    assert not list((site.data / "done").rglob("*.pdf"))
