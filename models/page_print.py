"""The print of a page: how its ink is spread over a coarse grid, and how alike two of them are."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

COLUMNS, ROWS = 68, 88
"""The grid: eight cells to the inch of a letter page."""

_SHIFT = 2
_AROUND = 9
_BITS = 4
_GREYS = 1 << _BITS


@dataclass(frozen=True, slots=True)
class PagePrint:
    """How dark each cell of the grid is, 0 white to 15 black, row by row."""

    cells: bytes

    @classmethod
    def of(cls, darkness: npt.NDArray[np.uint8]) -> Self:
        """Of a grid of ``ROWS`` x ``COLUMNS``, 0 white to 255 black."""
        return cls((darkness >> (8 - _BITS)).tobytes())

    def packed(self) -> bytes:
        """As it is stored: less than two kilobytes."""
        return zlib.compress(self.cells, 9)

    @classmethod
    def unpacked(cls, stored: bytes) -> Self | None:
        """What :meth:`packed` gave; ``None`` where it is nothing of the kind."""
        unpacker = zlib.decompressobj()
        try:
            cells = unpacker.decompress(stored, ROWS * COLUMNS + 1)
        except zlib.error:
            return None
        return cls(cells) if len(cells) == ROWS * COLUMNS and max(cells) < _GREYS else None

    def likeness(self, other: PagePrint) -> float:
        """The greatest correlation of the two over small shifts, -1 to 1; of each only what stands out from around it counts."""
        one, two = _standing_out(self.cells), _standing_out(other.cells)
        shifts = range(-_SHIFT, _SHIFT + 1)
        return max(_correlation(one, np.roll(two, (down, right), (0, 1))) for down in shifts for right in shifts)


def _standing_out(cells: bytes) -> npt.NDArray[np.float32]:
    grid = np.frombuffer(cells, dtype=np.uint8).reshape(ROWS, COLUMNS).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(grid, _AROUND // 2, mode="edge"), (_AROUND, _AROUND))
    return np.asarray(grid - windows.mean(axis=(2, 3)), dtype=np.float32)


def _correlation(one: npt.NDArray[np.float32], two: npt.NDArray[np.float32]) -> float:
    size = float(np.sqrt(np.square(one).sum() * np.square(two).sum()))
    return float((one * two).sum()) / size if size else 0.0
