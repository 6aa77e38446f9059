"""What a form says of itself, beside the fields of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.circumstances import LineOfBusiness
from models.record_parts import ClinicalNotes, Setting


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What tells whose form it is, and what its boxes say.

    ``heading`` are the lines at the head of its first page, ``footing`` those at the foot of its pages, ``plan_named`` what stands
    behind a label that asks for the health plan, each as read. Of the others, ``None`` is what the form leaves open or in doubt.
    ``place_of_service`` is a code of CMS. ``altered``: something on it is struck out.
    """

    heading: tuple[str, ...] = ()
    footing: tuple[str, ...] = ()
    plan_named: tuple[str, ...] = ()
    line_of_business: LineOfBusiness | None = None
    setting: Setting | None = None
    place_of_service: str | None = None
    admitted_on: date | None = None
    clinical_notes: ClinicalNotes | None = None
    altered: bool = False
