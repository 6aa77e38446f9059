"""Settling a flagged fax by keys alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk

BAD = "form-standard-001.tif"


def test_the_first_question_has_the_focus_and_its_spot_is_shown(live_desk: Desk, person: OpenPerson) -> None:
    ana = person("ana")
    (record,) = live_desk.records(BAD)
    ana.page.goto(f"/records/{record}")
    first = ana.page.locator(".question").first
    expect(first).to_have_attribute("aria-current", "true")
    expect(ana.page.locator("#record input:focus")).to_be_visible()
