"""What a record itself asks a coordinator to look at. An error beside such a flag is not a silent one."""

from __future__ import annotations

from dataclasses import dataclass

from models.record import Gap, GapReason, ReferralRecord, Severity, without_positions

_SAME_GAP = {"diagnoses.code": "diagnoses", "services.code": "services"}


def gap_field(path: str) -> str:
    """The field that a gap is about, as gaps are compared: a bad code and a bad list are the same gap."""
    plain = without_positions(path)
    return _SAME_GAP.get(plain, plain)


def gap_key(path: str, reason: str) -> tuple[str, str]:
    """A gap as it is compared; dates in the wrong order may be told of either of them."""
    field = gap_field(path)
    if reason == GapReason.INCONSISTENT and field == "services.from_date":
        field = "services.to_date"
    return field, reason


def counted_gaps(record: ReferralRecord | None) -> list[Gap]:
    """The gaps that are compared with a label's."""
    gaps = record.gaps if record else []
    return [gap for gap in gaps if gap.severity is Severity.BLOCKING or gap.reason is GapReason.INCONSISTENT]


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of one record; of none, there are none."""

    doubtful: frozenset[str]
    gap_paths: frozenset[str]
    gap_fields: frozenset[str]
    blocked: bool

    @classmethod
    def of(cls, record: ReferralRecord | None) -> Flags:
        """What the record asks for."""
        if record is None:
            return cls(frozenset(), frozenset(), frozenset(), blocked=False)
        return cls(
            frozenset(path for path, reading in record.readings.items() if reading.needs_review),
            frozenset(gap.field for gap in record.gaps),
            frozenset(gap_field(gap.field) for gap in record.gaps),
            any(gap.severity is not Severity.WARNING for gap in record.gaps),
        )

    def on(self, path: str) -> bool:
        """Whether the value at a path of the record is doubtful or has a gap."""
        return (
            path in self.doubtful
            or path in self.gap_paths
            or gap_field(path) in self.gap_fields
            or path.partition(".")[0] in self.gap_paths
        )

    def on_list(self, name: str) -> bool:
        """Whether a whole list (``diagnoses``, ``services``) has a gap."""
        return name in self.gap_paths or f"{name}.code" in self.gap_paths

    def on_amendments(self) -> bool:
        """Whether any change is doubtful, or has a gap."""
        return any(path.startswith("amendments") for path in self.gap_paths | self.doubtful)

    def any(self) -> bool:
        """Whether anything but a warning asks for a look."""
        return self.blocked or bool(self.doubtful)
