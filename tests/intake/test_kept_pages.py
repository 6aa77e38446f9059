"""Pages as they are kept: in their files, and by the process that reads."""

from __future__ import annotations

import io
import stat
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from intake.kept_pages import KeptPage, NotAPage, SeenWord, kept_numbers, page_file, pages_folder, unfinished_pages
from intake.page_keeper import PageKeeper
from models.document import Document, MediaType
from models.errors import StorageUnavailable
from models.geometry import Box
from models.page import Page, Word
from ocr.page_png import page_png

_WORDS = (SeenWord("Whitfield", Box(0.1, 0.2, 0.3, 0.25)), SeenWord("Ångström", Box(0.0, 0.0, 1.0, 1.0)))
_IMAGE = np.full((60, 40), 255, dtype=np.uint8)
_PACKED = KeptPage(page_png(_IMAGE), _WORDS).packed()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "DOC" / ".intake").mkdir(parents=True)
    return tmp_path / "DOC"


def keeper(folder: Path, sha256: str = "a" * 64) -> PageKeeper:
    return PageKeeper(Document(folder / "fax.tif", "fax.tif", sha256, MediaType.TIFF, datetime(2026, 3, 1, tzinfo=UTC)))


def page(number: int, *texts: str) -> Page:
    return Page(number, 1.5, tuple(Word(text, Box(0.1, 0.1, 0.2, 0.12), 0.9) for text in texts))


def read(folder: Path, number: int) -> KeptPage:
    return KeptPage.unpacked(page_file(folder, number).read_bytes())


def test_a_page_comes_out_as_it_went_in() -> None:
    kept = KeptPage.unpacked(_PACKED)
    assert (kept.width, kept.height, kept.words) == (40, 60, _WORDS)
    assert Image.open(io.BytesIO(kept.image)).size == (40, 60)
    assert KeptPage.unpacked(KeptPage(b"").packed()) == KeptPage(b"")


def _with_words(content: bytes, image: bytes = b"") -> bytes:
    words = zlib.compress(content)
    return struct.pack(">I", len(words)) + words + image


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00",
        b"not a page at all",
        _PACKED[:20],
        _PACKED[: len(_PACKED) - len(page_png(_IMAGE)) + 10],
        _with_words(b'[["a",0.3,0.1,0.2,0.2]]'),
        _with_words(b'[["a",NaN,0.1,0.2,0.2]]'),
        _with_words(b'[["a",0.1]]'),
        _with_words(b"{}"),
        _with_words(b"[" + b" " * 100_000_000 + b"]"),
        _with_words(b"[]", b"GIF89a" + bytes(30)),
        _with_words(b"[]", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 0, 5)),
        _with_words(b"[]", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"tEXt", 5, 5)),
    ],
    ids=lambda content: content[:12].hex(),
)
def test_what_no_reader_wrote_is_told_from_a_page(content: bytes) -> None:
    with pytest.raises(NotAPage):
        KeptPage.unpacked(content)


def test_pages_lie_closed_to_others_in_the_documents_own_folder(folder: Path) -> None:
    kept = keeper(folder)
    kept.keep(page(1, "one"), _IMAGE)
    kept.keep(page(12, "twelve"), None)
    assert kept_numbers(folder) == {1, 12}
    assert [word.text for word in read(folder, 1).words] == ["one"]
    assert (read(folder, 12).image, read(folder, 12).words[0].text) == (b"", "twelve")
    paths = [pages_folder(folder), *pages_folder(folder).iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert stat.S_IMODE(pages_folder(folder).stat().st_mode) == 0o700


def test_a_second_reading_of_the_same_bytes_writes_over_the_first_and_meanwhile_all_pages_are_there(folder: Path) -> None:
    first = keeper(folder)
    first.keep(page(1, "old"), _IMAGE)
    first.keep(page(2, "old"), _IMAGE)
    page_file(folder, 2).rename(page_file(folder, 2).with_suffix(".sealed"))
    second = keeper(folder)
    assert kept_numbers(folder) == {1, 2}
    second.keep(page(1, "new"), _IMAGE)
    second.keep(page(2, "new"), _IMAGE)
    assert [read(folder, number).words[0].text for number in (1, 2)] == ["new", "new"]
    kept = sorted(path.name for path in pages_folder(folder).iterdir() if path.suffix != ".print")
    assert kept == ["0001.page", "0002.page", "digest"]


def test_pages_of_other_bytes_are_gone_before_the_first_new_one(folder: Path) -> None:
    keeper(folder).keep(page(1, "old"), _IMAGE)
    keeper(folder, "b" * 64)
    assert kept_numbers(folder) == set()


def test_half_a_letter_of_a_damaged_text_layer_costs_that_letter_alone(folder: Path) -> None:
    keeper(folder).keep(page(1, "Whit\ud800field"), _IMAGE)
    assert read(folder, 1).words[0].text == "Whit?field"


def test_what_a_killed_reader_left_is_no_page(folder: Path) -> None:
    keeper(folder).keep(page(1, "one"), _IMAGE)
    (pages_folder(folder) / ".0002.page.tmp").write_bytes(b"half")
    assert kept_numbers(folder) == {1}
    assert [path.name for path in unfinished_pages(folder)] == [".0002.page.tmp"]
    assert kept_numbers(folder / "nowhere") == set()


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_document(folder: Path) -> None:
    kept = keeper(folder)
    page_file(folder, 1).mkdir()
    with pytest.raises(StorageUnavailable):
        kept.keep(page(1, "one"), _IMAGE)
