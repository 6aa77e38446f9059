"""Records made from labels: perfect ones, and ones with random mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from tests.faxes.__main__ import orders
from tests.faxes.degrade import Condition
from tests.faxes.document import make

Json = dict[str, Any]
GROUPS = ("request", "member", "requesting_provider", "servicing_provider")


def labelled_folder(folder: Path, count: int, seed: str) -> Path:
    folder.mkdir(exist_ok=True)
    for order in orders(count, seed, [Condition.DIGITAL], ["new", "change", "letter", "packet", "double", "none"]):
        make(order, folder)
    return folder


def labels_of(folder: Path) -> list[Json]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.truth.json"))]


def record_of(document: str, label: Json) -> Json:
    """What a reader that makes no mistake says, every value with a sure reading."""
    record = {key: deepcopy(value) for key, value in label.items() if key not in ("pages", "attached_pages", "gaps", "source")}
    blank = {"schema_version": "1.0", "record_id": f"{document}-{label['pages'][0]}", "revision": 1, "final": False}
    gaps = [
        {"field": field, "reason": reason, "severity": "blocking", "message": "Please send it."}
        for field, reason in label.get("gaps", [])
    ]
    record |= blank | {"status": "needs_review" if gaps else "ready", "gaps": gaps}
    record["source"] = {
        "file_name": document,
        "sha256": "0" * 64,
        "received_at": "2026-03-02T09:00:00-08:00",
        "pages": label["pages"],
    }
    record["readings"] = {
        path: {
            "text": str(value),
            "confidence": 0.97,
            "page": label["pages"][0],
            "box": [0.1, 0.2, 0.3, 0.22],
            "method": "pdf_text",
        }
        for path, value in _values(record)
    }
    return record


def _values(record: Json) -> Iterator[tuple[str, object]]:
    for group in GROUPS:
        for name, value in record.get(group, {}).items():
            if value is not None:
                yield f"{group}.{name}", value
    for group in ("diagnoses", "services"):
        for at, row in enumerate(record.get(group, [])):
            for name, value in row.items():
                if value not in (None, []):
                    yield f"{group}.{at}.{name}", value


def perfect(labels: list[Json]) -> list[Json]:
    return [record_of(label["document"], request) for label in labels for request in label["requests"]]


def spoilt(rng: Random, record: Json) -> Json:
    """The same record with some values changed, dropped, invented and flagged."""
    record = json.loads(json.dumps(record))
    for _ in range(rng.randrange(6)):
        rng.choice(_MISTAKES)(rng, record)
    return record


def _change_value(rng: Random, record: Json) -> None:
    group = record.get(rng.choice(GROUPS[1:])) or record["member"]
    name = rng.choice(sorted(group))
    if name not in ("sex", "date_of_birth"):
        group[name] = rng.choice((None, "Ann X. Lee", "+18315550142", "1234567893", "zz-9"))
    elif name == "date_of_birth":
        group[name] = rng.choice((None, "1961-02-03"))


def _flag(rng: Random, record: Json) -> None:
    if record["readings"]:
        record["readings"][rng.choice(sorted(record["readings"]))]["needs_review"] = True


def _add_gap(rng: Random, record: Json) -> None:
    field = rng.choice(
        (
            "member.member_id",
            "services.0.from_date",
            "services",
            "diagnoses.0.code",
            "services.units",
            "amendments",
            "requesting_provider",
        )
    )
    reason = rng.choice(("missing", "invalid", "illegible", "inconsistent"))
    record["gaps"].append({"field": field, "reason": reason, "severity": rng.choice(("blocking", "warning")), "message": "?"})


def _change_services(rng: Random, record: Json) -> None:
    services = record.setdefault("services", [])
    if services and rng.random() < 0.4:
        services.pop(rng.randrange(len(services)))
    elif services and rng.random() < 0.6:
        row = rng.choice(services)
        row[rng.choice(("units",))] = rng.choice((None, 1, 99))
        row["modifiers"] = rng.choice(([], ["RT"], ["59", "LT"]))
        row["to_date"] = rng.choice((None, "2026-05-01"))
    else:
        services.append({"code": rng.choice(("99213", "97110", None)), "units": 3})
        services.append(dict(services[0]))


def _change_diagnoses(rng: Random, record: Json) -> None:
    rows = record.setdefault("diagnoses", [])
    if rows and rng.random() < 0.5:
        rows[0]["code"] = rng.choice(("Z00.00", None, rows[0]["code"].replace(".", "") if rows[0]["code"] else None))
    else:
        rows.append({"code": "R51.9"})


def _change_pages(rng: Random, record: Json) -> None:
    record["source"]["pages"] = rng.choice(([], [1], [1, 2], [2, 3], [9]))


def _change_status(rng: Random, record: Json) -> None:
    record["status"] = rng.choice(("ready", "needs_review", "no_request", "unreadable"))


def _change_amendments(rng: Random, record: Json) -> None:
    held = record.setdefault("amendments", [])
    if held and rng.random() < 0.5:
        held.pop()
    else:
        held.append({"action": "replace", "field": "services.modifiers", "old": None, "new": rng.choice(("RT", ["RT"]))})


_MISTAKES = (
    _change_value,
    _change_value,
    _flag,
    _add_gap,
    _change_services,
    _change_diagnoses,
    _change_pages,
    _change_status,
    _change_amendments,
)


def imperfect(rng: Random, records: list[Json]) -> list[Json]:
    """Spoilt records, some missing, some twice, in another order."""
    kept = [spoilt(rng, record) for record in records if rng.random() > 0.05]
    kept += [spoilt(rng, record) for record in records if rng.random() < 0.05]
    rng.shuffle(kept)
    return kept


def write_records(file: Path, records: list[Json]) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file
