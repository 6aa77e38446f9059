"""Pages, sources, uploads, and documents that are read again."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import arrangements
from models.store.roles import Role
from models.store.tables import AuditRow
from review.api.upload import FilePart, NoSuchFile, boundary_of
from tests.desk.api.stands import MOST_BYTES, PNG, SOURCE, Api
from tests.desk.stored import a_record, put

DOCUMENT = "/api/documents/D-PAR-1"


@pytest.fixture
def ana(api: Api) -> httpx.Client:
    """Somebody at work, and a document of three pages with two requests."""
    put(api.desk, a_record("PAR-1", api.desk.clock()))
    api.pages.counts["D-PAR-1"] = 3
    api.documents.sources.add("D-PAR-1")
    return api.person("ana")


def _looks(api: Api) -> list[tuple[str, str, str | None, str | None]]:
    """Who looked at what, in the audit trail."""
    with Session(api.desk.services.reading) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.actor != "service").order_by(AuditRow.event_id))
        return [(row.actor, row.action, row.record_id, row.detail) for row in rows]


def test_a_page_is_an_image_and_its_words(ana: httpx.Client) -> None:
    image = ana.get(f"{DOCUMENT}/pages/2")
    assert (image.headers["content-type"], image.content) == ("image/png", PNG)
    assert image.headers["cache-control"] == "no-store"
    assert ana.get(f"{DOCUMENT}/pages/2/words").json() == [{"text": "word2", "box": [0.1, 0.1, 0.2, 0.15]}]


@pytest.mark.parametrize("path", ["pages/4", "pages/4/words", "../D-none/pages/1", "../D-none", "../D-none/source"])
def test_what_is_not_there_is_said_so(ana: httpx.Client, path: str) -> None:
    answer = ana.get(f"{DOCUMENT}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


def test_the_source_comes_as_it_arrived_under_its_id(ana: httpx.Client) -> None:
    answer = ana.get(f"{DOCUMENT}/source")
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", SOURCE)
    assert answer.headers["content-disposition"] == 'attachment; filename="D-PAR-1.pdf"'


def test_looks_are_noted_once_in_a_while_and_downloads_each_time(api: Api, ana: httpx.Client) -> None:
    for _ in range(2):
        for path in ("/api/records/PAR-1", "/api/records/PAR-1/work", "/api/records/PAR-1/history"):
            assert ana.get(path).status_code == 200
        for path in ("pages/1", "pages/1/words", "pages/2", "source"):
            assert ana.get(f"{DOCUMENT}/{path}").status_code == 200
    download = ("ana", "downloaded", None, "source")
    once = [("ana", "viewed", "PAR-1", None), ("ana", "viewed", None, "page 1"), ("ana", "viewed", None, "page 2")]
    assert _looks(api) == [*once, download, download]
    api.person("bo").get("/api/records/PAR-1/work")
    api.desk.clock.pass_s(601)
    ana.get(f"{DOCUMENT}/pages/1")
    assert _looks(api)[5:] == [("bo", "viewed", "PAR-1", None), ("ana", "viewed", None, "page 1")]


def test_how_far_a_document_is(api: Api, ana: httpx.Client) -> None:
    shown = ana.get(DOCUMENT).json()
    assert (shown["state"], shown["pages"], shown["records"], shown["groups"]) == ("done", 3, ["PAR-1"], None)
    ana.put(f"{DOCUMENT}/arrangement", json={"groups": [[1], [3, 2]]})
    assert ana.get(DOCUMENT).json()["groups"] == [[1], [3, 2]]
    assert api.documents.read == ["D-PAR-1"]


def test_an_arrangement_is_kept_and_read_by(api: Api, ana: httpx.Client) -> None:
    for groups in ([[1], [2, 3]], [[1], [2, 3]], [], None):
        answer = ana.put(f"{DOCUMENT}/arrangement", json={"groups": groups})
        assert (answer.status_code, answer.json()) == (202, {"document_id": "D-PAR-1", "reading": True})
        with Session(api.desk.services.reading) as session:
            kept = arrangements.current(session, "D-PAR-1")
        assert kept == (None if groups is None else tuple(tuple(group) for group in groups))
    assert len(api.documents.read) == 4
    assert [action for _, action, _, _ in _looks(api)] == ["arranged"] * 3


@pytest.mark.parametrize("groups", [[[1], []], [[1, 1]], [[1], [2, 1]], [[4]], [[0]], [["x"]], [1], "x"])
def test_an_arrangement_that_cannot_be_is_not_kept(api: Api, ana: httpx.Client, groups: object) -> None:
    answer = ana.put(f"{DOCUMENT}/arrangement", json={"groups": groups})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    with Session(api.desk.services.reading) as session:
        assert arrangements.current(session, "D-PAR-1") is None
    assert api.documents.read == []


def test_a_document_is_read_again_unless_it_is_in_work_or_on_somebodys_desk(api: Api, ana: httpx.Client) -> None:
    assert ana.post(f"{DOCUMENT}/read-again").status_code == 202
    assert ana.post("/api/documents/D-none/read-again").status_code == 404
    assert ana.put("/api/documents/D-none/arrangement", json={"groups": None}).status_code == 404
    api.documents.busy.add("D-PAR-1")
    for answer in (ana.post(f"{DOCUMENT}/read-again"), ana.put(f"{DOCUMENT}/arrangement", json={"groups": [[1]]})):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    assert ana.get(DOCUMENT).json()["groups"] == [[1]]
    api.documents.busy.clear()
    api.person("bo").post("/api/records/PAR-1/claim")
    for answer in (ana.post(f"{DOCUMENT}/read-again"), ana.put(f"{DOCUMENT}/arrangement", json={"groups": None})):
        assert (answer.status_code, answer.json()["code"], answer.json()["by"]) == (409, "held", "bo")
    assert ana.get(DOCUMENT).json()["groups"] == [[1]]
    assert api.documents.read == ["D-PAR-1"]


def test_a_file_is_taken_in_whole_with_its_name(api: Api, ana: httpx.Client) -> None:
    large = bytes(range(256)) * 10_000
    answer = ana.post("/api/documents", files={"file": ("fax ünd.pdf", large)}, data={"note": "left aside"})
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert api.documents.uploaded == [("fax ünd.pdf", large)]
    assert _looks(api) == [("ana", "uploaded", None, None)]


def test_a_file_that_is_too_large_is_not_taken_in(api: Api, ana: httpx.Client) -> None:
    answer = ana.post("/api/documents", files={"file": ("a.pdf", b"x" * (MOST_BYTES + 1))})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert api.documents.uploaded == []
    assert _looks(api) == []


FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nabc\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("", b"x"),
        ("multipart/form-data", FILE + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", FILE),
        ("multipart/form-data; boundary=b", FILE + FILE + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nabc\r\n--b--\r\n'),
        ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"y" * 10_000 + b"\r\n\r\nabc\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"no such thing"),
        ("multipart/form-data; boundary=" + "b" * 5_000, FILE),
    ],
)
def test_a_body_without_just_one_whole_file_is_refused(api: Api, ana: httpx.Client, content_type: str, body: bytes) -> None:
    answer = ana.post("/api/documents", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert api.documents.uploaded == []


def test_a_part_named_file_needs_no_name_of_its_own(api: Api, ana: httpx.Client) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--b--\r\n'
    answer = ana.post("/api/documents", content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 202
    assert api.documents.uploaded == [("", b"abc")]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_file_is_the_same_in_whatever_pieces_its_body_comes(size: int) -> None:
    content = b"\r\n--b\r\nabc\r\n-" * 20
    body = b'--bb\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + content + b"\r\n--bb--\r\n"
    part = FilePart(boundary_of('multipart/form-data; boundary="bb"'), (body[at : at + size] for at in range(0, len(body), size)))
    assert part.open() == "a"
    assert b"".join(part.pieces()) == content


def test_a_file_that_is_cut_short_is_none() -> None:
    part = FilePart(b"b", iter([FILE]))
    part.open()
    with pytest.raises(NoSuchFile):
        list(part.pieces())


def test_a_sender_who_hangs_up_leaves_nothing_behind(api: Api, ana: httpx.Client) -> None:
    sent: list[dict[str, Any]] = [
        {"type": "http.request", "body": FILE[:-2], "more_body": True},
        {"type": "http.disconnect"},
    ]
    told: list[dict[str, Any]] = []
    headers = {**ana.headers, "content-type": "multipart/form-data; boundary=b", "host": "localhost"}
    headers["cookie"] = "; ".join(f"{name}={value}" for name, value in ana.cookies.items())
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/api/documents",
        "raw_path": b"/api/documents", "query_string": b"", "scheme": "http", "server": ("localhost", 80),
        "client": ("127.0.0.1", 1), "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return sent.pop(0) if sent else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    asyncio.run(api.desk.app(scope, receive, send))  # type: ignore[arg-type]
    assert api.documents.uploaded == []
    assert _looks(api) == []
    assert told[0]["status"] == 422


def test_who_may_only_look_hands_nothing_in(api: Api, ana: httpx.Client) -> None:
    del ana
    auditor = api.person("sue", Role.AUDITOR)
    assert auditor.post("/api/documents", files={"file": ("a.pdf", b"x")}).status_code == 403
    assert auditor.post(f"{DOCUMENT}/read-again").status_code == 403
    assert auditor.put(f"{DOCUMENT}/arrangement", json={"groups": None}).status_code == 403
    assert auditor.get(f"{DOCUMENT}/source").status_code == 200
    assert api.documents.uploaded == []
