"""What an 834 makes of the spans of coverage that there were.

A loop that adds, reinstates or audits a member says all that holds of them; one that changes or ends leaves standing what it does
not speak of. Coverages are told apart by their insurance line and plan (HD03, HD04).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.roster import MemberSpan
from roster.broken import Broken
from roster.enrollment import Enrolled, Enrolment, Maintenance

_WHOLE = frozenset({Maintenance.ADD, Maintenance.REINSTATE, Maintenance.REINSTATE_LATER, Maintenance.AUDIT, Maintenance.NO_CHANGE})


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the site says of all members of a file that does not say it itself."""

    plan: str | None = None
    line_of_business: str | None = None
    delegated_group: str | None = None

    def filled(self, span: MemberSpan) -> MemberSpan:
        """A span with what it does not say itself."""
        if self == _NOTHING:
            return span
        return replace(
            span,
            plan=span.plan or self.plan,
            line_of_business=span.line_of_business or self.line_of_business,
            delegated_group=span.delegated_group or self.delegated_group,
        )


_NOTHING = Defaults()


def applied(before: Sequence[MemberSpan], told: Enrolment) -> tuple[MemberSpan, ...] | Broken:
    """The spans of all who share the member's id, as they are with one loop.

    Args:
        before: what the id had until now.
        told: the loop.
    """
    others = tuple(span for span in before if span.person != told.person)
    own = tuple(span for span in before if span.person == told.person)
    if told.maintenance is Maintenance.DELETE:
        return others
    if not own and None in (told.last_name, told.first_name, told.date_of_birth):
        return Broken(told.place, "INS", "a change of a member whose name and date of birth are not known")
    if told.maintenance in _WHOLE:
        own = (own[0],) if own else ()
        return (*others, *_begun(_identified(own, told)[0], told))
    standing = _identified(own, told)
    if told.maintenance is Maintenance.END and not told.coverages:
        return (*others, *(_ended(span, told.ended_on) for span in standing))
    return (*others, *_changed(standing, told))


def _identified(own: tuple[MemberSpan, ...], told: Enrolment) -> tuple[MemberSpan, ...]:
    """The spans with what the loop says of the person; one without any coverage where there was none."""
    if not own:
        return (_unspanned(told),)
    return tuple(
        replace(
            span,
            last_name=told.last_name or span.last_name,
            first_name=told.first_name or span.first_name,
            middle_name=told.middle_name or span.middle_name,
            date_of_birth=told.date_of_birth or span.date_of_birth,
            sex=told.sex or span.sex,
            phone=told.phone or span.phone,
            cin=told.cin or span.cin,
            mbi=told.mbi or span.mbi,
        )
        for span in own
    )


def _unspanned(told: Enrolment) -> MemberSpan:
    """A person without any coverage yet; who calls has seen that the loop says who it is."""
    return MemberSpan(
        member_id=told.member_id or "",
        last_name=told.last_name or "",
        first_name=told.first_name or "",
        date_of_birth=told.date_of_birth or date.min,
        person=told.person,
        cin=told.cin,
        mbi=told.mbi,
        middle_name=told.middle_name,
        sex=told.sex,
        phone=told.phone,
    )


def _begun(person: MemberSpan, told: Enrolment) -> Iterator[MemberSpan]:
    """The coverages that a loop tells as all there are; a member without any is covered as the member's own dates say."""
    kept = [one for one in told.coverages if one.maintenance is not Maintenance.DELETE]
    if not told.coverages:
        yield replace(person, eligible_from=told.begun_on or person.eligible_from, eligible_to=told.ended_on)
    for one in kept:
        yield _covered(person, one, told)


def _covered(person: MemberSpan, one: Enrolled, told: Enrolment) -> MemberSpan:
    return replace(
        person,
        plan=one.plan or one.line or None,
        eligible_from=one.eligible_from or told.begun_on,
        eligible_to=one.eligible_to or told.ended_on,
        pcp_npi=one.pcp_npi,
        delegated_group=one.delegated_group,
        other_coverage=one.other_coverage,
    )


def _changed(standing: tuple[MemberSpan, ...], told: Enrolment) -> Iterator[MemberSpan]:
    """What stood, with each coverage of the loop in its place; one that did not stand before is added."""
    named = {one.plan or one.line or None: one for one in told.coverages}
    for span in standing:
        one = named.pop(span.plan, None)
        if one is None:
            if span.eligible_from is not None or span.plan is not None or not told.coverages:
                yield span
        elif one.maintenance is Maintenance.END:
            yield _ended(span, one.eligible_to or told.ended_on)
        elif one.maintenance is not Maintenance.DELETE:
            begun = one.eligible_from or span.eligible_from
            yield replace(_covered(span, one, told), eligible_from=begun)
    for one in named.values():
        if one.maintenance is not Maintenance.DELETE:
            yield _covered(standing[0], one, told)


def _ended(span: MemberSpan, on: date | None) -> MemberSpan:
    """The span until its end, which never moves later by an end."""
    if on is None or (span.eligible_to is not None and span.eligible_to < on):
        return span
    return replace(span, eligible_to=on)
