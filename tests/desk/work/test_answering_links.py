"""A coordinator answers whether a request belongs to another one: yes makes the link sure, no drops it for good."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy.orm import Session

from intake.returning import left_behind
from models.circumstances import ClockEventKind, LinkKind
from models.page_print import COLUMNS, ROWS, PagePrint
from models.record import ReferralRecord
from models.status import set_aside
from models.store.database import migrate, open_engine, sqlite_url
from models.store.retention import remove
from tests.desk.stored import a_reading
from tests.desk.work.placing_desk import Placing
from tests.matching.records import DIAGNOSES, OFFICE, SERVES, SERVICES, a_letter, a_request

FIRST, AGAIN, OTHER = "PAR-FIRST0000000001", "PAR-AGAIN0000000001", "PAR-OTHER0000000001"
DUPLICATE, AMENDMENT = "notices.duplicate.unsure", "notices.amendment.unsure"
TUESDAY = datetime(2026, 3, 10, 17, tzinfo=UTC)  # 10:00 at the site
PAGE = PagePrint.of(np.random.default_rng(1).integers(0, 255, (ROWS, COLUMNS)).astype(np.uint8))
BLURRED = {
    "request": {"kind": "new", "urgency": "routine"},
    "requesting_provider": {"fax": OFFICE["fax"]},
}
"""Of the pages hardly anything could be read the second time."""
MORE = [SERVICES[0] | {"units": 24}, SERVICES[1]]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, made once: its migrations would take most of the time of these tests."""
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    engine = open_engine(sqlite_url(path))
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def at(tmp_path: Path, empty: Path) -> Iterator[Placing]:
    shutil.copy(empty, tmp_path / empty.name)
    placing = Placing(tmp_path)
    yield placing
    placing.desk.close()


def twice(at: Placing, **again: object) -> ReferralRecord:
    """A request, and three days later its pages again, of which little can be read."""
    at.put(FIRST, a_request(servicing_provider={}), TUESDAY, (PAGE,))
    return at.put(AGAIN, BLURRED | again, TUESDAY + timedelta(days=3), (PAGE,))


def asked(at: Placing, record_id: str) -> list[str]:
    return [one["path"] for one in at.work(record_id)["questions"] if one["path"].startswith("notices.")]


def test_the_question_names_the_other_request_and_what_differs(at: Placing) -> None:
    twice(at, services=MORE)
    (question,) = (one for one in at.work(AGAIN)["questions"] if one["path"] == DUPLICATE)
    assert (question["link"]["record_id"], question["link"]["kind"], question["link"]["sure"]) == (FIRST, "same_pages", False)
    assert [(one["path"], one["before"], one["after"]) for one in question["link"]["differences"]] == [
        ("services.0.units", "12", "24")
    ]


def test_yes_makes_a_re_fax_no_second_piece_of_work_and_resets_no_clock(at: Placing) -> None:
    again = twice(at)
    assert again.deadline is not None
    assert again.deadline.decision_due_at.isoformat() == "2026-03-20T23:59:59-07:00", "seven days from the second receipt"
    work = at.edit(AGAIN, "confirm", DUPLICATE).raise_for_status().json()
    assert work["questions"] == [], "what it lacks is asked for at the first one"
    ended = at.end(AGAIN)
    (link,) = ended.related.links
    assert (link.sure, link.confirmed_by, link.record_id, ended.related.duplicate_of) == (True, "ana", FIRST, FIRST)
    assert (set_aside(ended), ended.final, at.waits(AGAIN), at.waits(FIRST)) == (True, True, False, True)
    assert [(one.kind, one.at) for one in ended.events] == [(ClockEventKind.FIRST_RECEIVED, TUESDAY)]
    assert ended.deadline is not None
    # The first one came on Tuesday 10 March: seven days end on Tuesday 17.
    assert ended.deadline.decision_due_at.isoformat() == "2026-03-17T23:59:59-07:00"
    assert at.client.get("/api/letters").json() == [], "and no letter asks for it twice"
    assert ("ana", "confirm", DUPLICATE) in at.trail(AGAIN)
    assert at.placed_again(AGAIN).related == ended.related


