"""A week of faxes through the real service; what is expected of each was worked out by hand from the rules in docs/deadlines.md.

docs/week.md tells the same in words. 5 November 2026 is a Thursday; Wednesday, the 11th, is Veterans Day and no business day.
"7 days" is ``cms_0057_f.routine.7_calendar_days``, "5 business days" is ``hsc_1367_01.routine.5_business_days``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pytest

from tests.week.faxes import WEEK, at
from tests.week.script import Seen, live
from tests.week.service import Json

SEVEN_DAYS: Final = "cms_0057_f.routine.7_calendar_days"
FIVE_BUSINESS_DAYS: Final = "hsc_1367_01.routine.5_business_days"
HOURS_72: Final = "hsc_1367_01.urgent.72_hours"
DESK: Final = "token:desk"
"""Who works at the desk: the program that stands for the coordinator."""


@dataclass(frozen=True, slots=True)
class End:
    """How a fax stands at the end of the week; a link is its kind, the fax that it leads to, and whether it is sure."""

    status: str
    due: datetime | None
    rule: str | None
    waits: bool = False
    links: tuple[tuple[str, str, bool], ...] = ()
    asks: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    in_time: bool | None = None


def midnight(day: int) -> datetime:
    """The end of a day of November."""
    return at(day, 23, 59).replace(second=59)


EXPECTED = {
    # Thu 5, routine, Medi-Cal: 7 days end on Thu 12; five business days on Fri 13: F6 M9 T10 T12 F13. Decided on Tue 10.
    "plain": End("ready", midnight(12), SEVEN_DAYS, events=("decided",), in_time=True),
    # Thu 5, routine, commercial: the federal rule is not for it. F6 M9 T10 T12 F13. Decided on Mon 16, which is late.
    "commercial": End("ready", midnight(13), FIVE_BUSINESS_DAYS, events=("decided",), in_time=False),
    # Thu 5, 14:00, urgent: 72 hours, over the weekend. Decided on Saturday at 10:00.
    "urgent": End("ready", at(8, 14), HOURS_72, events=("decided",), in_time=True),
    # As the first; nobody decides it.
    "forgotten": End("ready", midnight(12), SEVEN_DAYS),
    # Fri 6, without the NPI. Asked on Fri 6: it waits. Answered on Mon 9: T10 T12 F13 M16 T17, and no later than Fri 20 (14 days).
    # The federal clock stays where the letter has put it: Fri 13 + 14 days = Fri 27. The gap is closed. Decided on Fri 13.
    "lacking": End(
        "ready",
        midnight(17),
        FIVE_BUSINESS_DAYS,
        events=("information_requested", "information_received", "information_complete", "decided"),
        in_time=True,
    ),
    # The pages of "plain" through another line: surely the same, and nothing differs. No second work; the clock of Thu 5 holds.
    "refaxed": End("needs_review", midnight(12), SEVEN_DAYS, links=(("same_pages", "plain", True),), events=("first_received",)),
    # The file of "urgent" once more.
    "same_file": End("ready", at(8, 14), HOURS_72, links=(("same_bytes", "urgent", True),), events=("first_received",)),
    # Our letter with the NPI written on it: attached by its code. As a request by itself it would lack nearly all: not ready.
    "answer": End("needs_review", midnight(16), SEVEN_DAYS, links=(("answers", "lacking", True),)),
    # Mon 9: changes the authorization given for "urgent", by the number and all else. 7 days: Mon 16; T10 T12 F13 M16 T17 is later.
    "amended": End("ready", midnight(16), SEVEN_DAYS, links=(("amends", "urgent", True),)),
    # Mon 9: extends an authorization of which the list knows nothing; a person has to look.
    "unknown_number": End("needs_review", midnight(16), SEVEN_DAYS, waits=True, asks=("amendment.authorization_unknown",)),
    # Tue 10: on a form of CenCal, for which this site does not work, and of nobody in the roster. The clock runs on: 7 days.
    "other_plan": End("needs_review", midnight(17), SEVEN_DAYS, waits=True, asks=("member.not_found", "misdirected.other_plan")),
    # Tue 10, urgent, first service on Tue 24: over ten days ahead, so that the plan of this folder has it routine (C08): Tue 17.
    "far_urgent": End("ready", midnight(17), SEVEN_DAYS, events=("decided",), in_time=True),
    # Tue 10, urgent, first service on Mon 16: no rule downgrades it; a coordinator does on the same day. 7 days from its receipt.
    "downgraded": End("ready", midnight(17), SEVEN_DAYS, events=("downgraded",)),
    # Tue 10, from another office than the one that had asked for "urgent". A coordinator says that it is about that, has looked at
    # who sent it, and lets it go on. 7 days.
    "other_office": End("ready", midnight(17), SEVEN_DAYS, links=(("amends", "urgent", True),)),
    # Wed 11, the holiday, is day 0: T12 F13 M16 T17 W18, and 7 days end on W18 as well. Extended to Fri 20, within both ceilings
    # (Wed 25 and Wed 2 December). Both are due on Fri 20 then: the first in the set is named.
    "extended": End("ready", midnight(20), FIVE_BUSINESS_DAYS, events=("extended",)),
    # Thu 12: the request of "commercial" anew, with 16 visits in place of 12. That may be a second request, so it is asked; while
    # it is not known to be the same, it has a clock of its own: F13 M16 T17 W18 T19.
    "anew": End(
        "needs_review",
        midnight(19),
        FIVE_BUSINESS_DAYS,
        waits=True,
        links=(("same_request", "commercial", False),),
        asks=("duplicate.unsure",),
    ),
    # Came through the gateway on Thu 12, but was sent on Fri 6 at 16:20, as its line says: 7 days from Fri 6 end on Fri 13.
    "waited": End("ready", midnight(13), SEVEN_DAYS),
    # Thu 12: the request of "forgotten" anew, with 16 visits in place of 12. A coordinator says that it is the same: no clock is
    # reset, so that it is due when the first one is, on Thu 12 itself: 7 days from Thu 5. What differs was looked at.
    "sent_again": End("ready", midnight(12), SEVEN_DAYS, links=(("same_request", "forgotten", True),), events=("first_received",)),
    # Thu 12: the request of "extended" anew and the same in all but that it is urgent now. Surely the same, and which one holds is
    # asked. As long as nobody has said, it is urgent, and 72 hours run from the first receipt: Wed 11, 12:00 to Sat 14, 12:00.
    "made_urgent": End(
        "needs_review",
        at(14, 12),
        HOURS_72,
        waits=True,
        links=(("same_request", "extended", True),),
        asks=("duplicate.differs",),
        events=("first_received",),
    ),
    # Thu 12: cancels the authorization that was given for "urgent". Nothing is to be decided, and so nothing is due.
    "cancelled": End("ready", None, None, links=(("amends", "urgent", True),)),
    # The pages of "waited" again, on Thu 12: no clock is reset, so that it is due as the first one is, which was sent on Fri 6.
    "waited_again": End("ready", midnight(13), SEVEN_DAYS, links=(("same_pages", "waited", True),), events=("first_received",)),
    # An advertisement.
    "junk": End("no_request", None, None),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The week, run once."""
    return live(tmp_path_factory.mktemp("week"))


