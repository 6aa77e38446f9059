"""A known form as a YAML file that a person can edit."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from extraction.forms.known import FormPage, KnownForm, PrintedWord, Zone, ZoneColumn, ZoneKind, ZoneRow
from extraction.forms.names import CHOICES, FIELDS
from models.errors import ConfigurationError
from models.geometry import Box

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HEAD = """\
# A known form: pages that print these words are aligned with them and read by these zones.
# Boxes are left, top, right, bottom in fractions of the blank page. fields: the record's fields that a zone holds; [] for a
# place whose value is nobody's of ours. kind: text, comb, check_box (values: what a tick means), table (columns, rows), signature.
# docs/forms.md lists the fields. See what you changed with: par-intake form check NAME --out PICTURE.png
"""
_Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
_Edges = tuple[_Fraction, _Fraction, _Fraction, _Fraction]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Column(_Model):
    field: str | None
    left: _Fraction
    right: _Fraction

    @field_validator("field")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        return value if value is None else _known_field(value)


class _Zone(_Model):
    label: str = ""
    fields: tuple[str, ...] = ()
    kind: ZoneKind = ZoneKind.TEXT
    box: _Edges
    values: tuple[str, ...] = ()
    columns: tuple[_Column, ...] = ()
    rows: tuple[tuple[_Fraction, _Fraction], ...] = ()

    @field_validator("fields")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known_field(name) for name in value)


class _Page(_Model):
    aspect: Annotated[float, Field(gt=0.0)]
    zones: tuple[_Zone, ...]
    words: tuple[tuple[str, _Fraction, _Fraction, _Fraction, _Fraction], ...]


class _Form(_Model):
    version: Literal[1] = 1
    name: str
    pages: Annotated[tuple[_Page, ...], Field(min_length=1)]

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not NAME.fullmatch(value):
            raise ValueError("a form's name has small letters, digits, dots, dashes and underscores")
        return value


def _known_field(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"no such field: {name}; see docs/forms.md")
    return name


def as_yaml(form: KnownForm) -> str:
    """The form as the text of its file."""
    data = {"version": 1, "name": form.name, "pages": [_page_data(page) for page in form.pages]}
    return _HEAD + yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=132, allow_unicode=True)


def _page_data(page: FormPage) -> dict[str, object]:
    return {
        "aspect": round(page.aspect, 4),
        "zones": [_zone_data(zone) for zone in page.zones],
        "words": [[word.text, *_edges(word.box)] for word in page.words],
    }


def _zone_data(zone: Zone) -> dict[str, object]:
    data: dict[str, object] = {
        "label": zone.label,
        "fields": list(zone.fields),
        "kind": zone.kind.value,
        "box": _edges(zone.box),
    }
    if zone.values:
        data["values"] = list(zone.values)
    if zone.columns:
        data["columns"] = [{"field": c.field, "left": round(c.left, 4), "right": round(c.right, 4)} for c in zone.columns]
        data["rows"] = [[round(row.top, 4), round(row.bottom, 4)] for row in zone.rows]
    return data


def _edges(box: Box) -> list[float]:
    return [round(edge, 4) for edge in (box.left, box.top, box.right, box.bottom)]


def parse_form(text: str, where: str) -> KnownForm:
    """The form that a file describes.

    Args:
        text: the file's text.
        where: the file, for the message.

    Raises:
        ConfigurationError: the text is no YAML, or no form; the message says where.
    """
    try:
        form = _Form.model_validate(yaml.safe_load(text))
        return KnownForm(form.name, tuple(_page(page) for page in form.pages))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{where} is no YAML file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(f"{where}: {'.'.join(str(step) for step in first['loc']) or 'form'}: {first['msg']}.") from error
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}.") from error


def _page(page: _Page) -> FormPage:
    words = tuple(PrintedWord(text, Box(*edges)) for text, *edges in page.words)
    return FormPage(page.aspect, words, tuple(_zone(zone) for zone in page.zones))


def _zone(zone: _Zone) -> Zone:
    if zone.kind is ZoneKind.CHECK_BOX and (len(zone.fields) != 1 or zone.fields[0] not in CHOICES or not zone.values):
        raise ValueError("a check_box zone has one field of request.kind, request.urgency and member.sex, and its values")
    if zone.kind is ZoneKind.TABLE and not zone.columns:
        raise ValueError("a table zone has columns")
    return Zone(
        zone.label,
        zone.fields,
        zone.kind,
        Box(*zone.box),
        zone.values,
        tuple(ZoneColumn(column.field, column.left, column.right) for column in zone.columns),
        tuple(ZoneRow(*sorted(row)) for row in zone.rows),
    )
