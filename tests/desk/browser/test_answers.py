"""Answers beside the form: whether a fax belongs to another request, by Y or N; whose line of business it is."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import expect

from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk
from tests.desk.browser.review import Review

FIRST, AGAIN = "form-standard-001.tif", "unbillable-001.tif"
PATH, DIFFERS = "notices.duplicate.unsure", "notices.duplicate.differs"


def unsure(desk: Desk) -> tuple[str, str]:
    """Have one fax be asked about, whether it repeats another; gives their records."""
    earlier, record_id = desk.records(FIRST)[0], desk.records(AGAIN)[0]
    body = desk.newest(record_id)
    differences = [{"path": "services.0.units", "before": "12", "after": "24"}]
    because = ["member_id", "date_of_birth"]
    link = {
        "kind": "same_request",
        "record_id": earlier,
        "confidence": 0.8,
        "sure": False,
        "because": because,
        "differences": differences,
    }
    body["related"]["links"] = [link]
    asked = {"code": "duplicate.unsure", "severity": "ask", "message": f"This may repeat {earlier}. Is it the same request?"}
    body["notices"] = [{**asked, "field": "related.links", "rule": "duplicate.unsure", "source": "docs/matching.md"}]
    with closing(sqlite3.connect(desk.site.data / "par-intake.sqlite", timeout=30)) as connection, connection:
        update = "UPDATE records SET body = ? WHERE record_id = ? AND revision = ?"
        connection.execute(update, (json.dumps(body), record_id, body["revision"]))
    return earlier, record_id


def pictured(review: Review, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("DESK_PICTURES"):
        review.page.screenshot(path=Path(folder) / name)


def test_y_and_n_answer_and_the_last_answer_is_taken_back(live_desk: Desk, person: OpenPerson) -> None:
    earlier, record_id = unsure(live_desk)
    review = Review.of(person("ana"), record_id)
    review.expect_focus(PATH)
    row = review.page.locator("#record .answers")
    expect(row).to_contain_text(f"Open {earlier}")
    expect(row.locator("table")).to_contain_text("Service 1, units")
    expect(review.page.locator("#ask-how")).to_contain_text("it is the same request")
    pictured(review, "unsure.png")
    review.press("Enter")
    review.expect_focus(PATH)
    assert PATH in review.questions(), "Enter alone answers nothing"
    review.press("n")
    expect(review.field(PATH)).to_have_count(0)
    assert review.work()["record"]["related"]["links"] == []
    review.press("Control+z")
    review.expect_focus(PATH)
    review.press("y")
    review.expect_focus(DIFFERS)
    (link,) = review.work()["record"]["related"]["links"]
    assert (link["record_id"], link["sure"], link["confirmed_by"]) == (earlier, True, "ana")
    pictured(review, "confirmed.png")
    review.page.get_by_role("button", name="No, it is another request").click()
    expect(review.field(DIFFERS)).to_have_count(0)
    assert review.work()["record"]["related"]["links"] == []


def test_the_line_of_business_is_corrected_by_keys_and_the_clocks_follow(live_desk: Desk, person: OpenPerson) -> None:
    review = Review.of(person("ana"), live_desk.records(FIRST)[0])
    before = {clock["rule"] for clock in review.work()["record"]["clocks"]}
    review.press("Alt+v")
    review.expect_focus("coverage.line_of_business")
    expect(review.page.locator("#choices")).to_contain_text("commercial")
    pictured(review, "coverage.png")
    review.type("com")
    review.press("Enter")
    expect(review.field("coverage.line_of_business")).to_have_value("commercial")
    record = review.work()["record"]
    assert (record["coverage"]["line_of_business"], record["coverage"]["told_by"]) == ("commercial", "coordinator")
    # The federal seven days are not for commercial members.
    assert before - {clock["rule"] for clock in record["clocks"]} == {"cms_0057_f.routine.7_calendar_days"}
