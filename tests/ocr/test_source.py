"""Which files are read, at what resolution, and how the others are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from models.document import MediaType
from models.errors import DamagedFile, DocumentError, EmptyFile, EncryptedFile, TooLarge
from ocr.options import ReadingOptions
from ocr.pagesource import PageSource
from ocr.raster import resolution
from ocr.source import open_source
from tests.hostile import rasters
from tests.hostile.bombs import white_group4
from tests.ocr.drawing import Sheet, document, letter, saved

SMALL = Image.new("L", (850, 1100), 255)


def pages_of(path: Path, kind: MediaType, options: ReadingOptions | None = None) -> list[PageSource]:
    source = open_source(document(path, kind), options or ReadingOptions())
    try:
        return list(source.pages())
    finally:
        source.close()


def strips_of(path: Path, page: int) -> list[tuple[int, int]]:
    with Image.open(path) as image:
        assert isinstance(image, TiffImageFile)
        image.seek(page)
        return list(zip(image.tag_v2[273], image.tag_v2[279], strict=True))


@pytest.mark.parametrize(
    ("size", "stated", "expected"),
    [
        ((1728, 2156), (204, 196), (204, 196)),
        ((1728, 1078), (204, 98), (204, 98)),
        ((1728, 1078), None, (204, 98)),
        ((1728, 2200), (1, 1), (204, 196)),
        ((1728, 1078), (72, 72), (204, 98)),
        ((2550, 3300), (300, 300), (300, 300)),
        ((2550, 3300), (0, 0), (300, 300)),
        ((1700, 2200), (96, 96), (200, 200)),
        ((2200, 1700), None, (200, 200)),
    ],
)
def test_resolution_is_believed_only_where_a_page_of_that_size_can_be(
    size: tuple[int, int], stated: tuple[int, int] | None, expected: tuple[int, int]
) -> None:
    assert resolution(*size, stated) == pytest.approx(expected)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw"])
def test_every_page_of_a_tiff_comes_in_order(tmp_path: Path, compression: str) -> None:
    sheets = []
    for number in range(3):
        sheet = Sheet(850, 1100)
        sheet.draw.rectangle((100, 100, 100 + 200 * (number + 1), 200), fill=0)
        sheets.append(sheet.image)
    path = tmp_path / "fax"
    saved(path, *sheets, compression=compression)
    pages = pages_of(path, MediaType.TIFF)
    assert [page.number for page in pages] == [1, 2, 3]
    widths = [int((page.image < 128).any(axis=0).sum()) for page in pages if page.image is not None]
    assert widths == [201, 401, 601]


@pytest.mark.parametrize(("kind", "name"), [(MediaType.PNG, "PNG"), (MediaType.JPEG, "JPEG")])
def test_pictures_are_one_page(tmp_path: Path, kind: MediaType, name: str) -> None:
    letter().image.save(tmp_path / "page", format=name, dpi=(200, 200))
    (page,) = pages_of(tmp_path / "page", kind)
    assert page.image is not None
    assert page.image.shape == (2200, 1700)


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (850, 1100), (0, 0, 0, 0)).save(tmp_path / "page", format="PNG")
    (page,) = pages_of(tmp_path / "page", MediaType.PNG)
    assert page.image is not None
    assert int(page.image.min()) == 255


@pytest.mark.parametrize("kind", list(MediaType))
def test_a_file_without_bytes_is_empty(tmp_path: Path, kind: MediaType) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(EmptyFile):
        pages_of(tmp_path / "empty", kind)


@pytest.mark.parametrize(
    ("kind", "head"), [(MediaType.PDF, b"%PDF-1.7\n"), (MediaType.TIFF, b"II*\x00"), (MediaType.PNG, b"\x89PNG\r\n\x1a\n")]
)
def test_a_head_without_a_body_is_damaged(tmp_path: Path, kind: MediaType, head: bytes) -> None:
    (tmp_path / "Whitfield-48213907").write_bytes(head + b"x" * 64)
    with pytest.raises(DamagedFile) as caught:
        pages_of(tmp_path / "Whitfield-48213907", kind)
    assert "Whitfield" not in str(caught.value)


def test_a_pdf_with_a_password_is_encrypted(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "locked"), encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 72, "hidden")
    canvas.save()
    with pytest.raises(EncryptedFile):
        pages_of(tmp_path / "locked", MediaType.PDF)


def test_too_many_pages_are_refused_before_one_is_decoded(tmp_path: Path) -> None:
    saved(tmp_path / "long", *[SMALL] * 4)
    with pytest.raises(TooLarge):
        open_source(document(tmp_path / "long", MediaType.TIFF), ReadingOptions(max_pages=3))
    canvas = Canvas(str(tmp_path / "pdf"))
    for _ in range(4):
        canvas.showPage()
    canvas.save()
    with pytest.raises(TooLarge):
        open_source(document(tmp_path / "pdf", MediaType.PDF), ReadingOptions(max_pages=3))


@pytest.mark.parametrize("kind", [MediaType.TIFF, MediaType.PNG, MediaType.PDF])
def test_a_page_with_too_many_pixels_is_a_problem_of_its_page(tmp_path: Path, kind: MediaType) -> None:
    path = tmp_path / "wide"
    if kind is MediaType.PDF:
        canvas = Canvas(str(path), pagesize=(14_000, 14_000))
        canvas.drawString(72, 72, "far away")
        canvas.save()
        options = ReadingOptions()
    else:
        Image.new("1", (3000, 3000), 1).save(path, format="PNG" if kind is MediaType.PNG else "TIFF")
        options = ReadingOptions(max_pixels=4_000_000)
    (page,) = pages_of(path, kind, options)
    assert page.image is None
    assert [problem.code for problem in page.problems] == ["page_too_large"]


def test_a_picture_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    letter().image.save(tmp_path / "whole", format="JPEG", dpi=(200, 200))
    content = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(content[: len(content) // 2])
    (page,) = pages_of(tmp_path / "cut", MediaType.JPEG)
    assert page.image is not None
    assert bool((page.image[:800] < 128).any())
    assert [problem.code for problem in page.problems] == ["damaged_page"]


def test_lost_fax_lines_are_a_problem_of_their_page_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    saved(tmp_path / "fax", letter().image, letter().image)
    content = bytearray((tmp_path / "fax").read_bytes())
    start, length = strips_of(tmp_path / "fax", 1)[0]
    content[start + length // 3 : start + length // 3 + 400] = b"\xaa" * 400
    (tmp_path / "fax").write_bytes(content)
    first, second = pages_of(tmp_path / "fax", MediaType.TIFF)
    assert first.problems == ()
    assert [problem.code for problem in second.problems] == ["damaged_page"]
    assert "Fax4" not in capfd.readouterr().err


def test_a_page_that_cannot_be_decoded_is_a_problem_and_the_others_come(tmp_path: Path) -> None:
    saved(tmp_path / "fax", letter().image, letter().image, compression="tiff_lzw")
    content = bytearray((tmp_path / "fax").read_bytes())
    for start, _ in strips_of(tmp_path / "fax", 0):
        content[start : start + 200] = b"\xff" * 200
    (tmp_path / "fax").write_bytes(content)
    first, second = pages_of(tmp_path / "fax", MediaType.TIFF)
    assert [problem.code for problem in first.problems] == ["damaged_page"]
    assert second.problems == ()
    assert second.image is not None


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
@pytest.mark.parametrize("kind", [MediaType.TIFF, MediaType.PDF])
def test_a_file_cut_anywhere_is_refused_or_read_with_a_problem(tmp_path: Path, kind: MediaType, share: float) -> None:
    path = tmp_path / "file"
    if kind is MediaType.TIFF:
        saved(path, letter().image, letter().image)
    else:
        canvas = Canvas(str(path))
        canvas.drawString(72, 700, "Prior authorization request")
        canvas.save()
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    try:
        pages = pages_of(path, kind)
    except DocumentError:
        return
    assert pages


def test_a_tiff_that_is_damaged_after_its_second_page_gives_both_and_says_so(tmp_path: Path) -> None:
    saved(tmp_path / "fax", letter().image, letter().image, letter().image)
    content = bytearray((tmp_path / "fax").read_bytes())
    with Image.open(tmp_path / "fax") as image:
        assert isinstance(image, TiffImageFile)
        image.seek(2)
        third = image._frame_pos[2]
    content[third : third + 200] = b"\xff" * len(content[third : third + 200])
    (tmp_path / "fax").write_bytes(content)
    first, second, third_page = pages_of(tmp_path / "fax", MediaType.TIFF)
    assert first.image is not None
    assert second.image is not None
    assert (first.problems, second.problems) == ((), ())
    assert third_page.image is None
    assert "more pages may be missing" in third_page.problems[0].message


def test_what_a_decoder_says_of_a_damaged_file_does_not_name_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = white_group4(1000)
    entries = rasters.changed(
        rasters.fax_entries(800, 1000, 8, len(data)), rasters.Entry(rasters.COMPRESSION, rasters.SHORT, 1, 50_000)
    )
    (tmp_path / "Whitfield-48213907").write_bytes(rasters.tiff(data, entries))
    (page,) = pages_of(tmp_path / "Whitfield-48213907", MediaType.TIFF)
    assert [problem.code for problem in page.problems] == ["damaged_page"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("shape", [(2, 3000), (3000, 2), (100_000, 60)])
def test_a_page_of_the_shape_of_no_paper_is_not_drawn(tmp_path: Path, shape: tuple[int, int]) -> None:
    Image.new("1", shape, 1).save(tmp_path / "strip", format="TIFF")
    (page,) = pages_of(tmp_path / "strip", MediaType.TIFF)
    assert page.image is None
    assert [problem.code for problem in page.problems] == ["damaged_page"]


def test_a_file_is_given_to_no_decoder_but_the_one_that_its_first_bytes_announce(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "page", format="GIF")
    with pytest.raises(DamagedFile):
        pages_of(tmp_path / "page", MediaType.PNG)


@pytest.mark.parametrize("side", [rasters.WIDTH, rasters.HEIGHT])
def test_a_later_page_without_width_or_height_is_a_problem_of_its_own(tmp_path: Path, side: int) -> None:
    content = bytearray(rasters.many_directories(2, 800, 1000))
    entry = content.rindex(side.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00")
    content[entry + 8 : entry + 12] = bytes(4)
    (tmp_path / "fax").write_bytes(content)
    first, second = pages_of(tmp_path / "fax", MediaType.TIFF)
    assert first.image is not None
    assert [problem.code for problem in second.problems] == ["damaged_page"]
