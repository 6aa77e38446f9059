"""The pages that the desk shows: of real faxes, read by a real service, sealed, rotated, backed up, restored and purged."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from intake.desk_pages import FolderPages
from intake.folders import Folders
from intake.sealing import new_key, read_keyring
from intake.settings import Settings
from models.geometry import Box
from review.services import PageView
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.intake.harness import Site, command, environment
from tests.phi.canary import documents

_INK = 100
_FAX, _DIGITAL, _LOCKED = "fax-1.tif", "digital-1.pdf", "locked.pdf"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A leaning fax of two pages in oblong pixels, a page with a text layer, and one that cannot be opened."""
    root = tmp_path_factory.mktemp("site")
    (root / "keys").touch(mode=0o600)
    (root / "keys").write_text(new_key())
    site = Site(root, {"PAR_ARCHIVE_KEYS": str(root / "keys")})
    (root / "made").mkdir()
    for name, condition in (("fax", Condition.STANDARD_FAX), ("digital", Condition.DIGITAL)):
        make(Order(f"{name}-1", "packet", condition, f"desk-pages/{name}"), root / "made")
    for name in (_FAX, _DIGITAL):
        shutil.copy(root / "made" / name, site.inbox)
    (site.inbox / _LOCKED).write_bytes(next(content for name, content in documents().items() if "encrypted" in name))
    process = site.start("--drain", standin=False)
    process.communicate(timeout=600)
    assert process.returncode == 0
    return site


@pytest.fixture
def site(read: Site, tmp_path: Path) -> Site:
    """A copy of it, to do with as one likes."""
    shutil.copytree(read.root, tmp_path / "copy", copy_function=shutil.copy2)
    return Site(tmp_path / "copy", {"PAR_ARCHIVE_KEYS": str(tmp_path / "copy" / "keys")})


def pages_of(site: Site) -> FolderPages:
    settings = Settings(inbox=site.inbox, outbox=site.outbox, data=site.data, archive_keys=site.env["PAR_ARCHIVE_KEYS"])
    return FolderPages(Folders.of(settings, "local"), read_keyring(settings.archive_keys))


def document_id(site: Site, name: str) -> str:
    return str(dict(site.query("SELECT file_name, document_id FROM documents"))[name])


def run(site: Site, *arguments: str | Path) -> None:
    words = command(*arguments, "--data", site.data)
    env = environment({**site.env, "PAR_OUTBOX": str(site.outbox)})
    subprocess.run(words, env=env, cwd=site.root, check=True, capture_output=True)


def pixels(view: PageView) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(view.image)).convert("L"), dtype=np.uint8)


def ink_in(image: npt.NDArray[np.uint8], box: Box) -> float:
    height, width = image.shape
    part = image[int(box.top * height) : round(box.bottom * height) + 1, int(box.left * width) : round(box.right * width) + 1]
    return float((part < _INK).mean())


def ink_at_words(view: PageView, down: float = 0.0) -> float:
    """The mean share of ink where the words stand, or so far below, in heights of the page."""
    image = pixels(view)
    boxes = [Box.clipped(word.box.left, word.box.top + down, word.box.right, word.box.bottom + down) for word in view.words]
    return float(np.mean([ink_in(image, box) for box in boxes]))


@pytest.mark.parametrize("name", [_FAX, _DIGITAL])
def test_pages_are_upright_in_square_pixels_with_each_word_where_it_stands(name: str, read: Site) -> None:
    pages = pages_of(read)
    count = pages.count(document_id(read, name))
    made = json.loads((read.root / "made" / f"{Path(name).stem}.truth.json").read_text())
    assert count == max(number for one in made["requests"] for number in (*one["pages"], *one["attached_pages"])) > 1
    for number in range(1, count + 1):
        view = pages.page(document_id(read, name), number)
        assert view is not None
        assert pixels(view).shape == (view.height, view.width)
        assert abs(view.height / view.width - 11 / 8.5) < 0.04, "a standard fax has twice as many dots across as down"
        assert len(view.image) < 120_000
        assert len(view.words) > 20
        assert ink_at_words(view) > 2 * max(ink_at_words(view, 0.008), ink_at_words(view, -0.008))


