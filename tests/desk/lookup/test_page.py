"""The page on which a history is looked up: what is asked for, what is shown, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from models.store.database import sqlite_url
from tests.desk.desks import HTML
from tests.desk.lookup.story import Story, telling


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story on SQLite alone: what is shown of it is the same on each kind of database."""
    folder = tmp_path_factory.mktemp("story")
    yield from telling(sqlite_url(folder / "store.sqlite"), folder)


def look_up(client: httpx.Client, **form: str) -> httpx.Response:
    """Post a form, and follow to the page that it leads to."""
    answer = client.post("/lookup", data=form, headers=HTML)
    assert answer.status_code == 303, answer.text
    assert re.fullmatch(r"/lookup\?of=H-[A-Za-z0-9_-]{20}", answer.headers["location"])
    return client.get(answer.headers["location"], headers=HTML)


def words(answer: httpx.Response) -> str:
    """A page as plain text."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def test_a_member_is_shown_with_her_requests_and_what_happened(story: Story) -> None:
    answer = look_up(story.asks().client, about="member", last_name="ruiz ortega", first_name="ana", date_of_birth="2/17/1980")
    told = words(answer)
    for said in ("Covered today", "Group: Cedar Medical Group", "Other coverage: Maple Insurance", "AUTH-1001", "As it stands now"):
        assert said in told
    assert re.findall(r'id="row-([^"]+)"', answer.text) == ["PAR-0004", "PAR-0003", "PAR-0002", "PAR-0001"]
    assert "Service 1: 97110 × 12 2026-03-16 – 2026-06-14 → 97110 × 24 2026-03-16 – 2026-06-14" in told
    moments = re.findall(r'<span class="tag[^"]*">([^<]+)</span>', answer.text.partition('id="moments"')[2])
    assert moments == [
        "Authorization brought in",
        "New request received",
        "Amendment received",
        "Letter released",
        "Letter proposed",
        "New request received",
        "Approved",
        "New request received",
    ]


def test_a_provider_is_shown_with_what_its_requests_lacked(story: Story) -> None:
    told = words(look_up(story.asks().client, about="provider", npi="1234567893"))
    assert "Linda T. O&#39;Brien" in told
    assert "Of its newest 4 requests, 1 lacked something that blocks (25 %)" in told
    assert words(look_up(story.asks().client, about="provider", fax="(831) 555-0142")).count("requesting") == 4


def test_an_authorization_is_shown_as_imported_and_as_it_stands(story: Story) -> None:
    told = words(look_up(story.asks().client, about="authorization", authorization_number="auth-1001"))
    imported, now = told.partition("As imported")[2].split("As it stands now")[:2]
    assert "97110 × 12" in imported
    assert "97110 × 24" in now


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"about": "member"}, "Enter a member ID"),
        ({"about": "member", "last_name": "Ruiz"}, "Enter a member ID"),
        ({"about": "member", "member_id": "--"}, "Enter a member ID"),
        ({"about": "member", "last_name": "Ruiz", "date_of_birth": "yesterday"}, "Enter the date of birth"),
        ({"about": "provider", "npi": "123"}, "Enter an NPI"),
        ({"about": "provider", "fax": "555-0142"}, "Enter an NPI"),
        ({"about": "authorization", "authorization_number": " - "}, "Enter the number"),
    ],
)
def test_what_is_missing_in_a_form_is_said_and_what_was_typed_stays(story: Story, form: dict[str, str], said: str) -> None:
    answer = story.asks().client.post("/lookup", data=form, headers=HTML)
    assert answer.status_code == 422
    assert said in words(answer)
    assert all(f'value="{value}"' in answer.text for value in form.values() if value.strip())


def test_what_is_not_kept_any_more_is_said(story: Story) -> None:
    answer = story.asks().client.get("/lookup?of=H-AAAAAAAAAAAAAAAAAAAA", headers=HTML)
    assert "is not kept any more" in words(answer)


def test_nobody_known_is_told_as_such(story: Story) -> None:
    told = words(look_up(story.asks().client, about="member", member_id="Q0000000"))
    assert "The member roster knows nobody by this" in told
    assert "No request is known" in told


def test_another_page_cannot_be_made_to_look_somebody_up(story: Story) -> None:
    client = story.asks().client
    del client.headers["x-csrf-token"]
    assert client.post("/lookup", data={"about": "member", "member_id": "91234567A"}).status_code == 403
