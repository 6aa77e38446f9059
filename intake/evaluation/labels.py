"""Label files: what stands on a document, in the contract's form.

A label's group is a mapping because its keys matter: one that is absent is not scored, one that is ``None`` says that the form
does not give the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import ConfigurationError

SUFFIX = ".truth.json"

Scalar = str | int | float | bool | None
LabelValue = Scalar | list[str]
Group = dict[str, LabelValue]


class ChangeLabel(BaseModel):
    """One stated change."""

    model_config = ConfigDict(frozen=True)

    action: str
    field: str
    old: LabelValue = None
    new: LabelValue = None


class RequestLabel(BaseModel):
    """One request of a document; a part that is ``None`` is not scored."""

    model_config = ConfigDict(frozen=True)

    pages: list[int]
    attached_pages: list[int] = Field(default_factory=list)
    request: Group = Field(default_factory=dict)
    member: Group = Field(default_factory=dict)
    requesting_provider: Group = Field(default_factory=dict)
    servicing_provider: Group = Field(default_factory=dict)
    diagnoses: list[Group] | None = None
    services: list[Group] | None = None
    amendments: list[ChangeLabel] | None = None
    signature: Group = Field(default_factory=dict)
    gaps: list[tuple[str, str]] | None = None

    def group(self, name: str) -> Group:
        """The keys of one of the four groups."""
        groups = {
            "request": self.request,
            "member": self.member,
            "requesting_provider": self.requesting_provider,
            "servicing_provider": self.servicing_provider,
        }
        return groups[name]


class DocumentLabel(BaseModel):
    """The label of one document."""

    model_config = ConfigDict(frozen=True)

    document: str
    condition: str = "?"
    form: str = "?"
    handwritten: bool = False
    requests: list[RequestLabel]


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A label and where its document lies."""

    label: DocumentLabel
    path: Path


def load_labels(folder: Path) -> tuple[LabelledDocument, ...]:
    """All labels of a folder, by name.

    Raises:
        ConfigurationError: there are none, or one is not in the contract's form.
    """
    files = sorted(folder.glob(f"*{SUFFIX}"))
    if not files:
        raise ConfigurationError(f"The folder holds no labels (NAME{SUFFIX} beside each document).")
    return tuple(_load(file) for file in files)


def _load(file: Path) -> LabelledDocument:
    try:
        label = DocumentLabel.model_validate_json(file.read_bytes())
    except ValidationError as error:
        # where and why, never what: a label holds what a form holds
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"A label is not in the contract's form: {where}: {first['msg']}.") from None
    return LabelledDocument(label, file.parent / label.document)
