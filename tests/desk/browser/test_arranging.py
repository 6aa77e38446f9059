"""Pages that are moved between requests by keys; the document is read again each time, with the real reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import Desk
from tests.desk.browser.review import Review

PACKET = "packet-001.tif"
_READ_AGAIN_MS = 120_000


@pytest.fixture
def review(live_desk: Desk, person: OpenPerson) -> Review:
    """The one request of a packet of four pages."""
    (record,) = live_desk.records(PACKET)
    return Review.of(person("ana"), record)


def opened(review: Review) -> Review:
    """The page of the record that opens once the document is read again."""
    review.page.wait_for_url(lambda url: review.record_id not in url, timeout=_READ_AGAIN_MS)
    following = Review(review.person, review.page.url.rpartition("/")[2].partition("?")[0])
    expect(review.page.locator("#facts .tag").first).to_be_visible()
    return following


def split(review: Review) -> tuple[Review, list[int]]:
    """Its pages as two requests: gives the first of them, which opens, and its pages before."""
    pages: list[int] = review.work()["record"]["source"]["pages"]
    review.press("Alt+p", "s", "Enter")
    expect(review.page.locator("#live")).to_contain_text("being read again")
    first = opened(review)
    work = first.work()
    assert work["record"]["source"]["pages"] == pages[:1]
    assert [one["pages"] for one in work["siblings"] if not one["final"]] == [pages[1:]]
    return first, pages


def test_a_request_is_merged_with_the_second_one_of_the_fax(review: Review) -> None:
    first, pages = split(review)
    (second,) = (one["record_id"] for one in first.work()["siblings"] if not one["final"])
    first.press("Alt+y")
    later = Review(first.person, second)
    later.page.wait_for_url(lambda url: second in url)
    expect(later.page.locator("#facts .tag").first).to_be_visible()
    later.press("Alt+p")
    expect(later.page.locator(f"#arrange-{pages[1]}")).to_be_focused()
    later.press("m")
    expect(later.page.locator("#arrange-said")).to_contain_text(f"Request 1: pages {pages[0]}–{pages[-1]}.")
    later.press("Enter")
    # The page that opens shows it as this person's before the claim is kept.
    with later.page.expect_response(
        lambda one: one.url.endswith("/claim") and second not in one.url, timeout=_READ_AGAIN_MS
    ) as claim:
        merged = opened(later)
    assert claim.value.ok
    work = merged.work()
    assert work["record"]["source"]["pages"] == pages
    assert [one for one in work["siblings"] if not one["final"]] == [], "what was merged is at its end"
    assert work["mine"]


def test_the_reader_decides_again_where_a_person_leaves_it_to_him(review: Review) -> None:
    first, pages = split(review)
    first.press("Alt+p")
    expect(first.page.locator(f"#arrange-{pages[0]}")).to_be_focused()
    first.page.get_by_role("button", name="Let the reader decide").press("Enter")
    expect(first.page.locator("#live")).to_contain_text("being read again")
    as_read = opened(first)
    work = as_read.work()
    assert work["record"]["source"]["pages"] == pages
    assert [one for one in work["siblings"] if not one["final"]] == []
