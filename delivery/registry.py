"""Finds the delivery targets: every module in ``delivery/sinks/`` is one."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from delivery import sinks
from delivery.sink import DeliveryOptions, Sink


class SinkModule(Protocol):
    """A module in ``delivery/sinks/``. ``NAME`` stands in the store, and so never changes."""

    NAME: str

    def build(self, options: DeliveryOptions) -> Sink | None:
        """The target, or ``None`` where the options do not ask for it."""
        ...


def sink_modules() -> tuple[SinkModule, ...]:
    """All targets there are, by file name."""
    names = sorted(info.name for info in pkgutil.iter_modules(sinks.__path__))
    return tuple(cast(SinkModule, import_module(f"{sinks.__name__}.{name}")) for name in names)


def build_sinks(options: DeliveryOptions) -> Mapping[str, Sink]:
    """The targets that the options ask for, by name."""
    built = ((module.NAME, module.build(options)) for module in sink_modules())
    return MappingProxyType({name: sink for name, sink in built if sink is not None})
