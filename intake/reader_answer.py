"""What a reading process says to the service, as JSON: from a process that has handled foreign bytes no object is unpickled."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import IntakeError, ReaderStopped
from models.record import ReferralRecord

PROGRESS = b""
"""A page was read, or a request: the process is alive. Nothing else is empty."""

MOST_BYTES = 1 << 28
"""The longest answer that is taken. The records of a document at all limits have a fraction of it."""


class Answer(BaseModel):
    """The records of one document, or why it has none; ``code`` is that of an error of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: tuple[ReferralRecord, ...] = ()
    code: str | None = None
    reason: str = ""

    @classmethod
    def of_error(cls, error: IntakeError) -> Self:
        """Why there are no records."""
        return cls(code=error.code, reason=error.reason)

    def packed(self) -> bytes:
        """As it goes through the pipe."""
        return self.model_dump_json().encode()

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """What the other side packed.

        Raises:
            ReaderStopped: it is nothing that a reading process would say.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError:
            # Not chained: it would carry what the process said.
            raise ReaderStopped("The reading process gave an answer that cannot be understood.") from None

    def result(self) -> tuple[ReferralRecord, ...]:
        """The records.

        Raises:
            IntakeError: there are none.
        """
        if self.code is None:
            return self.records
        raise next((kind for kind in _kinds(IntakeError) if kind.code == self.code), IntakeError)(self.reason)


def _kinds(kind: type[IntakeError]) -> list[type[IntakeError]]:
    return [kind, *(deeper for inner in kind.__subclasses__() for deeper in _kinds(inner))]
