"""Member rosters as X12 834: envelopes, delimiters, full files and files of changes, and files that are cut short."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roster.enrollment import Enrolment, read_enrolments
from tests.intake.harness import Site
from tests.roster.files import LOOP, bring_in, interchange, members, new_site

ID = "H331812251"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return new_site(tmp_path)


def _change(code: str, *segments: str) -> str:
    return interchange((f"INS*Y*18*{code}*XN*A", f"REF*0F*{ID}", *segments), purpose="2")


@pytest.mark.parametrize(("element", "end"), [("*", "~\n"), ("*", "~"), ("|", "\n"), ("!", "\r\n"), (">", "\x1c")])
def test_a_full_file_with_any_delimiters(site: Site, element: str, end: str) -> None:
    head = "\n" if end == "~\n" else ""
    content = head + interchange(LOOP, element=element, end=end[0]).replace(end[0], end)
    code, said = bring_in(site, content, "--line-of-business", "medi_cal")
    assert code == 0, said
    (found,) = members(site, ID)
    assert found == members(site, "91234567A")[0]
    assert (found.last_name, found.first_name, found.middle_name) == ("Ruiz-Ortega", "Ana", "Maria")
    assert (found.date_of_birth, found.sex, found.phone) == (date(1980, 2, 17), "F", "+14085550142")
    assert (found.plan, found.eligible_from, found.eligible_to) == ("ALDER HEALTH", date(2025, 1, 1), None)
    assert (found.pcp_npi, found.delegated_group, found.other_coverage) == ("1234567893", "Cedar Medical Group", "Maple Insurance")
    assert found.line_of_business == "medi_cal"
    assert members(site, "123456789") == [], "a social security number is not taken"


def test_two_interchanges_with_delimiters_of_their_own_in_one_file(site: Site) -> None:
    other = tuple(segment.replace(ID, "J555666777").replace("91234567A", "91234568C") for segment in LOOP)
    assert bring_in(site, interchange(LOOP) + interchange(other, element="|", end="\n"))[0] == 0
    assert len(members(site, ID, "J555666777")) == 2


@pytest.mark.parametrize("inside", [0, 1, 2, 3, 60, 105, 106, 107, 500])
def test_no_member_is_lost_where_a_piece_of_the_file_ends(tmp_path: Path, inside: int) -> None:
    """The file is read in pieces of 65,536 characters; the first ends so many characters after the beginning of an interchange."""
    loops = [tuple(segment.replace(ID, f"H{n:09d}") for segment in LOOP) for n in range(600)]
    first, second = interchange(*loops[:160]), interchange(*loops[160:], element="|", end="\n")
    file = tmp_path / "file"
    file.write_text(first + " " * (65_536 - inside - len(first)) + second, encoding="utf-8")
    found = [told for told in read_enrolments(file) if isinstance(told, Enrolment)]
    assert [told.member_id for told in found] == [f"H{n:09d}" for n in range(600)]
    assert {(told.cin, told.coverages[0].other_coverage) for told in found} == {("91234567A", "Maple Insurance")}


def test_a_change_of_the_address_book_leaves_the_coverage(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    assert bring_in(site, _change("001", "NM1*IL*1*Ruiz*Ana", "DMG*D8*19800217*F"))[0] == 0
    (found,) = members(site, ID)
    assert (found.last_name, found.plan, found.eligible_from) == ("Ruiz", "ALDER HEALTH", date(2025, 1, 1))


def test_a_second_coverage_is_added_beside_the_first(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    bring_in(site, _change("001", "HD*021**HMO*BIRCH HEALTH", "DTP*348*D8*20260101"))
    assert sorted(one.plan or "" for one in members(site, ID)) == ["ALDER HEALTH", "BIRCH HEALTH"]


def test_one_coverage_is_ended_and_the_other_stays(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    bring_in(site, _change("001", "HD*021**HMO*BIRCH HEALTH", "DTP*348*D8*20260101"))
    bring_in(site, _change("001", "HD*024**HMO*ALDER HEALTH", "DTP*349*D8*20251231"))
    ends = {one.plan: one.eligible_to for one in members(site, ID)}
    assert ends == {"ALDER HEALTH": date(2025, 12, 31), "BIRCH HEALTH": None}


def test_a_member_is_ended_by_the_members_own_date(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    bring_in(site, _change("024", "DTP*357*D8*20260228"))
    (found,) = members(site, ID)
    assert found.eligible_to == date(2026, 2, 28)
    assert found.holds_on(date(2026, 2, 28))
    assert not found.holds_on(date(2026, 3, 1))


def test_who_is_added_again_has_what_the_file_says_alone(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    bring_in(site, _change("024", "DTP*357*D8*20260228"))
    bring_in(site, _change("025", "NM1*IL*1*Ruiz-Ortega*Ana", "HD*025**HMO*CEDAR HEALTH", "DTP*348*D8*20260401"))
    (found,) = members(site, ID)
    assert (found.plan, found.eligible_from, found.date_of_birth) == ("CEDAR HEALTH", date(2026, 4, 1), date(1980, 2, 17))


def test_changes_of_one_member_in_one_file_follow_each_other(site: Site) -> None:
    ended = ("INS*Y*18*024*XN*A", f"REF*0F*{ID}", "DTP*357*D8*20260228")
    added = ("INS*Y*18*001*XN*A", f"REF*0F*{ID}", "HD*021**HMO*BIRCH HEALTH", "DTP*348*D8*20260301")
    bring_in(site, interchange(LOOP))
    bring_in(site, interchange(ended, added, purpose="2"))
    assert {one.plan: one.eligible_to for one in members(site, ID)} == {"ALDER HEALTH": date(2026, 2, 28), "BIRCH HEALTH": None}


def test_a_dependent_shares_the_id_and_is_a_person_of_their_own(site: Site) -> None:
    child = ("INS*N*19*030*XN*A", f"REF*0F*{ID}", "NM1*IL*1*Ruiz-Ortega*Bo", "DMG*D8*20150601*M", *LOOP[10:12])
    bring_in(site, interchange(LOOP, child))
    assert sorted((one.person, one.first_name) for one in members(site, ID)) == [("", "Ana"), ("BO", "Bo")]
    ended = ("INS*N*19*024*XN*A", f"REF*0F*{ID}", "NM1*IL*1*Ruiz-Ortega*Bo", "DTP*357*D8*20260228")
    bring_in(site, interchange(ended, purpose="2"))
    assert {one.first_name: one.eligible_to for one in members(site, ID)} == {"Ana": None, "Bo": date(2026, 2, 28)}


def test_a_file_of_changes_does_not_replace_all_members(site: Site) -> None:
    bring_in(site, interchange(LOOP))
    code, said = bring_in(site, _change("001", "NM1*IL*1*Ruiz*Ana"), "--replace")
    assert (code, "BGN08 is 2" in said) == (1, True)
    assert members(site, ID)[0].last_name == "Ruiz-Ortega"


def test_a_full_file_with_replace_drops_who_is_not_in_it(site: Site) -> None:
    other = tuple(segment.replace(ID, "J555666777").replace("91234567A", "91234568C") for segment in LOOP)
    bring_in(site, interchange(LOOP, other))
    assert bring_in(site, interchange(other), "--replace")[0] == 0
    assert (members(site, ID), len(members(site, "J555666777"))) == ([], 1)


def _cut(after: str) -> str:
    whole = interchange(LOOP)
    return whole[: whole.index(after) + 5]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (_cut("HD*030"), "the file is cut short"),
        (interchange(LOOP).partition("SE*")[0], "it is cut short"),
        (interchange(LOOP).partition("GE*")[0], "it is cut short"),
        (interchange(LOOP).partition("IEA*")[0], "it is cut short"),
        (interchange(LOOP)[:90], "no whole ISA"),
        (interchange(LOOP).replace("N3*1 ALDER WAY~\n", ""), "SE01"),
        (interchange(LOOP).replace("GE*1*1", "GE*2*1"), "GE01"),
        (interchange(LOOP).replace("IEA*1*000000001", "IEA*1*000000002"), "IEA02"),
        (interchange(LOOP).replace("ST*834", "ST*837"), "no 834"),
        (interchange(LOOP).replace("005010X220A1", "004010X095A1"), "not 005010X220A1"),
    ],
)
def test_a_file_that_is_cut_short_or_is_something_else_changes_nothing(site: Site, content: str, told: str) -> None:
    bring_in(site, interchange(LOOP))
    code, said = bring_in(site, content, "--replace")
    assert (code, told in said, "Ruiz" in said) == (1, True, False), said
    assert len(members(site, ID)) == 1


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("DMG*D8*19800217*F", "DMG*D8*19800231*F", "DMG: no day"),
        ("DTP*348*D8*20250101", "DTP*348*RD8*20250101-20251231", "DTP: DTP02 is not D8"),
        ("INS*Y*18*030", "INS*Y*18*999", "INS: no maintenance type code"),
        (f"REF*0F*{ID}", "REF*0F*", "REF: empty"),
        ("NM1*IL*1*Ruiz-Ortega*Ana*Maria***34*123456789", "NM1*QC*1*Ruiz-Ortega*Ana", "INS: a change of a member whose name"),
    ],
)
def test_a_broken_loop_is_told_by_its_segment(site: Site, before: str, after: str, told: str) -> None:
    code, said = bring_in(site, interchange(LOOP).replace(before, after))
    assert (code, told in said, "Ruiz" in said) == (1, True, False), said
