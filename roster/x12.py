"""X12 interchanges as segments, one at a time, with the delimiters that each says itself.

The envelope is that of X12.5 and X12.6: ISA is 106 characters long, and its characters 4, 83, 105 and 106 part elements, repeated
elements, components and segments. Trailers are held against what they close: their control numbers and counts.

A reader of our own, and no library: of those that know the 834, linuxforhealth-x12 makes a validated model of every loop, and pyx12
has maps of the 4010 alone. A dozen segments of it are taken here, of files that may hold a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from roster.broken import BrokenFile
from roster.text import beginning_of, opened

_BEGIN = "ISA"
_PIECE = 1 << 16
_ISA_LENGTH = 106
_ISA_ELEMENTS = 17
_LONGEST_SEGMENT = 100_000
_CLOSES = {"SE": "ST", "GE": "GS", "IEA": "ISA"}
_CONTROL = {"ST": 2, "GS": 6, "ISA": 13}
_INSIDE = {"ISA": "", "GS": "ISA", "ST": "GS"}
_ENVELOPES = frozenset({*_INSIDE, *_CLOSES})


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its place in the file, 1-based, its name, and its elements; ``version`` is the group's (GS08), told with ST."""

    number: int
    name: str
    elements: tuple[str, ...]
    version: str = ""

    def at(self, position: int) -> str:
        """An element by its number in the standard (``DTP03`` is 3); empty where it is not given."""
        return self.elements[position - 1] if position <= len(self.elements) else ""

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        return f"segment {self.number}"


def is_interchange(path: Path) -> bool:
    """Whether a file begins as an X12 interchange.

    Raises:
        BrokenFile: it cannot be read.
    """
    return beginning_of(path).lstrip().startswith(_BEGIN)


def segments(path: Path, names: Collection[str]) -> Iterator[Segment]:
    """The segments with these names, ST and SE, of all transaction sets in a file.

    Args:
        path: the file.
        names: of what is taken; a file has as many segments that nobody asks for.

    Raises:
        BrokenFile: it is cut short, or its envelopes do not hold what they say.
    """
    with opened(path) as file:
        yield from _checked(_parted(_Text(file), frozenset(names) | _ENVELOPES))


class _Text:
    """A text that is taken from its beginning, read in pieces."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held = ""

    def skip_space(self) -> bool:
        """Pass over spaces and line ends; whether anything is left."""
        while True:
            self._held = self._held.lstrip()
            if self._held or not self._more():
                return bool(self._held)

    def take(self, count: int) -> str:
        """So many characters, or all that are left."""
        while len(self._held) < count and self._more():
            pass
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def take_parts(self, end: str) -> Iterator[str]:
        """What stands before each ``end``, without spaces around it, up to the next ISA or the last ``end``; a piece at a time."""
        while True:
            parts = self._held.split(end)
            for n, part in enumerate(parts[:-1]):
                bare = part.strip()
                if bare.startswith(_BEGIN):
                    self._held = end.join(parts[n:])
                    return
                if bare:
                    yield bare
            self._held = parts[-1]
            if self._held.lstrip().startswith(_BEGIN) or len(self._held) > _LONGEST_SEGMENT or not self._more():
                return

    def _more(self) -> bool:
        piece = self._file.read(_PIECE)
        self._held += piece
        return bool(piece)


def _parted(text: _Text, names: frozenset[str]) -> Iterator[Segment]:
    """The segments of a text with these names."""
    number = 0
    while text.skip_space():
        number += 1
        head = text.take(_ISA_LENGTH)
        if not head.startswith(_BEGIN):
            raise BrokenFile(
                f"Segment {number} has no end: the file is cut short." if number > 1 else "The file does not begin with ISA."
            )
        element, end = (head[3], head[105]) if len(head) == _ISA_LENGTH else ("", "")
        elements = head[:-1].split(element) if element else []
        if len(elements) != _ISA_ELEMENTS or element == end or (element + end).isalnum():
            raise BrokenFile(f"Segment {number}: no whole ISA.")
        yield Segment(number, _BEGIN, tuple(map(str.strip, elements[1:])))
        for part in text.take_parts(end):
            number += 1
            name, _, rest = part.partition(element)
            if name in names:
                yield Segment(number, name, tuple(map(str.strip, rest.split(element))) if rest else ())


def _checked(found: Iterator[Segment]) -> Iterator[Segment]:
    """What stands between ST and SE, with both; every envelope closed by its own trailer."""
    begun: list[Segment] = []
    counts: list[int] = []
    for segment in found:
        if segment.name in _INSIDE:
            if (begun[-1].name if begun else "") != _INSIDE[segment.name]:
                raise BrokenFile(f"Segment {segment.number}: {segment.name} stands where it may not.")
            counts[-1:] = [counts[-1] + 1] if counts else []
            begun.append(segment)
            counts.append(0)
            if segment.name == "ST":
                segment = replace(segment, version=begun[-2].at(8))  # noqa: PLW2901 - the same segment
        if begun and begun[-1].name == "ST":
            yield segment
        if segment.name in _CLOSES:
            of_set = segment.number - begun[-1].number + 1 if begun and segment.name == "SE" else None
            count = counts.pop() if counts else 0
            _close(segment, begun.pop() if begun else None, count if of_set is None else of_set)
    if begun:
        raise BrokenFile(f"The file ends before segment {begun[-1].number} ({begun[-1].name}) is closed: it is cut short.")


def _close(segment: Segment, header: Segment | None, count: int) -> None:
    """Hold a trailer against its header, and against what it counts: segments, sets or groups."""
    if header is None or header.name != _CLOSES[segment.name]:
        raise BrokenFile(f"Segment {segment.number}: {segment.name} closes nothing.")
    if segment.at(2) != header.at(_CONTROL[header.name]):
        raise BrokenFile(f"Segment {segment.number}, {segment.name}02: not the control number of segment {header.number}.")
    if segment.at(1).lstrip("0") != str(count):
        raise BrokenFile(f"Segment {segment.number}, {segment.name}01: {count} were found, which is not what it says.")
