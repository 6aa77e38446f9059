"""Changes, extensions and cancellations: what they are about, before and after, and what is to be said of them."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from intake.linking import tied
from matching.amendment_rules import AmendmentRule, amendment_rules
from matching.amendments import placed_change
from matching.candidates import Original
from matching.facts import facts_of
from models.circumstances import LinkKind, NoticeSeverity
from models.notices import settled
from models.record import ReferralRecord
from models.record_parts import Member, RequestingProvider, Service
from models.standing import standing_of
from models.store import authorizations, documents
from models.store.authorizations import NewAuthorization
from tests.matching.records import MEMBER, OTHER_OFFICE, SERVICES, START, Intake, a_letter, a_request

CODE = {"action": "replace", "field": "services.code", "old": "97140", "new": "97530"}
UNITS = {"action": "add", "field": "services.units", "new": 6, "code": "97110"}
UNTIL = {"action": "replace", "field": "services.to_date", "old": None, "new": "2026-07-31"}


def grant(intake: Intake, number: str = "AUTH-1001", record_id: str | None = None, **parts: object) -> None:
    """Bring an authorization in, for the member of all these requests."""
    body: dict[str, Any] = {"member": Member.model_validate(MEMBER), "status": "approved"} | parts
    with Session(intake.engine) as session, session.begin():
        rows = authorizations.bring_in(session, (NewAuthorization(number=number, record_id=record_id, **body),), START)
        tied(session, rows)


def notices(record: ReferralRecord) -> list[str]:
    return [one.code for one in record.notices]


def codes(services: list[Service]) -> list[str | None]:
    return [one.code for one in services]


def test_a_change_finds_its_request_by_the_number_of_the_authorization(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    change = intake.put(a_letter(amendments=[CODE, UNITS]), days=20)
    (link,) = change.related.links
    assert (link.kind, link.record_id, link.authorization_number, link.sure) == (
        LinkKind.AMENDS,
        first.record_id,
        "AUTH-1001",
        True,
    )
    assert "authorization_number" in link.because
    before, after = change.related.before, change.related.after
    assert before is not None
    assert after is not None
    assert (change.related.amends, notices(change)) == (first.record_id, [])
    assert (codes(before.services), [one.units for one in before.services]) == (["97110", "97140"], [12, 12])
    assert (codes(after.services), [one.units for one in after.services]) == (["97110", "97530"], [18, 12])


def test_an_authorization_that_names_no_record_is_tied_to_the_request_it_fits(intake: Intake) -> None:
    first = intake.put(a_request())
    services = tuple(Service.model_validate(one) for one in SERVICES)
    grant(intake, requesting=RequestingProvider(npi="1234567893"), services=services)
    with Session(intake.engine) as session:
        (row,) = authorizations.with_number(session, "auth 1001")
    assert (row.record_id, row.tied_by) == (first.record_id, "match")


def test_without_a_number_the_member_the_provider_and_the_codes_find_it(intake: Intake) -> None:
    first = intake.put(a_request())
    full = a_request(request={"kind": "amendment", "requested_on": "2026-03-12"}, amendments=[UNITS])
    change = intake.put(full, days=10)
    assert change.related.links[0].record_id == first.record_id
    assert {"member_id", "date_of_birth", "codes", "requesting_provider"} <= set(change.related.links[0].because)


def test_one_misread_digit_finds_it_where_all_else_agrees(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    full = a_request(request={"kind": "amendment", "authorization_number": "AUTH-1007"}, amendments=[CODE])
    change = intake.put(full, days=10)
    assert change.related.links[0].record_id == first.record_id
    assert "amendment.authorization_unknown" in notices(change)


def test_another_members_number_is_never_sure(intake: Intake) -> None:
    other = {"last_name": "Okafor", "first_name": "Beatriz", "member_id": "97654321N", "date_of_birth": "1991-07-01"}
    first = intake.put(a_request(member=other))
    grant(intake, record_id=first.record_id, member=Member.model_validate(other))
    change = intake.put(a_letter(amendments=[CODE]), days=20)
    assert not any(link.sure for link in change.related.links)
    assert change.related.after is None


def test_changes_are_applied_one_after_the_other(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    intake.put(a_letter(amendments=[UNITS]), days=20)
    second = intake.put(a_letter(amendments=[UNTIL]), days=25)
    third = intake.put(a_letter("cancellation"), days=30)
    late = intake.put(a_letter(amendments=[CODE]), days=33)
    assert second.related.before is not None
    assert second.related.after is not None
    assert [one.units for one in second.related.before.services] == [18, 12]
    assert second.related.after.valid_to == date(2026, 7, 31)
    assert third.related.after is not None
    assert third.related.after.cancelled
    assert notices(late) == ["amendment.already_cancelled"]


def test_a_change_that_is_faxed_again_is_applied_once(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    intake.put(a_letter(amendments=[UNITS]), days=20)
    again = intake.put(a_letter(amendments=[UNITS]), days=21)
    last = intake.put(a_letter(amendments=[UNTIL]), days=28)
    assert LinkKind.SAME_REQUEST in [link.kind for link in again.related.links]
    assert last.related.before is not None
    assert [one.units for one in last.related.before.services] == [18, 12]


def test_an_extension_on_a_full_form_states_the_request_as_it_now_stands(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    more = [one | {"from_date": "2026-06-15", "to_date": "2026-09-14"} for one in SERVICES]
    request = {"kind": "extension", "authorization_number": "AUTH-1001"}
    extension = intake.put(a_request(request=request, services=more), days=80)
    after = extension.related.after
    assert after is not None
    assert (after.valid_from, after.valid_to, codes(after.services)) == (date(2026, 3, 16), date(2026, 9, 14), ["97110", "97140"])


def test_an_authorization_that_never_came_through_here_is_known_by_its_number(intake: Intake) -> None:
    grant(intake, services=(Service(code="97140", units=8),), valid_from=date(2026, 3, 1), valid_to=date(2026, 5, 30))
    change = intake.put(a_letter(amendments=[CODE]), days=20)
    (link,) = change.related.links
    assert (link.record_id, link.authorization_number, link.sure, change.related.amends) == (None, "AUTH-1001", True, None)
    assert change.related.after is not None
    assert (codes(change.related.after.services), change.related.after.valid_to) == (["97530"], date(2026, 5, 30))


def test_an_unknown_number_is_asked_about_only_where_numbers_are_brought_in(intake: Intake) -> None:
    assert notices(intake.put(a_letter(number="AUTH-5555", amendments=[CODE]), days=20)) == []
    grant(intake, "AUTH-7000", member=Member(last_name="Other", member_id="95555555C"))
    later = intake.put(a_letter(number="AUTH-6666", amendments=[UNITS]), days=21)
    (notice,) = [one for one in later.notices if one.code == "amendment.authorization_unknown"]
    assert (notice.severity, notice.rule, notice.field) == (
        NoticeSeverity.ASK,
        "amendment.number_known",
        "request.authorization_number",
    )
    assert notice.source


def test_a_change_from_another_office_is_flagged_and_one_from_its_fax_is_not(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    foreign = intake.put(a_letter(amendments=[CODE], requesting_provider=OTHER_OFFICE), days=20)
    same_fax = OTHER_OFFICE | {"fax": "+18315550142"}
    partner = intake.put(a_letter(amendments=[UNITS], requesting_provider=same_fax), days=21)
    assert "amendment.not_requesting_provider" in notices(foreign)
    assert notices(partner) == []


def test_a_change_after_the_last_day_of_service_is_flagged(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    assert notices(intake.put(a_letter(amendments=[UNITS]), days=104)) == []  # 2026-06-14, the last day
    assert notices(intake.put(a_letter(amendments=[CODE]), days=105)) == ["amendment.after_service"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    # After the 14th, 17:00 UTC: 02:36 UTC of the 15th is 19:36 of the 14th in California; 07:30 UTC is 00:30 of the 15th.
    [(9.6, []), (14.5, ["amendment.after_service"])],
    ids=["last_evening", "past_midnight"],
)
def test_the_last_day_of_service_ends_at_the_site(intake: Intake, hours: float, expected: list[str]) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    change = intake.put(a_letter(amendments=[UNITS]), days=104 + hours / 24)
    assert change.source.received_at.date() == date(2026, 6, 15), "in UTC it is the day after, both times"
    assert notices(change) == expected


def test_two_requests_that_fit_as_well_leave_it_unsure(intake: Intake) -> None:
    intake.put(a_request())
    intake.put(a_request(services=[SERVICES[0] | {"code": "29881", "from_date": "2026-03-30"}], diagnoses=[{"code": "M17.11"}]))
    change = intake.put(a_letter("cancellation", number=None), days=10)
    assert [link.sure for link in change.related.links] == [False]
    assert (notices(change), change.related.amends, change.related.before) == (["amendment.unsure"], None, None)


def test_a_plan_may_want_a_new_request_for_a_changed_code() -> None:
    source = {"file_name": "", "sha256": "a", "received_at": START, "pages": [1]}
    first = ReferralRecord.model_validate(a_request() | {"record_id": "PAR-1", "status": "ready", "source": source})
    change = ReferralRecord.model_validate(
        a_request(request={"kind": "amendment"}, amendments=[CODE]) | {"record_id": "PAR-2", "status": "ready", "source": source}
    )
    original = Original(facts_of(first), standing_of(first), first.record_id)

    def told(*, in_force: bool) -> list[str]:
        rules = amendment_rules()
        chosen = tuple(_set(rule, in_force=in_force) for rule in rules.rules)
        placed = placed_change(
            change, [original], lambda _: (), numbers_known=False, zone=UTC, rules=rules.model_copy(update={"rules": chosen})
        )
        return [one.code for one in placed.notices]

    assert (told(in_force=False), told(in_force=True)) == ([], ["amendment.needs_new_request"])


def _set(rule: AmendmentRule, *, in_force: bool) -> AmendmentRule:
    return rule.model_copy(update={"in_force": in_force}) if rule.code == "amendment.needs_new_request" else rule


def test_a_change_from_another_office_counts_in_later_ones_once_a_person_has_looked(intake: Intake) -> None:
    first = intake.put(a_request())
    grant(intake, record_id=first.record_id)
    strange = intake.put(a_letter(amendments=[UNITS], requesting_provider=OTHER_OFFICE), days=5)
    assert notices(strange) == ["amendment.not_requesting_provider"]
    later = a_letter(amendments=[CODE])
    (before,) = {one.units for one in units_before(intake.put(later, days=6))}
    assert before == 12
    with Session(intake.engine) as session, session.begin():
        looked = settled(strange, "amendment.not_requesting_provider", "ana").model_copy(update={"revision": 2})
        documents.add_revision(session, f"D-{strange.record_id}", 0, looked, (), START)
    assert 18 in {one.units for one in units_before(intake.put(later, days=7))}


def units_before(change: ReferralRecord) -> list[Service]:
    assert change.related.before is not None
    return change.related.before.services


@pytest.mark.parametrize("rule", amendment_rules().rules, ids=lambda rule: rule.id)
def test_every_rule_has_an_id_a_code_and_a_source(rule: AmendmentRule) -> None:
    assert rule.code.startswith("amendment.")
    assert rule.id
    assert len(rule.source) > 20
