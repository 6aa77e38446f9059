"""Values of a fillable PDF: text fields, check-boxes, choices and free-text annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from models.geometry import Box
from models.page import CheckBox, FormField, MarkState, Method, Word
from ocr.pdfframe import PdfFrame

FormValues = tuple[tuple[Word, ...], tuple[CheckBox, ...], tuple[FormField, ...]]

_PUSH_BUTTON = 1 << 16
_HIDDEN = 1 << 1 | 1 << 5
_LINE_PT = 12.0


def read_form(page: PDFPage, frame: PdfFrame) -> FormValues:
    """All values that stand in the page's annotations: words, check-boxes and text fields."""
    words: list[Word] = []
    check_boxes: list[CheckBox] = []
    fields: list[FormField] = []
    for annotation in _annotations(page):
        rect = resolve1(annotation.get("Rect"))
        if not isinstance(rect, list) or len(rect) != 4:
            continue
        x0, y0, x1, y1 = (float(resolve1(edge)) for edge in rect)
        box = frame.box(x0, y0, x1, y1)
        flags = resolve1(annotation.get("F"))
        if isinstance(flags, int) and flags & _HIDDEN:
            continue
        subtype = _name(annotation.get("Subtype"))
        if subtype == "FreeText":
            words.extend(_laid_out(_text(annotation.get("Contents")), box, frame))
        elif subtype == "Widget":
            kind = _name(_inherited(annotation, "FT"))
            if kind == "Btn":
                check_boxes.extend(_button(annotation, box))
            elif kind in {"Tx", "Ch"}:
                value = _text(_inherited(annotation, "V"))
                fields.append(FormField(_full_name(annotation), value, box))
                words.extend(_laid_out(value, box, frame))
    return tuple(words), tuple(check_boxes), tuple(fields)


def _annotations(page: PDFPage) -> Iterator[dict[str, Any]]:
    found = resolve1(page.annots)
    for item in found if isinstance(found, list) else ():
        annotation = resolve1(item)
        if isinstance(annotation, dict):
            yield annotation


def _inherited(annotation: dict[str, Any], key: str) -> object:
    node: object = annotation
    for _ in range(16):
        if not isinstance(node, dict):
            return None
        if key in node:
            return resolve1(node[key])
        node = resolve1(node.get("Parent"))
    return None


def _full_name(annotation: dict[str, Any]) -> str:
    parts: list[str] = []
    node: object = annotation
    for _ in range(16):
        if not isinstance(node, dict):
            break
        if "T" in node:
            parts.append(_text(node["T"]))
        node = resolve1(node.get("Parent"))
    return ".".join(reversed(parts))


def _name(value: object) -> str:
    value = resolve1(value)
    if isinstance(value, PSLiteral):
        return value.name if isinstance(value.name, str) else value.name.decode("latin-1")
    return ""


def _text(value: object) -> str:
    value = resolve1(value)
    if isinstance(value, bytes):
        return decode_text(value).strip()
    if isinstance(value, list):
        return " ".join(_text(part) for part in value)
    return _name(value) if not isinstance(value, str) else value.strip()


def _button(annotation: dict[str, Any], box: Box) -> Iterator[CheckBox]:
    flags = _inherited(annotation, "Ff")
    if isinstance(flags, int) and flags & _PUSH_BUTTON:
        return
    state = _name(annotation.get("AS"))
    if not state:
        # Without a state of its own a button shows the field's value, if that is one of its looks.
        value = _name(_inherited(annotation, "V"))
        state = value if value in _looks(annotation) else ""
    ticked = state not in {"", "Off"}
    yield CheckBox(box, MarkState.TICKED if ticked else MarkState.EMPTY, 0.99)


def _looks(annotation: dict[str, Any]) -> set[str]:
    appearance = resolve1(annotation.get("AP"))
    normal = resolve1(appearance.get("N")) if isinstance(appearance, dict) else None
    return {str(name) for name in normal} if isinstance(normal, dict) else set()


def _laid_out(text: str, box: Box, frame: PdfFrame) -> Iterator[Word]:
    """Words of a value where a viewer would draw them: left to right, a line every twelve points."""
    lines = [line.split() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if not lines or box.area == 0.0:
        return
    height = min(box.height / len(lines), 1.2 * _LINE_PT / frame.shown_height)
    top = box.top if len(lines) > 1 else box.y - height / 2
    for row, tokens in enumerate(lines):
        length = sum(len(token) + 1 for token in tokens)
        step = min(box.width / length, 0.55 * height * frame.shown_height / frame.shown_width)
        left = box.left
        for token in tokens:
            width = step * len(token)
            where = Box.clipped(left, top + row * height, left + width, top + (row + 1) * height)
            yield Word(token, where, 0.99, Method.FORM_FIELD)
            left += width + step
