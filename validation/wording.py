"""Fields in the trade's words, for messages to a provider's office."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from models.record import without_positions

_SHIPPED = Path(__file__).with_name("wording.yaml")
_FILE = TypeAdapter(dict[str, str])


@lru_cache(maxsize=1)
def wording() -> dict[str, str]:
    """What each field is called, by its path without positions."""
    return _FILE.validate_python(yaml.safe_load(_SHIPPED.read_text(encoding="utf-8")))


def called(path: str) -> str:
    """What the field at the path is called; a position becomes the number of its line."""
    number = next((int(part) + 1 for part in path.split(".") if part.isdigit()), 1)
    return wording()[without_positions(path)].format(number=number)


def sentence(text: str) -> str:
    """The text with its first letter made a capital."""
    return text[:1].upper() + text[1:]
