"""OCR engines, found by scanning this package: one module, one engine."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from models.errors import ConfigurationError, EngineUnavailable
from ocr.engines.protocol import Engine
from ocr.options import ReadingOptions


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """What the registry knows of one engine.

    ``why_not`` says why it cannot be used here, or ``None``, without starting it; ``start`` starts it.
    """

    name: str
    why_not: Callable[[ReadingOptions], str | None]
    start: Callable[[ReadingOptions], Engine]


def engines() -> dict[str, EngineEntry]:
    """All engines by name: every module here that has ``why_not`` and ``start``."""
    found: dict[str, EngineEntry] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "start") and hasattr(module, "why_not"):
            found[info.name] = EngineEntry(info.name, module.why_not, module.start)
    return found


_STARTED: dict[tuple[str, ReadingOptions], Engine] = {}


def start_engine(name: str, options: ReadingOptions) -> Engine:
    """The engine, started once in each process.

    Raises:
        ConfigurationError: there is no engine of that name.
        EngineUnavailable: it cannot be used here; the message says what is missing.
    """
    key = (name, options)
    if key not in _STARTED:
        entry = engines().get(name)
        if entry is None:
            raise ConfigurationError(f"There is no OCR engine named {name!r}; there are {', '.join(sorted(engines()))}.")
        reason = entry.why_not(options)
        if reason is not None:
            raise EngineUnavailable(reason)
        _STARTED[key] = entry.start(options)
    return _STARTED[key]
