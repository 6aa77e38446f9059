"""Values that cannot be: those that fail a check of their own. Nobody corrects a value that holds into one that fails.

Checked are NPIs by their check digit (CMS, "Requirements for National Provider Identifier (NPI) and NPI Check Digit"), diagnoses
and procedures by their code sets, and CINs by their shape. Of dates, units, names and other numbers each may be meant.
"""

from __future__ import annotations

from collections.abc import Callable

from matching import alike
from matching.alike import Likeness
from matching.facts import bare_number
from models.codesets import icd10cm, procedures
from models.values.member_id import MemberIdKind, member_id_kind
from models.values.npi import has_check_digit

Holds = Callable[[str], bool]
"""Whether a value, in capitals and without signs, passes the check of its field."""


def is_npi(value: str) -> bool:
    """Whether it is a number of the national list."""
    return has_check_digit(value)


def is_diagnosis(value: str) -> bool:
    """Whether ICD-10-CM has the code."""
    return icd10cm.exists(value)


def is_procedure(value: str) -> bool:
    """Whether CPT, HCPCS or the site's list may have the code."""
    return procedures.is_procedure(value)


def is_cin(value: str) -> bool:
    """Whether it has the shape of a Medi-Cal client's number."""
    return member_id_kind(value) is MemberIdKind.CIN


def is_slip(after: str | None, before: str | None, holds: Holds) -> bool:
    """Whether ``after`` is but ``before`` misread: it fails the check, the other passes it, and OCR takes one for the other.

    One character that is lost or added is no such slip: a code that was truly changed, and lost a character, may be a character
    away from the old one too.
    """
    one, other = bare_number(after), bare_number(before)
    if one is None or other is None or holds(one) or not holds(other):
        return False
    return alike.numbers(one, other) is Likeness.MISREAD
