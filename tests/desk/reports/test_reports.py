"""The reports against a history that was worked out by hand; see tests/desk/reports/history.py."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.record import Status
from models.store import documents, report_index, retention
from models.store.audit import note
from models.store.report_integrity import Integrity, integrity
from models.store.report_tables import DecisionRow, ReportItemRow
from models.store.roles import Role
from models.store.tables import AuditRow
from review.html.figures import Figure
from review.reports import cms_metrics, matrix_log, missing_information, turn_around
from review.reports.kinds import KINDS
from tests.desk.desks import HTML, Desk
from tests.desk.reports.history import FRIDAY, WEEK, asked, at, stored
from tests.desk.stored import MEMBER, a_gap, a_record, put

Row = dict[str, object]


def rows_of(desk: Desk, make: Callable[..., tuple[Figure, ...]], table: str, plan: str | None = None) -> list[Row]:
    with Session(desk.services.reading) as session:
        (figure,) = [one for one in make(session, asked(plan)) if one.name == table]
    return [dict(zip(figure.head, row, strict=True)) for row in figure.rows]


def picked(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def test_turn_around_by_urgency(desk: Desk) -> None:
    stored(desk)
    found = {row["urgency"]: row for row in rows_of(desk, turn_around.figures, "turn-around")}
    assert list(found) == ["standard", "expedited", "retroactive", "all"]
    # Standard: R1 10 h, R2 20 h, R3 48 h late, R4 50 h, DRUG 1 h. Mean 129/5; the median of 1, 10, 20, 48, 50 is 20.
    # The ninth decile by the nearest rank of five is the fifth: 50. OPEN is open, due on the 4th, and so overdue on the 6th.
    standard = found["standard"]
    assert picked(standard, "received", "decided", "in_time", "late", "without_deadline") == (7, 5, 4, 1, 0)
    assert picked(standard, "mean_hours", "median_hours", "ninth_decile_hours") == pytest.approx((25.8, 20.0, 50.0))
    assert picked(standard, "in_time_share", "ended_otherwise", "open_now", "overdue_now") == (0.8, 1, 1, 1)
    assert standard["oldest_open_received_at"] == at(2, 8)
    # Expedited: E1 4 h, E2 6 h late. The median of two is the mean of both, the ninth decile of two is the second.
    assert picked(found["expedited"], "received", "decided", "in_time", "late") == (2, 2, 1, 1)
    assert picked(found["expedited"], "mean_hours", "median_hours", "ninth_decile_hours") == (5.0, 5.0, 6.0)
    # Retroactive: without a deadline, neither in time nor late.
    assert picked(found["retroactive"], "decided", "in_time", "late", "without_deadline", "in_time_share") == (1, 0, 0, 1, None)
    # All: 1, 4, 6, 10, 20, 24, 48, 50; the median is the mean of 10 and 20, the ninth decile of eight is the eighth.
    assert picked(found["all"], "received", "decided", "in_time", "late") == (10, 8, 5, 2)
    assert picked(found["all"], "median_hours", "ninth_decile_hours") == (15.0, 50.0)


def test_a_report_of_one_plan(desk: Desk) -> None:
    stored(desk)
    (standard, *_) = rows_of(desk, turn_around.figures, "turn-around", "beta")
    assert picked(standard, "received", "decided", "in_time", "ended_otherwise") == (2, 1, 1, 1)


def test_a_request_counts_with_each_of_its_clocks(desk: Desk) -> None:
    stored(desk)
    desk.clock.now = FRIDAY
    clocks = [
        {"rule": "a.rule", "source": "s", "started_at": at(2, 8), "due_at": at(4, 23)},
        {"rule": "b.rule", "source": "s", "started_at": at(2, 8), "due_at": at(9, 23)},
    ]
    put(desk, a_record("TWO", at(2, 8), due=at(4, 23) - at(2, 8), status=Status.READY, clocks=clocks))
    found = {(row["clock"], row["urgency"]): row for row in rows_of(desk, turn_around.figures, "clocks")}
    # The history's requests have the one clock a.rule; four standard ones are in time, R3 late, OPEN and TWO open and past it.
    assert picked(found["a.rule", "standard"], "in_time", "late", "open_now", "overdue_now") == (4, 1, 2, 2)
    assert picked(found["b.rule", "standard"], "in_time", "late", "open_now", "overdue_now") == (0, 0, 1, 0)
    assert picked(found["a.rule", "expedited"], "in_time", "late", "in_time_share") == (1, 1, 0.5)


def test_yearly_metrics(desk: Desk) -> None:
    stored(desk)
    found = {(row["plan"], row["urgency"]): row for row in rows_of(desk, cms_metrics.figures, "metrics")}
    # Standard, without DRUG, RETRO and GONE: R1 and R4 approved, R2 denied and won on appeal, R3 in part. 10, 20, 48, 50 hours.
    whole = found["all plans", "standard"]
    assert picked(whole, "determinations", "approved", "denied", "modified", "partially_approved") == (4, 2, 1, 0, 1)
    assert picked(whole, "approved_share", "denied_share", "partially_approved_share") == (0.5, 0.25, 0.25)
    assert picked(whole, "approved_after_appeal", "approved_after_appeal_share") == (1, 0.25)
    assert picked(whole, "extended_and_approved", "extended_and_approved_share") == (1, 0.25)
    assert picked(whole, "mean_hours", "median_hours", "median_days") == pytest.approx((32.0, 34.0, 34.0 / 24))
    assert picked(found["all plans", "expedited"], "approved", "denied", "mean_hours", "median_hours") == (1, 1, 5.0, 5.0)
    # Alpha has R1, R2 and R3, of 10, 20 and 48 hours; beta has R4 alone.
    assert picked(found["alpha", "standard"], "determinations", "median_hours", "extended_and_approved") == (3, 20.0, 0)
    assert picked(found["beta", "standard"], "determinations", "median_hours", "extended_and_approved") == (1, 50.0, 1)
    assert ("beta", "expedited") not in found
    left = {row["what"]: row["count"] for row in rows_of(desk, cms_metrics.figures, "left-out")}
    assert left == {"drugs": 1, "retroactive": 1, "not_determined": 1}


def test_who_won_an_appeal_was_denied_before(desk: Desk) -> None:
    stored(desk)
    with Session(desk.services.reading) as session:
        row = session.get_one(ReportItemRow, "R2")
    assert (row.determined, row.outcome, row.decided_at) == ("denied", "approved_after_appeal", at(3, 4))


@pytest.mark.parametrize(
    ("codes", "told"), [(["J1745"], True), (["J1745", "97110"], False), (["Q5103"], True), (["Q0091"], False), ([], False)]
)
def test_what_a_drug_is(desk: Desk, codes: list[str], told: bool) -> None:
    put(desk, a_record("PAR-1", desk.clock(), services=[{"code": code} for code in codes]))
    with Session(desk.services.reading) as session:
        assert session.get_one(ReportItemRow, "PAR-1").is_drug is told


def test_missing_information_by_office(desk: Desk) -> None:
    stored(desk)
    offices = rows_of(desk, missing_information.figures, "offices")
    # R4 names no NPI and another fax number; all other nine are of one NPI. Of these R3 has gaps that block, R2 a warning.
    assert [picked(row, "office", "requests", "incomplete", "missing") for row in offices] == [
        ("1234567893", 9, 1, 2),
        ("+18315550143", 1, 0, 0),
    ]
    fields = rows_of(desk, missing_information.figures, "office-fields")
    # Two gaps of units in one request are one request.
    assert [picked(row, "office", "field", "reason", "requests") for row in fields] == [
        ("1234567893", "services.units", "missing", 2),
        ("1234567893", "member.date_of_birth", "missing", 1),
    ]


def test_the_matrix_log_has_a_line_for_each_request(desk: Desk) -> None:
    stored(desk)
    lines = {row["record_id"]: row for row in rows_of(desk, matrix_log.figures, "matrix")}
    assert sorted(map(str, lines)) == ["DRUG", "E1", "E2", "GONE", "OPEN", "R1", "R2", "R3", "R4", "RETRO"]
    assert picked(lines["R3"], "late", "turn_around_hours", "determination", "gaps") == (
        "yes", 48.0, "partially_approved", "services.1.units services.0.units member.date_of_birth",
    )  # fmt: skip
    assert picked(lines["R2"], "determination", "outcome", "member_notified_at") == ("denied", "approved_after_appeal", at(5, 12))
    assert picked(lines["OPEN"], "late", "turn_around_hours", "outcome") == (None, None, None)
    assert picked(lines["R4"], "extended", "urgency_requested", "urgency_effective") == ("yes", "routine", "routine")


def test_a_long_matrix_log_is_read_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.store.report_matrix._BATCH", 3)
    stored(desk)
    with Session(desk.services.reading) as session:
        ids = [row[0] for row in matrix_log.rows(session, asked())]
    # By when the clock began, then by id.
    assert ids == ["DRUG", "GONE", "OPEN", "R1", "R2", "R3", "R4", "RETRO", "E1", "E2"]


def whole(desk: Desk) -> Integrity:
    with Session(desk.services.reading) as session:
        return integrity(session, WEEK)


def test_everything_that_arrived_has_its_end(desk: Desk) -> None:
    stored(desk)
    found = whole(desk)
    assert (found.arrived, found.done, found.records, found.purged, found.waiting) == (11, 11, 11, 0, 0)
    assert found.on_the_way == 11
    assert found.is_whole


def test_a_purge_loses_nothing_and_takes_all_of_a_document_along(desk: Desk) -> None:
    stored(desk)
    with Session(desk.services.engine) as session, session.begin():
        assert retention.remove(session, "D-R2", FRIDAY, "operator")
        assert session.get(ReportItemRow, "R2") is None
        assert session.query(DecisionRow).where(DecisionRow.record_id == "R2").count() == 0
    found = whole(desk)
    assert (found.arrived, found.purged, found.vanished, found.is_whole) == (11, 1, 0, True)


@pytest.mark.parametrize(
    ("damage", "count"),
    [
        ("DELETE FROM deliveries WHERE record_id = 'R1'", "unqueued"),
        ("UPDATE records SET revision = 3 WHERE record_id = 'R1'", "revision_gaps"),
        ("UPDATE records SET document_id = 'D-R2' WHERE record_id = 'R1'", "doubled"),
        ("UPDATE records SET document_id = 'D-R2' WHERE record_id = 'R1'", "ended_without_record"),
    ],
)
def test_damage_is_seen(desk: Desk, damage: str, count: str) -> None:
    stored(desk)
    with Session(desk.services.engine) as session, session.begin():
        session.execute(text(damage))
    found = whole(desk)
    assert getattr(found, count) == 1
    assert not found.is_whole


def test_a_document_that_vanished_is_seen(desk: Desk) -> None:
    stored(desk)
    with Session(desk.services.engine) as session, session.begin():
        note(session, "registered", "D-LOST", FRIDAY)
    assert (whole(desk).arrived, whole(desk).vanished) == (12, 1)


def test_what_was_stored_before_there_were_reports_is_counted(desk: Desk) -> None:
    stored(desk)
    with Session(desk.services.engine) as session, session.begin():
        session.execute(text("DELETE FROM report_clocks"))
        session.execute(text("DELETE FROM report_items"))
    with Session(desk.services.engine) as session, session.begin():
        assert report_index.index_missing(session) == 11
        assert report_index.index_missing(session) == 0
    assert len(rows_of(desk, matrix_log.figures, "matrix")) == 10


def test_each_report_has_a_page_and_files_without_members_and_formulas(desk: Desk) -> None:
    stored(desk)
    client = desk.signed_in(Role.AUDITOR, "ann")
    days = {"first": "2026-03-01", "last": "2026-03-07"}
    assert client.get("/reports", headers=HTML).text.count("<h2><a href=") == len(KINDS)
    for kind in KINDS.values():
        shown = client.get(f"/reports/{kind.name}", params=days, headers=HTML)
        assert shown.status_code == 200
        book = client.get(f"/reports/{kind.name}.xlsx", params=days)
        workbook = load_workbook(BytesIO(book.content))
        told = client.get(f"/api/reports/{kind.name}", params=days).json()
        texts = [shown.text, str(told)]
        for table in told["tables"]:
            content = client.get(f"/reports/{kind.name}/{table['name']}.csv", params=days).text
            texts.append(content)
            lines = list(csv.reader(io.StringIO(content, newline="")))
            assert lines[0] == table["columns"]
            assert len(lines) == len(table["rows"]) + 1
            assert not [cell for line in lines for cell in line if cell.startswith(("=", "@"))]
        assert len(workbook.sheetnames) == len(told["tables"])
        for sheet in workbook.worksheets:
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert not [cell for cell in cells if cell.data_type == "f"]
            texts += [str(cell.value) for cell in cells]
        assert not [value for value in MEMBER.values() if value in "".join(texts)]
    with Session(desk.services.reading) as session:
        details = {row.detail for row in session.query(AuditRow).where(AuditRow.actor == "ann", AuditRow.action == "exported")}
    assert details == {f"report {kind} {form}" for kind in KINDS for form in ("csv", "xlsx", "json")}


def test_the_matrix_log_opens_in_a_spreadsheet_as_it_is(desk: Desk) -> None:
    stored(desk)
    book = desk.signed_in(Role.AUDITOR).get("/reports/matrix.xlsx?first=2026-03-01&last=2026-03-07&plan=beta")
    (sheet,) = load_workbook(BytesIO(book.content)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == matrix_log.HEAD
    line = dict(zip(matrix_log.HEAD, rows[2], strict=True))
    assert line["record_id"] == "R4"
    assert line["received_at"] == at(2, 8).replace(tzinfo=None)
    assert (line["turn_around_hours"], line["reviewer"]) == (50.0, "=cmd()")


def test_a_report_or_table_that_is_none(desk: Desk) -> None:
    client = desk.signed_in(Role.AUDITOR)
    for path in (
        "/reports/none",
        "/reports/none.xlsx",
        "/reports/matrix/none.csv",
        "/reports/turn-around/none.csv",
        "/api/reports/none",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/api/reports/matrix?first=2026-03-07&last=2026-03-01").status_code == 422
    assert client.get("/api/reports/matrix?first=2006-03-07&last=2026-03-01").status_code == 422


def test_a_range_without_requests_is_shown(desk: Desk) -> None:
    client = desk.signed_in(Role.AUDITOR)
    for kind in KINDS:
        assert client.get(f"/reports/{kind}", headers=HTML).status_code == 200
        assert client.get(f"/reports/{kind}.xlsx").status_code == 200


def test_what_was_given_up_by_a_later_reading_is_no_request(desk: Desk) -> None:
    desk.clock.now = FRIDAY
    put(desk, a_record("KEPT", at(2, 8), gaps=[a_gap()]))
    with Session(desk.services.engine) as session, session.begin():
        documents.add_records(session, "D-KEPT", (a_record("NEW", at(2, 8), gaps=[a_gap()]),), ("outbox",), FRIDAY + timedelta(1))
    assert [row["record_id"] for row in rows_of(desk, matrix_log.figures, "matrix")] == ["NEW"]
    assert whole(desk).is_whole
