"""The pages of a fax beside its record: spots, pointing, moving pages between requests, keying by hand, looks."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no annotations
from playwright.sync_api import expect

from tests.desk.browser.conftest import OpenPerson
from tests.desk.browser.harness import BROKEN, LARGE, SMALL, Desk, Person
from tests.desk.browser.review import Review

BAD = "form-standard-001.tif"
PACKET = "packet-001.tif"
CHANGE = "change-001.tif"
IN_VIEW = """() => {
  const mark = document.getElementById('spot-mark').getBoundingClientRect();
  const box = document.getElementById('viewer').getBoundingClientRect();
  return mark.left >= box.left && mark.right <= box.right && mark.top >= box.top && mark.bottom <= box.bottom;
}"""
DARK = """() => {
  const crop = document.getElementById('crop');
  const seen = crop.getContext('2d').getImageData(0, 0, crop.width, crop.height).data;
  return seen.some((value, index) => index % 4 === 0 && value < 100);
}"""

# What can be used and is not wholly seen: outside of the window or of what holds it, or with its words cut off.
CUT_OFF = """() => {
  const told = [];
  const isScrolled = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY);
  const parts = 'button, input, select, a, kbd, label, h2, #facts *, #ask-title, #ask-message';
  for (const one of document.querySelectorAll(parts)) {
    const edge = one.getBoundingClientRect();
    if (edge.width < 2 || one.closest('dialog, .unseen, .skip, [hidden]')) continue;
    const tell = (what) => told.push(`${one.id || one.dataset.path || one.textContent.trim().slice(0, 40)}: ${what}`);
    if (edge.left < -1 || edge.right > innerWidth + 1) tell('beside the window');
    const isWord = one.matches('button, label, h2') && getComputedStyle(one).display !== 'inline';
    if (isWord && one.scrollWidth > one.clientWidth + 1) tell('its words are cut off');
    let isMovable = false;
    for (let holder = one.parentElement; holder !== document.body; holder = holder.parentElement) {
      if (getComputedStyle(holder).overflowX === 'visible') continue;
      const room = holder.getBoundingClientRect();
      if (edge.left < room.left - 1 || edge.right > room.right + 1) tell(`beside the edge of ${holder.id || holder.className}`);
      isMovable ||= isScrolled(holder);
      const isBelow = edge.top < room.top - 1 || edge.bottom > room.bottom + 1;
      if (!isMovable && isBelow) tell(`below the edge of ${holder.id || holder.className}`);
    }
    if (!isMovable && (edge.top < -1 || edge.bottom > innerHeight + 1)) tell('below the window');
  }
  const scrolled = ['record', 'questions', 'ask', 'thumbnails'].map((id) => document.getElementById(id));
  for (const part of [document.documentElement, ...scrolled])
    if (part.scrollWidth > part.clientWidth) told.push(`${part.id || 'the page'}: is moved sideways`);
  return told;
}"""


@pytest.fixture
def review(live_desk: Desk, person: OpenPerson) -> Review:
    return Review.of(person("ana"), live_desk.records(BAD)[0])


def expect_no_violation(person: Person) -> None:
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()


def test_focus_shows_the_spot_on_the_page_and_its_crop(review: Review) -> None:
    review.go_to(review.doubtful())
    expect(review.page.locator("#spot-mark")).to_be_visible()
    expect(review.page.locator("#crop")).to_be_visible()
    assert review.page.evaluate(IN_VIEW)
    assert review.page.evaluate(DARK)
    sheet = review.page.locator("#sheet").bounding_box()
    viewer = review.page.locator("#viewer").bounding_box()
    assert sheet is not None
    assert viewer is not None
    assert sheet["width"] > viewer["width"]


def test_the_page_is_moved_and_enlarged_by_keys(review: Review) -> None:
    review.press("Alt+0")
    width = review.page.evaluate("document.getElementById('sheet').offsetWidth")
    review.press("F6", "+")
    assert review.page.evaluate("document.getElementById('sheet').offsetWidth") > width
    top = review.page.evaluate("document.getElementById('viewer').scrollTop")
    review.press("ArrowDown")
    review.page.wait_for_function(f"document.getElementById('viewer').scrollTop > {top}")
    review.press("F6")
    assert review.focus_path() is not None


def test_a_click_and_a_drag_fill_the_field_from_the_page(review: Review) -> None:
    work = review.work()
    path = "requesting_provider.name"
    box = work["record"]["readings"][path]["box"]
    contact = review.go_to("requesting_provider.contact")
    expect(review.page.locator("#spot-mark")).to_be_visible()
    review.press("Alt+0")
    to_its_line = f"document.getElementById('viewer').scrollTo(0, {box[1]} * document.getElementById('sheet').offsetHeight - 60)"
    review.page.evaluate(to_its_line)
    sheet = review.page.locator("#sheet").bounding_box()
    assert sheet is not None
    left, right = (sheet["x"] + edge * sheet["width"] for edge in (box[0], box[2]))
    top, bottom = (sheet["y"] + edge * sheet["height"] for edge in (box[1], box[3]))
    mouse = review.page.mouse
    mouse.move(left - 3, top - 3)
    mouse.down()
    mouse.move(right + 3, bottom + 3, steps=4)
    mouse.up()
    expect(contact).to_have_value(work["record"]["readings"][path]["text"])
    expect(contact).to_be_focused()
    mouse.click((left + right) / 2 - (right - left) * 0.4, (top + bottom) / 2)
    expect(contact).to_have_value(re.compile(r"^\S+$"))
    review.press("Enter")
    reading = review.work()["record"]["readings"]["requesting_provider.contact"]
    assert reading["method"] == "coordinator"
    assert reading["box"][0] < box[2]
    assert reading["box"][2] > box[0]


def test_a_label_is_taught_by_keys_and_a_value_is_refused_as_one(review: Review) -> None:
    review.go_to("member.member_id")
    review.press("Alt+E")
    text, field = review.page.locator("#teach-text"), review.page.locator("#teach-field")
    expect(text).to_be_focused()
    expect(field).to_have_value("member.member_id")
    expect_no_violation(review.person)
    review.type("12345678901")
    review.press("Enter")
    expect(review.page.locator("#teach-problem")).to_contain_text("printed label alone")
    text.fill("Coverage Wallet Mark:")
    review.press("Enter")
    expect(review.page.locator("#teach")).to_be_hidden()
    labels = review.page.request.get("/api/labels?state=proposed").json()
    assert [(one["text"], one["field"]) for one in labels] == [("Coverage Wallet Mark", "member.member_id")]
    expect(review.field("member.member_id")).to_be_focused()


def test_a_request_is_split_by_keys_and_the_document_read_again(live_desk: Desk, person: OpenPerson) -> None:
    (record,) = live_desk.records(PACKET)
    pages = live_desk.newest(record)["source"]["pages"]
    review = Review.of(person("ana"), record)
    thumbnails = review.page.locator("#thumbnails button")
    expect(thumbnails).to_have_count(4)
    expect(review.page.locator("#thumbnails .ours")).to_have_count(len(pages))
    review.press("Alt+p")
    expect(review.page.locator(f"#arrange-{pages[0]}")).to_be_focused()
    review.press("s")
    expect(review.page.locator("#arrange-said")).to_contain_text(f"Request 1: page {pages[0]}. Request 2: page {pages[1]}.")
    review.press("ArrowDown", "m")
    expect(review.page.locator("#arrange-said")).to_contain_text(f"Request 1: pages {pages[0]}–{pages[1]}.")
    review.press("0", "Enter")
    expect(review.page.locator("#live")).to_contain_text("being read again")
    review.page.wait_for_url(lambda url: record not in url, timeout=120_000)
    found = review.page.url.rpartition("/")[2].partition("?")[0]
    assert live_desk.newest(found)["source"]["pages"] == pages[:1]


def test_an_unreadable_fax_is_keyed_by_hand(live_desk: Desk, person: OpenPerson) -> None:
    (record,) = live_desk.records(BROKEN)
    review = Review.of(person("ana"), record)
    expect(review.page.get_by_role("heading", name="This fax could not be read")).to_be_visible()
    with review.page.expect_download() as download:
        review.page.get_by_role("link", name="Download it as it came").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-1.4\nnothing")
    review.press("Alt+m")
    review.expect_focus("request.kind")
    review.type("new")
    review.press("Enter")
    review.expect_focus("member.last_name")
    review.type("Okonkwo")
    review.press("Enter")
    review.expect_focus("member.first_name")
    kept = review.work()["record"]
    assert (kept["request"]["kind"], kept["member"]["last_name"], kept["status"]) == ("new", "Okonkwo", "needs_review")


def test_axe_finds_nothing(live_desk: Desk, review: Review) -> None:
    expect_no_violation(review.person)
    review.press("?")
    expect_no_violation(review.person)
    review.press("Escape", "Alt+p")
    expect_no_violation(review.person)
    review.press("Escape", "Alt+c")
    expect_no_violation(review.person)
    review.press("Escape", "Alt+g")
    review.type("back pain")
    expect(review.page.get_by_role("option").first).to_be_visible()
    expect_no_violation(review.person)
    review.press("Escape", "Escape", "Alt+h")
    expect(review.page.locator("#events > li").first).to_be_visible()
    expect_no_violation(review.person)
    Review.of(review.person, live_desk.records(BROKEN)[0])
    expect_no_violation(review.person)


def test_at_200_percent_nothing_is_cut_off_and_all_can_be_reached(live_desk: Desk, person: OpenPerson) -> None:
    ana = person("ana", viewport={"width": 683, "height": 384})
    review = Review.of(ana, live_desk.records(BAD)[0])
    assert ana.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    last = review.go_to("signature.signed_on")
    expect(last).to_be_in_viewport()
    expect(ana.page.locator("#ask-title")).to_be_in_viewport()
    expect_no_violation(ana)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1366x768", "1920x1080"])
@pytest.mark.parametrize("fax", [BAD, PACKET, CHANGE])
def test_a_bad_fax_is_seen_whole_without_moving_sideways(
    live_desk: Desk, person: OpenPerson, size: dict[str, int], fax: str
) -> None:
    ana = person("ana", viewport=size)
    review = Review.of(ana, live_desk.records(fax)[0])
    expect(ana.page.locator("#page-image")).to_be_visible()
    assert ana.page.evaluate(CUT_OFF) == []
    review.go_to("requesting_provider.npi")
    review.type("1234567890")
    expect(ana.page.locator("#ask-problem")).to_contain_text("check digit")
    review.press("Alt+g")
    assert ana.page.evaluate(CUT_OFF) == []
