"""TIFF, PNG and JPEG files written by hand, so that they can be wrong in any way."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tests.hostile.bombs import white_group4

SHORT, LONG, RATIONAL = 3, 4, 5
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS, X_DPI, Y_DPI = 273, 277, 278, 279, 282, 283
GROUP3, GROUP4 = 3, 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a TIFF directory; ``value`` is its four bytes as a number, or an offset."""

    tag: int
    kind: int
    count: int
    value: int

    def packed(self) -> bytes:
        """Twelve bytes, little-endian."""
        if self.kind == SHORT and self.count == 1:
            return struct.pack("<HHIHH", self.tag, self.kind, self.count, self.value, 0)
        return struct.pack("<HHII", self.tag, self.kind, self.count, self.value)


def directory(entries: Sequence[Entry], following: int) -> bytes:
    """A TIFF directory that names the next one's offset."""
    body = b"".join(entry.packed() for entry in sorted(entries, key=lambda entry: entry.tag))
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def fax_entries(width: int, height: int, offset: int, length: int, compression: int = GROUP4) -> list[Entry]:
    """The entries of a fax page of one strip."""
    return [
        Entry(WIDTH, LONG, 1, width),
        Entry(HEIGHT, LONG, 1, height),
        Entry(BITS, SHORT, 1, 1),
        Entry(COMPRESSION, SHORT, 1, compression),
        Entry(PHOTOMETRIC, SHORT, 1, 0),
        Entry(STRIP_OFFSETS, LONG, 1, offset),
        Entry(SAMPLES, SHORT, 1, 1),
        Entry(ROWS_PER_STRIP, LONG, 1, height),
        Entry(STRIP_COUNTS, LONG, 1, length),
    ]


def tiff(data: bytes, entries: Sequence[Entry], following: int = 0) -> bytes:
    """A TIFF of one directory; the data begins at offset 8."""
    return b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + directory(entries, following)


def white_fax(width: int, height: int, *more: Entry, following: int = 0) -> bytes:
    """A white page of Group 4, whatever its size, in few bytes."""
    data = white_group4(height)
    return tiff(data, [*fax_entries(width, height, 8, len(data)), *more], following)


def changed(entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    """The entries with one put in the place of its tag."""
    return [*(each for each in entries if each.tag != entry.tag), entry]


def many_directories(count: int, width: int = 8, height: int = 8) -> bytes:
    """A TIFF of many pages that share one strip."""
    data = white_group4(height)
    entries = fax_entries(width, height, 8, len(data))
    size = 2 + 12 * len(entries) + 4
    start = 8 + len(data)
    out = [b"II*\x00" + struct.pack("<I", start) + data]
    out += [directory(entries, start + size * (index + 1) if index + 1 < count else 0) for index in range(count)]
    return b"".join(out)


def png(width: int, height: int, data: bytes, *chunks: tuple[bytes, bytes], bits: int = 8, colour: int = 0) -> bytes:
    """A PNG with chunks of one's own before the pixels."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def small_png_data() -> bytes:
    """The pixels of a white picture of 100 by 100."""
    return zlib.compress(b"".join(b"\x00" + b"\xff" * 100 for _ in range(100)))


def letter(form: str, **options: object) -> bytes:
    """A page with some print on it."""
    image = Image.new("L", (1700, 2200), 255)
    draw = ImageDraw.Draw(image)
    for row in range(30):
        draw.text((150, 150 + 60 * row), f"Line {row} of a request for prior authorization", fill=0, font_size=32)
    buffer = io.BytesIO()
    image.save(buffer, form, dpi=(200, 200), **options)
    return buffer.getvalue()


def resized_jpeg(width: int, height: int, **options: object) -> bytes:
    """A JPEG whose header states another size than its data has."""
    content = bytearray(letter("JPEG", **options))
    start = next(content.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in content)
    content[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan stands there again and again: each costs a pass over all pixels."""
    content = letter("JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * scans + b"\xff\xd9"
