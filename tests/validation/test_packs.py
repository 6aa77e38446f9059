"""The policy packs: a request that gives what a plan asks for has no gap, and each thing that it lacks has the plan's own gap."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.circumstances import Coverage
from models.errors import ConfigurationError
from models.record import (
    Amendment,
    AmendmentAction,
    AmendmentField,
    ClinicalNotes,
    Gap,
    ReferralRecord,
    Request,
    RequestingProvider,
    RequestKind,
    Service,
    ServicingProvider,
    Setting,
    Severity,
    Urgency,
)
from tests.validation.requests import COMPLETE, TODAY, with_lists, with_part
from validation.check import check
from validation.conditions import holds
from validation.policies import FieldPolicy, Policy, completeness_policies, completeness_policy, read_policy
from validation.policy import Condition
from validation.rules import all_rules

PACKS = [policy for policy in completeness_policies() if policy.name != "default"]
WHOLE = with_lists(
    COMPLETE,
    request=Request(
        kind=RequestKind.NEW,
        urgency=Urgency.ROUTINE,
        requested_on=date(2026, 3, 9),
        place_of_service="22",
        clinical_notes=ClinicalNotes.ATTACHED,
    ),
    requesting_provider=RequestingProvider(
        name="Ann Lee", npi="1234567893", tin="12-3456789", phone="+18315550141", fax="+18315550142", contact="Dana"
    ),
    servicing_provider=ServicingProvider(
        name="Delta Imaging Center", npi="1487793048", tin="98-7654321", fax="+18315550177", facility="Delta Hospital"
    ),
)


def gaps_of(record: ReferralRecord, policy: Policy) -> list[Gap]:
    return check(record, policy, today=TODAY).gaps


def every_field() -> list[pytest.ParameterSet]:
    return [pytest.param(policy, field, id=f"{policy.name}-{field.field}") for policy in PACKS for field in policy.fields]


@pytest.mark.parametrize("policy", PACKS, ids=lambda policy: policy.name)
def test_a_request_that_gives_what_the_plan_asks_for_has_no_gap(policy: Policy) -> None:
    assert gaps_of(WHOLE, policy) == []


@pytest.mark.parametrize(("policy", "field"), every_field())
def test_what_is_lacking_is_told_by_the_plans_own_rule_and_its_source(policy: Policy, field: FieldPolicy) -> None:
    record = _asked_for(field)
    assert field.rule is not None
    assert field.field not in _fields(gaps_of(record, policy)), "the request gives it"
    lacking = record
    for path in (field.field, *field.or_given):
        lacking = _without(lacking, path)
    (gap,) = [one for one in gaps_of(lacking, policy) if _bare(one.field) == field.field]
    assert (gap.rule, gap.source, gap.severity) == (field.rule, field.source, field.severity)
    assert field.source
    assert field.note is None or gap.message.endswith(field.note)


def _fields(gaps: list[Gap]) -> list[str]:
    return [_bare(gap.field) for gap in gaps]


def _bare(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())


def _asked_for(field: FieldPolicy) -> ReferralRecord:
    """A whole request of a kind, and of a setting, for which the policy asks for the field."""
    kind = RequestKind.NEW if RequestKind.NEW in field.required_for else min(field.required_for)
    record = with_part(WHOLE, "request", kind=kind, authorization_number="2509-281864", admitted_on=date(2026, 3, 20))
    record = with_lists(record, amendments=[_CHANGE])
    if field.when is not None and field.when.setting:
        record = with_part(record, "request", setting=min(field.when.setting))
    if field.when is not None and field.when.drug:
        record = with_lists(record, services=[WHOLE.services[0].model_copy(update={"code": "J1745", "code_system": "HCPCS"})])
    return record


_CHANGE = Amendment(action=AmendmentAction.ADD, field=AmendmentField.UNITS, new=4)


def _without(record: ReferralRecord, path: str) -> ReferralRecord:
    if path == "source.altered":
        return with_part(record, "source", altered=True)
    if path == "signature":
        return with_part(record, "signature", present=False)
    head, _, rest = path.partition(".")
    if not rest:
        return with_lists(record, **{head: []})
    if head == "services":
        return with_lists(record, services=[service.model_copy(update={rest: None}) for service in record.services])
    return with_part(record, head, **{rest: None})


@pytest.mark.parametrize(("policy", "field"), every_field())
def test_each_rule_of_a_pack_is_told_with_its_severity_and_its_source(policy: Policy, field: FieldPolicy) -> None:
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    part = page.partition(f"validation/policies/{policy.name}.yaml")[2].partition("### ")[0]
    source = "default policy" if field.source == policy.source else field.source
    wanted = (f"| `{field.rule}` |", f"`{field.field}`", f"| {field.severity} |", f"| {source} |")
    assert [row for row in part.splitlines() if all(one in row for one in wanted)]


INPATIENT = with_part(with_lists(WHOLE, services=[]), "request", setting=Setting.INPATIENT, admitted_on=date(2026, 3, 20))


@pytest.mark.parametrize("name", ["health_net", "alameda", "sfhp", "cencal", "ccs"])
def test_an_inpatient_stay_needs_a_date_of_admission_and_no_procedure_code(name: str) -> None:
    policy = completeness_policy(name)
    assert gaps_of(INPATIENT, policy) == []
    (gap,) = gaps_of(with_part(INPATIENT, "request", admitted_on=None), policy)
    assert (gap.field, gap.severity) == ("request.admitted_on", Severity.BLOCKING)
    outpatient = with_part(INPATIENT, "request", setting=Setting.OUTPATIENT)
    assert "services" in _fields(gaps_of(outpatient, policy))


def test_a_described_stay_without_code_is_complete_inpatient_alone() -> None:
    policy = completeness_policy("health_net")
    described = with_lists(WHOLE, services=[Service(description="acute rehabilitation", units=5, from_date=date(2026, 3, 20))])
    assert gaps_of(with_part(described, "request", setting=Setting.INPATIENT), policy) == []
    (gap,) = gaps_of(described, policy)
    assert (gap.field, gap.rule) == ("services.0.code", "health_net.C02")


@pytest.mark.parametrize(("code", "asked"), [("J1745", True), ("Q5103", True), ("72148", False), ("E0601", False)])
def test_the_amount_of_a_drug_is_asked_for_and_that_of_another_service_is_not(code: str, asked: bool) -> None:
    record = with_lists(WHOLE, services=[WHOLE.services[0].model_copy(update={"code": code, "units": None})])
    found = [gap.rule for gap in gaps_of(record, completeness_policy("alameda"))]
    assert found == (["alameda.units_of_drug"] if asked else [])


@pytest.mark.parametrize(("urgency", "asked"), [(Urgency.ROUTINE, True), (Urgency.URGENT, False), (None, True)])
def test_superior_holds_no_urgent_request_for_its_notes(urgency: Urgency | None, asked: bool) -> None:
    record = with_part(WHOLE, "request", urgency=urgency, clinical_notes=None)
    rules = [gap.rule for gap in gaps_of(record, completeness_policy("superior"))]
    assert ("superior.C11" in rules) is asked


@pytest.mark.parametrize(("days", "late"), [(90, False), (91, True)])
def test_alameda_takes_a_retroactive_request_within_ninety_days_of_the_service(days: int, late: bool) -> None:
    served = date.fromordinal(TODAY.toordinal() - days)
    service = WHOLE.services[0].model_copy(update={"from_date": served, "to_date": None})
    record = with_part(with_lists(WHOLE, services=[service]), "request", urgency=Urgency.RETROACTIVE)
    policy = completeness_policy("alameda")
    found = [(gap.field, gap.rule, gap.severity) for gap in gaps_of(record, policy)]
    assert found == ([("services.0.from_date", "alameda.C27", Severity.WARNING)] if late else [])
    assert gaps_of(with_part(record, "request", urgency=Urgency.ROUTINE), policy) == [], "the limit is one of retroactive requests"
    assert gaps_of(record, completeness_policy("cencal")) == [], "and of this plan"


def test_an_extension_names_its_authorization_and_may_leave_out_the_rest() -> None:
    bare = with_lists(WHOLE, services=[], diagnoses=[], servicing_provider=ServicingProvider())
    extension = with_part(bare, "request", kind=RequestKind.EXTENSION)
    (gap,) = gaps_of(extension, completeness_policy("health_net"))
    assert (gap.field, gap.rule) == ("request.authorization_number", "default.authorization_number")


def test_a_wrong_value_is_told_by_the_rule_that_found_it_with_its_source() -> None:
    policy = completeness_policy("superior")
    (gap,) = gaps_of(with_part(WHOLE, "requesting_provider", npi="1234567890"), policy)
    assert (gap.field, gap.reason, gap.severity, gap.rule) == (
        "requesting_provider.npi",
        "invalid",
        Severity.BLOCKING,
        "npi.check_digit",
    )
    assert gap.source == next(rule.source for rule in all_rules() if rule.id == "npi.check_digit")


def test_the_default_policy_tells_its_source_and_keeps_its_rule() -> None:
    policy = completeness_policy()
    (gap,) = gaps_of(with_part(COMPLETE, "member", member_id=None), policy)
    assert (gap.rule, gap.source) == ("fields.required", policy.source)
    assert policy.source


@pytest.mark.parametrize("name", ["health_net", "alameda", "default"])
def test_a_value_in_the_new_fields_of_the_form_changes_nothing_that_is_not_asked_for(name: str) -> None:
    policy = completeness_policy(name)
    before = gaps_of(WHOLE, policy)
    told = with_lists(with_part(WHOLE, "source", altered=True), coverage=Coverage(form="dhcs_4488", form_plan="ccs"))
    assert gaps_of(told, policy) == before


WRONG = {
    "an unknown field": "  - {field: member.shoe_size, severity: blocking}",
    "an unknown alternative": "  - {field: services, severity: blocking, or_given: [member.shoe_size]}",
    "an unknown form": "  - {field: services, severity: blocking, unless: {forms: [dhcs_0000]}}",
    "an unknown setting": "  - {field: services, severity: blocking, unless: {setting: [at_sea]}}",
    "a condition that says nothing": "  - {field: services, severity: blocking, when: {}}",
    "a rule that names no plan": "  - {field: services, severity: blocking, rule: C01}",
}


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG.keys())
def test_a_policy_that_names_what_is_not_there_stops_the_start(line: str, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(f"kind: completeness\nname: ours\ntitle: Ours\ndeadlines: null\nfields:\n{line}\n")
    with pytest.raises(ConfigurationError):
        read_policy(path)


def test_a_plans_own_policy_may_take_over_the_costs_of_another(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("kind: completeness\nname: ours\ntitle: Ours\ndeadlines: null\nreview: default\nfields: []\n")
    assert read_policy(path).review == completeness_policy().review
    path.write_text("kind: completeness\nname: ours\ntitle: Ours\ndeadlines: null\nreview: nobody\nfields: []\n")
    with pytest.raises(ConfigurationError):
        read_policy(path)


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (Condition(setting=frozenset({Setting.INPATIENT})), False),
        (Condition(urgency=frozenset({Urgency.ROUTINE})), True),
        (Condition(forms=frozenset({"dhcs_4509"})), False),
        (Condition(drug=False), True),
        (Condition(drug=True), False),
        (Condition(urgency=frozenset({Urgency.ROUTINE}), drug=True), False),
    ],
)
def test_all_parts_of_a_condition_must_hold_and_what_is_not_given_holds_none(condition: Condition, met: bool) -> None:
    assert holds(condition, WHOLE) is met
