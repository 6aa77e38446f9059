"""A notice that asks for a look is settled at the record by one key, like every question, and holds the record until then."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from models.circumstances import Notice, NoticeSeverity
from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk
from tests.desk.browser.review import Review

BAD = "form-standard-001.tif"
PATH = "notices.site.look_twice"
NOTICE = Notice(
    code="site.look_twice",
    severity=NoticeSeverity.ASK,
    message="The plan wants a second look at this request.",
    field="member.member_id",
    belongs_to="Another plan",
)


def noticed(desk: Desk, record_id: str) -> None:
    """Put a notice into the newest revision of a record."""
    body = desk.newest(record_id)
    body["notices"] = [*body["notices"], NOTICE.model_dump(mode="json")]
    with closing(sqlite3.connect(desk.site.data / "par-intake.sqlite", timeout=30)) as connection, connection:
        update = "UPDATE records SET body = ? WHERE record_id = ? AND revision = ?"
        connection.execute(update, (json.dumps(body), record_id, body["revision"]))


def test_a_notice_is_asked_first_and_settled_by_enter(live_desk: Desk, person: OpenPerson) -> None:
    record_id = live_desk.records(BAD)[0]
    noticed(live_desk, record_id)
    review = Review.of(person("ana"), record_id)
    review.expect_focus(PATH)
    row = review.field(PATH)
    expect(row).to_contain_text("Site: look twice")
    expect(row).to_contain_text(NOTICE.message)
    expect(row).to_contain_text("Another plan")
    review.press("Enter")
    expect(row).not_to_be_focused()
    expect(row).to_contain_text("Looked at by ana")
    work = review.work()
    assert PATH not in [one["path"] for one in work["questions"]]
    assert [one["settled_by"] for one in work["record"]["notices"] if one["code"] == NOTICE.code] == ["ana"]


def test_a_record_is_not_completed_while_a_notice_is_open(live_desk: Desk, person: OpenPerson) -> None:
    record_id = live_desk.records(BAD)[0]
    noticed(live_desk, record_id)
    review = Review.of(person("ana"), record_id)
    review.go_to("member.phone")
    review.press("Control+Enter")
    review.expect_focus(PATH)
    assert not review.work()["final"]
