"""Listings, searches and single records, on SQLite and PostgreSQL."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest

from models.record import Status
from tests.desk.api.stands import Api
from tests.desk.stored import a_gap, a_record, put


def _fill(api: Api, count: int) -> None:
    """Records that came an hour apart, the later the less urgent; several at one time, too."""
    for n in range(count):
        put(api.desk, a_record(f"PAR-{n:02}", api.desk.clock() + timedelta(hours=n // 3)))


def _all(client: httpx.Client, query: str) -> list[str]:
    """All ids of a listing, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        told = client.get(f"/api/records?{query}{cursor}").json()
        found += [item["record_id"] for item in told["items"]]
        if told["next"] is None:
            return found
        cursor = f"&cursor={told['next']}"


def _ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["record_id"] for item in answer.json()["items"]]


def test_pages_of_a_listing_hold_each_record_once_and_in_order(each_api: Api) -> None:
    _fill(each_api, 11)
    client = each_api.person("ana")
    expected = [f"PAR-{n:02}" for n in range(11)]
    assert _all(client, "limit=1") == _all(client, "limit=3") == _all(client, "limit=11") == expected
    assert _all(client, "view=all&limit=4") == expected[::-1]


def test_records_that_arrive_between_two_pages_neither_hide_nor_double_any(each_api: Api) -> None:
    _fill(each_api, 9)
    client = each_api.person("ana")
    first = client.get("/api/records?limit=4").json()
    put(each_api.desk, a_record("PAR-early", each_api.desk.clock() - timedelta(days=1)))
    put(each_api.desk, a_record("PAR-late", each_api.desk.clock() + timedelta(days=1)))
    put(each_api.desk, a_record("PAR-03", each_api.desk.clock() + timedelta(hours=1), gaps=[a_gap()]))
    rest = client.get(f"/api/records?limit=50&cursor={first['next']}").json()
    shown = [item["record_id"] for item in (*first["items"], *rest["items"])]
    assert shown == [*(f"PAR-{n:02}" for n in range(9)), "PAR-late"]
    since = client.get(f"/api/records?since={first['change']}").json()
    assert sorted(item["record_id"] for item in since["items"]) == ["PAR-03", "PAR-early", "PAR-late"]


def test_a_cursor_holds_a_time_and_an_id_and_nothing_of_a_form(api: Api) -> None:
    _fill(api, 3)
    word = api.person("ana").get("/api/records?limit=1").json()["next"]
    view, us, record_id = base64.urlsafe_b64decode(word + "==").decode().split()
    assert (view, record_id) == ("waiting", "PAR-00")
    assert us.isdecimal()


@pytest.mark.parametrize(
    "word", ["x", "AAAA", "d2FpdGluZyAx", "_-_-", base64.urlsafe_b64encode(b"ended 1 PAR-1").decode().rstrip("=")]
)
def test_a_cursor_of_another_listing_is_none(api: Api, word: str) -> None:
    answer = api.person("ana").get(f"/api/records?cursor={word}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["at"] == "cursor"


def test_a_cursor_from_the_ends_of_time_is_no_failure_of_ours(each_api: Api) -> None:
    for us in (-(10**16), 10**16 * 9, 2 * 10**17):
        word = base64.urlsafe_b64encode(f"waiting {us} PAR-1".encode()).decode().rstrip("=")
        assert each_api.person("ana").get(f"/api/records?cursor={word}").status_code in (200, 422)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("view=all", ["PAR-a", "PAR-b", "PAR-c"]),
        ("", ["PAR-a", "PAR-b"]),
        ("view=ended", ["PAR-c"]),
        ("view=all&status=ready", ["PAR-c"]),
        ("view=all&status=ready&status=needs_review", ["PAR-a", "PAR-b", "PAR-c"]),
        ("kind=amendment", ["PAR-b"]),
        ("urgency=urgent", ["PAR-b"]),
        ("with_gaps=true", ["PAR-a"]),
        ("with_gaps=false", ["PAR-b"]),
        ("unclaimed=true", ["PAR-b"]),
        ("document_id=D-PAR-b", ["PAR-b"]),
        ("received_from=1000-01-01T00:00:00Z&received_before=9999-12-31T23:59:59-23:00", ["PAR-a", "PAR-b"]),
        ("received_before=1999-01-01T00:00:00Z", []),
        ("since=2147483647", []),
    ],
)
def test_a_listing_is_narrowed_by_what_may_stand_in_an_address(each_api: Api, query: str, expected: list[str]) -> None:
    now = each_api.desk.clock()
    put(each_api.desk, a_record("PAR-a", now, gaps=[a_gap()]))
    put(each_api.desk, a_record("PAR-b", now, request={"kind": "amendment", "urgency": "urgent"}))
    put(each_api.desk, a_record("PAR-c", now, status=Status.READY))
    assert each_api.person("bo").post("/api/records/PAR-a/claim").status_code == 200
    assert sorted(_ids(each_api.person("ana").get(f"/api/records?{query}"))) == expected


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ({"member": "ruiz ana"}, True),
        ({"member": "rtega"}, False),
        ({"member": "Ruiz"}, True),
        ({"member_id": "h3318"}, True),
        ({"date_of_birth": "2/17/1980"}, True),
        ({"date_of_birth": "2/17/80"}, True),
        ({"date_of_birth": "1980-02"}, True),
        ({"date_of_birth": "2/18/1980"}, False),
        ({"provider": "o'brien"}, True),
        ({"fax": "555-0142"}, True),
        ({"fax": "(831) 555-9999"}, True),
        ({"text": "ruiz 2/17/1980 linda"}, True),
        ({"text": "ruiz smith"}, False),
        ({"text": "'; drop table desk_items; --"}, False),
        ({"text": "%"}, True),
        ({"member": "ruiz", "status": ["ready"]}, False),
        ({}, True),
    ],
)
def test_a_search_finds_people_by_how_their_names_begin(each_api: Api, body: dict[str, Any], is_found: bool) -> None:
    put(each_api.desk, a_record("PAR-1", each_api.desk.clock()))
    assert _ids(each_api.person("ana").post("/api/records/search", json=body)) == (["PAR-1"] if is_found else [])