def test_yes_where_something_differs_asks_which_one_holds(at: Placing) -> None:
    twice(at, services=MORE)
    work = at.edit(AGAIN, "confirm", DUPLICATE, FIRST).raise_for_status().json()
    assert asked(at, AGAIN) == ["notices.duplicate.differs"]
    (link,) = work["record"]["related"]["links"]
    assert (link["sure"], [one["path"] for one in link["differences"]]) == (True, ["services.0.units"])
    assert not work["record"]["final"]


def test_no_drops_the_link_for_good(at: Placing) -> None:
    twice(at)
    work = at.edit(AGAIN, "deny", DUPLICATE).raise_for_status().json()
    assert (work["record"]["related"]["links"], asked(at, AGAIN)) == ([], [])
    for one in at.work(AGAIN)["questions"]:
        at.edit(AGAIN, "accept", one["path"])
    ended = at.end(AGAIN)
    assert (ended.related.links, ended.related.duplicate_of, ended.events) == ([], None, [])
    assert ended.deadline is not None
    assert ended.deadline.decision_due_at.isoformat() == "2026-03-20T23:59:59-07:00", "a clock of its own"
    assert at.placed_again(AGAIN).related == ended.related
    reopened = at.end(AGAIN, "reopen")
    assert at.placed_again(AGAIN).related == reopened.related


def test_what_was_answered_holds_when_the_document_is_read_again(at: Placing) -> None:
    twice(at)
    at.edit(AGAIN, "deny", DUPLICATE).raise_for_status()
    sharper = BLURRED | {"diagnoses": DIAGNOSES}
    assert at.put(AGAIN, sharper, TUESDAY + timedelta(days=3), (PAGE,)).revision == 2
    assert asked(at, AGAIN) == [], "the answer is entered again over the new reading"
    at.edit(AGAIN, "undo").raise_for_status()
    assert asked(at, AGAIN) == [DUPLICATE]


def test_a_reading_after_the_work_was_ended_and_begun_again_keeps_the_answer(at: Placing) -> None:
    twice(at)
    at.edit(AGAIN, "deny", DUPLICATE).raise_for_status()
    for path in at.newest(AGAIN).readings:
        at.edit(AGAIN, "accept", path)
    at.end(AGAIN)
    at.end(AGAIN, "reopen")
    read = at.put(AGAIN, BLURRED | {"diagnoses": DIAGNOSES}, TUESDAY + timedelta(days=3), (PAGE,))
    assert (read.revision, read.related.links) == (4, [])
    assert [(one.record_id, one.yes, one.by) for one in read.related.answered] == [(FIRST, False, "ana")]


def test_an_answer_is_taken_back_like_any_entry(at: Placing) -> None:
    twice(at)
    at.edit(AGAIN, "confirm", DUPLICATE).raise_for_status()
    at.edit(AGAIN, "undo").raise_for_status()
    assert asked(at, AGAIN) == [DUPLICATE]
    work = at.work(AGAIN)
    assert [link["sure"] for link in work["record"]["related"]["links"]] == [False]


def test_the_later_of_two_answers_counts(at: Placing) -> None:
    twice(at)
    at.edit(AGAIN, "confirm", DUPLICATE).raise_for_status()
    at.edit(AGAIN, "deny", DUPLICATE, FIRST).raise_for_status()
    assert at.work(AGAIN)["record"]["related"]["links"] == []


def test_a_link_that_was_sure_and_wrong_is_denied_once_the_record_is_taken_up(at: Placing) -> None:
    at.put(FIRST, a_request(), TUESDAY)
    assert set_aside(at.put(AGAIN, a_request(), TUESDAY + timedelta(days=1)))
    at.end(AGAIN, "reopen")
    work = at.edit(AGAIN, "deny", DUPLICATE, FIRST).raise_for_status().json()
    record = work["record"]
    assert (record["related"]["links"], record["related"]["duplicate_of"], record["events"]) == ([], None, [])


