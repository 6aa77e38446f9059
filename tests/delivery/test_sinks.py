"""One contract test over every delivery target, and the outbox's own promises."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delivery.registry import SinkModule, build_sinks, sink_modules
from delivery.sink import DeliveryOptions
from delivery.sinks.outbox import Outbox
from models.errors import StorageUnavailable
from models.record import ReferralRecord, Source, Status

RECORD = ReferralRecord(
    record_id="PAR-1",
    status=Status.READY,
    source=Source(file_name="a\u00e9.pdf", sha256="aa", received_at=datetime(2026, 3, 1, tzinfo=UTC), pages=[1]),
)


@pytest.mark.parametrize("module", sink_modules(), ids=lambda module: module.NAME)
def test_a_target_has_a_name_and_takes_a_revision_twice(module: SinkModule, tmp_path: Path) -> None:
    sink = module.build(DeliveryOptions(outbox=tmp_path))
    assert module.NAME.isidentifier()
    if sink is not None:
        sink.deliver(RECORD)
        once = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        sink.deliver(RECORD)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == once


def test_names_of_targets_are_their_own() -> None:
    names = [module.NAME for module in sink_modules()]
    assert len(set(names)) == len(names)


def test_the_outbox_is_always_among_the_targets(tmp_path: Path) -> None:
    assert "outbox" in build_sinks(DeliveryOptions(outbox=tmp_path))


def test_the_outbox_holds_one_whole_private_file_for_each_record(tmp_path: Path) -> None:
    Outbox(tmp_path).deliver(RECORD)
    Outbox(tmp_path).deliver(RECORD.model_copy(update={"revision": 2}))
    (path,) = tmp_path.iterdir()
    assert path.name == "PAR-1.json"
    assert ReferralRecord.model_validate(json.loads(path.read_bytes())).revision == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_killed_writer_left_is_used_up(tmp_path: Path) -> None:
    (tmp_path / ".PAR-1.json.tmp").write_bytes(b"half a rec")
    Outbox(tmp_path).deliver(RECORD)
    assert [path.name for path in tmp_path.iterdir()] == ["PAR-1.json"]


def test_an_outbox_that_is_gone_is_trouble_that_may_pass(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="outbox"):
        Outbox(tmp_path / "gone").deliver(RECORD)
