"""Codes of diagnoses that were misread, put right where the form's own description of them leaves no choice."""

from __future__ import annotations

from dataclasses import replace

from extraction.evidence import EXACT
from models.codesets import icd10cm
from models.reading import FieldReading
from models.values.icd10_repair import described_first_letter, described_repair


def described_codes(readings: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """The readings, misread codes of diagnoses among them repaired; their text stays as it was read.

    Only what an engine has read is touched. A code that the table has is changed in its first letter at most, and stays a doubtful
    one, because the form may contradict itself.
    """
    said = {reading.path: reading.text for reading in readings if reading.path.endswith(".description")}
    return tuple(_repaired(reading, said.get(reading.path.replace(".code", ".description"), "")) for reading in readings)


def _repaired(reading: FieldReading, description: str) -> FieldReading:
    if not description or not reading.path.startswith("diagnoses.") or not reading.path.endswith(".code"):
        return reading
    if reading.method in EXACT:
        return reading
    code = reading.value if isinstance(reading.value, str) and not reading.evidence.repaired else None
    known = code is not None and icd10cm.exists(code)
    found = described_first_letter(code, description) if code and known else described_repair(reading.text, description)
    if found is None or found.value == reading.value:
        return reading
    return replace(
        reading, value=found.value, evidence=replace(reading.evidence, fit=found.fit, repaired=True, valid=True, empty=False)
    )
