"""Member rosters as real files: layouts, encodings, what is broken, and what is in force afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.errors import ImportRefused
from models.store import roster_load
from models.store.roster_tables import RosterList
from tests.intake.harness import Site
from tests.roster.files import HEADER, ROW, bring_in, members, new_site, store_of


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return new_site(tmp_path)


@pytest.fixture
def each_site(new_store: Callable[[], str], tmp_path: Path) -> Site:
    return new_site(tmp_path, new_store())


def test_every_column_is_taken_in_any_order_by_any_of_its_names(each_site: Site) -> None:
    columns = {
        "MRN": "MR-001",
        "DOB": "2/17/1980",
        "First Name": "Ana",
        "LAST_NAME": "Ruiz-Ortega",
        "Subscriber ID": "h331-812-251",
        "cin": "91234567A",
        "mbi": "1EG4-TE5-MK73",
        "gender": "Female",
        "Phone Number": "(408) 555-0142 x3",
        "Health Plan": "alder_health",
        "LOB": "Medi-Cal",
        "IPA": "Cedar Medical Group",
        "Effective Date": "20250101",
        "Termination Date": "12/31/2026",
        "OHC": "Maple Insurance",
        "PCP": "1234567893",
        "Middle Initial": "M",
        "shoe size": "44",
    }
    header, row = ";".join(columns), ";".join(columns.values())
    assert bring_in(each_site, f"{header}\n{row}\n")[0] == 0
    (found,) = members(each_site, "H331812251")
    assert found == members(each_site, "MR001")[0] == members(each_site, "1EG4TE5MK73")[0] == members(each_site, "91234567A")[0]
    assert (found.date_of_birth, found.eligible_from, found.eligible_to) == (
        date(1980, 2, 17),
        date(2025, 1, 1),
        date(2026, 12, 31),
    )
    assert (found.sex, found.phone, found.line_of_business) == ("F", "+14085550142", "medi_cal")
    assert (found.delegated_group, found.other_coverage, found.pcp_npi) == ("Cedar Medical Group", "Maple Insurance", "1234567893")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_name_with_an_accent_survives_each_encoding(site: Site, encoding: str) -> None:
    content = f"{HEADER}\r\nH331812251,Núñez,Ána,1980-02-17,\r\n".encode(encoding)
    assert bring_in(site, content)[0] == 0
    assert members(site, "H331812251")[0].last_name == "Núñez"


def test_quotes_hold_commas_quotes_and_line_ends(site: Site) -> None:
    content = f'{HEADER}\n"H331812251","Ruiz, ""Ortega""","An\na",1980-02-17,\nJ555666777,Quill,Bo,1955-05-05,\n'
    assert bring_in(site, content)[0] == 0
    assert members(site, "H331812251")[0].last_name == 'Ruiz, "Ortega"'
    assert len(members(site, "J555666777")) == 1


VALUE = "Zzyzx"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f"H331812251,{VALUE},Ana,1980-02-30,", "Line 3, date_of_birth: no day"),
        (f"H331812251,{VALUE},,1980-02-17,", "Line 3, first_name: empty"),
        (f"-,{VALUE},Ana,1980-02-17,", "Line 3, member_id: empty"),
        (f"H331812251,{VALUE},Ana,1980-02-17,,,", "Line 3, row: 7 cells, where the first line has 5"),
        (f"H331812251,{VALUE},Ana", "Line 3, row: 3 cells"),
        (f'H331812251,"{VALUE},Ana,1980-02-17,', "Line 3: quotes are left open"),
        (f"H331812251,{VALUE}\0,Ana,1980-02-17,", "Line 3, row: a character that is no text"),
    ],
)
def test_a_broken_row_is_told_by_line_and_column_and_never_by_value(site: Site, row: str, told: str) -> None:
    assert bring_in(site, f"{HEADER}\n{ROW}\n")[0] == 0
    code, said = bring_in(site, f"{HEADER}\nJ555666777,Quill,Bo,1955-05-05,\n{row}\n", "--replace")
    assert (code, told in said, VALUE in said) == (1, True, False), said
    assert len(members(site, "H331812251")) == 1, "what was in force stays so"
    assert members(site, "J555666777") == []


def test_other_cells_are_told_by_their_columns_too(site: Site) -> None:
    header = f"{HEADER},sex,line_of_business,eligible_from,eligible_to"
    for cells, column in (
        ("Q,,,", "sex"),
        (",Zzyzx,,", "line_of_business"),
        (",,2025-13-01,", "eligible_from"),
        (",,2025-01-02,2025-01-01", "eligible_to"),
    ):
        code, said = bring_in(site, f"{header}\n{ROW},{cells}\n")
        assert (code, f"Line 2, {column}:" in said, "Zzyzx" in said) == (1, True, False), said


