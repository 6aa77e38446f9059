"""Codes of drugs whose J was read as a digit: a hand's J is a 5 to any reader, and what the form says beside it is not."""

from __future__ import annotations

import re
from dataclasses import replace

from extraction.evidence import EXACT
from models.codesets import procedures
from models.reading import FieldReading

# No description of a CPT code that begins with a 5, a surgery, names a dose.
_DOSE = re.compile(r"\b(?:mg|mcg|units?|iu)\b", re.IGNORECASE)
_READ_AS_J = re.compile(r"[5S]\d{4}")
# No modifier of a drug but one that its J and Z were read as.
_AS_DIGITS = {"52": "JZ", "5Z": "JZ", "SZ": "JZ", "S2": "JZ"}
_FIT = 0.5


def drug_codes(readings: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """The readings with the J of such codes, and of their modifier JZ, put right: doubtful ones, to be looked at."""
    found = {reading.path: reading for reading in readings}
    for path, reading in found.items():
        said = found.get(path.replace(".code", ".description"))
        if reading.method in EXACT or said is None or not path.startswith("services.") or not path.endswith(".code"):
            continue
        code = str(reading.value)
        drug = f"J{code[1:]}"
        if _READ_AS_J.fullmatch(code) and _DOSE.search(said.text) and procedures.is_procedure(drug):
            found[path] = _doubtful(reading, drug)
            modified = path.replace(".code", ".modifiers")
            if modified in found:
                found[modified] = _with_modifier(found[modified])
    return tuple(found.values())


def _with_modifier(reading: FieldReading) -> FieldReading:
    if not isinstance(reading.value, tuple) or not any(modifier in _AS_DIGITS for modifier in reading.value):
        return reading
    return _doubtful(reading, tuple(_AS_DIGITS.get(modifier, modifier) for modifier in reading.value))


def _doubtful(reading: FieldReading, value: str | tuple[str, ...]) -> FieldReading:
    return replace(reading, value=value, evidence=replace(reading.evidence, fit=_FIT, repaired=True, valid=True, empty=False))
