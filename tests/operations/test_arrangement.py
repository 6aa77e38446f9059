"""A person says which pages of a document are which request, and it is read so: on real bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session

from intake.archive import take_back
from intake.folders import Folders
from intake.pipeline import process_document
from intake.settings import Settings
from models.document import Document, MediaType
from models.record import GapReason, ReferralRecord, Status
from models.store import arrangements
from models.store.database import open_engine, sqlite_url
from tests.intake.harness import Site

_COVER = ("FAX COVER SHEET", "To: Utilization Management", "From: Valley Orthopedics", "Pages: 4", "Please see attached.")
_SCRIBBLE = ("Grocery list", "two lemons", "a loaf of bread", "coffee", "stamps for the letters")


def _form(last: str, member_id: str) -> tuple[str, ...]:
    return (
        "PRIOR AUTHORIZATION REQUEST",
        f"Member Last Name: {last}    First Name: June    Date of Birth: 03/14/1961",
        f"Member ID: {member_id}",
        "Requesting Provider: Ina Brook    NPI: 1234567893",
        "Diagnosis Code (ICD-10): M54.50",
        "CPT Code: 97110    Units: 12    From: 03/02/2026    To: 05/29/2026",
    )


@pytest.fixture
def fax(tmp_path: Path) -> Document:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for lines in (_COVER, _form("Alder", "91234567A"), _form("Birch", "97654321B"), _SCRIBBLE):
        for number, line in enumerate(lines):
            canvas.drawString(60, 740 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    path = tmp_path / "fax.pdf"
    path.write_bytes(buffer.getvalue())
    return Document(path, "fax.pdf", "0" * 64, MediaType.PDF, datetime(2026, 3, 1, tzinfo=UTC))


def read(fax: Document, arrangement: tuple[tuple[int, ...], ...] | None) -> tuple[ReferralRecord, ...]:
    document = Document(fax.path, fax.file_name, fax.sha256, fax.media_type, fax.received_at, arrangement=arrangement)
    return process_document(document, Settings())


def shown(records: tuple[ReferralRecord, ...]) -> list[tuple[str | None, list[int]]]:
    return [(record.member.last_name, record.source.pages) for record in records]


def test_a_request_that_nobody_touched_keeps_its_id_and_says_the_same(fax: Document) -> None:
    by_itself = read(fax, None)
    assert shown(by_itself) == [("Alder", [2]), ("Birch", [3])]
    assert read(fax, ((2,), (3,))) == by_itself
    alder, *_ = read(fax, ((2,), (3, 4)))
    assert alder == by_itself[0]


def test_pages_are_moved_joined_and_left_out_as_a_person_says(fax: Document) -> None:
    by_itself = read(fax, None)
    moved = read(fax, ((1, 2), (3, 4)))
    assert shown(moved) == [("Alder", [1, 2]), ("Birch", [3, 4])]
    assert not {record.record_id for record in moved} & {record.record_id for record in by_itself}
    assert shown(read(fax, ((3,),))) == [("Birch", [3])]
    (joined,) = read(fax, ((2, 3),))
    assert joined.source.pages == [2, 3]
    (none,) = read(fax, ())
    assert (none.status, none.final) == (Status.NO_REQUEST, True)


def test_what_only_a_person_takes_for_a_request_is_a_record_to_be_keyed_by_hand(fax: Document) -> None:
    alder, by_hand = read(fax, ((2,), (4,)))
    assert alder.member.last_name == "Alder"
    assert (by_hand.status, by_hand.final, by_hand.source.pages) == (Status.NEEDS_REVIEW, False, [4])
    assert by_hand.readings == {}
    missing = {gap.field for gap in by_hand.gaps if gap.reason is GapReason.MISSING}
    assert {"member.last_name", "member.member_id", "diagnoses", "services"} <= missing


def _drain(site: Site) -> None:
    process = site.start("--drain", standin=False)
    process.communicate(timeout=600)
    assert process.returncode == 0


def test_the_service_reads_again_as_the_store_says_and_closes_what_is_no_request_any_more(fax: Document, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.drop("fax.pdf", fax.path.read_bytes())
    _drain(site)
    before = site.records()
    ((document_id,),) = site.query("SELECT document_id FROM documents")
    store = open_engine(sqlite_url(site.data / "par-intake.sqlite"))
    with Session(store) as session, session.begin():
        arrangements.arrange(session, document_id, ((1, 2), (3,)), "somebody", datetime.now(UTC))
    store.dispose()
    folders = Folders.of(Settings(inbox=site.inbox, outbox=site.outbox, data=site.data), "local")
    assert take_back(folders, document_id, None, at_desk=True)
    _drain(site)
    after = {tuple(record["source"]["pages"]): record for record in site.records().values()}
    assert sorted(after) == [(1, 2), (2,), (3,)]
    assert (after[1, 2]["revision"], after[1, 2]["member"]["last_name"]) == (1, "Alder")
    assert after[3,] == before[after[3,]["record_id"]]
    assert (after[2,]["revision"], after[2,]["final"]) == (2, True)
