"""Labels of numbered or ranked fields, which stand in a row like the heads of columns and are none."""

from __future__ import annotations

import re

from extraction.labels import Label
from extraction.lexicon import tokens_of

_CODES = frozenset({"dx_code", "proc_code", "code"})
_OF_SERVICES = frozenset({"modifier", "units", "from_date", "to_date"})
_MOST_ITEMS = 12
_ITEM = re.compile(r"(?<=[A-Z]{2})(?=\d{1,2}$)")
_RANKS = frozenset({"PRIMARY", "SECONDARY", "ADDITIONAL", "OTHER"})
_VERSIONS = frozenset({("ICD", "9"), ("ICD", "10"), ("CPT", "4")})


def are_numbered(labels: list[Label]) -> bool:
    """Whether the labels are numbered fields ("CPT 2", "Units 2" or "Dx 1", "Dx 2") and not the heads of columns."""
    items = [item for label in labels if (item := item_number(label)) is not None]
    same = len(items) >= 2 and len(set(items)) == 1
    return same or (len(labels) >= 2 and {label.attribute for label in labels} == {"dx_code"}) or _are_ranked(labels)


def are_of_two_lists(labels: list[Label]) -> bool:
    """Whether fields of services stand beside one of a diagnosis, and nothing that a service is asked by: no columns of a table."""
    names = {label.attribute for label in labels}
    asked = names & (_CODES | {"proc_text", "description"})
    return asked == {"dx_code"} and not names.isdisjoint(_OF_SERVICES)


def _are_ranked(labels: list[Label]) -> bool:
    """Whether the labels are fields for the first code and for further ones ("Primary procedure code", "Additional ...")."""
    ranked = [label.attribute for label in labels if not _RANKS.isdisjoint(tokens_of(label.text))]
    every = [label.attribute for label in labels]
    return any(name in _CODES and every.count(name) > 1 for name in ranked)


def item_number(label: Label) -> int | None:
    """The number of the line that a label's last word gives ("Procedure code 2:"); ICD-10 and CPT-4 give none."""
    tokens = tuple(part for token in tokens_of(label.text) for part in _ITEM.split(token) if part)
    if len(tokens) < 2 or tokens[-2:] in _VERSIONS or not tokens[-1].isdigit() or not 1 <= int(tokens[-1]) <= _MOST_ITEMS:
        return None
    return int(tokens[-1])