def test_every_fax_of_the_week_has_its_one_record(seen: Seen) -> None:
    assert set(seen.records) == {fax.name for fax in WEEK} == set(EXPECTED)


@pytest.mark.parametrize("name", [fax.name for fax in WEEK])
def test_a_fax_ends_as_it_should(seen: Seen, name: str) -> None:
    assert _end(seen, name) == EXPECTED[name]
    assert seen.records[name]["final"] is not EXPECTED[name].waits


def _end(seen: Seen, name: str) -> End:
    record = seen.records[name]
    faxes = {record_id: fax for fax, record_id in seen.ids.items()}
    deadline = record["deadline"] or {"decision_due_at": None, "rule": None}
    due = deadline["decision_due_at"] and datetime.fromisoformat(deadline["decision_due_at"])
    met = [clock["met"] for clock in record["clocks"] if clock["rule"] == deadline["rule"]]
    return End(
        record["status"],
        due,
        deadline["rule"],
        name in seen.waiting,
        tuple((link["kind"], faxes[link["record_id"]], link["sure"]) for link in record["related"]["links"]),
        tuple(sorted(one["code"] for one in record["notices"] if one["severity"] == "ask" and one["settled_by"] is None)),
        tuple(event["kind"] for event in record["events"]),
        met[0] if met else None,
    )


def test_a_repetition_names_the_first_and_an_unsure_one_shows_what_differs(seen: Seen) -> None:
    ids, records = seen.ids, seen.records
    assert records["refaxed"]["related"]["duplicate_of"] == ids["plain"]
    assert records["same_file"]["related"]["duplicate_of"] == ids["urgent"]
    assert records["waited_again"]["related"]["duplicate_of"] == ids["waited"]
    assert records["anew"]["related"]["duplicate_of"] is None
    (link,) = records["anew"]["related"]["links"]
    assert {"path": "services.0.units", "before": "12", "after": "16"} in link["differences"]


