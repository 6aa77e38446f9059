"""When a file in the inbox is ready: a pure object that is told what was seen and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from intake.listing import SIDECAR_SUFFIX, Entry, EntryKey


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    ``stability_s``: for size and time to stay the same. ``whole_grace_s``: after that, for the end of a file that looks cut off or
    empty. ``lone_sidecar_s``: for the fax of a sidecar.
    """

    stability_s: float
    whole_grace_s: float
    lone_sidecar_s: float


@dataclass(frozen=True, slots=True)
class Ready:
    """A file to take now, with its sidecar where it has one."""

    entry: Entry
    sidecar: Entry | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one look at the inbox came to.

    ``ready`` is what to take now. The others wait, ``waiting_urgent`` of them in the folder for urgent faxes; ``oldest_wait_s`` is
    0 where nothing waits. Lone sidecars are not counted.
    """

    ready: tuple[Ready, ...]
    waiting: int
    oldest_wait_s: float
    waiting_urgent: int = 0


@dataclass(frozen=True, slots=True)
class _Sighting:
    entry: Entry
    first_seen_s: float
    unchanged_since_s: float


class StabilityTracker:
    """Remembers when each file last changed, as seen by us.

    Clocks of file servers are off by hours and copies keep old times, so the times in the listing only tell *that* a file changed.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._seen: dict[EntryKey, _Sighting] = {}

    def look(self, entries: Sequence[Entry], now_s: float, is_whole: Callable[[Entry], bool], room: int) -> Outlook:
        """Take in one listing.

        Args:
            entries: the candidates that stand in the inbox, in the order in which they are to be taken.
            now_s: a clock that never goes back.
            is_whole: whether a file has its end; asked only of files that keep still, and could be taken now.
            room: how many to take at most. The others wait where they are, and cost nothing but their place in the listing.
        """
        self._seen = {entry.key: self._sighting(entry, now_s) for entry in entries}
        sidecars = _sidecars(entries)
        taken = {sidecar.key for sidecar in sidecars.values()}
        ready: list[Ready] = []
        waiting: list[_Sighting] = []
        for key, sighting in self._seen.items():
            if key in taken:
                continue
            sidecar = sidecars.get(key)
            if len(ready) < room and self._is_ready(sighting, now_s, is_whole) and self._is_still(sidecar, now_s):
                ready.append(Ready(sighting.entry, sidecar))
            elif not _is_sidecar_name(sighting.entry.name):
                waiting.append(sighting)
        return Outlook(
            ready=tuple(ready),
            waiting=len(waiting),
            oldest_wait_s=max((now_s - one.first_seen_s for one in waiting), default=0.0),
            waiting_urgent=sum(one.entry.urgent for one in waiting),
        )

    def _sighting(self, entry: Entry, now_s: float) -> _Sighting:
        before = self._seen.get(entry.key)
        if before is None:
            return _Sighting(entry, now_s, now_s)
        return before if before.entry == entry else _Sighting(entry, before.first_seen_s, now_s)

    def _is_ready(self, sighting: _Sighting, now_s: float, is_whole: Callable[[Entry], bool]) -> bool:
        still_s = now_s - sighting.unchanged_since_s
        if still_s < self._patience.stability_s:
            return False
        if _is_sidecar_name(sighting.entry.name):
            return still_s >= self._patience.lone_sidecar_s
        if still_s >= self._patience.stability_s + self._patience.whole_grace_s:
            return True
        return sighting.entry.size > 0 and is_whole(sighting.entry)

    def _is_still(self, sidecar: Entry | None, now_s: float) -> bool:
        return sidecar is None or now_s - self._seen[sidecar.key].unchanged_since_s >= self._patience.stability_s


def _is_sidecar_name(name: str) -> bool:
    return name.lower().endswith(SIDECAR_SUFFIX)


def _sidecars(entries: Sequence[Entry]) -> dict[EntryKey, Entry]:
    """The sidecar of each fax, by the fax's key: ``a.pdf.json`` before ``a.json``, and each sidecar for one fax only."""
    free = {entry.key: entry for entry in entries if _is_sidecar_name(entry.name)}
    faxes = [entry.key for entry in entries if not _is_sidecar_name(entry.name)]
    found: dict[EntryKey, Entry] = {}
    for full_name in (True, False):
        for plan_folder, urgent, name in faxes:
            stem = name if full_name else name.rpartition(".")[0]
            if (plan_folder, urgent, name) in found:
                continue
            if (sidecar := free.pop((plan_folder, urgent, stem + SIDECAR_SUFFIX), None)) is not None:
                found[plan_folder, urgent, name] = sidecar
    return found
