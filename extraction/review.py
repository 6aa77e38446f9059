"""When a coordinator is asked to look at a reading.

The threshold of a field follows from what a silent error in it costs: the wrong member or procedure is the worst outcome.
"""

from __future__ import annotations

from models.page import Method
from models.reading import FieldValue

_CRITICAL = 0.86
_ORDINARY = 0.78
_MINOR = 0.6
_EXACT_THRESHOLD = 0.6
_MINOR_FIELDS = ("description", "contact", "requested_on", "signed_on", "facility", "present")


def asks_for_review(path: str, value: FieldValue, confidence: float, method: Method) -> bool:
    """Whether the reading is doubtful.

    Args:
        path: the field.
        value: what was read; ``None`` where something stands there that is no value of the field.
        confidence: 0..1.
        method: how it was read; a text layer's letters are certain and only their place can be wrong.
    """
    name = path.rsplit(".", 1)[-1]
    if value is None:
        return name not in _MINOR_FIELDS
    if method in (Method.PDF_TEXT, Method.FORM_FIELD):
        return confidence < _EXACT_THRESHOLD
    if name in _MINOR_FIELDS:
        return confidence < _MINOR
    return confidence < (_CRITICAL if path.startswith(("member.", "services.", "diagnoses.")) else _ORDINARY)
