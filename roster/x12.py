"""X12 interchanges as segments, one at a time, with the delimiters that each says itself.

The envelope is that of X12.5 and X12.6: ISA is 106 characters long, and its characters 4, 83, 105 and 106 part elements, repeated
elements, components and segments. Trailers are held against what they close: their control numbers and counts.

A reader of our own, and no library: of those that know the 834, linuxforhealth-x12 makes a validated model of every loop, and pyx12
has maps of the 4010 alone. A dozen segments of it are taken here, of files that may hold a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from roster.broken import BrokenFile
from roster.text import opened

_PIECE = 1 << 16
_ISA_LENGTH = 106
_ISA_ELEMENTS = 17
_LONGEST_SEGMENT = 100_000
_CLOSES = {"SE": "ST", "GE": "GS", "IEA": "ISA"}
_CONTROL = {"ST": 2, "GS": 6, "ISA": 13}
_INSIDE = {"ISA": "", "GS": "ISA", "ST": "GS"}


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its place in the file, 1-based, its name, and its elements; ``version`` is that of its group (GS08)."""

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
        BrokenFile: it cannot be read, or is no text.
    """
    with opened(path) as file:
        return file.read(200).lstrip().startswith("ISA")


def segments(path: Path) -> Iterator[Segment]:
    """The segments of all transaction sets in a file, from ST to SE, envelopes apart.

    Raises:
        BrokenFile: it is cut short, or its envelopes do not hold what they say.
    """
    with opened(path) as file:
        yield from _checked(_parted(_Text(file)))


class _Text:
    """A text that is taken from its beginning, read in pieces."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held = ""

    def skip_space(self) -> bool:
        """Pass over spaces and line ends; whether anything is left."""
        while True:
            self._held = self._held.lstrip()
            if self._held:
                return True
            self._held = self._file.read(_PIECE)
            if not self._held:
                return False

    def starts_with(self, text: str) -> bool:
        """Whether it goes on so."""
        self._fill(len(text))
        return self._held.startswith(text)

    def take(self, count: int) -> str:
        """So many characters, or all that are left."""
        self._fill(count)
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def take_until(self, end: str) -> str | None:
        """All before the next ``end``, which is passed over; ``None`` where there is none."""
        looked = 0
        while (found := self._held.find(end, looked)) < 0:
            looked = len(self._held)
            piece = self._file.read(_PIECE)
            if not piece or looked > _LONGEST_SEGMENT:
                return None
            self._held += piece
        taken, self._held = self._held[:found], self._held[found + 1 :]
        return taken

    def _fill(self, count: int) -> None:
        while len(self._held) < count and (piece := self._file.read(_PIECE)):
            self._held += piece


def _parted(text: _Text) -> Iterator[Segment]:
    """All segments of a text, envelopes among them."""
    number = 0
    element, end = "", ""
    while text.skip_space():
        number += 1
        if text.starts_with("ISA"):
            head = text.take(_ISA_LENGTH)
            element, end = (head[3], head[105]) if len(head) == _ISA_LENGTH else ("", "")
            parts = head[:-1].split(element) if element else []
            if len(parts) != _ISA_ELEMENTS or element == end or (element + end).isalnum():
                raise BrokenFile(f"Segment {number}: no whole ISA.")
            yield Segment(number, "ISA", tuple(part.strip() for part in parts[1:]))
            continue
        if not element:
            raise BrokenFile("The file does not begin with ISA.")
        body = text.take_until(end)
        if body is None:
            raise BrokenFile(f"Segment {number} has no end: the file is cut short.")
        name, *elements = body.strip().split(element)
        yield Segment(number, name, tuple(part.strip() for part in elements))


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
        in_set = bool(begun) and begun[-1].name == "ST"
        if in_set:
            counts[-1] += 1
            yield replace(segment, version=begun[-2].at(8))
        if segment.name in _CLOSES:
            _close(segment, begun.pop() if begun else None, counts.pop() if counts else 0)
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
