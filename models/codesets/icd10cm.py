"""ICD-10-CM: which codes exist, which are billable on a day, what they say, and which say something near a text."""

from models.codesets.icd10cm_search import CodeMatch, search, similarity
from models.codesets.icd10cm_table import (
    SHIPPED,
    Icd10Code,
    Icd10Table,
    beginning_with,
    description,
    dotted,
    exists,
    is_billable,
    load,
    plain,
    table,
    use_table,
)

__all__ = [
    "SHIPPED",
    "CodeMatch",
    "Icd10Code",
    "Icd10Table",
    "beginning_with",
    "description",
    "dotted",
    "exists",
    "is_billable",
    "load",
    "plain",
    "search",
    "similarity",
    "table",
    "use_table",
]