@pytest.mark.parametrize("name", [_FAX, _DIGITAL])
def test_what_the_record_says_it_read_stands_on_the_page_where_it_says(name: str, read: Site) -> None:
    pages = pages_of(read)
    (record,) = [one for one in read.records().values() if one["source"]["file_name"] == name]
    found = 0
    for reading in record["readings"].values():
        if len(reading["text"]) > 5 and reading["box"] is not None:
            view = pages.page(document_id(read, name), reading["page"])
            assert view is not None
            inside = "".join(word.text for word in view.words if word.box.inside_share(Box(*reading["box"])) > 0.5)
            found += reading["text"].replace(" ", "") in inside or ink_in(pixels(view), Box(*reading["box"])) > 0.02
    assert found > 5


def test_there_are_no_others(read: Site) -> None:
    pages = pages_of(read)
    assert pages.count(document_id(read, _LOCKED)) == 0
    assert pages.page(document_id(read, _LOCKED), 1) is None
    for number in (0, -1, 99, 10**9):
        assert pages.page(document_id(read, _FAX), number) is None
    for nobody in ("DOC-0123456789ABCDEF012345", "", "..", f"../done/{document_id(read, _FAX)}", f"{document_id(read, _FAX)}/"):
        assert (pages.count(nobody), pages.page(nobody, 1)) == (0, None)


def test_no_page_of_the_archive_can_be_read_without_its_key(site: Site) -> None:
    kept = [path for path in (site.data / "done").rglob("*") if path.parent.name == "pages" and path.suffix]
    assert kept
    assert {path.suffix for path in kept} == {".sealed"}
    assert not [path for path in kept if b"PNG" in path.read_bytes()]
    before = pages_of(site).page(document_id(site, _FAX), 1)
    assert before is not None
    old = (site.root / "keys").read_text()
    (site.root / "keys").write_text(new_key())
    assert pages_of(site).page(document_id(site, _FAX), 1) is None
    (site.root / "keys").write_text(f"{new_key()}\n{old}")
    run(site, "key", "rotate")
    (site.root / "keys").write_text((site.root / "keys").read_text().split()[0])
    assert pages_of(site).page(document_id(site, _FAX), 1) == before


def test_a_page_that_was_changed_or_belongs_to_another_document_is_not_shown(site: Site) -> None:
    fax, digital = (site.data / "done" / document_id(site, name) / ".intake" / "pages" / "0001.sealed" for name in (_FAX, _DIGITAL))
    pages = pages_of(site)
    shown = pages.page(document_id(site, _FAX), 1)
    assert shown is not None
    assert pages.page(document_id(site, _FAX), 1) is shown, "it is not opened twice"
    fax.write_bytes(digital.read_bytes())
    assert pages.page(document_id(site, _FAX), 1) is None
    assert pages.page(document_id(site, _DIGITAL), 1) is not None


def test_pages_come_back_from_a_back_up_and_go_with_a_purge(site: Site) -> None:
    pages, fax = pages_of(site), document_id(site, _FAX)
    before = pages.page(fax, 1)
    run(site, "backup", site.root / "safe")
    shutil.rmtree(site.data)
    assert (pages.count(fax), pages.page(fax, 1)) == (0, None), "what is gone is not shown from memory"
    run(site, "restore", site.root / "safe")
    assert before is not None
    assert pages.page(fax, 1) == before
    with closing(sqlite3.connect(site.data / "par-intake.sqlite")) as store, store:
        store.execute("UPDATE documents SET finished_at = '2020-01-01'")
    run(site, "purge", "--older-than", "3y", "--not-final")
    assert (pages.count(fax), pages.page(fax, 1)) == (0, None)
    assert not list(site.data.rglob("pages"))
