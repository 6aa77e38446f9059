"""What a taught label does to the next fax, and what is no label."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extraction.lexicon import default_lexicon, use_taught
from extraction.taught import MEANINGS
from intake.identify import digest_of, identify
from intake.pipeline import process_document
from intake.settings import Settings
from intake.site_labels import labels_file, labels_in
from models.document import Document
from models.errors import ConfigurationError
from models.taught_labels import TEACHABLE, TaughtLabel, as_yaml, parse, problem_with, tidy
from tests.faxes import wordings
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    use_taught(())


def read(path: Path, settings: Settings) -> dict[str, Any]:
    document = Document(path, path.name, digest_of(path), identify(path, settings.max_file_bytes), datetime(2026, 3, 2, tzinfo=UTC))
    (record,) = process_document(document, settings)
    body: dict[str, Any] = record.model_dump(mode="json")
    return body


@pytest.mark.parametrize(
    ("condition", "words", "text", "group", "part"),
    [
        (Condition.FINE_FAX, "member", "Coverage Wallet Mark", "member", "member_id"),
        (Condition.DIGITAL, "requesting", "Doctor's Registry Badge", "requesting_provider", "npi"),
    ],
)
def test_an_unknown_label_is_read_from_the_next_fax_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, condition: Condition, words: str, text: str, group: str, part: str
) -> None:
    table = wordings._table("labels")[words]
    monkeypatch.setitem(table, part, {"own": [text], "short": [text]})
    settings = Settings(data=tmp_path)
    # Of this draw the letters are read for certain: what is left to doubt is the label.
    fax = make(Order("fax", "new", condition, "taught/3"), tmp_path)
    truth = json.loads((tmp_path / "fax.truth.json").read_text())["requests"][0]
    assert read(fax, settings)[group][part] is None
    labels_file(settings).write_text(as_yaml([TaughtLabel(text=f"{text}:", field=f"{group}.{part}")]), encoding="utf-8")
    after = read(fax, settings)
    assert after[group][part] == truth[group][part].replace("-", "")
    assert not after["readings"][f"{group}.{part}"]["needs_review"]


def meaning(text: str) -> tuple[tuple[str, ...], str | None]:
    found = default_lexicon().meaning_of(text)
    return ((), None) if found is None else (found.attributes, found.owner)


def test_a_taught_label_is_known_as_it_stands_and_goes_before_what_its_words_mean() -> None:
    assert meaning("Coverage Wallet Mark")[1] != "member"
    use_taught(
        (TaughtLabel(text="Coverage wallet mark", field="member.member_id"), TaughtLabel(text="Chart #", field="member.member_id"))
    )
    assert meaning("COVERAGE WALLET MARK:") == (("member_id",), "member")
    assert meaning("7. Coverage Wallet Mark") == (("member_id",), "member")
    assert meaning("Coverage wallet mark (from the card)") == (("member_id",), "member")
    assert meaning("Coverage Wallet") != (("member_id",), "member")
    assert meaning("Chart #") == (("member_id",), "member")
    use_taught(())
    assert meaning("Chart #")[0] == ("mrn",)


def test_a_label_of_both_providers_is_told_apart_by_its_section() -> None:
    fields = ("requesting_provider.npi", "servicing_provider.npi")
    use_taught(tuple(TaughtLabel(text="Registry badge", field=field) for field in fields))
    assert meaning("Registry badge") == (("npi",), None)


def test_every_field_that_can_be_taught_has_a_meaning_that_labels_have() -> None:
    assert set(MEANINGS) == set(TEACHABLE)
    for field, (attribute, owner) in MEANINGS.items():
        use_taught((TaughtLabel(text="Quite unheard of", field=field),))
        assert meaning("Quite unheard of") == ((attribute,), owner)


@pytest.mark.parametrize(
    "text",
    [
        "H331812251",
        "Member ID 98700469",
        "2/17/1980",
        "(831) 555-0142",
        "ana@example.org",
        "M54.50",
        "x" * 81,
        "a b c d e f g h i j k l m",
        "",
        "::",
        "7",
        "Member\x00ID",
    ],
)
def test_what_may_be_a_value_or_is_none_at_all_is_no_label(text: str) -> None:
    assert problem_with(tidy(text)) is not None
    with pytest.raises(ValueError, match="label"):
        TaughtLabel(text=text, field="member.member_id")


@pytest.mark.parametrize("text", ["Member ID #", "16. Tax ID", "ICD-10 code 1", "Date of birth (MM/DD/YYYY)", "Número de miembro"])
def test_printed_labels_are_labels(text: str) -> None:
    assert problem_with(tidy(text)) is None


def test_a_file_comes_back_as_it_was_written() -> None:
    labels = (TaughtLabel(text="Número: de #1", field="member.member_id"), TaughtLabel(text="No", field="member.sex"))
    assert parse(as_yaml(labels), "labels.yaml") == labels
    assert parse("", "labels.yaml") == ()


@pytest.mark.parametrize(
    "text",
    [
        "labels: 7",
        "- a",
        "labels: [{text: a b, field: member.age}]",
        "labels: [{text: '12345', field: member.sex}]",
        "{",
    ],
)
def test_a_file_of_something_else_is_an_error_that_says_where(tmp_path: Path, text: str) -> None:
    settings = Settings(data=tmp_path)
    labels_file(settings).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"labels\.yaml") as told:
        labels_in(settings)
    assert "12345" not in str(told.value)


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, labels=tmp_path / "ours.yaml")
    labels_file(settings).write_text("labels: [{text: Wallet mark, field: member.member_id}]", encoding="utf-8")
    assert [label.text for label in labels_in(settings)] == ["Wallet mark"]
