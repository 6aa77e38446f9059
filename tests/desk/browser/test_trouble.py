"""What goes wrong while somebody works: the connection, the session, somebody else. Nothing is lost, and each is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import APIResponse, Dialog, Route, expect
from sqlalchemy.orm import Session

from models.record import ReferralRecord
from models.store import documents
from models.store.roles import Role
from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk
from tests.desk.browser.review import Review

BAD = "form-standard-001.tif"
CONTACT = "requesting_provider.contact"
# What the page does by itself when it hears of a change.
RELOAD = """() => {
  const main = document.querySelector('script[src*="record/main.js"]').src;
  import(new URL('settle.js', main)).then((settle) => settle.reload());
}"""


@pytest.fixture
def record(live_desk: Desk) -> str:
    return live_desk.records(BAD)[0]


def read_anew(desk: Desk, record_id: str, services: list[dict[str, object]] | None = None, **parts: dict[str, object]) -> None:
    """Store another reading of a document, as the service does; with other services where there are some."""
    before = desk.newest(record_id)
    told = {**before, **{name: {**before[name], **part} for name, part in parts.items()}}
    told |= {} if services is None else {"services": services}
    ((document_id,),) = desk.site.query(f"SELECT document_id FROM desk_items WHERE record_id = '{record_id}'")  # noqa: S608
    with Session(desk.engine) as session, session.begin():
        documents.add_records(session, document_id, (ReferralRecord.model_validate(told),), ("outbox",), datetime.now(UTC))


def enter(review: Review, path: str, text: str) -> None:
    review.go_to(path)
    review.type(text)
    review.press("Enter")


def test_a_lost_connection_loses_nothing(record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    review.person.context.set_offline(offline=True)
    enter(review, CONTACT, "Ruth Marlow")
    enter(review, "member.last_name", "Okonkwo")
    banner = review.page.get_by_role("alert").filter(has_text="Not saved yet: 2 entries")
    expect(banner).to_be_visible()
    expect(review.field(CONTACT)).to_have_value("Ruth Marlow")
    kept = review.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    review.person.context.set_offline(offline=False)
    expect(banner).to_be_hidden()
    record_now = review.work()["record"]
    assert (record_now["requesting_provider"]["contact"], record_now["member"]["last_name"]) == ("Ruth Marlow", "Okonkwo")


def test_an_entry_whose_answer_was_lost_is_kept_once(record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    review.page.route("**/edits", lose_the_first)
    enter(review, CONTACT, "Ruth Marlow")
    expect(review.page.locator("#saved")).to_have_text("Saved")
    assert lost
    assert review.work()["edits"] == 1


def test_what_was_asked_before_an_entry_was_kept_does_not_hide_it(record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    late: list[tuple[Route, APIResponse]] = []

    def answer_late(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    review.page.route("**/work", answer_late)
    with review.page.expect_request("**/work"):
        review.page.evaluate(RELOAD)
    enter(review, CONTACT, "Ruth Marlow")
    expect(review.page.locator("#saved")).to_have_text("Saved")
    with review.page.expect_request("**/work"):
        (route, response) = late[0]
        route.fulfill(response=response)
    expect(review.field(CONTACT)).to_have_value("Ruth Marlow")


def test_leaving_with_something_unsaved_warns(record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    review.person.context.set_offline(offline=True)
    enter(review, CONTACT, "Ruth Marlow")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    review.page.on("dialog", stay)
    review.page.close(run_before_unload=True)
    review.person.context.set_offline(offline=False)
    expect(review.page.locator("#saved")).to_have_text("Saved")
    assert asked == ["beforeunload"]


def test_after_the_session_is_over_a_sign_in_lets_the_entry_through(live_desk: Desk, record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    live_desk.end_sessions("ana")
    enter(review, CONTACT, "Ruth Marlow")
    dialog = review.page.get_by_role("dialog", name="Your session is over")
    expect(dialog).to_contain_text("1 entry is kept in this page")
    dialog.get_by_label("Password").fill("not the password")
    review.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("wrong")
    dialog.get_by_label("Password").fill(live_desk.passwords["ana"])
    review.press("Enter")
    expect(dialog).to_be_hidden()
    assert review.work()["record"]["requesting_provider"]["contact"] == "Ruth Marlow"


def test_a_sign_in_in_another_tab_lets_the_entry_through(live_desk: Desk, record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    live_desk.end_sessions("ana")
    enter(review, CONTACT, "Ruth Marlow")
    dialog = review.page.get_by_role("dialog", name="Your session is over")
    expect(dialog).to_be_visible()
    tab = review.person.context.new_page()
    review.person.sign_in(tab)
    tab.close()
    review.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(dialog).to_be_hidden()
    assert review.work()["record"]["requesting_provider"]["contact"] == "Ruth Marlow"


def test_somebody_elses_sign_in_does_not_take_the_entry_over(live_desk: Desk, record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    live_desk.end_sessions("ana")
    enter(review, CONTACT, "Ruth Marlow")
    dialog = review.page.get_by_role("dialog", name="Your session is over")
    expect(dialog).to_be_visible()
    live_desk.account("bo")
    tab = review.person.context.new_page()
    review.person.sign_in(tab, "bo")
    review.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(dialog.get_by_role("alert")).to_contain_text("signed in as bo now. Only ana can go on here.")
    assert live_desk.site.query("SELECT count(*) FROM desk_edits") == [(0,)]


def test_a_new_reading_that_comes_while_somebody_types_takes_nothing_away(live_desk: Desk, record: str, person: OpenPerson) -> None:
    review = Review.of(person("ana"), record)
    enter(review, CONTACT, "Ruth Marlow")
    review.press("Alt+s")
    review.type("99213")
    review.press("Enter")
    expect(review.page.locator("#saved")).to_have_text("Saved")
    name = review.go_to("member.first_name")
    review.type("Ade")
    read_anew(live_desk, record, services=[{"code": "97140"}], member={"last_name": "Okonkwo-Bell"})
    expect(review.page.locator("#live")).to_contain_text("This fax was read again meanwhile.")
    expect(review.page.locator("#live")).to_contain_text("1 entries in rows do not fit it any more")
    expect(review.field("member.last_name")).to_have_value("Okonkwo-Bell")
    expect(name).to_have_value("Ade")
    expect(name).to_be_focused()
    review.type("le")
    review.press("Enter")
    work = review.work()
    assert (work["revision"], work["record"]["member"]["first_name"]) == (2, "Adele")
    assert work["record"]["requesting_provider"]["contact"] == "Ruth Marlow"
    assert (work["left_aside"], [service["code"] for service in work["record"]["services"]]) == (1, ["97140"])


def test_two_people_on_one_fax_are_told_of_each_other(live_desk: Desk, record: str, person: OpenPerson) -> None:
    ana = Review.of(person("ana"), record)
    bo = Review.of(person("bo"), record)
    expect(bo.page.locator("#closed")).to_contain_text("ana works on this fax")
    bo.go_to(CONTACT)
    bo.type("not kept")
    bo.press("Enter")
    assert live_desk.site.query("SELECT count(*) FROM desk_edits") == [(0,)]
    enter(ana, CONTACT, "Ruth Marlow")
    ana.settled_down()
    expect(bo.field(CONTACT)).to_have_value("Ruth Marlow")
    ana.press("Alt+l")
    ana.page.wait_for_url("**/queue")
    expect(bo.page.locator("#live")).to_contain_text("ana has let go of this fax. Alt+T takes it.")
    bo.press("Alt+t")
    expect(bo.page.locator("#closed")).to_be_hidden()
    enter(bo, "member.last_name", "Okonkwo")
    assert bo.work()["record"]["member"]["last_name"] == "Okonkwo"


def test_a_supervisor_takes_a_fax_over_and_its_entries_stay(record: str, person: OpenPerson) -> None:
    ana = Review.of(person("ana"), record)
    enter(ana, CONTACT, "Ruth Marlow")
    ana.settled_down()
    sue = Review.of(person("sue", Role.SUPERVISOR), record)
    sue.press("Alt+b", "Enter")
    expect(sue.page.locator("#closed")).to_be_hidden()
    assert sue.work()["mine"]
    assert sue.work()["record"]["requesting_provider"]["contact"] == "Ruth Marlow"
    expect(ana.page.locator("#closed")).to_contain_text("sue works on this fax")
    expect(ana.field(CONTACT)).not_to_be_editable()


def test_an_auditor_looks_and_changes_nothing(record: str, person: OpenPerson) -> None:
    review = Review.of(person("kim", Role.AUDITOR), record)
    expect(review.page.locator("#closed")).to_contain_text("You may look at this fax, and change nothing.")
    expect(review.field(CONTACT)).not_to_be_editable()
    assert not review.work()["held"]
