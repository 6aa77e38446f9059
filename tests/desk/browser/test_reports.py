"""Reports and second readings as people use them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import expect

from models.store.roles import Role
from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk, Person
from tests.desk.browser.review import Review

FAX = "unbillable-001.tif"


@pytest.fixture(scope="module")
def service(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service that has every fax that has ended read a second time."""
    one = Desk.started(origin, tmp_path_factory.mktemp("desk") / "site", {"PAR_RATER_SHARE": "1.0"})
    yield one
    one.close()


def expect_no_violation(person: Person) -> None:
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()


def complete(person: Person, record_id: str) -> None:
    """Have a person settle a record with everything as it was read, but the first name."""
    person.page.goto(f"/records/{record_id}")
    token = person.page.locator('meta[name="csrf"]').get_attribute("content")
    headers = {"x-csrf-token": token or ""}
    base = f"/api/records/{record_id}"
    work = person.page.request.get(f"{base}/work").json()
    edits = [("accept", one["path"], None) for one in work["questions"]] + [("set", "member.first_name", "Zenobia")]
    for action, path, value in edits:
        body = {"key": str(uuid.uuid4()), "action": action, "revision": work["revision"], "path": path, "value": value}
        assert person.page.request.post(f"{base}/edits", data=body, headers=headers).ok
    assert person.page.request.post(f"{base}/complete", data={"key": str(uuid.uuid4())}, headers=headers).ok


@pytest.mark.parametrize("kind", ["", "/turn-around", "/matrix", "/cms-0057-f", "/missing-information", "/agreement"])
def test_everybody_can_use_the_reports(person: OpenPerson, kind: str) -> None:
    sue = person("sue", Role.SUPERVISOR)
    sue.page.goto(f"/reports{kind}")
    expect(sue.page.locator("h1")).to_be_visible()
    expect_no_violation(sue)


def test_a_report_is_reached_narrowed_and_downloaded(person: OpenPerson) -> None:
    sue = person("sue", Role.SUPERVISOR)
    sue.page.goto("/queue")
    sue.page.get_by_role("link", name="Reports").click()
    sue.page.get_by_role("link", name="Missing information").click()
    sue.page.get_by_label("Line of business").select_option("medicare")
    sue.page.get_by_role("button", name="Show").click()
    sue.page.wait_for_url("**line=medicare**")
    with sue.page.expect_download() as got:
        sue.page.get_by_role("link", name="All tables as XLSX").click()
    assert got.value.suggested_filename.startswith("missing-information-")


def test_a_fax_is_read_a_second_time_by_keys_and_ruled_on(live_desk: Desk, person: OpenPerson) -> None:
    (record_id,) = live_desk.records(FAX)
    complete(person("dana"), record_id)
    sam = person("sam")
    sam.page.goto("/second-readings")
    expect_no_violation(sam)
    sam.page.get_by_role("button", name="Take the next one").click()
    sam.page.wait_for_url("**/second-readings/IRR-*")
    sample_id = sam.page.url.rpartition("/")[2]
    expect(sam.page.locator("#facts .tag").first).to_be_visible()
    # The page is there to look at, and nothing of the first person's.
    sam.page.wait_for_function("document.getElementById('page-image').naturalWidth > 0")
    assert "Zenobia" not in sam.page.content()
    expect(sam.page.locator('[data-command="dismiss"]').first).to_be_hidden()
    expect_no_violation(sam)
    review = Review(sam, sample_id)
    for _ in range(60):
        if sam.page.evaluate("document.activeElement.id") == "complete":
            break
        review.press("Enter")
        review.settled_down()
    review.press("Control+Enter")
    sam.page.wait_for_url("**/second-readings")
    bob = person("bob", Role.SUPERVISOR)
    bob.page.goto("/second-readings")
    bob.page.get_by_role("link", name=sample_id).click()
    expect(bob.page.get_by_text("Zenobia")).to_be_visible()
    expect_no_violation(bob)
    bob.page.get_by_label("Second is right").first.check()
    bob.page.get_by_role("button", name="Keep").click()
    expect(bob.page.get_by_text("bob, ")).to_be_visible()
    bob.page.goto("/reports/agreement")
    expect(bob.page.get_by_role("rowheader", name="dana")).to_be_visible()
    expect_no_violation(bob)
