"""What it says of a reading that the roster agrees with it: drawn faxes, read, against a roster that knows their members.

::

    python -m tests.faxes --out DIR --count 120 --seed S --conditions fine_fax standard_fax poor_fax
    par-intake process DIR/*.tif > records.ndjson
    python -m benchmarks.roster_agreement DIR records.ndjson [DIR records.ndjson ...]

The roster holds each fax's member among 20,000 others, with errors of its own: a share of rows has a character wrong in an id, a
name or a date of birth, or another first name; some members have a twin beside them, and some are not in it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.rosters_drawn import members
from models.record import Reading, ReferralRecord
from models.roster import MemberSpan, plain_id
from models.store.desk_keys import folded
from models.store.desk_tables import KeyKind
from roster.people import Look, look_for, said_of_readings
from roster.readings import with_said
from validation.doubt import with_flags
from validation.policies import completeness_policy

_OTHERS = 20_000
_FIELDS = ("member_id", "last_name", "first_name", "date_of_birth")
# The roster's own errors, as shares of rows. No source gives them for a plan's roster: they are set high.
_TYPO, _OTHER_NAME, _TWIN, _NOT_IN_IT = 0.01, 0.03, 0.05, 0.05


@dataclass(slots=True)
class Counts:
    """Readings of one field that stand in one way to the roster."""

    right: int = 0
    wrong: int = 0
    probability: float = 0.0


@dataclass(slots=True)
class Flags:
    """Readings that are asked about, needlessly or not, and errors that are not."""

    asked: int = 0
    needless: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """All that was counted; before is without the roster, after with it."""

    by_likeness: dict[tuple[str, str], Counts] = field(default_factory=dict)
    before: Flags = field(default_factory=Flags)
    after: Flags = field(default_factory=Flags)
    outcomes: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)


def requests(folder: Path, records: Path) -> Iterator[tuple[ReferralRecord, dict[str, Any]]]:
    """Records with their labels, of documents that hold one request and were taken for one."""
    read: dict[str, list[ReferralRecord]] = {}
    for line in records.read_text(encoding="utf-8").splitlines():
        record = ReferralRecord.model_validate_json(line)
        read.setdefault(record.source.file_name, []).append(record)
    for path in sorted(folder.glob("*.truth.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        found = read.get(label["document"], [])
        if len(label["requests"]) == len(found) == 1 and all(label["requests"][0]["member"].get(name) for name in _FIELDS):
            yield found[0], label["requests"][0]["member"]


def in_roster(member: dict[str, Any], rng: Random) -> MemberSpan:
    """A member as the roster has them, errors among it."""
    row = MemberSpan(
        member_id=plain_id(member["member_id"]),
        last_name=member["last_name"],
        first_name=member["first_name"],
        date_of_birth=date.fromisoformat(member["date_of_birth"]),
        sex=member.get("sex"),
        phone=member.get("phone"),
    )
    if rng.random() < _TYPO:
        row = replace(row, member_id=_other_digit(row.member_id, rng))
    if rng.random() < _TYPO:
        row = replace(row, last_name=row.last_name[:-1] + rng.choice("aeiou"))
    if rng.random() < _TYPO:
        row = replace(row, date_of_birth=row.date_of_birth + timedelta(days=rng.choice((1, 10, -10, -1))))
    return replace(row, first_name="Bob") if rng.random() < _OTHER_NAME else row


def _other_digit(text: str, rng: Random) -> str:
    place = rng.choice([n for n, character in enumerate(text) if character.isdigit()])
    return text[:place] + rng.choice([one for one in "0123456789" if one != text[place]]) + text[place + 1 :]


def candidates(record: ReferralRecord, rows: Sequence[MemberSpan]) -> list[MemberSpan]:
    """What the look-ups of the store would find."""
    read = record.member
    ids = set() if read.member_id is None else {plain_id(read.member_id)}
    name = (folded(KeyKind.MEMBER, read.last_name or "-"), folded(KeyKind.MEMBER, read.first_name or "-"))
    return [
        row
        for row in rows
        if row.member_id in ids
        or row.date_of_birth == read.date_of_birth
        or (folded(KeyKind.MEMBER, row.last_name), folded(KeyKind.MEMBER, row.first_name)) == name
    ]


def measure(pairs: Sequence[tuple[ReferralRecord, dict[str, Any]]], seed: int) -> Found:
    """Confirm every record, and count what came of it."""
    rng = Random(seed)  # noqa: S311 - invented rows; no secret hangs on it
    rows = list(members(_OTHERS, seed))
    for _, member in pairs:
        if rng.random() >= _NOT_IN_IT:
            rows.append(in_roster(member, rng))
        if rng.random() < _TWIN:
            rows.append(
                replace(in_roster(member, rng), first_name="Odalys", member_id=_other_digit(plain_id(member["member_id"]), rng))
            )
    found = Found()
    for record, member in pairs:
        look = look_for(record, candidates(record, rows))
        found.outcomes[look.outcome] += 1
        after = with_said(record, "member", said_of_readings(record, look))
        costs = completeness_policy().review
        _count(found, look, (with_flags(record, costs), with_flags(after, costs)), member)
    return found


def _count(found: Found, look: Look, both: tuple[ReferralRecord, ReferralRecord], member: dict[str, Any]) -> None:
    for name in _FIELDS:
        path = f"member.{name}"
        if getattr(both[0].member, name) is None or path not in both[0].readings:
            continue
        right = _is_right(name, getattr(both[0].member, name), member[name])
        found.values[name] += 1
        for flags, record in zip((found.before, found.after), both, strict=True):
            _flag(flags, record.readings[path], right=right)
        likeness = look.outcome.value if look.person is None else look.person.likenesses[name].value
        counts = found.by_likeness.setdefault((name, likeness), Counts())
        counts.right += right
        counts.wrong += not right
        counts.probability += both[1].readings[path].confidence


def _flag(flags: Flags, reading: Reading, *, right: bool) -> None:
    flags.asked += reading.needs_review
    flags.needless += reading.needs_review and right
    flags.silent += not reading.needs_review and not right


def _is_right(name: str, read: object, label: str) -> bool:
    if name == "member_id":
        return plain_id(str(read)) == plain_id(label)
    return str(read) == label if name == "date_of_birth" else folded(KeyKind.MEMBER, str(read)) == folded(KeyKind.MEMBER, label)


def table(found: Found) -> Iterator[str]:
    """What was counted, for people."""
    yield f"outcomes: {', '.join(f'{count} {name}' for name, count in sorted(found.outcomes.items()))}\n"
    yield "| field | roster | readings | right | mean confidence |"
    yield "|---|---|---|---|---|"
    for (name, likeness), counts in sorted(found.by_likeness.items()):
        count = counts.right + counts.wrong
        yield f"| {name} | {likeness} | {count} | {counts.right / count:.3f} | {counts.probability / count:.3f} |"
    total = sum(found.values.values())
    yield f"\n| {total:,} values | asked about | of them right as read | wrong and not asked about |"
    yield "|---|---|---|---|"
    for name, flags in (("without the roster", found.before), ("with it", found.after)):
        yield f"| {name} | {flags.asked} | {flags.needless} | {flags.silent} |"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("pairs", nargs="+", type=Path, metavar="FOLDER RECORDS")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pairs = [pair for n in range(0, len(options.pairs), 2) for pair in requests(options.pairs[n], options.pairs[n + 1])]
    print("\n".join(table(measure(pairs, options.seed))))


if __name__ == "__main__":
    main()
