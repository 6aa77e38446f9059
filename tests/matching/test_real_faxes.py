"""A form that is drawn, faxed, read by the real service, and faxed again: the same pages through another line."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.faxes import degrade, render
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.intake.harness import Site, ended

_DPI = 200


def faxed(drawn: Path, target: Path, seed: str, header: str) -> None:
    """The pages through one transmission: its own skew, specks and transmission line."""
    rng = Random(seed)
    damage = degrade.draw(rng, Condition.FINE_FAX)
    pages = [degrade.fax_page(page, damage, header, rng) for page in render.pages(drawn, _DPI)]
    first, dpi = pages[0]
    rest = [page for page, _ in pages[1:]]
    first.save(target, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=dpi)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faxes")


def drawn(folder: Path, seed: str) -> Path:
    make(Order(seed, "new", Condition.DIGITAL, f"refaxed/{seed}"), folder)
    return folder / f"{seed}.pdf"


def test_the_same_pages_faxed_again_are_linked_and_another_request_is_not(folder: Path, tmp_path: Path) -> None:
    site = Site(tmp_path)
    one, other = drawn(folder, "one"), drawn(folder, "other")
    mornings = (
        (("1.tif", one, "03/02/2026 09:11  FROM: 831-555-0142  P.01/01"), ("2.tif", other, "03/02/2026 11:45  P.01/01")),
        (("3.tif", one, "03/04/2026 14:02  FROM: 831-555-0142  P.01/01"),),
    )
    for sent in mornings:
        for name, pages, header in sent:
            faxed(pages, folder / name, name, header)
            site.drop(name, (folder / name).read_bytes())
        assert ended(site.start("--drain", standin=False)) == 0
    records = {record["source"]["file_name"]: record for record in site.records().values()}
    first, again = records["1.tif"], records["3.tif"]
    assert records["2.tif"]["related"]["links"] == []
    assert first["related"]["links"] == []
    (link,) = again["related"]["links"]
    assert (link["kind"], link["record_id"]) == ("same_pages", first["record_id"])
    assert again["related"]["duplicate_of"] == (first["record_id"] if link["sure"] else None)
    (queued,) = site.query(f"SELECT waits FROM desk_items WHERE record_id = '{again['record_id']}'")  # noqa: S608 - an id of ours
    assert bool(queued[0]) is not again["final"]
