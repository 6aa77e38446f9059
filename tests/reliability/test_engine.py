"""The service with the real reading and a Tesseract that is missing, crashes, hangs and prints noise."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.intake.harness import Site
from tests.reliability.services import Service

_HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
_NOISE = "5\tx\ty\n\x07 Warning: Invalid resolution 0 dpi\n5\t1\t1\t1\t1\t1\tten\t20\t30\t40\t96\tbad"
_ROW = "5\t1\t1\t1\t1\t1\t200\t200\t300\t40\t96.5\tWhitfield"
# A form as Tesseract tells it: lines of words from left to right.
_FORM = [
    f"5\t1\t1\t1\t{line}\t{place}\t{200 + 260 * place}\t{200 + 90 * line}\t240\t40\t96.5\t{word}"
    for line, text in enumerate(("PRIOR AUTHORIZATION REQUEST FORM", "Member ID: 83519462", "NPI: 1234567893", "CPT: 97110"), 1)
    for place, word in enumerate(text.split())
]
_BODIES = {
    "crashes": "kill -SEGV $$",
    "hangs": "exec sleep 600",
    "prints noise": 'cat table > "$2.tsv"; head -c 100000 /dev/urandom >&2; head -c 100000 /dev/urandom',
}


def _page() -> bytes:
    image = Image.new("L", (1700, 2200), 255)
    ImageDraw.Draw(image).text((200, 200), "PRIOR AUTHORIZATION REQUEST", fill=0, font_size=40)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _program(folder: Path, body: str) -> Path:
    path = folder / "tesseract"
    written = folder / "tesseract.new"
    written.write_text(f'#!/bin/sh\nif [ "$1" = "--version" ]; then echo "tesseract 5.5.0"; exit 0; fi\ncd {folder}\n{body}\n')
    written.chmod(0o755)
    written.replace(path)
    return path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "table").write_text(f"{_HEAD}\n{_NOISE}\n{_ROW}\n")
    return Site(
        tmp_path,
        {
            "PAR_TESSERACT": str(tmp_path / "tesseract"),
            "PAR_FIRST_ENGINE": "tesseract",
            "PAR_SECOND_ENGINE": "",
            "PAR_ENGINE_TIMEOUT_S": "2",
            "PAR_WORKERS": "1",
        },
    )


def test_a_tesseract_that_is_missing_is_told_by_health_and_waited_for(site: Site) -> None:
    service = Service(site, standin=False)
    site.drop("a.png", _page())
    assert "Tesseract" in service.wait_for_problem("engine_unavailable")
    assert list(site.outbox.iterdir()) == []
    _program(site.root, _BODIES["prints noise"])
    service.wait_for_done(1)
    service.wait_for_health()
    assert service.stop() == 0


def test_a_tesseract_that_crashes_on_every_page_is_told_by_health_until_it_reads_again(site: Site) -> None:
    _program(site.root, _BODIES["crashes"])
    service = Service(site, standin=False)
    for number in range(3):
        site.drop(f"{number}.png", _page() + bytes(number))
    service.wait_for(lambda: "last 3 documents" in service.problems().get("engine_failing", ""), "a broken engine")
    assert service.health()[0] == 503
    (site.root / "table").write_text(_HEAD + "".join(f"\n{row}" for row in _FORM) + "\n")
    _program(site.root, _BODIES["prints noise"])
    site.drop("fine.png", _page())
    service.wait_for_health()
    assert len(list((site.data / "failed").glob("*/*.png"))) == 3
    assert service.stop() == 0


@pytest.mark.parametrize("fault", sorted(_BODIES))
def test_a_tesseract_that_fails_costs_no_document(site: Site, fault: str) -> None:
    _program(site.root, _BODIES[fault])
    site.drop("a.png", _page())
    service = Service(site, "one", "--drain", standin=False)
    assert service.drained() == 0
    (record,) = site.records().values()
    failed = fault != "prints noise"
    assert (record["status"] == "unreadable") == failed
    (source,) = (site.data / ("failed" if failed else "done")).glob("*/a.png")
    assert source.read_bytes() == _page()
