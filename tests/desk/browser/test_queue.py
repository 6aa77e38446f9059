"""The queue in a real browser, over faxes that were really read."""

from __future__ import annotations

from datetime import UTC, datetime

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from models.store import desk_queue, documents
from models.store.desk_edits import newest_record
from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import LARGE, Desk

FOCUSED = "() => document.activeElement.closest('tr')?.dataset.record ?? null"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def focused(page: Page) -> str | None:
    record: str | None = page.evaluate(FOCUSED)
    return record


def shown(page: Page) -> list[str]:
    rows: list[str] = page.eval_on_selector_all("tr[data-record]", "rows => rows.map(row => row.dataset.record)")
    return rows


def claim(desk: Desk, record_id: str, name: str) -> None:
    with Session(desk.engine) as session, session.begin():
        desk_queue.claim(session, record_id, name, datetime.now(UTC))


def arrives(desk: Desk, like: str, record_id: str) -> None:
    """Another request comes, in the same document as one that is there."""
    with Session(desk.engine) as session, session.begin():
        found = newest_record(session, like)
        assert found is not None
        record = found[0].model_copy(update={"record_id": record_id, "revision": 1})
        documents.add_revision(session, found[1].document_id, 9, record, (), datetime.now(UTC))


def test_rows_are_gone_through_and_opened_by_keys(live_desk: Desk, person: OpenPerson) -> None:
    page = person("ana").page
    page.goto("/queue")
    waiting = live_desk.waiting()
    assert shown(page) == waiting
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert focused(page) == waiting[1]
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert focused(page) == waiting[0]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{waiting[0]}")


def test_n_takes_the_most_urgent_that_nobody_works_on(live_desk: Desk, person: OpenPerson) -> None:
    first, second = live_desk.waiting()[:2]
    claim(live_desk, first, "mei")
    page = person("ana").page
    page.goto("/queue")
    page.keyboard.press("n")
    page.wait_for_url(f"**/records/{second}")


def test_a_search_by_keys_stands_in_no_address(live_desk: Desk, person: OpenPerson) -> None:
    name = next(name for one in live_desk.waiting() if (name := live_desk.newest(one)["member"]["last_name"]))
    page = person("ana").page
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/queue")
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue?filter=F-*")
    found = shown(page)
    assert found
    assert all(name.split("-")[0].lower() in str(live_desk.newest(one)).lower() for one in found)
    assert not [address for address in addresses if name.lower() in address.lower()]
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert focused(page) == found[0]


def test_the_keys_are_told_on_a_question_mark(person: OpenPerson) -> None:
    page = person("ana").page
    page.goto("/queue")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys of the queue")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_changes_is_shown_in_its_place_and_the_focus_stays(live_desk: Desk, person: OpenPerson) -> None:
    page = person("ana").page
    page.goto("/queue")
    before = shown(page)
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    claim(live_desk, before[0], "mei")
    expect(page.locator(f"#row-{before[0]} .worker")).to_have_text("mei")
    assert focused(page) == before[0]
    assert shown(page) == before


def test_what_is_new_is_announced_and_comes_in_when_asked_for(live_desk: Desk, person: OpenPerson) -> None:
    page = person("ana").page
    page.goto("/queue")
    before = shown(page)
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    arrives(live_desk, before[0], "PAR-AAAAAAAAAAAAAAAA")
    expect(page.locator("#said")).to_contain_text("1 new request")
    assert shown(page) == before
    page.keyboard.press("r")
    expect(page.locator("#row-PAR-AAAAAAAAAAAAAAAA")).to_be_visible()
    assert focused(page) == before[0]
    expect(page.locator("#show-news")).to_be_hidden()


def test_the_queue_and_the_dashboard_hold_nothing_that_axe_finds_and_fit(live_desk: Desk, person: OpenPerson) -> None:
    del live_desk
    page = person("ana", viewport=LARGE).page
    for path in ("/queue", "/queue?view=all", "/dashboard", "/history"):
        # 200 % of 1366 pixels leaves 683.
        for width in (1920, 1366, 683):
            page.set_viewport_size({"width": width, "height": 768})
            page.goto(path)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate(WIDER) <= 0, (path, width)