def test_a_search_goes_on_from_its_cursor(each_api: Api) -> None:
    _fill(each_api, 5)
    client = each_api.person("ana")
    first = client.post("/api/records/search", json={"member": "ruiz", "limit": 2}).json()
    rest = client.post("/api/records/search", json={"member": "ruiz", "cursor": first["next"]})
    assert _ids(rest) == ["PAR-02", "PAR-03", "PAR-04"]


def test_a_listing_says_who_works_on_what(api: Api) -> None:
    put(api.desk, a_record("PAR-1", api.desk.clock()))
    ana, bo = api.person("ana"), api.person("bo")
    ana.post("/api/records/PAR-1/claim")
    (mine,), (other,) = ana.get("/api/records").json()["items"], bo.get("/api/records").json()["items"]
    assert (mine["held"]["by"], mine["mine"]) == ("ana", True)
    assert (other["held"]["by"], other["mine"]) == ("ana", False)
    api.desk.clock.pass_s(601)
    assert bo.get("/api/records").json()["items"][0]["held"] is None


def test_a_listing_that_is_the_same_is_not_sent_again(api: Api) -> None:
    put(api.desk, a_record("PAR-1", api.desk.clock()))
    client = api.person("ana")
    etag = client.get("/api/records").headers["etag"]
    same = client.get("/api/records", headers={"if-none-match": etag})
    assert (same.status_code, same.content) == (304, b"")
    client.post("/api/records/PAR-1/claim")
    assert client.get("/api/records", headers={"if-none-match": etag}).status_code == 200


def test_a_record_is_given_as_it_is_delivered_with_the_etag_of_its_revision(each_api: Api) -> None:
    first = put(each_api.desk, a_record("PAR-1", each_api.desk.clock()))
    second = put(each_api.desk, a_record("PAR-1", each_api.desk.clock(), gaps=[a_gap()]))
    client = each_api.person("ana")
    newest = client.get("/api/records/PAR-1")
    assert newest.json() == second.model_dump(mode="json")
    assert newest.headers["etag"] == '"2"'
    earlier = client.get("/api/records/PAR-1?revision=1")
    assert earlier.json() == first.model_dump(mode="json")
    assert earlier.headers["etag"] == '"1"'
    assert client.get("/api/records/PAR-1", headers={"if-none-match": 'W/"1", W/"2"'}).status_code == 304
    assert client.get("/api/records/PAR-1", headers={"if-none-match": '"1"'}).status_code == 200
    assert client.get("/api/records/PAR-1?revision=3").status_code == 404
    assert client.get("/api/records/PAR-2").json()["code"] == "unknown"


def test_a_filter_is_its_owners_and_stands_in_addresses_by_its_id(each_api: Api) -> None:
    put(each_api.desk, a_record("PAR-1", each_api.desk.clock()))
    put(each_api.desk, a_record("PAR-2", each_api.desk.clock(), member={"last_name": "Smith"}))
    ana, bo = each_api.person("ana"), each_api.person("bo")
    kept = ana.post("/api/filters", json={"member": "ruiz", "name": "mine"}).json()["filter_id"]
    assert _ids(ana.get(f"/api/records?filter_id={kept}")) == ["PAR-1"]
    assert bo.get(f"/api/records?filter_id={kept}").status_code == 404
    assert bo.delete(f"/api/filters/{kept}").status_code == 404
    assert bo.get("/api/filters").json() == []
    (shown,) = ana.get("/api/filters").json()
    assert (shown["filter_id"], shown["name"], shown["member"]) == (kept, "mine", "ruiz")
    replaced = ana.post("/api/filters", json={"member": "smith", "status": ["needs_review"], "name": "mine"}).json()["filter_id"]
    (shown,) = ana.get("/api/filters").json()
    assert (shown["filter_id"], shown["status"]) == (replaced, ["needs_review"])
    assert ana.delete(f"/api/filters/{replaced}").status_code == 204
    assert ana.get(f"/api/records?filter_id={replaced}").status_code == 404


def test_a_search_without_a_name_goes_some_days_after_its_last_use(api: Api) -> None:
    ana = api.person("ana")
    kept = [ana.post("/api/filters", json={"member": "ruiz"}).json()["filter_id"] for _ in range(2)]
    api.desk.clock.pass_s(6 * 86_400)
    ana = api.person("ana")
    assert ana.get(f"/api/records?filter_id={kept[0]}").status_code == 200
    api.desk.clock.pass_s(2 * 86_400)
    ana = api.person("ana")
    ana.post("/api/filters", json={"member": "smith"})
    assert [ana.get(f"/api/records?filter_id={one}").status_code for one in kept] == [200, 404]


def test_nobody_names_filters_without_end(api: Api) -> None:
    ana = api.person("ana")
    told = [ana.post("/api/filters", json={"name": f"n{n}"}).status_code for n in range(51)]
    assert told == [201] * 50 + [409]
    assert ana.post("/api/filters", json={"name": "n1", "member": "ruiz"}).status_code == 201
