"""What the desk has done with documents: on a real service's folders, and killed at every call to the disk."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.desk_documents import FolderDocuments
from intake.desk_pages import FolderPages
from intake.folders import Folders
from intake.inbox_upload import InboxUpload
from intake.kept_pages import kept_numbers
from intake.sealing import Keyring, new_key, read_keyring
from intake.settings import Settings
from models.errors import ConfigurationError, SealBroken, StorageUnavailable, TooLarge
from tests.intake.harness import Site, environment, fax, stop

_ROOT = Path(__file__).resolve().parents[2]
_MOST_CALLS = 30


@pytest.fixture(params=["plain", "sealed"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    if request.param == "plain":
        return Site(tmp_path)
    (tmp_path / "keys").touch(mode=0o600)
    (tmp_path / "keys").write_text(new_key())
    return Site(tmp_path, {"PAR_ARCHIVE_KEYS": str(tmp_path / "keys")})


def folders_of(site: Site) -> Folders:
    return Folders.of(Settings(inbox=site.inbox, outbox=site.outbox, data=site.data), "local")


def keyring_of(site: Site) -> Keyring | None:
    return read_keyring(site.env.get("PAR_ARCHIVE_KEYS"))


def documents_of(site: Site, wake: Callable[[], None] = lambda: None) -> FolderDocuments:
    folders = folders_of(site)
    return FolderDocuments(folders, keyring_of(site), InboxUpload(folders, "local", 10_000), wake)


def ids(site: Site, place: str) -> list[str]:
    return sorted(folder.name for folder in (site.data / place).iterdir())


def source(site: Site, document_id: str) -> bytes | None:
    found = documents_of(site).source(document_id)
    return None if found is None else b"".join(found[1])


def killed(site: Site, last: int, action: str, argument: str) -> int:
    words = [sys.executable, "-m", "tests.intake.killed_call", str(last), str(site.data), action, argument]
    return subprocess.run(words, env=environment(site.env), cwd=_ROOT, check=False).returncode


def test_a_source_is_given_with_its_type_wherever_it_lies(site: Site) -> None:
    site.drop("a.pdf", fax("a"))
    site.drop("b.pdf", b"")
    assert site.drain() == 0
    (done,), (failed,) = ids(site, "done"), ids(site, "failed")
    documents = documents_of(site)
    found = documents.source(done)
    assert found is not None
    assert (found[0], b"".join(found[1])) == ("application/pdf", fax("a"))
    assert source(site, failed) == b""
    assert documents.source("DOC-0123456789ABCDEF012345") is None
    assert documents.source("../done/" + done) is None
    assert documents.read_again(done)
    assert ids(site, "work") == [done]
    assert source(site, done) == fax("a")
    shutil.rmtree(site.data / "work" / done)
    assert documents.source(done) is None


def test_a_finished_document_is_read_again_and_says_the_same(site: Site) -> None:
    site.drop("a.pdf", fax("@@pages=2 @@requests=2"))
    site.drop("a.json", b'{"sender_number": "+18315550142"}')
    site.drop("failed.pdf", b"")
    assert site.drain() == 0
    (done,), (failed,) = ids(site, "done"), ids(site, "failed")
    woken: list[bool] = []
    documents = documents_of(site, lambda: woken.append(True))
    assert documents.read_again(done)
    assert woken == [True]
    assert kept_numbers(site.data / "work" / done) == {1, 2}, "they can be looked at while they are read"
    assert not documents.read_again(done), "it is in work"
    assert documents.read_again(failed)
    assert not documents.read_again("DOC-0123456789ABCDEF012345")
    assert not documents.read_again("done")
    assert site.drain() == 0
    assert (ids(site, "done"), ids(site, "failed"), ids(site, "work")) == ([done], [failed], [])
    assert source(site, done) == fax("@@pages=2 @@requests=2")
    assert site.query("SELECT count(*), max(revision) FROM records") == [(3, 1)]
    assert site.query("SELECT sender_number, state FROM documents ORDER BY state") == [("+18315550142", "done"), (None, "failed")]
    plain = [path.suffix for path in (site.data / "done").rglob("*") if path.suffix in (".pdf", ".page")]
    assert sorted(plain) == ([] if site.env else [".page", ".page", ".pdf"])


def test_one_that_a_person_waits_for_is_read_before_those_that_came_earlier(tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_WORKERS": "1"})
    site.drop("awaited.pdf", fax("awaited"))
    assert site.drain() == 0
    (awaited,) = ids(site, "done")
    for number in range(8):
        site.drop(f"{number}.pdf", fax(f"{number} @sleep=1.5"))
    process = site.start()
    site.wait_for_log("document is read", 2)
    assert documents_of(site).read_again(awaited)
    site.wait_for_log("document finished", 1 + 9)
    stop(process)
    order = [line["document_id"] for line in site.log() if line["event"] == "document finished"]
    assert order[1:].index(awaited) < 7


def test_what_cannot_be_opened_stays_in_its_archive(site: Site, tmp_path: Path) -> None:
    site.drop("a.pdf", fax("a"))
    assert site.drain() == 0
    (done,) = ids(site, "done")
    if site.env:
        (sealed,) = (site.data / "done").rglob("source.sealed")
        whole = sealed.read_bytes()
        sealed.write_bytes(whole[:-1])
        with pytest.raises(SealBroken):
            documents_of(site).read_again(done)
        with pytest.raises(SealBroken):
            source(site, done)
        sealed.write_bytes(whole)
        (tmp_path / "keys").write_text(new_key())
        with pytest.raises(ConfigurationError):
            documents_of(site).read_again(done)
    for path in (site.data / "done" / done).rglob("*"):
        if path.name in ("a.pdf", "source.sealed"):
            path.unlink()
    with pytest.raises(StorageUnavailable):
        documents_of(site).read_again(done)
    assert ids(site, "done") == [done]


def test_reading_again_that_is_killed_at_any_call_loses_and_doubles_nothing(site: Site) -> None:
    contents = {f"{number}.pdf": fax(f"{number} @@pages=1") for number in range(_MOST_CALLS)}
    for name, content in contents.items():
        site.drop(name, content)
    site.drop("0.json", b'{"sender_number": "+18315550142"}')
    assert site.drain() == 0
    documents = ids(site, "done")
    ends = Counter[int]()
    for number, document_id in enumerate(documents, start=1):
        ends[killed(site, number, "again", document_id)] += 1
        places = [place for place in ("work", "done") if (site.data / place / document_id).is_dir()]
        assert len(places) == 1, "it lies in one place"
        if site.env:
            assert not list((site.data / "done" / document_id).rglob("*.pdf")), "nothing plain is left in the archive"
        if not ends[0]:
            continue
        assert set(ends) == {-signal.SIGKILL, 0}
        break
    else:
        raise AssertionError("every one was killed")
    assert ends[-signal.SIGKILL] > 5
    assert site.drain() == 0
    for document_id in documents[: ends.total()]:
        assert documents_of(site).read_again(document_id)
    assert site.drain() == 0
    assert (ids(site, "done"), ids(site, "work")) == (documents, [])
    assert Counter(source(site, document_id) for document_id in documents) == Counter(contents.values())
    assert site.query("SELECT count(*), max(revision) FROM records") == [(_MOST_CALLS, 1)]
    assert site.query("SELECT count(*) FROM documents WHERE state = 'done'") == [(_MOST_CALLS,)]
    assert site.query("SELECT count(*) FROM documents WHERE sender_number IS NOT NULL") == [(1,)]
    assert all(kept_numbers(site.data / "done" / document_id) == {1} for document_id in documents)


def test_a_service_that_is_killed_again_and_again_while_it_reads_keeps_every_page_whole(site: Site) -> None:
    rng = random.Random(20261122)
    for number in range(8):
        site.drop(f"{number}.pdf", fax(f"{number} @@pages=25"))
    for turn in range(4):
        process = site.start()
        site.wait_for_log("document is read", turn + 1)
        # The moment is meant to be any: in the middle of a page, between two, while they are sealed.
        time.sleep(rng.uniform(0.0, 1.0))
        stop(process, signal.SIGKILL)
    assert site.drain() == 0
    pages = FolderPages(folders_of(site), keyring_of(site))
    for document_id in ids(site, "done"):
        assert pages.count(document_id) == 25
        views = [pages.page(document_id, number) for number in range(1, 26)]
        assert [view and (view.height, view.words[0].text) for view in views] == [
            (40 + number, f"page-{number}") for number in range(1, 26)
        ]
    left = {path.suffix for path in (site.data / "done").rglob("*") if path.parent.name == "pages"}
    assert left == {"", ".sealed" if site.env else ".page"}
    assert len(ids(site, "done")) == 8


def test_an_upload_goes_the_way_of_every_fax_and_one_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.drain() == 0
    uploaded = 0
    for number in range(1, _MOST_CALLS):
        before = set(site.inbox.iterdir())
        end = killed(site, number, "upload", f"{number}.pdf")
        shown = [path for path in set(site.inbox.iterdir()) - before if not path.name.startswith(".")]
        assert [path.read_bytes() for path in shown] in ([], [fax(f"{number}.pdf")])
        uploaded += len(shown)
        if end == 0:
            break
        assert end == -signal.SIGKILL
    assert number > 3
    assert site.drain() == 0
    assert list(site.inbox.iterdir()) == []
    assert site.query("SELECT count(*) FROM documents WHERE state = 'done'") == [(uploaded,)]
    assert (f"{number}.pdf",) in site.query("SELECT file_name FROM documents"), "the one that was not killed"


def test_an_upload_that_cannot_be_taken_is_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    documents = documents_of(site)
    with pytest.raises(TooLarge):
        documents.upload("a.pdf", iter([bytes(20_000)]))
    site.inbox.rmdir()
    with pytest.raises(StorageUnavailable):
        documents.upload("a.pdf", iter([fax("a")]))
    assert list(tmp_path.iterdir()) == []
