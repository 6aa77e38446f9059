"""Label-to-value linking is scored on pages in FUNSD's form; FUNSD itself may not be kept here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.funsd import main, score

SIZE = (760, 1000)


def _entity(number: int, label: str, text: str, left: int, top: int, links: list[list[int]]) -> dict[str, Any]:
    words, x = [], left
    for token in text.split():
        words.append({"text": token, "box": [x, top, x + 8 * len(token), top + 14]})
        x += 8 * len(token) + 5
    return {"id": number, "label": label, "text": text, "box": [left, top, x, top + 14], "words": words, "linking": links}


@pytest.fixture
def funsd(tmp_path: Path) -> Path:
    """One page: a value behind its label, a value below its label in one cell, and a label whose annotated value is far off."""
    form = [
        _entity(0, "question", "Date:", 60, 100, [[0, 1]]),
        _entity(1, "answer", "3 March 1995", 140, 100, [[0, 1]]),
        _entity(2, "question", "Supplier", 66, 304, [[2, 3]]),
        _entity(3, "answer", "Analytic Works", 66, 325, [[2, 3]]),
        _entity(4, "question", "Remarks:", 60, 600, [[4, 5]]),
        _entity(5, "answer", "none", 600, 900, [[4, 5]]),
        _entity(6, "other", "page", 400, 980, []),
    ]
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 300, 300, 345), outline=0, width=2)
    for entity in form:
        for word in entity["words"]:
            draw.text(word["box"][:2], word["text"], fill=0)
    (tmp_path / "images").mkdir()
    (tmp_path / "annotations").mkdir()
    image.save(tmp_path / "images" / "one.png")
    (tmp_path / "annotations" / "one.json").write_text(json.dumps({"form": form}), encoding="utf-8")
    return tmp_path


def test_links_are_pairs_of_label_and_value(funsd: Path) -> None:
    tally = score(funsd / "annotations" / "one.json", funsd / "images" / "one.png").every
    assert (tally.annotated, tally.found, tally.right) == (3, 2, 2)
    assert tally.precision == 1.0
    assert tally.recall == pytest.approx(2 / 3)
    assert tally.f1 == pytest.approx(0.8)


def test_a_frame_decides_what_a_label_owns(funsd: Path) -> None:
    """The cell is seen in the image: without it the value below would stand in the open."""
    image = funsd / "images" / "one.png"
    framed = score(funsd / "annotations" / "one.json", image).every
    annotation = funsd / "annotations" / "one.json"
    moved = json.loads(annotation.read_text(encoding="utf-8"))
    moved["form"][3]["words"] = [{"text": "Works", "box": [66, 343, 106, 357]}]
    annotation.write_text(json.dumps(moved), encoding="utf-8")
    assert score(annotation, image).every.right == framed.right - 1
    Image.fromarray(np.full((SIZE[1], SIZE[0]), 255, np.uint8)).save(image)
    assert score(annotation, image).every.right == framed.right


def test_the_command_prints_all_links_and_needs_annotations(
    funsd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(funsd), "--pages"]) == 0
    printed = capsys.readouterr().out
    assert "one " in printed
    assert "all links" in printed
    assert main([str(tmp_path / "images")]) == 1
