"""What happens in the week, day by day: faxes come, a coordinator works, the plan decides elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.faxes.degrade import Condition
from tests.letters.faxed import answered, fax
from tests.week.faxes import WEEK, Fax, at, make
from tests.week.service import Desk, Json, Service
from tests.week.values import OFFICES, authorizations, directory, roster

_FAXES = {one.name: one for one in WEEK}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the week left: each fax's record, who waits in the queue, what was at risk, and the reports' rows by their table."""

    records: dict[str, Json]
    ids: dict[str, str]
    waiting: set[str]
    friday_at_risk: list[Json]
    tuesday_at_risk: list[Json]
    reports: dict[str, list[Json]]


def live(folder: Path) -> Seen:
    """Run the service through the week."""
    service = Service(folder)
    week = _Week(service, folder)
    service.bring_in(at(4, 12), "members", roster())
    service.bring_in(at(4, 12), "providers", directory())
    week.thursday()
    week.friday()
    week.monday()
    week.tuesday()
    week.after_the_holiday()
    week.decided(at(13, 8), ("plain", "approved", at(10, 15)), ("far_urgent", "approved", at(12, 9)))
    friday = _at_risk(service, at(13, 9))
    week.decided(at(16, 9), ("commercial", "denied", at(16, 8, 30)), ("lacking", "approved", at(13, 10)))
    reports = {kind: _report(service, kind) for kind in ("turn-around", "matrix", "cms-0057-f")}
    with service.day(at(16, 10)) as desk:
        records = {name: desk.record(name) for name in service.record_ids()}
    return Seen(records, service.record_ids(), service.waiting(), friday, _at_risk(service, at(17, 9)), reports)


class _Week:
    """The days."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service, self._folder = service, folder
        self._letter = b""

    def _receive(self, desk: Desk, *names: str) -> None:
        for name in names:
            desk.receive(_FAXES[name], self._content(_FAXES[name]))

    def _content(self, one: Fax) -> bytes:
        if one.name == "same_file":
            return (self._folder / "urgent.tif").read_bytes()
        if one.name == "answer":
            npi = OFFICES["birch"].npi or ""
            return fax(answered(self._letter, {"Requesting provider NPI:": npi}), Condition.FINE_FAX, "week/answer")
        return make(one, self._folder).read_bytes()

    def _complete(self, desk: Desk, *names: str) -> None:
        """As a coordinator does who finds these in the queue; what was ready went on by itself."""
        for name in set(names) & self._service.waiting():
            desk.complete(name)

    def thursday(self) -> None:
        """Four requests; all are complete."""
        with self._service.day(at(5, 17)) as desk:
            self._receive(desk, "plain", "commercial", "urgent", "forgotten")
            self._complete(desk, "plain", "commercial", "urgent", "forgotten")

    def friday(self) -> None:
        """One lacks the NPI, and a letter goes out at five in the afternoon; two come a second time."""
        with self._service.day(at(6, 17)) as desk:
            self._receive(desk, "lacking", "refaxed", "same_file")
            desk.complete("lacking")
            self._letter = desk.release_letter()

    def monday(self) -> None:
        """The urgent one was approved on Saturday; its authorization comes, the answer to the letter, and two changes."""
        self.decided(at(9, 8), ("urgent", "approved", at(7, 10)))
        self._service.bring_in(at(9, 8), "authorizations", authorizations(self._service.record_ids()["urgent"]))
        with self._service.day(at(9, 17)) as desk:
            self._receive(desk, "answer", "amended", "unknown_number")
            self._complete(desk, "amended")

    def tuesday(self) -> None:
        """One is of another plan, one changes what another office had asked for, and two are urgent, as their forms say.

        One of these is for a day two weeks ahead, and one by its form alone, as the coordinator finds; who also says which request
        the change is about, and lets it go on.
        """
        with self._service.day(at(10, 17)) as desk:
            self._receive(desk, "other_plan", "far_urgent", "downgraded", "other_office")
            desk.clock("downgraded", "downgrade", "the office says that it ticked the wrong box")
            desk.answer("other_office", "notices.amendment.unsure", "confirm")
            self._complete(desk, "far_urgent", "downgraded", "other_office")

    def after_the_holiday(self) -> None:
        """Nobody was here on Veterans Day: what came then is taken up on Thursday, with Thursday's own.

        Of one that may be the same as an earlier request, the coordinator says that it is.
        """
        with self._service.day(at(12, 17)) as desk:
            self._receive(desk, "extended", "anew", "waited", "sent_again")
            desk.clock("extended", "extend", "a specialist is to be heard", until="2026-11-20")
            self._complete(desk, "extended", "waited")
            desk.answer("sent_again", "notices.duplicate.unsure", "confirm")
            desk.complete("sent_again")
            self._receive(desk, "made_urgent", "cancelled")
            self._complete(desk, "cancelled")
            self._receive(desk, "waited_again", "junk")

    def decided(self, now: datetime, *decisions: tuple[str, str, datetime]) -> None:
        """Bring in the plan's decisions."""
        ids = self._service.record_ids()
        lines = [f"{ids[name]},{outcome},{when.isoformat()}" for name, outcome, when in decisions]
        self._service.bring_in(now, "decisions", "\n".join(("record_id,outcome,decided_at", *lines)) + "\n")


def _at_risk(service: Service, now: datetime) -> list[Json]:
    told: list[Json] = json.loads(service.command(now, "at-risk", "--json"))
    return told


def _report(service: Service, kind: str) -> list[Json]:
    told = service.command(at(16, 9, 30), "report", kind, "--from", "2026-11-05", "--to", "2026-11-16")
    return [json.loads(line) for line in told.splitlines()]
