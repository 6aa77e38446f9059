"""Values of a record by their paths, and the record with others in their place."""

from __future__ import annotations

from models.record import Reading, ReferralRecord

_LISTS = frozenset({"diagnoses", "services", "amendments"})


def value_at(record: ReferralRecord, path: str) -> object:
    """The value at a path; ``None`` where the record has no such row, and for an empty list."""
    value: object = record
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = getattr(value, part, None)
    return None if value in ("", []) else value


def with_value(record: ReferralRecord, path: str, value: object) -> ReferralRecord:
    """The record with a value at a path: of a part (``member.member_id``), of a row that it has, or a whole list."""
    head, _, rest = path.partition(".")
    if not rest:
        return record.model_copy(update={head: value})
    if head not in _LISTS:
        return record.model_copy(update={head: getattr(record, head).model_copy(update={rest: value})})
    position, _, name = rest.partition(".")
    rows = list(getattr(record, head))
    rows[int(position)] = rows[int(position)].model_copy(update={name: value})
    return record.model_copy(update={head: rows})


def with_readings(record: ReferralRecord, readings: dict[str, Reading], instead_of: str) -> ReferralRecord:
    """The record with readings of a field, or of a list and its rows, in place of those that it had."""
    kept = {path: one for path, one in record.readings.items() if path != instead_of and not path.startswith(f"{instead_of}.")}
    return record.model_copy(update={"readings": {**kept, **readings}})


def readings_of(record: ReferralRecord, path: str) -> dict[str, Reading]:
    """The readings of a field, or of a list and its rows."""
    return {key: one for key, one in record.readings.items() if key == path or key.startswith(f"{path}.")}
