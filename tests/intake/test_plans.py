"""A site and its plans: forms as bytes, read and checked by the policy of the plan that they are of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.settings import Settings
from intake.site_policy import policies_of
from models.errors import ConfigurationError
from models.record import ReferralRecord
from tests.faxes import document
from tests.faxes.degrade import Condition
from tests.intake.harness import Site
from tests.intake.plan_forms import Form, named, read, read_form, settings_of

ALAMEDA = ("ALAMEDA ALLIANCE FOR HEALTH", "Prior Authorization Request")
SITE = settings_of(plans=("alameda_alliance", "cencal", "health_net", "sfhp"))
OURS = "kind: plan\nid: ours\ntitle: Ours\n"
OWN_PLAN = """
kind: plan
id: valley_choice
title: Valley Choice
names: [Valley Choice Health Plan]
lines_of_business: [medi_cal]
policy: our-policy.yaml
inbox: Valley
"""
OWN_POLICY = """
kind: completeness
name: ours
title: Ours
deadlines: medi_cal_knox_keene
review: default
fields:
  - {field: requesting_provider.contact, severity: blocking, rule: valley_choice.contact, source: "Provider manual, 2026"}
"""


def rules_of(record: ReferralRecord) -> set[str | None]:
    return {gap.rule for gap in record.gaps}


@pytest.mark.parametrize(
    ("heading", "plan"),
    [
        (ALAMEDA, "alameda_alliance"),
        (("CenCal Health", "Treatment Authorization Request"), "cencal"),
        (("Health Net", "Outpatient Prior Authorization Form"), "health_net"),
        (("San Francisco Health Plan", "Pre-Authorization Request"), "sfhp"),
    ],
)
def test_a_whole_request_on_a_plans_form_has_no_gap_by_its_policy(heading: tuple[str, ...], plan: str, tmp_path: Path) -> None:
    record = read_form(Form(heading), tmp_path, SITE)
    assert (record.coverage.plan, record.coverage.told_by) == (plan, "form")
    assert [gap for gap in record.gaps if gap.field != "signature"] == []
    assert record.notices == []


@pytest.mark.parametrize(
    ("heading", "lacks", "rule"),
    [
        (ALAMEDA, "notes", "alameda.C12"),
        (("Health Net", "Prior Authorization"), "diagnosis", "health_net.C01"),
        (("Health Net", "Prior Authorization"), "service", "health_net.C02"),
        (("CenCal Health", "Referral Request"), "servicing", "cencal.C16"),
        (("San Francisco Health Plan", "Request"), "notes", "sfhp.C15"),
    ],
)
def test_what_a_form_lacks_is_told_with_the_plans_rule(heading: tuple[str, ...], lacks: str, rule: str, tmp_path: Path) -> None:
    form = Form(heading, lacks=() if lacks == "notes" else (lacks,), notes=lacks != "notes")
    record = read_form(form, tmp_path, SITE)
    gap = next(one for one in record.gaps if one.rule == rule)
    assert (gap.source or "").startswith("https://")


def test_without_plans_the_same_form_is_checked_by_the_default_policy(tmp_path: Path) -> None:
    record = read_form(Form(ALAMEDA, notes=False), tmp_path, settings_of())
    assert (record.coverage.plan, record.coverage.form_plan) == (None, "alameda_alliance")
    assert rules_of(record) <= {"fields.required"}
    assert record.notices == []


def test_the_folder_goes_before_the_form(tmp_path: Path) -> None:
    record = read_form(Form(ALAMEDA), tmp_path, SITE, "cencal")
    assert (record.coverage.plan, record.coverage.told_by) == ("cencal", "inbox")
    assert [notice.code for notice in record.notices] == ["misdirected.other_folder"]
    assert record.status == "needs_review"


def test_another_plans_form_and_a_pharmacy_form_are_told_with_where_they_belong(tmp_path: Path) -> None:
    other = read_form(Form(("INLAND EMPIRE HEALTH PLAN", "Authorization Request")), tmp_path, SITE)
    drug = read_form(Form(("PRESCRIPTION DRUG PRIOR AUTHORIZATION REQUEST FORM",)), tmp_path, SITE)
    assert [(one.code, one.belongs_to) for one in other.notices] == [("misdirected.other_plan", "Inland Empire Health Plan")]
    assert [one.code for one in drug.notices] == ["misdirected.pharmacy_form"]
    assert "Medi-Cal Rx" in (drug.notices[0].belongs_to or "")


def test_ticked_boxes_tell_line_of_business_and_setting_and_the_policy_follows(tmp_path: Path) -> None:
    boxes = (
        ("Routine", True),
        ("Urgent", False),
        ("Medi-Cal", False),
        ("Group Care", True),
        ("Inpatient", True),
        ("Outpatient", False),
    )
    record = read_form(Form(ALAMEDA, boxes, lacks=("service",)), tmp_path, SITE)
    assert record.coverage.line_of_business == "commercial"
    assert record.request.setting == "inpatient"
    assert {gap.field for gap in record.gaps} == {"request.admitted_on"}


def test_what_cannot_be_read_is_still_of_the_plan_whose_folder_it_came_through(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(b"%PDF-1.4 and no end")
    (record,) = read(path, SITE, "cencal")
    assert (record.status, record.coverage.plan, record.coverage.told_by) == ("unreadable", "cencal", "inbox")
    (elsewhere,) = read(path, SITE)
    assert elsewhere.coverage.plan is None


def test_a_drawn_fax_is_known_by_the_plan_that_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named("Alameda Alliance for Health", monkeypatch)
    path = document.make(document.Order("fax", "new", Condition.FINE_FAX, "plans-1"), tmp_path)
    (record,) = read(path, SITE)
    assert (record.coverage.plan, record.coverage.told_by) == ("alameda_alliance", "form")
    assert "alameda.C12" in rules_of(record), "it came without notes"


def test_a_plan_of_the_sites_own_has_its_policy_beside_it(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "valley.yaml").write_text(OWN_PLAN)
    (plans / "our-policy.yaml").write_text(OWN_POLICY)
    form = Form(("VALLEY CHOICE HEALTH PLAN", "Request for authorization"), lacks=("office",))
    record = read_form(form, tmp_path, settings_of(plans=("valley_choice", "cencal"), plan_files=plans))
    assert record.coverage.plan == "valley_choice"
    assert [(gap.field, gap.rule, gap.source) for gap in record.gaps] == [
        ("requesting_provider.contact", "valley_choice.contact", "Provider manual, 2026")
    ]
    assert policies_of(settings_of(plans=("valley_choice",), plan_files=plans)).folders == ("Valley",)


@pytest.mark.parametrize(
    ("settings", "content", "said"),
    [
        ({"plans": ("alameda",)}, "", "There is no plan alameda; there are alameda_alliance"),
        ({"plans": ("ours",)}, f"{OURS}policy: nothing", "no completeness policy named 'nothing'"),
        ({"plans": ("ours",)}, f"{OURS}deadlines: nothing", "no deadline rule set named 'nothing'"),
        ({"plans": ("ours",)}, f"{OURS}fax_numbers: [831-555-0142]", "such as +18315550142"),
        ({"plans": ("ours",)}, f"{OURS}inbox: urgent", "the folder for urgent faxes"),
        ({"plans": ("ours", "cencal")}, f"{OURS}inbox: CenCal", "Two plans have one inbox folder"),
        (
            {"plans": ("ours",)},
            f"{OURS}form_policies: {{x: default}}",
            "published form that is not known: x",
        ),
        ({"plans": ("ours",)}, "kind: something", "is not a plan"),
        ({"plans": ("ours",)}, f"{OURS}names: yes", "is not a plan"),
    ],
)
def test_a_wrong_plan_is_told_at_the_start_with_what_is_wrong(
    settings: dict[str, object], content: str, said: str, tmp_path: Path
) -> None:
    if content:
        (tmp_path / "ours.yaml").write_text(content)
    with pytest.raises(ConfigurationError, match=said.replace("+", r"\+")):
        policies_of(settings_of(**settings, plan_files=tmp_path))


def test_without_plans_the_book_is_the_default_policy_and_no_folder() -> None:
    book = policies_of(Settings())
    assert (book.plans, book.folders, book.default.name) == ((), (), "default")


def test_faxes_come_through_the_folders_of_their_plans(tmp_path: Path) -> None:
    site = Site(tmp_path, {"PAR_PLANS": '["alameda_alliance", "cencal"]', "PAR_SECOND_ENGINE": ""})
    places = {"": "", "alameda_alliance": "a", "alameda_alliance/urgent": "b", "cencal": "c", "urgent": "d", "sfhp": "e"}
    plain = Form(notes=False)
    for place, name in places.items():
        (site.inbox / place).mkdir(parents=True, exist_ok=True)
        (site.inbox / place / f"{name or 'root'}.pdf").write_bytes(plain.pdf() + f"% {place}\n%%EOF\n".encode())
    (site.inbox / "cencal" / "c.json").write_text(json.dumps({"received_at": "2026-03-01T09:30:00-08:00"}))
    done = site.start("--drain", standin=False)
    done.communicate(timeout=300)
    assert done.returncode == 0
    plans = {one["source"]["file_name"]: (one["coverage"]["plan"], one["coverage"]["told_by"]) for one in site.records().values()}
    assert plans == {
        "root.pdf": (None, None),
        "a.pdf": ("alameda_alliance", "inbox"),
        "b.pdf": ("alameda_alliance", "inbox"),
        "c.pdf": ("cencal", "inbox"),
        "d.pdf": (None, None),
    }
    received = {one["source"]["file_name"]: one["source"]["received_at"] for one in site.records().values()}
    assert received["c.pdf"] == "2026-03-01T09:30:00-08:00", "its sidecar came with it"
    assert sum(site.archived("done").values()) == 5
    left = [path.name for path in site.inbox.rglob("*") if path.is_file()]
    assert left == ["e.pdf"], "the folder of a plan that the site does not have is nobody's"
    assert any(line.get("folders") == 1 for line in site.log())
    rules = {one["source"]["file_name"]: {gap["rule"] for gap in one["gaps"]} for one in site.records().values()}
    assert "alameda.C12" in rules["a.pdf"]
    assert not rules["c.pdf"] & {"alameda.C12", "fields.required"}, "each by the policy of its plan"
