"""A member, a provider and an authorization are looked up by keys alone, from everywhere; nothing of them stands in an address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import Browser, Page, expect

from intake.web import WebServer
from models.store.database import sqlite_url
from tests.desk.browser.harness import LARGE, SMALL
from tests.desk.desks import Desk
from tests.desk.lookup.story import Story

ZOOMED = {"width": 683, "height": 384}
"""What a window of 1366 x 768 holds at 200 %."""
VALUES = ("91234567A", "Ruiz", "1234567893", "AUTH")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, str]]:
    """The story behind a real server."""
    folder = tmp_path_factory.mktemp("story")
    url = sqlite_url(folder / "store.sqlite")
    desk = Desk.of(folder, url=url)
    server = WebServer("127.0.0.1", 0)
    server.start(desk.app)
    yield Story.told(desk, url, folder), server.address
    server.stop()
    desk.close()


@pytest.fixture
def page(served: tuple[Story, str], browser: Browser) -> Iterator[Page]:
    """A coordinator's browser; its pages may report no error."""
    story, address = served
    (cookie,) = story.asks().client.cookies.jar
    context = browser.new_context(viewport=SMALL, base_url=address)  # type: ignore[arg-type]
    context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": address}])
    told: list[str] = []
    one = context.new_page()
    one.on("pageerror", lambda error: told.append(str(error)))
    yield one
    context.close()
    assert told == []


def check(page: Page) -> None:
    """Everybody can use it, it is no wider than the window, and its address holds no value."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [value for value in VALUES if value in page.url]


@pytest.mark.parametrize("size", [SMALL, LARGE, ZOOMED], ids=["1366x768", "1920x1080", "200 percent"])
def test_all_is_looked_up_by_keys_from_the_queue_on(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/queue")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("look up a member")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.wait_for_url("**/lookup")
    expect(page.locator("#by-member-id")).to_be_focused()
    check(page)
    page.keyboard.type("91234567A")
    page.keyboard.press("Enter")
    expect(page.locator("#requests > tbody > tr")).to_have_count(4)
    expect(page.locator("#row-PAR-0004 .to-record")).to_be_focused()
    check(page)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#row-PAR-0003 .sides")).to_be_visible()
    check(page)
    page.keyboard.press("t")
    expect(page.locator("#moments a").first).to_be_focused()
    page.keyboard.press("p")
    page.keyboard.type("1234567893")
    page.keyboard.press("Enter")
    expect(page.locator(".lacking")).to_contain_text("1 lacked something")
    check(page)
    page.keyboard.press("a")
    page.keyboard.type("AUTH-1001")
    page.keyboard.press("Enter")
    expect(page.locator(".lines")).to_contain_text("As it stands now")
    check(page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    check(page)


def test_a_request_opens_by_enter_and_the_history_is_there_when_one_comes_back(page: Page) -> None:
    page.goto("/lookup")
    page.keyboard.type("91234567A")
    page.keyboard.press("Enter")
    expect(page.locator("#row-PAR-0004 .to-record")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/PAR-0003")
    page.go_back()
    expect(page.locator("#requests > tbody > tr")).to_have_count(4)


@pytest.mark.parametrize(
    ("key", "record_id", "shown"),
    [
        ("Alt+a", "PAR-0004", "Covered today"),
        ("Alt+w", "PAR-0002", "Linda T. O'Brien"),
        ("Alt+z", "PAR-0003", "As it stands now"),
    ],
)
def test_a_record_leads_to_the_history_of_what_it_names(page: Page, key: str, record_id: str, shown: str) -> None:
    page.goto(f"/records/{record_id}")
    expect(page.locator("#facts .tag").first).to_be_visible()
    with page.context.expect_page() as opened:
        page.keyboard.press(key)
    history = opened.value
    expect(history.locator("main")).to_contain_text(shown)
    check(history)
    assert page.url.endswith(record_id)
    page.keyboard.press("?")
    expect(page.locator("#help-keys")).to_contain_text("History of this member")


def test_the_buttons_beside_the_clocks_lead_there_too(page: Page) -> None:
    page.goto("/records/PAR-0002")
    expect(page.locator("#facts .tag").first).to_be_visible()
    page.keyboard.press("Alt+r")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="of this provider").click()
    expect(opened.value.locator(".lacking")).to_be_visible()
    expect(page.get_by_role("button", name="of this authorization")).to_have_count(0)
