"""The dashboard as a page, and its numbers as files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.record import Status
from models.store.roles import Role
from models.store.tables import AuditRow
from review.html import plots
from review.html.csv_files import cell
from review.html.figures import FIGURES
from review.html.plots import Series
from tests.desk.desks import HTML, Desk
from tests.desk.stored import MEMBER, a_gap, a_record, put


def filled(desk: Desk) -> None:
    """Two days of requests."""
    now = desk.clock()
    for n in range(6):
        status = Status.READY if n % 2 else Status.NEEDS_REVIEW
        put(desk, a_record(f"PAR-{n}", now - timedelta(days=n % 3, hours=1), status=status, gaps=[a_gap()] if n % 2 == 0 else ()))


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_each_figure_has_its_picture_its_table_and_its_file(desk: Desk) -> None:
    filled(desk)
    client = desk.signed_in(Role.SUPERVISOR)
    text = client.get("/dashboard", headers=HTML).text
    for name in FIGURES:
        assert f'id="{name}-h"' in text
        address = re.search(rf'href="(/dashboard/{name}\.csv\?[^"]+)"', text)
        assert address is not None
        answer = client.get(address[1].replace("&amp;", "&"))
        assert answer.headers["content-type"].startswith("text/csv")
        assert "attachment" in answer.headers["content-disposition"]
        assert len({len(row) for row in table(answer.text)}) == 1
    assert text.count('role="img"') >= 4
    assert "<desc" in text


def test_the_files_add_up_to_what_the_page_says(desk: Desk) -> None:
    filled(desk)
    client = desk.signed_in(Role.AUDITOR)
    rows = table(client.get("/dashboard/flow.csv").text)
    assert sum(int(row[1]) for row in rows[1:]) == 6
    assert sum(int(row[2]) for row in rows[1:]) == 3
    assert len(rows) == 31
    text = client.get("/dashboard", headers=HTML).text
    assert re.search(r"<dt>Received</dt><dd><b>6</b>", text)
    assert re.search(r"<dt>Straight through</dt><dd><b>50 %</b>", text)


def test_no_file_and_no_page_tells_of_a_member(desk: Desk) -> None:
    filled(desk)
    client = desk.signed_in(Role.AUDITOR)
    answers = [client.get("/dashboard", headers=HTML), *(client.get(f"/dashboard/{name}.csv") for name in FIGURES)]
    for answer in answers:
        assert answer.status_code == 200
        assert not [value for value in MEMBER.values() if value in answer.text]


def test_a_file_that_is_taken_along_is_in_the_audit_trail(desk: Desk) -> None:
    desk.signed_in(Role.SUPERVISOR, "sam").get("/dashboard/gaps.csv")
    with Session(desk.services.reading) as session:
        rows = [(row.actor, row.action, row.detail) for row in session.query(AuditRow)]
    assert rows == [("sam", "exported", "dashboard gaps")]


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", 30),
        ("first=2026-01-05&last=2026-01-11", 7),
        ("first=2026-01-05&last=2026-01-11&by=week", 1),
        ("first=2026-01-01&last=2026-06-30&by=day", 27),
        ("first=yesterday&last=2026-01-11", 30),
        ("first=2026-02-01&last=2026-01-11", 30),
        ("first=1900-01-01&last=2026-01-11", 158),
        ("first=0001-01-01&last=9999-12-31", 158),
    ],
)
def test_a_range_is_cut_into_days_or_weeks(desk: Desk, query: str, days: int) -> None:
    desk.clock.now = desk.clock.now.replace(year=2026, month=11, day=20)
    rows = table(desk.signed_in(Role.COORDINATOR).get(f"/dashboard/flow.csv?{query}").text)
    assert len(rows) == days + 1
    assert desk.signed_in(Role.COORDINATOR).get(f"/dashboard?{query}", headers=HTML).status_code == 200


def test_a_figure_that_is_none_and_a_field_that_is_none(desk: Desk) -> None:
    client = desk.signed_in(Role.COORDINATOR)
    assert client.get("/dashboard/members.csv").status_code == 404
    assert "Of all fields" in client.get("/dashboard?field=%3Cb%3E", headers=HTML).text


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, ""), (0.25, "0.2500"), (7, "7"), ("+18315550142", "+18315550142"), ("=1+1", "'=1+1"), ("@sum", "'@sum"), ("-a", "'-a")],
)
def test_a_spreadsheet_runs_nothing_that_came_by_fax(value: object, told: str) -> None:
    assert cell(value) == told


def test_bars_stand_on_each_other_and_reach_as_high_as_their_number() -> None:
    plot = plots.bars("p", "P", ["a", "b"], [(Series("x", (4.0, 0.0)), Series("y", (4.0, 2.0)))], "")
    first, second, third = plot.marks
    assert second.y + second.height == pytest.approx(first.y)
    assert first.height == second.height == 2 * third.height
    assert second.y == pytest.approx(plots.TOP)
    assert second.told == "a: 4 y"


def test_a_line_is_broken_where_there_is_no_number() -> None:
    plot = plots.lines("p", "P", ["a", "b", "c", "d"], [Series("x", (1.0, None, 2.0, 3.0))], "")
    assert plot.paths[0].d.count("M") == 2
    assert len(plot.marks) == 3


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 3), (7, 8), (45, 60), (100, 100), (101, 150), (12345, 15000)])
def test_an_axis_ends_at_a_round_number_that_holds_all(most: float, top: float) -> None:
    plot = plots.bars("p", "P", ["a"], [(Series("x", (float(most),)),)], "")
    assert float(plot.across[-1].label) == top
