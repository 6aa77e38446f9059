"""The fit of confidence: the regression, the examples, the stored file, the report."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from math import exp
from pathlib import Path

import pytest
import yaml

from benchmarks.calibration.collect import Reader, collect
from benchmarks.calibration.examples import Example, read, write
from benchmarks.calibration.fit import fit_models, unseen
from benchmarks.calibration.logistic import Penalties, fit
from benchmarks.calibration.report import as_text, finals
from benchmarks.calibration.stored import as_yaml
from models.evidence import Evidence, Origin, SecondLook
from models.geometry import Box
from models.page import Page, Word
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make


def chance(score: float) -> float:
    return 1.0 / (1.0 + exp(-score))


def rows(count: int, groups: dict[str, float], slope: float) -> tuple[list[str], list[dict[str, float]], list[bool]]:
    rng = random.Random(1)
    kinds = [rng.choice(list(groups)) for _ in range(count)]
    seen = [{"x": rng.uniform(-2, 2)} for _ in kinds]
    right = [rng.random() < chance(groups[kind] + slope * row["x"]) for kind, row in zip(kinds, seen, strict=True)]
    return kinds, seen, right


def test_the_regression_finds_the_weights_that_made_the_data() -> None:
    fitted = fit(*rows(6000, {"a": 1.0, "b": 2.0}, -1.5), Penalties())
    assert fitted.weights["x"] == pytest.approx(-1.5, abs=0.15)
    bias = {name: fitted.weights["bias"] + own.get("bias", 0.0) for name, own in fitted.groups.items()}
    assert bias == {"a": pytest.approx(1.0, abs=0.15), "b": pytest.approx(2.0, abs=0.15)}


@pytest.mark.parametrize("seed", range(4))
def test_rows_that_are_almost_all_right_are_fitted_and_not_overshot(seed: int) -> None:
    """From what is expected a full Newton step ends where most rows are taken for wrong, and no later one leads back."""
    rng = random.Random(seed)
    kinds = [rng.choice("abcdef") for _ in range(2000)]
    seen = [{name: float(rng.choice((0, 0, 0, 1, 2))) for name in "xyz"} for _ in kinds]
    right = [rng.random() < chance(4.5 - 1.5 * row["x"]) for row in seen]
    fitted = fit(kinds, seen, right, Penalties(deviation=10.0), {"x": -2.0, "y": -2.5})

    def told(kind: str, row: dict[str, float]) -> float:
        both = fitted.weights, fitted.groups[kind]
        return chance(sum(weights.get(name, 0.0) * value for weights in both for name, value in {"bias": 1.0, **row}.items()))

    mean = sum(told(kind, row) for kind, row in zip(kinds, seen, strict=True)) / len(kinds)
    assert mean == pytest.approx(sum(right) / len(right), abs=0.002)


def test_a_group_with_few_rows_stays_near_the_others() -> None:
    kinds, seen, right = rows(3000, {"a": 1.0}, -1.0)
    fitted = fit([*kinds, "rare", "rare"], [*seen, {"x": 1.0}, {"x": 0.5}], [*right, True, True], Penalties(bias=5.0))
    assert abs(fitted.groups["rare"].get("bias", 0.0)) < 0.3


def an_example(number: int, sure: float, *, right: bool, form: str = "a", look: SecondLook = SecondLook.NOT_ASKED) -> Example:
    seen = Evidence(weakest=sure, mean=sure, second=look, again=sure if look is SecondLook.AGREED else 0.0)
    return Example("dev", number, form, "scan", False, f"0/{number}", "member.phone", seen, right)


def examples() -> list[Example]:
    rng = random.Random(2)
    found = []
    for number in range(600):
        sure = rng.choice((0.5, 0.8, 0.95, 0.999))
        right = rng.random() < 0.4 + 0.6 * sure**3
        found.append(an_example(number, sure, right=right, form="ab"[number % 2]))
        look = SecondLook.AGREED if right else SecondLook.DIFFERED
        found.append(an_example(number, sure, right=right, form="ab"[number % 2], look=look))
    return found


@pytest.mark.parametrize("name", ["e.jsonl", "e.jsonl.gz"])
def test_examples_are_written_and_read_as_they_are(name: str, tmp_path: Path) -> None:
    written = [*examples()[:4], replace(examples()[0], evidence=Evidence(Origin.ABSENT, described=0.4))]
    assert write(written, tmp_path / name) == 5
    assert list(read([tmp_path / name])) == written


def test_predictions_for_a_form_come_from_models_that_have_not_seen_it() -> None:
    found = examples()
    turned = [replace(each, right=not each.right) if each.form == "b" else each for each in found]
    honest = {each.example.reading: each.probability for each in unseen(found, frozenset({"dev"})) if each.example.form == "a"}
    misled = {each.example.reading: each.probability for each in unseen(turned, frozenset({"dev"})) if each.example.form == "a"}
    assert honest.keys() == misled.keys()
    assert sum(misled.values()) < sum(honest.values())


def test_a_higher_price_of_silence_flags_more_and_leaves_fewer_silent_errors() -> None:
    predicted = unseen(examples(), frozenset())
    cheap, dear = finals(predicted, 2), finals(predicted, 200)
    assert len(cheap) == len(dear) == 600
    assert sum(each.flagged for each in cheap) < sum(each.flagged for each in dear)
    assert sum(each.silent for each in cheap) > sum(each.silent for each in dear)
    assert "scan" in as_text(predicted)


def test_the_stored_file_says_where_it_comes_from() -> None:
    found = examples()
    stored = yaml.safe_load(as_yaml(fit_models(found), found, "--seed x", date(2026, 3, 10)))
    assert stored["provenance"]["sources"] == {"dev": {"documents": 600, "examples": 1200}}
    assert stored["provenance"]["examples"] == {"read": 600, "reread": 600}
    assert stored["read"]["weights"]["weakest"] < 0


@contextmanager
def nothing_read(_path: Path) -> Iterator[Reader]:
    class Blank:
        def pages(self) -> Iterator[Page]:
            return iter(())

        def reread(self, page: int, box: Box, kind: str) -> tuple[Word, ...]:
            raise AssertionError((page, box, kind))

    yield Blank()


def test_labelled_documents_become_examples_without_a_value(tmp_path: Path) -> None:
    make(Order("fax-001", "new", Condition.DIGITAL, "calibration"), tmp_path)
    found = list(collect(tmp_path))
    right = [each for each in found if each.right and each.evidence.origin is not Origin.ABSENT]
    assert len(right) > 10
    assert {each.path for each in found} >= {"member.member_id", "diagnoses.code", "services", "request.kind"}
    assert write(found, tmp_path / "e.jsonl") == len(found)
    assert list(collect(tmp_path, nothing_read)) == []


def blank_fields(folder: Path) -> dict[str, bool]:
    return {each.path: each.right for each in collect(folder) if each.evidence.origin is Origin.ABSENT}


def test_a_blank_field_that_the_label_does_not_name_is_rightly_blank(tmp_path: Path) -> None:
    make(Order("fax-001", "new", Condition.DIGITAL, "calibration"), tmp_path)
    as_null = blank_fields(tmp_path)
    file = next(tmp_path.glob("*.truth.json"))
    label = json.loads(file.read_text(encoding="utf-8"))
    named = {f"{part}.{name}" for part, held in label["requests"][0].items() if isinstance(held, dict) for name in held}
    for part in ("request", "member", "requesting_provider", "servicing_provider"):
        held = label["requests"][0][part]
        label["requests"][0][part] = {name: value for name, value in held.items() if value is not None}
    file.write_text(json.dumps(label), encoding="utf-8")
    assert named & set(as_null)
    assert blank_fields(tmp_path) == as_null
