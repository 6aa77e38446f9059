"""What a request is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field

from matching.facts import Facts, facts_of
from models.circumstances import Standing
from models.page_print import PagePrint
from models.record import ReferralRecord


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier record, in its newest revision. ``prints`` are those of its pages; ``facts`` its values as they are compared."""

    record: ReferralRecord
    prints: tuple[PagePrint, ...] = ()
    facts: Facts = field(default_factory=Facts)

    @classmethod
    def of(cls, record: ReferralRecord, prints: tuple[PagePrint, ...] = ()) -> Earlier:
        """With its facts."""
        return cls(record, prints, facts_of(record))


@dataclass(frozen=True, slots=True)
class Original:
    """What a change may be about: a request of ours, an authorization, or both where they are tied.

    ``standing`` is the request as it stood when it was made or imported; ``number_key`` the number of its authorization as numbers
    are compared.
    """

    facts: Facts
    standing: Standing
    record_id: str | None = None
    number_key: str | None = None
