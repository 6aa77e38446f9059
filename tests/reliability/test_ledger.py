"""The comparison that the soak relies on finds what it is there to find."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.intake.harness import Site, fax
from tests.reliability.ledger import Fax, Ledger, open_store


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("site"))
    for name in ("a.pdf", "b.pdf"):
        site.drop(name, fax(name))
    assert site.drain() == 0
    return site


@pytest.fixture
def site(finished: Site, tmp_path: Path) -> Site:
    return Site(Path(shutil.copytree(finished.root, tmp_path / "copy")))


LEDGER = Ledger([Fax("a.pdf"), Fax("b.pdf")])


def test_what_ended_once_is_clean(site: Site) -> None:
    assert LEDGER.check(site).clean


def test_a_fax_that_never_came_in_is_lost(site: Site) -> None:
    assert Ledger([*LEDGER.faxes, Fax("c.pdf")]).check(site).lost


def test_an_outbox_file_or_a_source_that_is_gone_is_lost(site: Site) -> None:
    next(site.outbox.iterdir()).unlink()
    shutil.rmtree(next((site.data / "done").iterdir()))
    assert len(LEDGER.check(site).lost) == 2


def test_a_second_outbox_file_or_source_is_doubled(site: Site) -> None:
    first = next(site.outbox.iterdir())
    shutil.copy(first, first.with_name("again.json"))
    folder = next((site.data / "done").iterdir())
    shutil.copytree(folder, folder.with_name("again"))
    assert len(LEDGER.check(site).doubled) == 2


def test_a_second_note_in_the_audit_trail_is_doubled(site: Site) -> None:
    store = open_store(site)
    columns = "at, actor, action, document_id, record_id, revision"
    with store.begin() as connection:
        connection.execute(text(f"INSERT INTO audit_events ({columns}) SELECT {columns} FROM audit_events WHERE action = 'stored'"))  # noqa: S608
    store.dispose()
    assert len(LEDGER.check(site).doubled) == 2


def test_what_lies_about_is_told(site: Site) -> None:
    (site.outbox / ".half.json.tmp").touch()
    (site.data / "work" / "DOC-1").mkdir()
    assert len(LEDGER.check(site).left_behind) == 2
