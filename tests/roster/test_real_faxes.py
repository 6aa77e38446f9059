"""A real fax through the real service: without a roster, with one that agrees, one that differs by a digit, and one with a twin."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
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


def _other_digit(text: str) -> str:
    return text[:-2] + ("7" if text[-2] != "7" else "4") + text[-1]


def _read(site: Site) -> Json:
    """The record of one more arrival of the fax, as the service delivers it."""
    before = set(site.records())
    site.drop(f"fax-{len(before)}.tif", (site.root / "drawn" / "fax-001.tif").read_bytes())
    done = site.start("--drain", standin=False)
    done.communicate(timeout=300)
    assert done.returncode == 0
    (new,) = set(site.records()) - before
    return site.records()[new]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """What the service made of the same fax with each roster; it runs once for each."""
    site = new_site(tmp_path_factory.mktemp("real"))
    drawn = site.root / "drawn"
    drawn.mkdir()
    make(Order("fax-001", "new", Condition.STANDARD_FAX, "roster/3"), drawn)
    said = json.loads((drawn / "fax-001.truth.json").read_text())["requests"][0]["member"]
    who = MemberSpan(
        plain_id(said["member_id"]),
        said["last_name"],
        said["first_name"],
        date.fromisoformat(said["date_of_birth"]),
        plan="alder_health",
        line_of_business="medi_cal",
    )
    found = {"none": _read(site)}
    off = replace(who, member_id=_other_digit(who.member_id))
    twin = replace(off, first_name="Zenobia")
    for name, rows in (("agrees", [who]), ("differs", [off]), ("twin", [who, twin])):
        store = store_of(site)
        keep(store, *rows)
        store.dispose()
        found[name] = _read(site)
    return found


def test_without_a_roster_nothing_is_said(records: dict[str, Json]) -> None:
    record = records["none"]
    assert record["coverage"]["told_by"] is None
    assert all(reading["read_confidence"] is None for reading in record["readings"].values())
    assert not [one for one in record["notices"] if one["code"].startswith(("member.", "provider.", "ccs."))]


@pytest.mark.parametrize("roster", ["agrees", "twin"])
def test_agreement_raises_every_reading_of_the_member_and_nobody_is_asked(records: dict[str, Json], roster: str) -> None:
    before, after = records["none"]["readings"], records[roster]["readings"]
    assert records[roster]["member"] == records["none"]["member"]
    for path in WHO:
        assert after[path]["confidence"] >= before[path]["confidence"]
        assert after[path]["confidence"] > 0.99
        assert not after[path]["needs_review"]
    assert records[roster]["coverage"]["plan"] == "alder_health"


def test_a_digit_that_differs_is_asked_about_and_the_form_stays_as_it_is(records: dict[str, Json]) -> None:
    record = records["differs"]
    assert record["member"]["member_id"] == records["none"]["member"]["member_id"]
    reading = record["readings"]["member.member_id"]
    assert reading["candidates"][0] == reading["list_value"] == _other_digit(plain_id(record["member"]["member_id"]))
    assert (reading["needs_review"], reading["read_confidence"]) == (
        True,
        records["none"]["readings"]["member.member_id"]["confidence"],
    )
