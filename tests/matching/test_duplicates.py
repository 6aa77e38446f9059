"""Requests that came before: told apart, linked, never a second piece of work unless something differs."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.placing import placed
from models.circumstances import ClockEventKind, LinkKind
from models.page_print import COLUMNS, ROWS, PagePrint
from models.record import ReferralRecord, Status
from models.status import set_aside, taken_up, with_status
from models.store import match_records
from models.store.desk_tables import DeskItemRow
from models.store.match_tables import MatchKeyRow, RecordLinkRow
from models.store.retention import remove
from models.store.tables import DocumentRow, DocumentState
from tests.matching.records import MEMBER, OFFICE, OTHER_OFFICE, SERVICES, START, Intake, a_letter, a_request

_UNFAXED = {name: value for name, value in OFFICE.items() if name != "fax"}


def a_print(seed: int) -> PagePrint:
    """The print of a page of its own."""
    return PagePrint.of(np.random.default_rng(seed).integers(0, 255, (ROWS, COLUMNS)).astype(np.uint8))


def with_gap(values: dict[str, object]) -> dict[str, object]:
    """The request with a doubtful reading, so that it waits for a person."""
    reading = {"text": "12", "confidence": 0.4, "page": 1, "method": "ocr", "needs_review": True}
    return values | {"readings": {"services.0.units": reading}}


def the_link(record: ReferralRecord) -> tuple[LinkKind, str | None, bool]:
    (link,) = record.related.links
    return link.kind, link.record_id, link.sure


def waits(intake: Intake, record: ReferralRecord) -> bool:
    with Session(intake.engine) as session:
        return session.get_one(DeskItemRow, record.record_id).waits


def notices(record: ReferralRecord) -> list[str]:
    return [one.code for one in record.notices]


def test_the_same_request_written_anew_is_linked_and_waits_for_nobody(intake: Intake) -> None:
    first = intake.put(with_gap(a_request()))
    anew = a_request(request={"kind": "new", "urgency": "routine", "requested_on": "2026-03-05"})
    second = intake.put(with_gap(anew), days=3)
    assert the_link(second) == (LinkKind.SAME_REQUEST, first.record_id, True)
    assert second.related.duplicate_of == first.record_id
    assert (second.status, second.final, waits(intake, second), waits(intake, first)) == (Status.NEEDS_REVIEW, True, False, True)


def test_a_repetition_resets_no_clock(intake: Intake) -> None:
    first = intake.put(a_request())
    intake.put(a_request(), days=2)
    third = intake.put(a_request(), days=5)
    (event,) = third.events
    assert (event.kind, event.at, event.record_id) == (ClockEventKind.FIRST_RECEIVED, START, first.record_id)


def test_the_same_pages_again_are_told_from_a_request_written_anew(intake: Intake) -> None:
    page = a_print(1)
    first = intake.put(a_request(), prints=(page,))
    again = intake.put(a_request(), days=1, prints=(page,))
    anew = intake.put(a_request(request={"kind": "new", "requested_on": "2026-03-04"}), days=2, prints=(a_print(2),))
    assert the_link(again) == (LinkKind.SAME_PAGES, first.record_id, True)
    assert the_link(anew) == (LinkKind.SAME_REQUEST, first.record_id, True)


def test_pages_that_are_alike_prove_nothing_of_another_member(intake: Intake) -> None:
    page = a_print(1)
    intake.put(a_request(), prints=(page,))
    other = MEMBER | {"first_name": "Beatriz", "last_name": "Okafor", "member_id": "97654321N", "date_of_birth": "1991-07-01"}
    assert intake.put(a_request(member=other), days=1, prints=(page,)).related.links == []


def test_pages_that_are_alike_and_hardly_read_are_asked_about(intake: Intake) -> None:
    page = a_print(1)
    first = intake.put(a_request(), prints=(page,))
    blurred = {"request": {"kind": "new"}, "requesting_provider": {"fax": "+18315550142"}}
    second = intake.put(blurred, days=1, prints=(page,))
    assert the_link(second) == (LinkKind.SAME_PAGES, first.record_id, False)
    assert notices(second) == ["duplicate.unsure"]
    assert not second.final


def test_what_calls_itself_a_second_request_is_told_so(intake: Intake) -> None:
    first = intake.put(a_request())
    second = intake.put(a_request(request={"kind": "new", "requested_on": "2026-03-09"}), days=7, marked_second=True)
    assert the_link(second) == (LinkKind.MARKED_SECOND, first.record_id, True)


def test_what_differs_is_shown_and_stays_a_piece_of_work(intake: Intake) -> None:
    intake.put(a_request())
    more = [SERVICES[0] | {"units": 24}, SERVICES[1]]
    second = intake.put(with_gap(a_request(services=more)), days=1, marked_second=True)
    (link,) = second.related.links
    assert [(one.path, one.before, one.after) for one in link.differences] == [("services.0.units", "12", "24")]
    assert (notices(second), second.final, waits(intake, second)) == (["duplicate.differs"], False, True)


@pytest.mark.parametrize(
    "again",
    [
        {"requesting_provider": _UNFAXED | {"npi": "1234567898"}},
        {"member": MEMBER | {"member_id": "912345B7A"}},
        {"services": [SERVICES[0] | {"code": "97I10"}, SERVICES[1]]},
        {"diagnoses": [{"code": "MS4.50"}]},
        {"requesting_provider": _UNFAXED | {"fax": "+14085550142"}},
        {"member": MEMBER | {"sex": "F"}},
    ],
    ids=["npi", "cin", "procedure", "diagnosis", "fax_that_it_came_from", "sex"],
)
def test_what_cannot_be_and_what_is_known_is_no_difference(intake: Intake, again: dict[str, object]) -> None:
    first = intake.put(a_request(requesting_provider=_UNFAXED), fax={"sender_number": "+14085550142"})
    second = intake.put(with_gap(a_request(**({"requesting_provider": _UNFAXED} | again))), days=1)
    (link,) = second.related.links
    assert (link.record_id, link.differences, second.final) == (first.record_id, [], True)


@pytest.mark.parametrize(
    ("again", "path"),
    [
        ({"requesting_provider": OFFICE | {"npi": "1234567802"}}, "requesting_provider.npi"),
        ({"requesting_provider": OFFICE | {"fax": "+14085550199"}}, "requesting_provider.fax"),
        ({"member": MEMBER | {"member_id": "91234587A"}}, "member.member_id"),
        ({"services": [SERVICES[0] | {"code": "97116"}, SERVICES[1]]}, "services.0.code"),
        ({"services": [SERVICES[0] | {"code": "9711"}, SERVICES[1]]}, "services.0.code"),
        ({"services": [SERVICES[0] | {"from_date": "2026-03-18"}, SERVICES[1]]}, "services.0.from_date"),
        ({"services": [SERVICES[0] | {"code": "97I10", "units": 17}, SERVICES[1]]}, "services.0.units"),
        ({"diagnoses": [{"code": "M54.59"}]}, "diagnoses.0.code"),
        ({"request": {"kind": "new", "urgency": "urgent", "requested_on": "2026-03-02"}}, "request.urgency"),
    ],
)
def test_what_may_be_meant_is_a_difference_however_doubtful(intake: Intake, again: dict[str, object], path: str) -> None:
    """A correction changes one character as often as the reader does."""
    intake.put(a_request())
    reading = {"text": "x", "confidence": 0.3, "page": 1, "method": "ocr", "needs_review": True}
    second = intake.put(a_request(**again) | {"readings": {path: reading}}, days=1)
    (link,) = second.related.links
    assert (path in [one.path for one in link.differences], second.final) == (True, False)


def test_a_sex_that_was_missed_is_a_difference(intake: Intake) -> None:
    gap = {"field": "member.sex", "reason": "missing", "severity": "blocking", "message": "Please send it."}
    intake.put(a_request() | {"gaps": [gap]})
    second = intake.put(a_request(member=MEMBER | {"sex": "F"}), days=1)
    assert [one.path for one in second.related.links[0].differences] == ["member.sex"]


def test_a_fax_of_the_correction_repeats_the_correction(intake: Intake) -> None:
    intake.put(a_request())
    more = [SERVICES[0] | {"units": 24}, SERVICES[1]]
    corrected = intake.put(a_request(services=more), days=1, marked_second=True)
    third = intake.put(with_gap(a_request(services=more)), days=2, marked_second=True)
    assert (third.related.duplicate_of, third.final) == (corrected.record_id, True)


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"member": MEMBER | {"first_name": "Eva", "member_id": "91234568A"}}, 0.01),
        ({"services": [SERVICES[0] | {"code": "70551", "from_date": "2026-03-20", "to_date": None, "units": 1}]}, 0.01),
        ({"services": [one | {"from_date": "2027-03-15", "to_date": "2027-06-13"} for one in SERVICES]}, 364),
        ({"requesting_provider": OTHER_OFFICE, "services": [SERVICES[0] | {"from_date": "2026-04-20"}]}, 20),
    ],
    ids=["twin", "other_service_same_day", "renewal", "other_office"],
)
def test_what_only_looks_so_is_not_linked(intake: Intake, change: dict[str, object], days: float) -> None:
    intake.put(a_request())
    second = intake.put(a_request(**change), days=days)
    assert (second.related.links, second.related.duplicate_of, notices(second)) == ([], None, [])


def test_the_same_bytes_are_the_same_request_whatever_was_read(intake: Intake) -> None:
    first = intake.put(a_request(), sha256="aa")
    again = ReferralRecord.model_validate(
        with_gap(a_request(member={})) | {"record_id": "PAR-9", "status": "needs_review", "source": first.source.model_dump()}
    )
    again = again.model_copy(update={"related": again.related.model_copy(update={"duplicate_of": first.record_id})})
    assert the_link(intake.store(again)) == (LinkKind.SAME_BYTES, first.record_id, True)


def test_an_amendment_repeats_no_request(intake: Intake) -> None:
    intake.put(a_request())
    letter = intake.put(a_letter(number=None, services=SERVICES), days=9)
    assert [link.kind for link in letter.related.links if link.kind is not LinkKind.AMENDS] == []


def test_the_earlier_record_is_asked_from_its_side_and_stays_as_it_was(intake: Intake) -> None:
    first = intake.put(a_request())
    second = intake.put(a_request(), days=1)
    with Session(intake.engine) as session:
        (found,) = match_records.linked_to(session, first.record_id)
        item = session.get_one(DeskItemRow, first.record_id)
    assert (found.record_id, found.kind, found.sure, item.revision) == (second.record_id, LinkKind.SAME_REQUEST, True, 1)


def test_one_that_was_received_before_the_one_it_repeats_is_not_set_aside(intake: Intake) -> None:
    intake.put(a_request(), days=3)
    late = intake.put(with_gap(a_request()), days=0)
    assert (late.related.links[0].sure, late.events, late.final) == (True, [], False)


def test_a_purge_forgets_what_a_document_is_matched_by(intake: Intake) -> None:
    intake.put(a_request())
    second = intake.put(a_request(), days=1, prints=(a_print(3),))
    with Session(intake.engine) as session, session.begin():
        session.get_one(DocumentRow, "D-PAR-0002").state = DocumentState.DONE
        session.flush()
        assert remove(session, "D-PAR-0002", START + timedelta(days=999), "test")
        assert session.scalars(select(MatchKeyRow).where(MatchKeyRow.owner_id == second.record_id)).all() == []
        assert session.scalars(select(RecordLinkRow)).all() == []
        assert match_records.prints_of(session, (second,)) == {second.record_id: ()}


def test_one_that_a_person_has_taken_up_is_not_set_aside_again(intake: Intake) -> None:
    first = intake.put(a_request())
    second = intake.put(with_gap(a_request()), days=1)
    assert set_aside(second)
    opened = taken_up(second, "ana").model_copy(update={"final": False})
    with Session(intake.engine) as session:
        again = with_status(placed(session, opened))
    assert (again.final, again.related.duplicate_of, again.related.links[0].taken_up_by) == (False, first.record_id, "ana")


def test_placing_twice_changes_nothing(intake: Intake) -> None:
    intake.put(a_request())
    second = intake.put(with_gap(a_request()), days=1)
    with Session(intake.engine) as session:
        assert with_status(placed(session, second)) == second
