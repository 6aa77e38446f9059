"""``par-intake form``: a blank is registered, looked at, and read by zone, on real bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from intake.cli import app
from intake.known_forms import read_form, registered
from intake.pipeline import process_document
from intake.settings import Settings
from models.document import Document, MediaType
from models.record import ReferralRecord
from tests.faxes.degrade import Condition
from tests.faxes.series import Form

_FORM = Form("clinic", "tune/4")
_PARTS = ("request", "member", "requesting_provider", "servicing_provider")


def _run(data: Path, *arguments: str | Path) -> str:
    done = CliRunner().invoke(app, ["form", *map(str, arguments), "--data", str(data)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blank of a form."""
    path = tmp_path_factory.mktemp("blank") / "clinic.pdf"
    _FORM.blank(path)
    return path


@pytest.fixture(scope="module")
def data(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the form is registered."""
    folder = tmp_path_factory.mktemp("data")
    _run(folder, "add", blank)
    return folder


def test_a_blank_is_registered_listed_and_drawn(data: Path, blank: Path, tmp_path: Path) -> None:
    form = read_form(data / "forms" / "clinic.form.yaml")
    fields = {field for page in form.pages for zone in page.zones for field in zone.fields}
    assert {"member.member_id", "member.date_of_birth", "requesting_provider.npi", "servicing_provider.npi"} <= fields
    assert "clinic  2 pages" in _run(data, "list")
    _run(data, "check", "clinic", blank, "--out", tmp_path / "on_page.png")
    _run(data, "check", data / "forms" / "clinic.form.yaml", "--out", tmp_path / "alone.png")
    for name in ("on_page.png", "alone.png"):
        with Image.open(tmp_path / name) as picture:
            colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or ()}
        assert (0, 90, 200) in colours  # the colour of a zone for text


def test_an_edited_form_is_not_overwritten_and_is_read_again_at_once(data: Path, blank: Path) -> None:
    path = data / "forms" / "clinic.form.yaml"
    settings = Settings.model_validate({"data": data})
    before = registered(settings)
    kept = path.read_text(encoding="utf-8")
    refused = CliRunner().invoke(app, ["form", "add", str(blank), "--data", str(data)])
    assert refused.exit_code != 0
    assert path.read_text(encoding="utf-8") == kept
    path.write_text(kept.replace("[member.member_id]", "[]"), encoding="utf-8")
    after = registered(settings)
    path.write_text(kept, encoding="utf-8")
    assert len(before[0].pages[0].zones) == len(after[0].pages[0].zones)
    assert before != after


def test_a_form_that_was_removed_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "other.form.yaml").write_text("version: 1\nname: other\npages: []\n", encoding="utf-8")
    _run(tmp_path, "remove", "other")
    assert _run(tmp_path, "list") == ""


def _right(record: ReferralRecord, label: dict[str, Any]) -> int:
    read = record.model_dump(mode="json")
    return sum(value is not None and read[part][name] == value for part in _PARTS for name, value in label[part].items())


def test_a_registered_form_is_read_better_than_an_unknown_one(data: Path, tmp_path: Path) -> None:
    fax = _FORM.copy("fax", Condition.POOR_FAX, tmp_path)
    label = json.loads((tmp_path / "fax.truth.json").read_text(encoding="utf-8"))["requests"][0]
    document = Document(fax, fax.name, "0" * 64, MediaType.TIFF, datetime(2026, 9, 1, tzinfo=UTC))
    (general,) = process_document(document, Settings.model_validate({"data": tmp_path}))
    (by_zone,) = process_document(document, Settings.model_validate({"data": data}))
    assert _right(by_zone, label) > _right(general, label)
