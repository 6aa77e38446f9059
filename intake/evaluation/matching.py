"""Which record is about which labelled request."""

from __future__ import annotations

from collections.abc import Sequence

from intake.evaluation.labels import RequestLabel
from models.record import ReferralRecord, Status

_NO_REQUEST = (Status.NO_REQUEST, Status.UNREADABLE)


def requests_among(records: Sequence[ReferralRecord]) -> tuple[ReferralRecord, ...]:
    """The records that are requests."""
    return tuple(record for record in records if record.status not in _NO_REQUEST)


def paired(labels: Sequence[RequestLabel], records: Sequence[ReferralRecord]) -> tuple[ReferralRecord | None, ...]:
    """For each labelled request its record, or ``None``.

    Those with most pages in common come together first, at equal overlap those nearest in order; what is left is paired in order.
    """
    overlaps = [
        (-len(set(label.pages) & set(record.source.pages)), abs(at - of), at, of)
        for at, label in enumerate(labels)
        for of, record in enumerate(records)
    ]
    chosen: dict[int, int] = {}
    for overlap, _, at, of in sorted(overlaps):
        if overlap < 0 and at not in chosen and of not in chosen.values():
            chosen[at] = of
    free_labels = [at for at in range(len(labels)) if at not in chosen]
    free_records = [of for of in range(len(records)) if of not in chosen.values()]
    chosen |= dict(zip(free_labels, free_records, strict=False))
    return tuple(records[chosen[at]] if at in chosen else None for at in range(len(labels)))


def pages_right(label: RequestLabel, record: ReferralRecord | None) -> bool:
    """Whether a record has all pages of its request, and beside them at most attached ones."""
    if record is None:
        return False
    wanted, given = set(label.pages), set(record.source.pages)
    return wanted <= given and given - wanted <= set(label.attached_pages)