@pytest.mark.parametrize(
    ("action", "path", "value"),
    [
        ("confirm", AMENDMENT, None),
        ("confirm", DUPLICATE, "PAR-NONE"),
        ("deny", "notices.member.not_found", None),
        ("deny", "member.last_name", None),
        ("confirm", None, None),
    ],
)
def test_what_nobody_asked_is_not_answered(at: Placing, action: str, path: str | None, value: str | None) -> None:
    twice(at)
    assert at.edit(AGAIN, action, path, value).status_code == 422
    assert not at.work(AGAIN)["can_undo"]


def test_two_requests_are_never_set_aside_for_each_other(at: Placing) -> None:
    first = at.put(FIRST, a_request(), TUESDAY, (PAGE,))
    at.put(AGAIN, BLURRED, TUESDAY, (PAGE,))
    at.edit(AGAIN, "confirm", DUPLICATE).raise_for_status()
    assert set_aside(at.end(AGAIN))
    # As if somebody had said the same of the first one, beside the one that repeats it.
    answer = {"about": "duplicate", "record_id": AGAIN, "yes": True, "by": "ana"}
    related = first.related.model_copy(update={"answered": [type(at.newest(AGAIN).related.answered[0]).model_validate(answer)]})
    (told,) = at.store(f"D-{FIRST}", (first.model_copy(update={"related": related, "revision": 1}),), (PAGE,))
    assert (told.related.links, set_aside(told)) == ([], False)


# -- changes
def two_originals(at: Placing) -> ReferralRecord:
    """Two requests of one member, and a change that may be about either."""
    at.put(FIRST, a_request(services=SERVICES[:1]), TUESDAY)
    knee = [{"code": "29881", "code_system": "CPT", "units": 1, "from_date": "2026-03-30", "to_date": "2026-03-30"}]
    at.put(OTHER, a_request(services=knee, diagnoses=[{"code": "M17.11"}]), TUESDAY)
    units = {"action": "replace", "field": "services.units", "old": None, "new": 24}
    values = a_letter(number=None, amendments=[units], servicing_provider=SERVES)
    return at.put(AGAIN, values, TUESDAY + timedelta(days=2))


def test_yes_applies_a_change_to_the_request_as_it_stands(at: Placing) -> None:
    two_originals(at)
    assert asked(at, AGAIN) == [AMENDMENT]
    work = at.edit(AGAIN, "confirm", AMENDMENT).raise_for_status().json()
    related = work["record"]["related"]
    (link,) = related["links"]
    assert (related["amends"], link["sure"], link["confirmed_by"]) == (link["record_id"], True, "ana")
    assert (related["before"]["services"][0]["units"] != 24, related["after"]["services"][0]["units"]) == (True, 24)
    assert AMENDMENT not in asked(at, AGAIN)
    for one in at.work(AGAIN)["questions"]:
        at.edit(AGAIN, "accept", one["path"]).raise_for_status()
    ended = at.end(AGAIN)
    assert ended.related.amends == link["record_id"]
    assert at.placed_again(AGAIN).related == ended.related


def test_no_leads_to_the_other_request_that_fits(at: Placing) -> None:
    first = two_originals(at).related.links[0].record_id
    work = at.edit(AGAIN, "deny", AMENDMENT).raise_for_status().json()
    (link,) = work["record"]["related"]["links"]
    assert {first, link["record_id"]} == {FIRST, OTHER}
    work = at.edit(AGAIN, "deny", AMENDMENT, link["record_id"]).raise_for_status().json()
    assert (work["record"]["related"]["links"], asked(at, AGAIN)) == ([], [])