def test_a_change_shows_the_request_before_and_after(seen: Seen) -> None:
    related = seen.records["amended"]["related"]
    assert related["amends"] == seen.ids["urgent"]
    assert [related[when]["services"][0]["units"] for when in ("before", "after")] == [12, 24]


def test_a_change_from_another_office_is_told_and_changes_build_on_each_other(seen: Seen) -> None:
    flagged = [(one["code"], one["settled_by"]) for one in seen.records["other_office"]["notices"] if one["severity"] == "ask"]
    assert flagged == [("amendment.not_requesting_provider", DESK)]
    other, cancelled = (seen.records[name]["related"] for name in ("other_office", "cancelled"))
    # "amended" had made it 24.
    assert [other[when]["services"][0]["units"] for when in ("before", "after")] == [24, 30]
    assert other["links"][0]["confirmed_by"] == DESK
    assert cancelled["before"]["services"][0]["units"] == 30
    assert [cancelled[when]["cancelled"] for when in ("before", "after")] == [False, True]


def test_a_coordinators_yes_makes_the_link_sure_and_a_difference_is_shown(seen: Seen) -> None:
    sent_again, made_urgent = (seen.records[name]["related"] for name in ("sent_again", "made_urgent"))
    assert (sent_again["duplicate_of"], sent_again["links"][0]["confirmed_by"]) == (seen.ids["forgotten"], DESK)
    assert [(one["path"], one["before"], one["after"]) for one in sent_again["links"][0]["differences"]] == [
        ("services.0.units", "12", "16")
    ]
    assert [(one["path"], one["before"], one["after"]) for one in made_urgent["links"][0]["differences"]] == [
        ("request.urgency", "routine", "urgent")
    ]


def test_the_answer_closes_the_gap_with_its_own_reading(seen: Seen) -> None:
    record = seen.records["lacking"]
    assert record["requesting_provider"]["npi"] == seen.records["anew"]["requesting_provider"]["npi"]
    assert record["readings"]["requesting_provider.npi"]["record_id"] == seen.ids["answer"]
    assert [gap["field"] for gap in record["gaps"] if gap["severity"] == "blocking"] == []
    ends = {clock["rule"]: (clock["due_at"], clock["ceiling_at"]) for clock in record["clocks"]}
    assert ends[SEVEN_DAYS] == ("2026-11-27T23:59:59-08:00", "2026-11-27T23:59:59-08:00")
    assert ends[FIVE_BUSINESS_DAYS] == ("2026-11-17T23:59:59-08:00", "2026-11-20T23:59:59-08:00")


@pytest.mark.parametrize(
    ("name", "rule", "reason"),
    [
        (
            "far_urgent",
            "c08.urgent_service_more_than_10_days_ahead",
            "The first service is 14 days after the request; that of an urgent one is at most 10.",
        ),
        ("downgraded", None, "the office says that it ticked the wrong box"),
    ],
)
def test_a_downgraded_request_keeps_both_urgencies(seen: Seen, name: str, rule: str | None, reason: str) -> None:
    priority = seen.records[name]["priority"]
    assert (priority["requested"], priority["effective"]) == ("urgent", "routine")
    assert (priority["rule"], priority["reason"]) == (rule, reason)
    assert seen.records[name]["request"]["urgency"] == "urgent"


def test_the_plan_comes_from_the_folder_or_the_form_and_a_strange_one_says_where_it_belongs(seen: Seen) -> None:
    told = {name: (record["coverage"]["plan"], record["coverage"]["told_by"]) for name, record in seen.records.items()}
    assert told["far_urgent"] == ("california_health_wellness", "inbox")
    assert told["plain"] == ("valley_choice", "form")
    assert told["other_plan"] == (None, None)
    belongs = [notice["belongs_to"] for notice in seen.records["other_plan"]["notices"] if notice["belongs_to"]]
    assert belongs == ["CenCal Health"]


def _listed(seen: Seen, listed: list[Json]) -> list[tuple[str, bool, str]]:
    faxes = {record_id: fax for fax, record_id in seen.ids.items()}
    return [(faxes[one["record_id"]], one["late"], one["waits_for"]) for one in listed]


def test_what_is_late_or_due_soon_on_friday_morning(seen: Seen) -> None:
    # Due Thu 12, and Fri 13 twice. What is a repetition, and what was decided, is not in it.
    found = _listed(seen, seen.friday_at_risk)
    assert found[0] == ("forgotten", True, "decision")
    assert set(found[1:]) == {("commercial", False, "decision"), ("waited", False, "decision")}


