"""The sample faxes: labels follow the contract, conditions are what they say, and a seed says all."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.evaluation.labels import load_labels
from models.codesets import icd10cm
from models.record import AmendmentAction, AmendmentField, GapReason, RequestKind, Urgency
from tests.faxes import fonts, values, wordings
from tests.faxes.__main__ import main, orders
from tests.faxes.degrade import Condition
from tests.faxes.document import KINDS, Order, make
from tests.faxes.values import Day

Json = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of every kind; digital, for it is quick."""
    made = tmp_path_factory.mktemp("faxes")
    assert main(["--out", str(made), "--count", "60", "--seed", "labels", "--conditions", "digital"]) == 0
    return made


@pytest.fixture(scope="module")
def requests(folder: Path) -> list[Json]:
    files = sorted(folder.glob("*.truth.json"))
    return [request for file in files for request in json.loads(file.read_text(encoding="utf-8"))["requests"]]


def test_every_document_has_a_label_that_the_evaluation_takes(folder: Path) -> None:
    labels = load_labels(folder)
    assert len(labels) == 60
    assert all(held.path.is_file() for held in labels)


def test_every_kind_of_request_is_drawn(requests: list[Json]) -> None:
    assert {request["request"]["kind"] for request in requests} == set(RequestKind)


def test_labels_hold_the_contracts_words_and_shapes(requests: list[Json]) -> None:
    for request in requests:
        assert request["request"].get("urgency") in {None, *Urgency}
        for role in ("requesting_provider", "servicing_provider"):
            provider = request.get(role, {})
            assert provider.get("npi") is None or re.fullmatch(r"\d{10}", provider["npi"])
            assert provider.get("tin") is None or re.fullmatch(r"\d\d-\d{7}", provider["tin"])
            assert provider.get("fax") is None or re.fullmatch(r"\+1\d{10}", provider["fax"])
        for change in request["amendments"]:
            assert change["action"] in set(AmendmentAction)
            assert change["field"] in set(AmendmentField)
            assert (change["old"] is None) >= (change["action"] == "add")
            assert (change["new"] is None) == (change["action"] == "remove")
        assert all(reason in set(GapReason) for _, reason in request["gaps"])


def test_a_gap_is_where_the_value_is_missing_or_wrong(requests: list[Json]) -> None:
    seen = set()
    for request in requests:
        for field, reason in request["gaps"]:
            seen.add(reason)
            group, _, name = field.partition(".")
            if reason == "missing" and group in ("member", "requesting_provider", "servicing_provider"):
                assert request[group][name] is None
            if name == "npi" and reason == "invalid":
                npi = request[group]["npi"]
                assert values.npi_check_digit(npi[:9]) != npi[9]
            if field == "diagnoses" and reason == "invalid":
                assert any(not icd10cm.is_billable(row["code"], None) for row in request["diagnoses"])
            if reason == "inconsistent":
                assert all(line["to_date"] < line["from_date"] for line in request["services"])
    assert seen == {"missing", "invalid", "inconsistent"}


def test_where_no_gap_is_labelled_nothing_is_wrong(requests: list[Json]) -> None:
    for request in (r for r in requests if not r["gaps"]):
        for role in ("requesting_provider", "servicing_provider"):
            npi = request.get(role, {}).get("npi")
            assert npi is None or values.npi_check_digit(npi[:9]) == npi[9]
        assert request["member"]["date_of_birth"] < date.today().isoformat()  # noqa: DTZ011 - a birth date has no zone


def test_all_codes_of_the_families_are_billable_or_not_as_they_say() -> None:
    for family in wordings.keys("codes", "family"):
        assert all(icd10cm.is_billable(code, None) for code, _ in wordings.groups("codes", f"family/{family}/diagnoses"))
        assert not any(icd10cm.is_billable(code, None) for code, _ in wordings.groups("codes", f"family/{family}/unbillable"))


