"""The pages of access in a real browser: they work under their own security policy, and axe finds nothing on them."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session

from models.store.roles import Role
from review.access import links
from review.access.passwords import hash_of
from tests.desk.access.test_sign_in import PASSWORD
from tests.desk.browser.harness import NO_CHROMIUM, launched
from tests.desk.desks import Desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = launched(playwright)
        if one is None:
            pytest.fail(NO_CHROMIUM)
        yield one
        one.close()


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The desk at an address of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(desk.app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    """A browser at the desk, whose scripts may fail nowhere."""
    desk.account("ann", Role.ADMINISTRATOR, hash_of(PASSWORD, "ann"))
    with served(desk) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
        failed: list[str] = []
        one = context.new_page()
        one.on("pageerror", lambda error: failed.append(str(error)))
        one.on("console", lambda message: failed.append(message.text) if "Content Security Policy" in message.text else None)
        yield one
        context.close()
    assert failed == []


def axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_link_leaves_the_address_and_the_history_before_anything_is_typed(desk: Desk, page: Page) -> None:
    with Session(desk.services.engine) as session, session.begin():
        secret = links.new_link(session, desk.account("bob", Role.COORDINATOR), desk.clock(), actor="ann")
    page.goto(f"/welcome#{secret}")
    expect(page).to_have_url(re.compile("/welcome$"))
    expect(page.get_by_label("User name")).to_be_focused()
    axe_finds_nothing(page)
    page.keyboard.type("bob")
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="bob")).to_be_visible()
    page.go_back()
    assert secret not in page.url


def test_the_page_to_sign_in_says_what_is_wrong_and_keeps_the_name(page: Page) -> None:
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    expect(page.get_by_label("User name")).to_have_value("ann")
    expect(page.get_by_label("Password")).to_be_focused()
    axe_finds_nothing(page)


def test_signing_out_leaves_nothing_to_go_back_to(page: Page) -> None:
    sign_in(page)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_page_of_accounts_is_used_by_keys_and_read_at_twice_the_size(page: Page) -> None:
    sign_in(page)
    page.goto("/accounts")
    axe_finds_nothing(page)
    page.get_by_label("Name of the program").fill("ehr")
    page.get_by_label("view", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_label("The token")).to_have_value(re.compile("^par_"))
    axe_finds_nothing(page)
    # Half the pixels for the same page are what a zoom of 200 % leaves.
    page.set_viewport_size({"width": 683, "height": 384})
    page.goto("/accounts")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe_finds_nothing(page)


def test_a_failure_is_a_page_that_leads_on(page: Page) -> None:
    sign_in(page)
    page.goto("/nowhere")
    axe_finds_nothing(page)
    page.get_by_role("link", name="Go on with the desk").click()
    expect(page.get_by_role("navigation", name="Pages of the desk")).to_be_visible()