def test_what_is_late_or_due_soon_on_the_tuesday_after(seen: Seen) -> None:
    # Due Thu 12, Fri 13, Sat 14, Mon 16 twice, and Tue 17 three times. The answer, due on Mon 16 if it were a request, is none; nor
    # is what a coordinator has called a repetition, nor the cancellation.
    found = _listed(seen, seen.tuesday_at_risk)
    assert found[:3] == [("forgotten", True, "decision"), ("waited", True, "decision"), ("made_urgent", True, "coordinator")]
    assert set(found[3:5]) == {("amended", True, "decision"), ("unknown_number", True, "coordinator")}
    assert set(found[5:]) == {
        ("other_plan", False, "coordinator"),
        ("downgraded", False, "decision"),
        ("other_office", False, "decision"),
    }


def _rows(seen: Seen, report: str, table: str, *columns: str) -> set[tuple[object, ...]]:
    return {tuple(row[name] for name in columns) for row in seen.reports[report] if row["table"] == table}


def test_the_turn_around_report_counts_as_a_hand_does(seen: Seen) -> None:
    # 22 faxes, less five repetitions, the answer and the advertisement: 15 requests, one of them still urgent.
    # Decided: plain after 125 h, far_urgent 47 h, lacking 169 h, in time; commercial after 261.5 h, late; urgent after 44 h.
    # Open on Mon 16 at 9:30: 10, of which forgotten and waited are overdue; nothing is due for the cancellation.
    columns = ("urgency", "received", "decided", "in_time", "late", "mean_hours", "median_hours", "open_now", "overdue_now")
    assert _rows(seen, "turn-around", "turn-around", *columns) == {
        ("standard", 14, 4, 3, 1, 150.625, 147.0, 10, 2),
        ("expedited", 1, 1, 1, 0, 44.0, 44.0, 0, 0),
        ("all", 15, 5, 4, 1, 129.3, 125.0, 10, 2),
    }


def test_the_clocks_are_counted_one_by_one(seen: Seen) -> None:
    # 5 business days: all 14 standard ones but the cancellation; waited is due on Mon 16 by them. 7 days: the same ones without the
    # two of the commercial member.
    columns = ("clock", "in_time", "late", "open_now", "overdue_now")
    assert _rows(seen, "turn-around", "clocks", *columns) == {
        (SEVEN_DAYS, 3, 0, 8, 2),
        (FIVE_BUSINESS_DAYS, 3, 1, 9, 1),
        (HOURS_72, 1, 0, 0, 0),
    }


def test_nothing_was_lost_or_doubled(seen: Seen) -> None:
    counts = {row["what"]: row["count"] for row in seen.reports["turn-around"] if row["table"] == "integrity"}
    assert (counts["arrived"], counts["done"], counts["records"], counts["waiting"]) == (22, 22, 22, 4)
    zero = ("failed", "vanished", "ended_without_record", "doubled", "revision_gaps", "unindexed", "unqueued", "parked")
    assert [counts[name] for name in zero] == [0] * len(zero)


def test_the_matrix_log_has_a_line_for_each_request(seen: Seen) -> None:
    faxes = {record_id: fax for fax, record_id in seen.ids.items()}
    lines = {faxes[row["record_id"]]: row for row in seen.reports["matrix"]}
    assert set(lines) == set(EXPECTED) - {"refaxed", "same_file", "waited_again", "sent_again", "made_urgent", "answer", "junk"}
    assert len(seen.reports["matrix"]) == len(lines)
    late = {name for name, row in lines.items() if row["late"] == "yes"}
    assert late == {"commercial"}
    assert {name for name, row in lines.items() if row["extended"] == "yes"} == {"extended"}
    assert lines["lacking"]["gaps"] == "requesting_provider.npi"
    assert lines["lacking"]["letter_answered_at"] == at(9, 10).isoformat()
    assert lines["waited"]["received_at"] == at(6, 16, 20).isoformat()


def test_the_yearly_metrics_count_determinations_by_plan(seen: Seen) -> None:
    columns = ("plan", "urgency", "determinations", "approved", "denied", "mean_hours")
    assert {row for row in _rows(seen, "cms-0057-f", "metrics", *columns) if row[0] != "valley_choice"} == {
        ("all plans", "standard", 4, 3, 1, 150.625),
        ("all plans", "expedited", 1, 1, 0, 44.0),
        ("california_health_wellness", "standard", 1, 1, 0, 47.0),
    }