def test_the_same_seed_gives_the_same_labels_and_another_one_others(tmp_path: Path) -> None:
    texts = []
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        main(["--out", str(tmp_path / name), "--count", "4", "--seed", seed, "--conditions", "digital"])
        texts.append([file.read_text(encoding="utf-8") for file in sorted((tmp_path / name).glob("*.json"))])
    assert texts[0] == texts[1] != texts[2]


def test_what_is_ordered_is_what_is_made() -> None:
    made = orders(200, "1", list(Condition), list(KINDS))
    assert {order.condition for order in made} == set(Condition)
    assert {order.kind for order in made} == set(KINDS)
    assert not [order for order in made if order.condition is Condition.ACROFORM and order.kind in ("letter", "packet", "none")]


@pytest.mark.parametrize("condition", [Condition.FINE_FAX, Condition.STANDARD_FAX, Condition.POOR_FAX, Condition.ROTATED])
def test_a_fax_is_bilevel_tiff_of_its_resolution(condition: Condition, tmp_path: Path) -> None:
    document = make(Order("fax", "packet", condition, "packet-5"), tmp_path)
    label = json.loads((tmp_path / "fax.truth.json").read_text(encoding="utf-8"))
    pages = max(n for request in label["requests"] for n in (*request["pages"], *request["attached_pages"]))
    with Image.open(document) as image:
        assert image.mode == "1"
        assert image.info["compression"] in ("group3", "group4")
        assert getattr(image, "n_frames", 1) == pages
        dpi = tuple(round(float(value)) for value in image.info["dpi"])
    expected = {Condition.STANDARD_FAX: {(204, 98)}, Condition.FINE_FAX: {(204, 196)}, Condition.POOR_FAX: {(204, 98), (204, 196)}}
    assert dpi in expected.get(condition, {(204, 196), (196, 204)})


def test_a_digital_document_has_its_values_as_text(tmp_path: Path) -> None:
    document = make(Order("fax", "new", Condition.DIGITAL, "text-1"), tmp_path)
    label = json.loads((tmp_path / "fax.truth.json").read_text(encoding="utf-8"))
    text = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(document))
    assert label["requests"][0]["services"][0]["code"] in text


def test_a_fillable_document_has_its_values_in_fields(tmp_path: Path) -> None:
    document = make(Order("fax", "new", Condition.ACROFORM, "fields-2"), tmp_path)
    code = json.loads((tmp_path / "fax.truth.json").read_text(encoding="utf-8"))["requests"][0]["requesting_provider"]["npi"]
    pdf = pdfium.PdfDocument(document)
    assert pdf.get_formtype() == pdfium.raw.FORMTYPE_ACRO_FORM
    assert code.encode("ascii") in document.read_bytes()


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    document = make(Order("fax", "new", Condition.SCAN, "scan-1"), tmp_path)
    [page, *_] = pdfium.PdfDocument(document)
    assert not page.get_textpage().get_text_range().strip()
    assert document.stat().st_size < 1_500_000


def test_values_hold_their_rules() -> None:
    rng = Random(1)
    for _ in range(200):
        npi = values.npi(rng)
        assert values.npi_check_digit(npi[:9]) == npi[9]
        assert values.npi_check_digit(values.bad_npi(rng, npi)[:9]) != values.bad_npi(rng, npi)[9]
        assert values.impossible_day(rng, Day(1961, 1, 1)).real is None
        assert values.birth_date(rng).real is not None
    # CMS publishes 1234567893 as a number that passes the check
    assert values.npi_check_digit("123456789") == "3"


def test_without_a_handwriting_face_a_form_is_typed_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_HANDS", ("no-such-face",))
    for number in range(5):
        make(Order(f"fax-{number}", "new", Condition.ACROFORM if number % 2 else Condition.FINE_FAX, f"typed-{number}"), tmp_path)
    assert not any(held.label.handwritten for held in load_labels(tmp_path))
