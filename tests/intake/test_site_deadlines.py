"""The site's own deadline rules, by the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.settings import Settings
from intake.site_policy import policies_of
from models.errors import ConfigurationError
from tests.validation.clock_examples import PACIFIC, came, due, end_of, rule
from validation.policies import deadline_set

OWN = """
kind: deadlines
name: ours
title: Ours
based_on: medi_cal_knox_keene
leaves_out: [cms_0057_f.routine.7_calendar_days]
rules:
  - {id: ours.routine.3_business_days, urgency: routine, business_days: 3, source: our provider manual}
"""


@pytest.mark.parametrize(("deadlines", "expected"), [("medicare_advantage", "cfr_422_568.routine.7_calendar_days"), (None, None)])
def test_a_shipped_set_is_named(deadlines: str | None, expected: str | None) -> None:
    book = policies_of(Settings(deadlines=deadlines))
    record = came("2026-03-10 09:00")
    found = book.checked(record, today=record.source.received_at.date(), time_zone=PACIFIC)
    assert rule(found) == (expected or "hsc_1367_01.routine.5_business_days")


def test_a_file_is_named(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(OWN, encoding="utf-8")
    record = came("2026-03-10 09:00")
    found = policies_of(Settings(deadlines=str(own))).checked(record, today=record.source.received_at.date(), time_zone=PACIFIC)
    # W11 T12 F13; the State's own five business days stay.
    assert (due(found), rule(found)) == (end_of("2026-03-13"), "ours.routine.3_business_days")
    assert [clock.rule for clock in found.clocks] == ["hsc_1367_01.routine.5_business_days", "ours.routine.3_business_days"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace("medi_cal_knox_keene", "nobody"), "no deadline rule set named 'nobody'"),
        (OWN.replace("business_days: 3", "business_days: 3, hours: 2"), "give one of hours"),
        (OWN.replace("source: our", "starts: tomorrow, source: our"), "starts"),
        (OWN.replace("rules:", "unknown: 1\nrules:"), "unknown"),
        (OWN.replace("  - {id", "  - [id").replace("manual}", "manual]"), "rules"),
        ("kind: completeness\nname: x\ntitle: X\ndeadlines: null\nfields: []\n", "not deadlines"),
    ],
)
def test_a_file_that_is_no_rule_set_stops_the_start_and_says_where(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        policies_of(Settings(deadlines=str(own)))


def test_an_unknown_set_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="no deadline rule set named 'nobody'"):
        deadline_set("nobody")
