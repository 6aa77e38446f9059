"""Members and providers as a plan's own lists know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MemberSpan:
    """One span of one person's coverage.

    ``person`` tells those apart who share an id: empty for the subscriber. Ids are in capitals, without spaces or signs; ``sex`` is
    F, M or X, ``phone`` E.164. ``line_of_business`` is a value of :class:`models.circumstances.LineOfBusiness`. Both ends of the
    span belong to it; a span without an end is open. ``other_coverage`` names another payer.
    """

    member_id: str
    last_name: str
    first_name: str
    date_of_birth: date
    person: str = ""
    cin: str | None = None
    mbi: str | None = None
    medical_record: str | None = None
    middle_name: str | None = None
    sex: str | None = None
    phone: str | None = None
    plan: str | None = None
    line_of_business: str | None = None
    delegated_group: str | None = None
    eligible_from: date | None = None
    eligible_to: date | None = None
    other_coverage: str | None = None
    pcp_npi: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the person is covered on that day."""
        begun = self.eligible_from is None or self.eligible_from <= day
        return begun and (self.eligible_to is None or day <= self.eligible_to)


@dataclass(frozen=True, slots=True)
class ProviderPlace:
    """One place of one provider in a directory.

    ``tin`` is ``12-3456789``, phone and fax E.164. ``is_organization``: ``None`` where the directory does not say. ``national``: of
    NPPES, and not of the plan's own directory. ``deactivated_on``: the NPI is out of use since then.
    """

    npi: str
    name: str
    is_organization: bool | None = None
    tin: str | None = None
    phone: str | None = None
    fax: str | None = None
    specialty: str | None = None
    network: str | None = None
    plan: str | None = None
    deactivated_on: date | None = None
    national: bool = False


def plain_id(text: str) -> str:
    """An id in capitals without spaces and signs."""
    if text.isalnum():
        return text.upper()
    return "".join(character for character in text if character.isalnum()).upper()
