"""Small digital requests on the forms of plans, and drawn ones sent through a fax line."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from reportlab.pdfgen.canvas import Canvas

from intake.pipeline import process_document
from intake.settings import Settings
from models.document import Document, MediaType
from models.record import ReferralRecord

FIELDS = {
    "member": "Member Last Name: Alder    First Name: June    Date of Birth: 03/14/1961",
    "id": "Member ID: 91234567A",
    "requesting": "Requesting Provider: Ina Brook    NPI: 1234567893    Tax ID: 12-3456789",
    "office": "Requesting Provider Phone: 831-555-0141    Fax: 831-555-0142    Contact: Dana Reed",
    "servicing": "Servicing Provider: Omar Vale    NPI: 1487793048    Tax ID: 98-7654321",
    "facility": "Facility: Delta Hospital",
    "diagnosis": "Diagnosis Code (ICD-10): M54.50",
    "service": "CPT Code: 97110    Units: 12    From: 03/02/2026    To: 05/29/2026",
}
"""The lines of a request that lacks nothing, by what they are about."""

NOTES = (
    "Valley Orthopedics - Progress note",
    "Patient: Alder, June   DOB: 03/14/1961   Visit date: 02/14/2026",
    "Chief complaint: low back pain since July, worse in the morning.",
    "History of present illness: seen previously, no improvement with exercise at home.",
    "Exam: range of motion reduced, no neurologic deficit, gait normal.",
    "Assessment and plan: physical therapy twice a week for six weeks. Return to clinic then.",
    "Electronically signed by Ina Brook on 02/15/2026",
)


@dataclass(frozen=True, slots=True)
class Form:
    """A request on a form: what stands at its head, its boxes, each with whether it is ticked, and which lines it lacks."""

    heading: Sequence[str] = ("PRIOR AUTHORIZATION REQUEST",)
    boxes: Sequence[tuple[str, bool]] = (("Routine", True), ("Urgent", False))
    lacks: Sequence[str] = ()
    notes: bool = True

    def pdf(self) -> bytes:
        """The document."""
        buffer = io.BytesIO()
        canvas = Canvas(buffer, invariant=1)
        y = 760
        for line in self.heading:
            canvas.drawString(60, y, line)
            y -= 18
        y -= 14
        for n, (text, ticked) in enumerate(self.boxes):
            x, row = 60 + 120 * (n % 4), y - 24 * (n // 4)
            canvas.rect(x, row - 1, 9, 9)
            if ticked:
                canvas.line(x, row - 1, x + 9, row + 8)
                canvas.line(x, row + 8, x + 9, row - 1)
            canvas.drawString(x + 14, row, text)
        y -= 24 * (1 + (len(self.boxes) - 1) // 4) + 8
        for name, line in FIELDS.items():
            if name not in self.lacks:
                canvas.drawString(60, y, line)
            y -= 24
        canvas.showPage()
        for n, line in enumerate(NOTES if self.notes else ()):
            canvas.drawString(60, 740 - 24 * n, line)
        canvas.save()
        return buffer.getvalue()


def read(path: Path, settings: Settings, plan_folder: str | None = None) -> tuple[ReferralRecord, ...]:
    """The records of a document, as the service reads it, without a store."""
    content = path.read_bytes()
    media_type = MediaType.PDF if path.suffix == ".pdf" else MediaType.TIFF
    document = Document(
        path,
        path.name,
        hashlib.sha256(content).hexdigest(),
        media_type,
        datetime(2026, 3, 2, 18, tzinfo=UTC),
        plan_folder=plan_folder,
    )
    return process_document(document, settings)


def read_form(form: Form, folder: Path, settings: Settings, plan_folder: str | None = None) -> ReferralRecord:
    """The one record of a form."""
    path = folder / "form.pdf"
    path.write_bytes(form.pdf())
    (record,) = read(path, settings, plan_folder)
    return record


def settings_of(**values: object) -> Settings:
    """Settings with a site's plans, and no second engine."""
    return Settings.model_validate({"second_engine": "", **values})


def named(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have drawn forms be those of a plan."""

    def place(rng: Random, kind: str) -> str:
        del rng, kind
        return plan

    monkeypatch.setattr("tests.faxes.layouts.form.place", place)
