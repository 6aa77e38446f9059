"""Workbooks, opened again by another library than the one that wrote them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from review.reports.workbook import Sheet, workbook

ZONE = ZoneInfo("America/Los_Angeles")


def opened(content: bytes) -> Worksheet:
    page = load_workbook(BytesIO(content)).worksheets[0]
    assert isinstance(page, Worksheet)
    return page


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://example.org")', "+1", "-1+2", "@SUM(A1)", "\t=1", "{=1}", "http://x.example"]
)
def test_a_text_stays_a_text(text: str) -> None:
    page = opened(workbook([Sheet("log", ("name",), [(text,)])], ZONE))
    assert (page["A2"].value, page["A2"].data_type, page["A2"].hyperlink) == (text, "s", None)


def test_the_head_is_no_formula_either() -> None:
    assert opened(workbook([Sheet("log", ("=1",), [])], ZONE))["A1"].data_type == "s"


def test_numbers_days_and_times_can_be_reckoned_with() -> None:
    row = (3, 0.25, date(2026, 3, 1), datetime(2026, 3, 9, 6, 30, tzinfo=UTC), None, True)
    page = opened(workbook([Sheet("log", tuple("abcdef"), [row])], ZONE))
    told = [page.cell(2, column).value for column in range(1, 7)]
    # Since 8 March 2026 the clocks of California are seven hours behind UTC.
    assert told == [3, 0.25, datetime(2026, 3, 1), datetime(2026, 3, 8, 23, 30), None, True]  # noqa: DTZ001 - sheets know no zone


def test_each_table_has_its_sheet() -> None:
    content = workbook([Sheet("one", ("a",), []), Sheet("two", ("b",), [(1,)])], ZONE)
    assert load_workbook(BytesIO(content)).sheetnames == ["one", "two"]
