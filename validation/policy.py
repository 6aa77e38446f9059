"""What a policy file may say; the files are in ``validation/policies/``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.record import RequestKind, Setting, Severity, Urgency, without_positions

ALL_KINDS: frozenset[RequestKind] = frozenset(RequestKind)
RULE_ID = r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$"
"""A rule is named after the plan or the law that it is of, and after itself: ``health_net.C01``."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Closed):
    """What a request is like; every part that is given must hold.

    A part about a value that the request does not give does not hold: ``setting: [inpatient]`` is met by a request that says so.
    ``drug`` is told by the HCPCS codes of drugs among the services, ``forms`` by the published form that it is written on.
    """

    setting: frozenset[Setting] | None = None
    urgency: frozenset[Urgency] | None = None
    forms: frozenset[str] | None = None
    drug: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not self.model_fields_set:
            raise ValueError("a condition says what it depends on")
        return self


class FieldPolicy(_Closed):
    """One field that a request must give.

    ``field`` is a path of the record without positions (``services.from_date`` is asked of every service). ``severity`` holds where
    it is missing, illegible or invalid. ``required_for`` are the kinds of request that must give it; ``when`` and ``unless`` limit
    them further. A value in any of the fields of ``or_given`` is enough. ``rule`` and ``source`` stand in its gaps; ``note`` is a
    sentence behind their message.
    """

    field: str
    severity: Severity
    required_for: frozenset[RequestKind] = ALL_KINDS
    when: Condition | None = None
    unless: Condition | None = None
    or_given: tuple[str, ...] = ()
    rule: str | None = Field(default=None, pattern=RULE_ID)
    source: str | None = None
    note: str | None = None


class Retroactive(_Closed):
    """How long after the service a plan takes a retroactive request, in days from the date of service to the receipt."""

    within_days: int = Field(ge=0)
    severity: Severity
    rule: str = Field(pattern=RULE_ID)
    source: str


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
    ``source`` is where the rules of fields stand that name none of their own. ``retroactive``: how late a request after the
    service may come.
    """

    kind: Literal["completeness"]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    deadlines: str | None
    fields: tuple[FieldPolicy, ...]
    review: ReviewCosts = ReviewCosts()
    rules: dict[str, Severity] = Field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    source: str | None = None
    retroactive: Retroactive | None = None

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
