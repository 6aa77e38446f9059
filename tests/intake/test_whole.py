from __future__ import annotations

import io
import os
import struct
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from intake.whole import is_whole


def _pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, "A page.")
    canvas.save()
    return buffer.getvalue()


def _image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("1" if kind == "TIFF" else "L", (400, 300), 1).save(buffer, kind)
    return buffer.getvalue()


def _tiff() -> bytes:
    pages = [Image.effect_noise((300, 200), 90).convert("1") for _ in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", compression="group4", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


SAMPLES = {"pdf": _pdf(), "png": _image("PNG"), "jpeg": _image("JPEG"), "tiff": _tiff()}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_finished_file_is_whole(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(SAMPLES[kind])
    assert is_whole(path)


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_not_whole(kind: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(SAMPLES[kind][: int(len(SAMPLES[kind]) * share)])
    assert not is_whole(path)


def test_a_tiff_whose_chain_of_directories_is_a_loop_has_no_end_to_wait_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + b"\x08\x00\x00\x00" + b"\x00" * 16)
    assert is_whole(path)


def test_a_tiff_with_more_structure_than_a_look_may_cost_is_left_to_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "file"
    entry = struct.pack("<HHII", 273, 4, 500_000_000, 8)
    with path.open("wb") as file:
        file.write(b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 1) + entry + bytes(4))
        file.truncate(1 << 40)
    tracemalloc.start()
    whole = is_whole(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert whole
    assert most < 1 << 24


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(SAMPLES["pdf"])
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert not is_whole(tmp_path / "pipe")
    assert not is_whole(tmp_path / "link")


def test_what_is_of_no_known_type_has_no_end_that_could_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"anything")
    assert is_whole(path)


def test_a_file_that_is_gone_is_not_whole(tmp_path: Path) -> None:
    assert not is_whole(tmp_path / "gone")