def test_a_confirmed_change_is_part_of_what_the_next_one_changes(at: Placing) -> None:
    two_originals(at)
    at.edit(AGAIN, "confirm", AMENDMENT, FIRST if at.newest(AGAIN).related.links[0].record_id == FIRST else OTHER)
    for one in at.work(AGAIN)["questions"]:
        at.edit(AGAIN, "accept", one["path"]).raise_for_status()
    amends = at.end(AGAIN).related.amends
    later = {"action": "add", "field": "services.units", "old": None, "new": 6}
    values = a_letter(number=None, amendments=[later], servicing_provider=SERVES) | {"request": {"kind": "amendment"}}
    third = "PAR-THIRD0000000001"
    at.put(third, values, TUESDAY + timedelta(days=5))
    work = at.work(third)
    while (link := work["record"]["related"]["links"][0])["record_id"] != amends:
        work = at.edit(third, "deny", AMENDMENT, link["record_id"]).raise_for_status().json()
    if not link["sure"]:
        work = at.edit(third, "confirm", AMENDMENT, amends).raise_for_status().json()
    related = work["record"]["related"]
    assert [related[when]["services"][0]["units"] for when in ("before", "after")] == [24, 30]


# -- replies
REPLIES = "notices.reply.unsure"


def unsure_reply(at: Placing) -> ReferralRecord:
    """A letter asks for a diagnosis; a fax from the same office about the same member gives one, without the reply code."""
    at.put(FIRST, a_request(diagnoses=[], signature={"present": True}), TUESDAY)
    at.end(FIRST)
    (letter,) = at.client.get("/api/letters", params={"state": "held"}).json()
    at.client.post(f"/api/letters/{letter['letter_id']}/release", json={}).raise_for_status()
    at.desk.clock.pass_s(60)
    given = a_request(services=[], servicing_provider={}, request={"kind": "new", "urgency": "routine"})
    return at.put(AGAIN, given | {"readings": {"diagnoses.0.code": a_reading("M54.50")}}, at.desk.clock())


def test_yes_takes_a_reply_into_the_request_that_it_answers(at: Placing) -> None:
    assert unsure_reply(at).final is False
    assert asked(at, AGAIN) == [REPLIES]
    work = at.edit(AGAIN, "confirm", REPLIES).raise_for_status().json()
    assert work["questions"] == [], "what it lacks as a request is asked of nobody"
    assert at.newest(FIRST).diagnoses == [], "nothing is taken before it is completed"
    ended = at.end(AGAIN)
    (link,) = (one for one in ended.related.links if one.kind is LinkKind.ANSWERS)
    assert (link.record_id, link.sure, link.confirmed_by, ended.final) == (FIRST, True, "ana", True)
    request = at.newest(FIRST)
    assert [one.code for one in request.diagnoses] == ["M54.50"]
    assert [event.kind for event in request.events][-1] is ClockEventKind.INFORMATION_COMPLETE
    at.end(AGAIN, "reopen")
    refused = at.edit(AGAIN, "deny", REPLIES, FIRST)
    assert (refused.status_code, at.newest(FIRST).diagnoses) == (422, request.diagnoses), "it was taken in"


def test_no_leaves_a_reply_a_request_of_its_own(at: Placing) -> None:
    unsure_reply(at)
    work = at.edit(AGAIN, "deny", REPLIES).raise_for_status().json()
    assert [one for one in work["record"]["related"]["links"] if one["kind"] == "answers"] == []
    assert REPLIES not in asked(at, AGAIN)
    for one in at.work(AGAIN)["questions"]:
        at.edit(AGAIN, "accept", one["path"]).raise_for_status()
    at.end(AGAIN)
    again = at.placed_again(AGAIN)
    assert [one for one in again.related.links if one.kind is LinkKind.ANSWERS] == []
    assert at.newest(FIRST).diagnoses == []


# -- what comes back
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_repetition_comes_back_when_the_first_one_is_dismissed(at: Placing, is_confirmed: bool) -> None:
    if is_confirmed:
        twice(at)
        at.edit(AGAIN, "confirm", DUPLICATE).raise_for_status()
        at.end(AGAIN)
    else:
        at.put(FIRST, a_request(servicing_provider={}), TUESDAY)
        at.put(AGAIN, a_request(servicing_provider={}), TUESDAY + timedelta(days=1))
    assert not at.waits(AGAIN)
    at.end(FIRST, "dismiss")
    back = at.newest(AGAIN)
    assert (at.waits(AGAIN), back.final, back.related.duplicate_of, back.related.links, back.events) == (True, False, None, [], [])
    assert ("ana", "brought_back", FIRST) in at.trail(AGAIN)


