"""All reports, by their names: what pages, the API and the command line offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy.orm import Session

from review.html.figures import Figure
from review.reports import cms_metrics, matrix_log, missing_information, rater_agreement, turn_around
from review.reports.asked import Asked

Rows = Iterator[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One report.

    ``make`` gives its tables. One with ``lines`` has a line for each request, too many to be held at once: ``make`` then gives the
    first of them, and ``lines`` all, below ``head``.
    """

    name: str
    title: str
    about: str
    make: Callable[[Session, Asked], tuple[Figure, ...]]
    head: tuple[str, ...] = ()
    lines: Callable[[Session, Asked], Rows] | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        one.name: one
        for one in (
            Kind(
                "turn-around",
                "Turn-around and integrity",
                "How long decisions took, what is late by which clock, and whether everything that arrived came to an end.",
                turn_around.figures,
            ),
            Kind(
                "matrix",
                "Matrix log",
                "One line for each request: received, due, urgency, decision, turn-around, letters.",
                matrix_log.figures,
                matrix_log.HEAD,
                matrix_log.rows,
            ),
            Kind(
                "cms-0057-f",
                "CMS-0057-F metrics",
                "Approved, denied, approved after appeal and extended, and the time to decide; without drugs, by plan.",
                cms_metrics.figures,
            ),
            Kind(
                "missing-information",
                "Missing information",
                "What is missing in the requests of each office.",
                missing_information.figures,
            ),
            Kind(
                "agreement",
                "Inter-rater agreement",
                "How far a second person, who does not see what the first entered, agrees; by field and by person.",
                rater_agreement.figures,
            ),
        )
    }
)
"""All reports, in the order in which they are shown."""
