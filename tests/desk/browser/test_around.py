"""What is around a request, with data in it: clocks, a link with before and after, what a roster says, letters. By keys alone."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import expect

from models.circumstances import Difference, Link, LinkKind, Notice, NoticeSeverity, Priority, Standing
from models.record import ReferralRecord, Related
from models.record_parts import Request, RequestKind, Service, Urgency
from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import LARGE, SMALL, Desk
from tests.desk.browser.review import Review

BAD = "form-standard-001.tif"
BEFORE = "extension-001.tif"
NOTICES = (
    Notice(
        code="member.not_found",
        severity=NoticeSeverity.ASK,
        message="No member of the roster has this ID with this name or date of birth. Verify who it is.",
        field="member.member_id",
    ),
    Notice(
        code="servicing_provider.not_in_network",
        severity=NoticeSeverity.NOTE,
        message="The servicing provider has no contract with the plan on the day that the request was received.",
        field="servicing_provider.npi",
    ),
)
ASKED = "notices.member.not_found"
# Words of the panel that stand beside it, or are cut off.
CUT_OFF = """panel => [...panel.querySelectorAll('*')].filter((one) => {
  const edge = one.getBoundingClientRect(), room = panel.getBoundingClientRect();
  if (edge.width < 2 || one.closest('.unseen')) return false;
  const isCut = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible';
  return isCut || edge.left < room.left - 1 || edge.right > room.right + 1;
}).map((one) => one.textContent.slice(0, 60))"""


def with_all_around(record: ReferralRecord, other_id: str) -> ReferralRecord:
    """The record as one that changes another: with a link, both standings, a priority that was changed, and notices of a roster."""
    services = [Service(code="97110", description="Therapeutic exercises", units=12), Service(code="97140", units=6)]
    before = Standing(authorization_number="A100200300", request=Request(kind=RequestKind.AMENDMENT), services=services)
    link = Link(
        kind=LinkKind.AMENDS,
        record_id=other_id,
        confidence=0.97,
        sure=True,
        because=["request.authorization_number", "member.member_id", "member.date_of_birth"],
        differences=[
            Difference(path="services.0.units", before="12", after="24"),
            Difference(path="services.1.code", before="97140"),
        ],
    )
    return record.model_copy(
        update={
            "notices": [*record.notices, *NOTICES],
            "related": Related(
                amends=other_id,
                links=[link],
                before=before,
                after=before.model_copy(update={"services": [services[0].model_copy(update={"units": 24})]}),
            ),
            "priority": Priority(
                requested=Urgency.URGENT,
                effective=Urgency.ROUTINE,
                decided_by="ada",
                reason="Nothing on the fax says that a delay would harm the member.",
            ),
        }
    )


@pytest.fixture
def record_id(live_desk: Desk) -> str:
    """A bad fax that waits, with something of everything around it."""
    found = live_desk.records(BAD)[0]
    (other,) = live_desk.records(BEFORE)
    record = ReferralRecord.model_validate(live_desk.newest(found))
    body = with_all_around(record, other).model_dump(mode="json")
    with closing(sqlite3.connect(live_desk.site.data / "par-intake.sqlite", timeout=30)) as connection, connection:
        update = "UPDATE records SET body = ? WHERE record_id = ? AND revision = ?"
        connection.execute(update, (json.dumps(body), found, record.revision))
    return found


def reach(review: Review, name: str | re.Pattern[str], *, role: Literal["button", "link"] = "button") -> None:
    """Go from the panel's own line to something in it by Tab alone."""
    target = review.page.locator("#around").get_by_role(role, name=name)
    for _ in range(12):
        review.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{name} is not reached by Tab")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1366x768", "1920x1080"])
def test_what_is_around_is_read_by_keys_and_by_everybody(record_id: str, person: OpenPerson, size: dict[str, int]) -> None:
    review = Review.of(person("ana", viewport=size), record_id)
    page, panel = review.page, review.page.locator("#around")
    review.expect_focus(ASKED)
    chip = page.locator(".question", has_text="Member: not found")
    assert chip.evaluate("one => getComputedStyle(one).borderLeftWidth === getComputedStyle(one).borderRightWidth")
    expect(panel).to_have_attribute("open", "")
    review.press("Alt+r")
    summary = panel.locator("summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("runs as routine · 1 link")
    expect(panel).to_contain_text("Servicing provider: not in network.")
    expect(panel).to_contain_text("Decided by ada: Nothing on the fax says that a delay would harm the member.")
    expect(panel).to_contain_text("Because of: Request, authorization number; Member, member ID; Member, date of birth.")
    differs = panel.locator("table", has_text="The request before and after the change").locator("tr.differs")
    expect(differs).to_have_text([re.compile("Service 1.*12 units.*24 units"), re.compile("Service 2.*97140.*–")])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert panel.evaluate(CUT_OFF) == []
    reach(review, re.compile("^PAR-"), role="link")
    review.press("Alt+r")
    expect(panel).not_to_have_attribute("open", "")
    review.press("Control+ArrowDown", "Control+ArrowUp")
    expect(page.locator("#record [data-path]:focus")).to_have_count(1)


def test_a_due_time_is_the_sites_wherever_the_person_sits(live_desk: Desk, record_id: str, person: OpenPerson) -> None:
    due = datetime.fromisoformat(live_desk.newest(record_id)["deadline"]["decision_due_at"])
    assert due.utcoffset() != timedelta(0), "the site's clock differs from this browser's, which is at UTC"
    told = f"due {due:%b} {due.day}, {due.year}, 11:59 PM"
    summary = Review.of(person("ana"), record_id).page.locator("#around summary")
    expect(summary).to_have_text(re.compile(re.escape(told).replace(r"\ PM", r"\sPM")))


def test_a_letter_is_proposed_by_keys(record_id: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record_id)
    panel = review.page.locator("#around")
    review.press("Alt+r")
    reach(review, "Propose a letter")
    review.press("Enter")
    expect(panel).to_contain_text("Letter, draft:")
    expect(panel).to_contain_text("asks for Member, date of birth;")
    expect(panel.get_by_role("button", name="Propose a letter")).to_have_count(0)
    found = Axe().run(review.page)
    assert found.violations_count == 0, found.generate_report()
