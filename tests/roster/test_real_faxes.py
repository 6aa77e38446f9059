"""Drawn documents through the real service, beside a roster that agrees, one that differs by a digit, and one with a twin."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.roster import MemberSpan, plain_id
from tests.faxes.degrade import Condition
from tests.faxes.document import Order, make
from tests.intake.harness import Site
from tests.roster.files import new_site, store_of
from tests.roster.made import keep

Json = dict[str, Any]
WHO = tuple(f"member.{name}" for name in ("member_id", "last_name", "first_name", "date_of_birth"))
CONDITIONS = {"alone": Condition.DIGITAL, "agrees": Condition.SCAN, "differs": Condition.DIGITAL, "twin": Condition.DIGITAL}


def _other_digit(text: str) -> str:
    return text[:-2] + ("7" if text[-2] != "7" else "4") + text[-1]


def _drawn(folder: Path, name: str) -> tuple[Path, MemberSpan]:
    """A document, and its member as a roster would have them."""
    make(Order(name, "new", CONDITIONS[name], f"roster/{name}"), folder)
    label = json.loads((folder / f"{name}.truth.json").read_text())
    said = label["requests"][0]["member"]
    born = date.fromisoformat(said["date_of_birth"])
    who = MemberSpan(plain_id(said["member_id"]), said["last_name"], said["first_name"], born)
    return folder / label["document"], replace(who, plan="alder_health", line_of_business="medi_cal")


def _drain(site: Site, *documents: Path) -> None:
    for document in documents:
        site.drop(document.name, document.read_bytes())
    done = site.start("--drain", standin=False)
    done.communicate(timeout=300)
    assert done.returncode == 0


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """What the service made of each document: one before there was a roster, and the others beside it."""
    site = new_site(tmp_path_factory.mktemp("real"))
    drawn = {name: _drawn(tmp_path_factory.mktemp("drawn"), name) for name in CONDITIONS}
    _drain(site, drawn["alone"][0])
    differs, twin = drawn["differs"][1], drawn["twin"][1]
    store = store_of(site)
    keep(
        store,
        drawn["agrees"][1],
        replace(differs, member_id=_other_digit(differs.member_id)),
        twin,
        replace(twin, member_id=_other_digit(twin.member_id), first_name="Zenobia"),
    )
    store.dispose()
    _drain(site, *(drawn[name][0] for name in CONDITIONS if name != "alone"))
    return {record["source"]["file_name"].partition(".")[0]: record for record in site.records().values()}


def test_without_a_roster_nothing_is_said(records: dict[str, Json]) -> None:
    record = records["alone"]
    assert record["coverage"]["told_by"] is None
    assert all(reading["read_confidence"] is None for reading in record["readings"].values())
    assert not [one for one in record["notices"] if one["code"].startswith(("member.", "provider.", "ccs."))]


@pytest.mark.parametrize("name", ["agrees", "twin"])
def test_agreement_raises_every_reading_of_the_member_and_nobody_is_asked(records: dict[str, Json], name: str) -> None:
    record = records[name]
    for path in WHO:
        reading = record["readings"][path]
        assert reading["confidence"] > (reading["read_confidence"] or 0.99)
        assert not reading["needs_review"]
    assert record["coverage"]["plan"] == "alder_health"
    assert not [one for one in record["notices"] if one["code"].startswith("member.")]


def test_a_digit_that_differs_is_asked_about_and_the_form_stays_as_it_is(records: dict[str, Json]) -> None:
    record = records["differs"]
    reading = record["readings"]["member.member_id"]
    assert reading["candidates"][0] == reading["list_value"] == _other_digit(plain_id(record["member"]["member_id"]))
    assert (reading["needs_review"], record["status"]) == (True, "needs_review")
    assert reading["confidence"] < reading["read_confidence"]
