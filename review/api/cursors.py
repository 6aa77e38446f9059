"""The place in a listing as a word to hand back: a time and a record's id, and nothing from a form."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from models.store.desk_queue import Cursor, View

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(?P<view>[a-z_]+) (?P<us>-?\d{1,17}) (?P<id>[A-Za-z0-9-]{1,40})")


def packed(cursor: Cursor, view: View) -> str:
    """The cursor as a word. It says in which order it is a place: what waits is in another than the rest."""
    us = (cursor.at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{view.value} {us} {cursor.record_id}".encode()).decode().rstrip("=")


def unpacked(word: str, view: View) -> Cursor | None:
    """The cursor of a listing with this view; ``None`` where the word is none."""
    try:
        text = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True).decode("ascii")
        found = _FORM.fullmatch(text)
        if found is None or found["view"] != view:
            return None
        return Cursor(_EPOCH + timedelta(microseconds=int(found["us"])), found["id"])
    except (binascii.Error, UnicodeDecodeError, OverflowError):
        return None