def test_so_many_broken_rows_are_left_out_as_are_allowed(site: Site) -> None:
    bad = "H1,,,,\n" * 3
    code, said = bring_in(site, f"{HEADER}\n{bad}{ROW}\n", "--broken", "2")
    assert (code, members(site, "H331812251")) == (1, [])
    code, said = bring_in(site, f"{HEADER}\n{bad}{ROW}\n", "--broken", "3")
    assert (code, "1 rows written, 3 left out" in said, "left out: line 2, member_id" in said) == (0, True, True), said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("member_id,last_name,first_name\nH1,a,b\n", "Line 1: there is no column date_of_birth."),
        (f"{HEADER},dob\n{ROW},\n", "Line 1: more than one column is date_of_birth."),
        (f"{HEADER}\n", "The file holds no rows."),
        ("", "Line 1: there is no column member_id."),
        (b"\x81\x8d\x8f\xff", "no text in UTF-8, UTF-16 or Windows-1252"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(site: Site, content: str | bytes, told: str) -> None:
    code, said = bring_in(site, content)
    assert (code, told in said) == (1, True), said


def test_without_replace_the_rest_stays_and_with_it_the_rest_goes(each_site: Site) -> None:
    bring_in(each_site, f"{HEADER}\n{ROW}\nJ555666777,Quill,Bo,1955-05-05,old\n")
    code, said = bring_in(each_site, f"{HEADER}\nJ555666777,Quill,Bo,1955-05-05,new\nK999888777,Moss,Al,1960-01-01,\n")
    assert (code, "2 rows written, 0 left out; 3 rows are in force" in said) == (0, True), said
    assert [one.plan for one in members(each_site, "J555666777")] == ["new"]
    code, said = bring_in(each_site, f"{HEADER}\n{ROW}\n", "--replace")
    assert "1 rows are in force" in said
    assert members(each_site, "J555666777", "K999888777") == []
    engine = store_of(each_site)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM roster_members")) == 1, "what is gone is not kept"
    engine.dispose()


def test_a_member_with_two_rows_has_two_spans_of_coverage(site: Site) -> None:
    header = f"{HEADER},eligible_from,eligible_to"
    bring_in(site, f"{header}\n{ROW},2024-01-01,2024-06-30\nJ555666777,Quill,Bo,1955-05-05,,,\n{ROW},2025-01-01,\n")
    assert [one.eligible_from for one in members(site, "H331812251")] == [date(2024, 1, 1), date(2025, 1, 1)]


def test_an_import_that_was_killed_leaves_nothing_and_the_next_one_goes_on(site: Site) -> None:
    bring_in(site, f"{HEADER}\n{ROW}\n")
    (changed,) = members(site, "H331812251")
    engine = store_of(site)
    with Session(engine) as session, session.begin():
        killed = roster_load.begin(session, RosterList.MEMBERS, datetime.now(UTC), replaces=False)
        roster_load.add_members(session, killed, [changed, changed])
    engine.dispose()
    assert len(members(site, "H331812251")) == 1, "it is not in force, and nothing gave way to it"
    assert bring_in(site, f"{HEADER}\nJ555666777,Quill,Bo,1955-05-05,\n")[0] == 0
    assert (len(members(site, "H331812251")), len(members(site, "J555666777"))) == (1, 1)
    engine = store_of(site)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM roster_members")) == 2
    engine.dispose()


def test_an_import_that_another_one_overtook_writes_no_more(site: Site) -> None:
    engine = store_of(site)
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        slow = roster_load.begin(session, RosterList.MEMBERS, now, replaces=True)
    assert bring_in(site, f"{HEADER}\n{ROW}\n")[0] == 0
    with Session(engine) as session, pytest.raises(ImportRefused, match="Another import"):
        roster_load.put_in_force(session, slow, now)
    engine.dispose()
    assert len(members(site, "H331812251")) == 1


def test_what_the_site_says_of_all_members_fills_what_their_rows_do_not_say(site: Site) -> None:
    content = f"{HEADER}\n{ROW}\nJ555666777,Quill,Bo,1955-05-05,\n"
    bring_in(site, content, "--plan", "birch_health", "--line-of-business", "medicare", "--delegated-group", "Cedar Medical Group")
    assert [(one.plan, one.line_of_business) for one in members(site, "H331812251", "J555666777")] == [
        ("alder_health", "medicare"),
        ("birch_health", "medicare"),
    ]
