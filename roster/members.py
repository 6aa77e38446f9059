"""What the member roster says of a request: who it is about, whether they are covered on the day, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from models.circumstances import LineOfBusiness, Notice, NoticeSeverity
from models.coverage import told_by_person
from models.notices import with_notices
from models.record import ReferralRecord
from models.roster import MemberSpan
from roster.people import Look, Outcome, Person, differing, look_for, said_of_readings
from roster.readings import with_said
from roster.rules import notice

_WORDS = {"member_id": "ID", "last_name": "last name", "first_name": "first name", "date_of_birth": "date of birth"}
_NOT_SURE = {Outcome.NOT_FOUND: "roster.member.not_found", Outcome.AMBIGUOUS: "roster.member.ambiguous"}


def service_day(record: ReferralRecord) -> date:
    """The first date of service; else the date on the form, else the day of receipt."""
    days = [service.from_date for service in record.services if service.from_date is not None]
    return min(days, default=record.request.requested_on or record.source.received_at.date())


def confirmed_member(record: ReferralRecord, found: Sequence[MemberSpan], own_groups: Collection[str]) -> ReferralRecord:
    """The record with what the roster says of its member.

    Args:
        record: the record; done again on its own result, nothing changes.
        found: spans of everybody with one of its ids, its name or its date of birth.
        own_groups: the delegated groups that this site decides for; empty where it is the plan itself.
    """
    look = look_for(record, found)
    record = with_said(record, "member", said_of_readings(record, look))
    span = None if look.person is None else span_on(look.person, service_day(record))
    record = _covered(record, span)
    return with_notices(record, "member", _notices(record, look, span, own_groups))


def span_on(person: Person, day: date) -> MemberSpan:
    """The span of coverage that holds on a day; else the one that began last."""
    return next((span for span in reversed(person.spans) if span.holds_on(day)), person.newest)


def _covered(record: ReferralRecord, span: MemberSpan | None) -> ReferralRecord:
    """The record with what the roster says where nothing else does; what it said before goes first."""
    coverage = record.coverage
    if coverage.told_by == "site":
        # Its only plan was taken for want of any other word.
        coverage = coverage.model_copy(update={"plan": None, "told_by": None})
    update: dict[str, object] = dict.fromkeys(coverage.by_roster)
    said = coverage.told_by if coverage.told_by != "roster" else None
    parts: list[str] = []
    if span is not None:
        known: dict[Literal["plan", "line_of_business", "delegated_group"], str | None] = {
            "plan": span.plan,
            "line_of_business": None if span.line_of_business is None else LineOfBusiness(span.line_of_business),
            "delegated_group": span.delegated_group,
        }
        for name, value in known.items():
            by_person = name != "delegated_group" and told_by_person(record, name)
            if value is not None and not by_person and (name in coverage.by_roster or getattr(coverage, name) is None):
                update[name] = value
                parts.append(name)
    told = {**update, "by_roster": parts, "told_by": said or ("roster" if parts else None)}
    return record.model_copy(update={"coverage": coverage.model_copy(update=told)})


def _notices(record: ReferralRecord, look: Look, span: MemberSpan | None, own_groups: Collection[str]) -> list[Notice]:
    if look.outcome in _NOT_SURE:
        return [notice(_NOT_SURE[look.outcome])]
    if look.person is None or span is None:
        return []
    found = []
    if other := differing(look.person):
        words = ", ".join(_WORDS[name] for name in other)
        found.append(notice("roster.member.differs", path=f"member.{other[0]}", fields=words))
    day = service_day(record)
    if not span.holds_on(day):
        found.append(notice("roster.member.not_eligible", day=day.isoformat()))
    found += _of_line(record, span)
    if span.other_coverage is not None:
        found.append(notice("roster.member.other_coverage", payer=span.other_coverage))
    return [*found, *_of_group(span, own_groups)]


def _of_line(record: ReferralRecord, span: MemberSpan) -> list[Notice]:
    """The line of business that the form states, or a person, where the roster has another: other clocks would run."""
    coverage = record.coverage
    by_person = told_by_person(record, "line_of_business")
    stated = coverage.line_of_business if by_person else coverage.form_line_of_business
    if stated is None or span.line_of_business is None or stated == span.line_of_business:
        return []
    # Who has entered it has looked.
    severity = NoticeSeverity.NOTE if by_person else None
    names = {"stated": _in_words(stated), "listed": _in_words(span.line_of_business)}
    return [notice("roster.member.line_of_business", severity=severity, **names)]


def _in_words(line: str) -> str:
    return {"medi_cal": "Medi-Cal", "medicaid_other": "Medicaid", "dual": "Medicare and Medi-Cal"}.get(line, line.capitalize())


def _of_group(span: MemberSpan, own_groups: Collection[str]) -> list[Notice]:
    """To whom the request belongs, where that is not who got it."""
    ours = {group.casefold() for group in own_groups}
    group = span.delegated_group
    if group is not None and group.casefold() not in ours:
        return [notice("roster.member.delegated_group", belongs_to=group)]
    if group is None and ours:
        return [notice("roster.member.not_delegated", belongs_to=span.plan or "the plan")]
    return []
