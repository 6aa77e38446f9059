"""Member rosters as tables; docs/roster.md tells the layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from models.roster import MemberSpan
from roster import cells
from roster.broken import Broken, BrokenCell
from roster.table import Column, Row, rows

COLUMNS = (
    Column("member_id", ("subscriber_id", "plan_member_id"), needed=True),
    Column("last_name", ("surname",), needed=True),
    Column("first_name", ("given_name",), needed=True),
    Column("date_of_birth", ("dob", "birth_date"), needed=True),
    Column("person", ("person_code", "dependent_number")),
    Column("cin", ("client_index_number", "medi_cal_id")),
    Column("mbi", ("medicare_id", "medicare_beneficiary_identifier")),
    Column("medical_record", ("mrn", "medical_record_number")),
    Column("middle_name", ("middle", "middle_initial")),
    Column("sex", ("gender",)),
    Column("phone", ("telephone", "phone_number")),
    Column("plan", ("health_plan",)),
    Column("line_of_business", ("lob",)),
    Column("delegated_group", ("group", "ipa", "medical_group")),
    Column("eligible_from", ("effective_date", "eligibility_start")),
    Column("eligible_to", ("termination_date", "eligibility_end")),
    Column("other_coverage", ("ohc", "other_health_coverage")),
    Column("pcp_npi", ("pcp",)),
)
_READ: Mapping[str, Callable[[str], object]] = {
    "member_id": cells.needed_id,
    "last_name": cells.needed,
    "first_name": cells.needed,
    "date_of_birth": cells.needed_day,
    "person": lambda text: text[:40],
    "cin": cells.some_id,
    "mbi": cells.some_id,
    "medical_record": cells.some_id,
    "middle_name": lambda text: text or None,
    "sex": cells.sex,
    "phone": cells.phone,
    "plan": lambda text: cells.short(text, 80),
    "line_of_business": cells.line_of_business,
    "delegated_group": lambda text: cells.short(text, 120),
    "eligible_from": cells.day,
    "eligible_to": cells.day,
    "other_coverage": cells.other_coverage,
    "pcp_npi": cells.some_npi,
}


def read_members(path: Path) -> Iterator[MemberSpan | Broken]:
    """The spans of coverage in a table, one a row.

    Raises:
        BrokenFile: a needed column is missing, or the file is no table.
    """
    for row in rows(path, COLUMNS):
        yield row if isinstance(row, Broken) else _span(row)


def _span(row: Row) -> MemberSpan | Broken:
    name = ""
    found: dict[str, object] = {}
    try:
        for name, text in row.cells.items():
            found[name] = _READ[name](text)
    except BrokenCell as error:
        return row.broken(name, str(error))
    span = MemberSpan(**found)  # type: ignore[arg-type]  # each cell was read by the reader of its field
    if span.eligible_from and span.eligible_to and span.eligible_to < span.eligible_from:
        return row.broken("eligible_to", "before eligible_from")
    return span
