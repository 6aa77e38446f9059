"""What a policy file may say; the files are in ``validation/policies/``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.record import RequestKind, Severity, without_positions

ALL_KINDS: frozenset[RequestKind] = frozenset(RequestKind)


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldPolicy(_Closed):
    """One field that a request must give.

    ``field`` is a path of the record without positions (``services.from_date`` is asked of every service). ``severity`` holds where
    it is missing, illegible or invalid. ``required_for`` are the kinds of request that must give it.
    """

    field: str
    severity: Severity
    required_for: frozenset[RequestKind] = ALL_KINDS


class ReviewCosts(_Closed):
    """What errors cost, in any unit: a coordinator is asked where that is the cheaper of the two.

    ``silent_error`` is the cost of a wrong or invented value that nobody is asked about, ``missed_value`` that of a value which the
    record leaves out without a word: whoever needs it sees at least that it is not there. ``needless_flag`` is the cost of a
    question where all is right. ``fields`` gives the cost of a silent error in single fields, by their paths without positions.
    """

    silent_error: float = Field(default=30.0, gt=0)
    missed_value: float = Field(default=10.0, gt=0)
    needless_flag: float = Field(default=1.0, gt=0)
    fields: dict[str, float] = Field(default_factory=dict)

    def doubt(self, path: str, *, blank: bool = False) -> float:
        """The probability of an error from which a reading of the path is asked about; ``blank``: one of nothing."""
        usual = self.missed_value if blank else self.silent_error
        return self.needless_flag / self.fields.get(without_positions(path), usual)


class Policy(_Closed):
    """A plan's completeness policy.

    ``fields`` are in the order in which gaps of equal severity are told. ``rules`` gives the severity of a rule's gaps where
    the field that they name is not among ``fields``; a rule that is in ``switched_off`` does not run. ``deadlines`` names a
    deadline rule set, ``None`` for a plan that wants no deadline. ``review`` says when a coordinator is asked about a reading.
    """

    kind: Literal["completeness"]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    deadlines: str | None
    fields: tuple[FieldPolicy, ...]
    review: ReviewCosts = ReviewCosts()
    rules: dict[str, Severity] = Field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _named_once(self) -> Policy:
        names = [field.field for field in self.fields]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"named more than once: {', '.join(sorted(doubled))}")
        return self

    def field_policy(self, path: str) -> FieldPolicy | None:
        """What the policy says about the field at the path; positions in the path do not count."""
        bare = without_positions(path)
        return next((field for field in self.fields if field.field == bare), None)
