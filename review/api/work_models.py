"""What the API takes and gives about the work on one record."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from models.circumstances import Link
from models.record import AmendmentAction, AmendmentField, ReferralRecord, RequestKind, Status
from review.api.models import Held, Id, Message, Words
from review.work.fields import Section
from review.work.questions import QuestionKind

Path = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z_]+(\.[a-z0-9_]+){0,2}$")]
Typed = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\u0000]*$")]
Key = Annotated[UUID, Field(description="Made by the sender for each thing done; sent again with it, it is done once.")]
Share = Annotated[float, Field(ge=0.0, le=1.0, strict=True)]
Number = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class ChangeBody(Message):
    """A change to an authorization, as it is entered."""

    action: AmendmentAction
    field: AmendmentField
    old: Words = ""
    new: Words = ""
    code: Words = ""


class StatedBody(Message):
    """What is no value of its field, and stands so on the form: it is kept as its text, and stays a gap."""

    as_stated: Typed


class EditBody(Message):
    """One thing that a person did to a record.

    ``set`` takes ``path`` and ``value`` (as typed; empty: the form gives nothing), and where it was taken from the page, ``page``
    and ``box`` (left, top, right, bottom in fractions of the page). What is no value of its field is refused, and is kept as a gap
    where it is sent again as ``{"as_stated": ...}``. ``accept`` and ``remove_row`` take ``path``; ``by_hand`` makes
    a record of a fax in which none was read; ``undo`` takes the last one back.

    ``confirm`` and ``deny`` answer whether it belongs to another request (``notices.duplicate.unsure``,
    ``notices.amendment.unsure``, ``notices.reply.unsure``): yes, and no. ``value`` names that request by its record's id, or else
    by its authorization number; without it, the one that is asked about is meant. With it, a link that is sure can be denied, too.
    """

    key: Key
    action: Literal["set", "accept", "confirm", "deny", "remove_row", "by_hand", "undo"]
    revision: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True, description="The one that the person saw.")]
    path: Path | None = None
    value: Typed | ChangeBody | StatedBody | None = None
    page: Number | None = None
    box: tuple[Share, Share, Share, Share] | None = None


class KeyBody(Message):
    """The key of what ends the work on a record, or begins it again."""

    key: Key


class NextBody(Message):
    """Which record comes next: of a filter's, and behind the one that was just seen."""

    filter_id: Id | None = None
    after: Id | None = None


class CheckBody(Message):
    """A value that is being entered."""

    path: Path
    value: Typed | ChangeBody | None = None


class Checked(Message):
    """What a value would be kept as. ``problem`` is to be looked at again, or where it is ``refused``, why it cannot be kept."""

    value: object
    problem: str | None
    hint: str | None
    refused: bool


class NextRecord(Message):
    """A record that is claimed now."""

    record_id: str


class Ended(Message):
    """A record as its work left it."""

    record_id: str
    revision: int
    status: Status
    final: bool


class WorkPage(Message):
    """A page of the document; ``width`` and ``height`` in pixels of its image."""

    number: int
    width: int
    height: int
    in_request: bool = Field(description="Whether it is one of this record's.")


class AskedOf(Message):
    """One thing to settle. ``path`` may name a whole list: is there a row that was not read?"""

    path: str
    kind: QuestionKind
    message: str
    rule: str | None = Field(None, description="The rule that asks.")
    source: str | None = Field(None, description="Where that rule stands.")
    link: Link | None = Field(None, description="Is it that request? Answered by `confirm` and `deny`.")


class FieldShown(Message):
    """One field. ``kind`` says how it is entered; ``choices`` are all its values, where it has only some."""

    path: str
    title: str
    kind: str
    choices: list[str]


class SectionShown(Message):
    """Fields that stand together; ``row`` is the position in a list."""

    name: str
    title: str
    row: int | None
    fields: list[FieldShown]

    @classmethod
    def of(cls, section: Section) -> Self:
        """A section as it is."""
        fields = [
            FieldShown(path=one.path, title=one.title, kind=one.kind.value, choices=list(one.choices)) for one in section.fields
        ]
        return cls(name=section.name, title=section.title, row=section.row, fields=fields)


class Hint(Message):
    """What is to be said beside a value: what is amiss with it, and what it means."""

    problem: str | None
    hint: str | None


class Sibling(Message):
    """Another record of the same document."""

    record_id: str
    revision: int
    status: Status
    kind: RequestKind | None
    final: bool
    pages: list[int]


class Work(Message):
    """A record on somebody's desk: as it stands with what was entered and is not completed yet."""

    record_id: str
    document_id: str
    revision: int = Field(description="The newest one that is kept; the edits are not in it.")
    record: ReferralRecord
    pages: list[WorkPage]
    questions: list[AskedOf]
    sections: list[SectionShown]
    additions: list[SectionShown] = Field(description="The row behind the last one of each list.")
    hints: dict[str, Hint]
    edits: int
    can_undo: bool
    left_aside: int = Field(description="Edits of rows of an earlier reading, which do not fit this one.")
    held: Held | None
    mine: bool
    completed_by: str | None
    final: bool
    siblings: list[Sibling]
