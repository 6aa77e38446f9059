"""The order of a name's parts, where captions under its line give it: "Last" and "First" below "Patient name: Doe Jane"."""

from __future__ import annotations

from dataclasses import replace

from extraction.labels import Label
from extraction.lexicon import tokens_of
from extraction.scalars import Found
from models.geometry import Box

_PARTS = frozenset({"LAST", "FIRST", "MIDDLE", "INITIAL", "MI", "M", "I", "NAME"})
_BOTH = frozenset({"LAST", "FIRST"})
# How far below the name its captions may begin, and how far beyond its end, in heights of its letters and in page widths.
_BELOW, _INTO, _BEYOND = 1.6, 0.4, 0.2


def with_order_below(found: Found, labels: tuple[Label, ...]) -> Found:
    """The candidate for a member's name, its label with the captions under the name where they say which part comes first."""
    if found.target.path != "member.name":
        return found
    name = Box.around(word.box for word in found.words)
    under = sorted((label for label in labels if _is_caption(label, name, found.label)), key=lambda label: label.box.left)
    said = {token for label in under for token in tokens_of(label.text)}
    if not said >= _BOTH:
        return found
    words = (*found.label.words, *(word for label in under for word in label.words))
    return replace(found, label=replace(found.label, words=words))


def _is_caption(label: Label, name: Box, own: Label) -> bool:
    below = label.box.top - name.bottom
    near = -_INTO * name.height < below < _BELOW * name.height and own.box.left - _BEYOND < label.box.left < name.right + _BEYOND
    return label is not own and near and _PARTS.issuperset(tokens_of(label.text))