def test_the_same_bytes_come_back_when_the_first_one_is_dismissed(at: Placing) -> None:
    at.put(FIRST, a_request(servicing_provider={}), TUESDAY, sha256="aa")
    at.put(AGAIN, a_request(servicing_provider={}, related={"duplicate_of": FIRST}), TUESDAY + timedelta(days=1), sha256="aa")
    assert (at.newest(AGAIN).related.links[0].kind, at.waits(AGAIN)) == (LinkKind.SAME_BYTES, False)
    at.end(FIRST, "dismiss")
    assert at.waits(AGAIN)


def test_of_three_the_third_stays_set_aside_for_the_second(at: Placing) -> None:
    for n, record_id in enumerate((FIRST, AGAIN, OTHER)):
        at.put(record_id, a_request(servicing_provider={}), TUESDAY + timedelta(days=n))
    assert [at.newest(one).related.duplicate_of for one in (AGAIN, OTHER)] == [FIRST, FIRST]
    at.end(FIRST, "dismiss")
    assert [at.waits(one) for one in (FIRST, AGAIN, OTHER)] == [False, True, False]
    assert at.newest(OTHER).related.duplicate_of == AGAIN


def test_a_repetition_follows_pages_that_are_arranged_anew(at: Placing) -> None:
    lacking = a_request(servicing_provider={})
    first = at.put(FIRST, lacking, TUESDAY)
    at.put(AGAIN, lacking, TUESDAY + timedelta(days=1))
    anew = first.model_copy(update={"record_id": "PAR-ANEW00000000001", "revision": 1})
    at.store(f"D-{FIRST}", (anew,))
    assert [one.code for one in at.newest(FIRST).notices] == ["record.replaced"]
    assert (at.newest(AGAIN).related.duplicate_of, at.waits(AGAIN)) == (anew.record_id, False)
    assert at.waits(anew.record_id)


def test_a_repetition_comes_back_when_the_pages_are_arranged_to_something_else(at: Placing) -> None:
    lacking = a_request(servicing_provider={})
    first = at.put(FIRST, lacking, TUESDAY)
    at.put(AGAIN, lacking, TUESDAY + timedelta(days=1))
    other = first.model_copy(
        update={"record_id": "PAR-ANEW00000000001", "revision": 1, "member": type(first.member)(last_name="Okafor")}
    )
    at.store(f"D-{FIRST}", (other.model_copy(update={"services": [], "diagnoses": []}),))
    assert (at.waits(AGAIN), at.newest(AGAIN).related.duplicate_of) == (True, None)


@pytest.mark.parametrize("is_done", [False, True])
def test_a_purge_leaves_no_request_behind_that_nobody_has_worked_on(at: Placing, is_done: bool) -> None:
    at.put(FIRST, a_request(servicing_provider={}), TUESDAY)
    aside = at.put(AGAIN, a_request(servicing_provider={}), TUESDAY + timedelta(days=1))
    if is_done:
        at.end(FIRST)
    with Session(at.desk.services.engine) as session, session.begin():
        left_behind(session, f"D-{FIRST}", ("outbox",), "purge", at.desk.clock())
        assert remove(session, f"D-{FIRST}", at.desk.clock(), "purge")
    assert at.waits(AGAIN) is not is_done
    # What was decided while the first one was here holds, with its clock.
    again = at.placed_again(AGAIN)
    assert (again.related.duplicate_of, again.events, again.final) == (FIRST, aside.events, is_done)


def test_a_dismissal_that_is_repeated_brings_nothing_back_twice(at: Placing) -> None:
    at.put(FIRST, a_request(servicing_provider={}), TUESDAY)
    at.put(AGAIN, a_request(servicing_provider={}), TUESDAY + timedelta(days=1))
    key = {"key": str(uuid4())}
    for _ in range(2):
        at.client.post(f"/api/records/{FIRST}/dismiss", json=key).raise_for_status()
    assert at.newest(AGAIN).revision == 2
