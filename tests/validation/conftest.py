"""Properties are tried without a limit of time: the first call of a kind loads its tables."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("tables", deadline=None)
settings.load_profile("tables")
