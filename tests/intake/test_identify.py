from __future__ import annotations

import os
from pathlib import Path

import pytest

from intake.identify import digest_of, identify
from models.document import MediaType
from models.errors import EmptyFile, InaccessibleFile, TooLarge, UnsupportedFile


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\xef\xbb\xbf junk %PDF-1.4", MediaType.PDF),
        (b"II*\x00", MediaType.TIFF),
        (b"MM\x00*", MediaType.TIFF),
        (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
    ],
)
def test_the_type_is_told_by_the_bytes_and_not_by_the_name(head: bytes, expected: MediaType, tmp_path: Path) -> None:
    path = tmp_path / "wrong.docx"
    path.write_bytes(head + b"rest")
    assert identify(path, 1000) is expected


def test_other_bytes_are_not_supported_whatever_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"PK\x03\x04 a word processor's file")
    with pytest.raises(UnsupportedFile):
        identify(path, 1000)


def test_an_empty_file_and_one_over_the_limit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    with pytest.raises(EmptyFile):
        identify(path, 1000)
    path.write_bytes(b"%PDF-1.4" + b" " * 100)
    with pytest.raises(TooLarge):
        identify(path, 50)


def test_what_is_no_readable_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "gone", tmp_path / "pipe", Path("a\0b")):
        with pytest.raises(InaccessibleFile):
            identify(path, 1000)
        with pytest.raises(InaccessibleFile):
            digest_of(path)


def test_a_file_over_the_limit_has_no_digest_and_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4")
        file.truncate(1 << 42)
    assert digest_of(path, 1000) == ""
    with pytest.raises(TooLarge):
        identify(path, 1000)
