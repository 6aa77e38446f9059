"""The modifiers that CPT and HCPCS level II know."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_SHIPPED = Path(__file__).with_name("modifiers.txt")


@lru_cache(maxsize=1)
def known_modifiers() -> frozenset[str]:
    """All modifiers, two characters each, upper case."""
    lines = _SHIPPED.read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())
