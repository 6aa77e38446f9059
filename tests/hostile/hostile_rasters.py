"""TIFF, PNG and JPEG files that a reader could die of, each with what has to come of it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

from tests.hostile import rasters
from tests.hostile.bombs import deflated, white_group4
from tests.hostile.rasters import LONG, RATIONAL, SHORT, Entry
from tests.hostile.sample import BAD, READ, Sample

_GB = 1 << 30


def hostile_rasters() -> Iterator[Sample]:
    """All of them."""
    yield from _tiff_sizes()
    yield from _tiff_directories()
    yield from _tiff_entries()
    yield from _pngs()
    yield from _jpegs()


def _tiff_sizes() -> Iterator[Sample]:
    yield Sample("tiff-900-megapixels-in-4-KB", lambda: rasters.white_fax(30_000, 30_000), {"too_large"})
    yield Sample("tiff-4-thousand-million-wide", lambda: rasters.white_fax(4_294_967_295, 1), {"too_large", "damaged_file"})
    for width, height in ((1, 1_000_000), (1_000_000, 1), (1, 50_000_000), (50_000_000, 1), (3, 8_000_000), (1, 1)):
        yield Sample(f"tiff-{width}-by-{height}", partial(rasters.white_fax, width, height), READ | BAD)
    for name, over, under in (("none", 0, 0), ("endless", 1, 0), ("million", 1_000_000, 1), ("speck", 1, 4_000_000_000)):
        yield Sample(f"tiff-resolution-{name}", partial(_with_resolution, over, under), READ)
    noise = b"\xa5" * 60_000
    entries = rasters.fax_entries(8, 1_000_000, 8, len(noise), rasters.GROUP3)
    yield Sample("tiff-a-million-bad-lines", lambda: rasters.tiff(noise, entries), READ | BAD)


def _with_resolution(over: int, under: int) -> bytes:
    data = white_group4(1000) + struct.pack("<II", over, under)
    at = 8 + len(data) - 8
    more = [Entry(rasters.X_DPI, RATIONAL, 1, at), Entry(rasters.Y_DPI, RATIONAL, 1, at)]
    return rasters.tiff(data, [*rasters.fax_entries(800, 1000, 8, len(data) - 8), *more])


def _tiff_directories() -> Iterator[Sample]:
    yield Sample("tiff-5000-pages", lambda: rasters.many_directories(5000), {"too_large"})
    yield Sample("tiff-400000-pages", lambda: rasters.many_directories(400_000), {"too_large"})
    data = white_group4(1000)
    entries = rasters.fax_entries(800, 1000, 8, len(data))
    yield Sample("tiff-page-after-itself", lambda: rasters.tiff(data, entries, 8 + len(data)), READ | BAD)
    yield Sample("tiff-page-past-the-end", lambda: rasters.tiff(data, entries, 4_000_000_000), READ | BAD)
    yield Sample("tiff-page-in-the-header", lambda: rasters.tiff(data, entries, 2), READ | BAD)
    empty = b"II*\x00\x08\x00\x00\x00" + b"".join(struct.pack("<HI", 0, 8 + 6 * (i + 1)) for i in range(100_000))
    yield Sample("tiff-100000-empty-directories", lambda: empty, BAD)
    yield Sample("tiff-directory-without-end", lambda: b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(9000), BAD)
    big = b"II+\x00\x08\x00\x00\x00" + struct.pack("<Q", 1 << 63)
    yield Sample("tiff-big-offset-beyond-all", lambda: big + bytes(64), BAD)
    own = Entry(34665, LONG, 1, 8 + len(data))
    yield Sample("tiff-metadata-in-itself", lambda: rasters.tiff(data, [*entries, own]), READ | BAD)


def _tiff_entries() -> Iterator[Sample]:
    data = white_group4(1000)
    entries = rasters.fax_entries(800, 1000, 8, len(data))
    many = 4_294_967_295
    for name, entry in (
        ("strip-past-the-end", Entry(rasters.STRIP_OFFSETS, LONG, 1, 4_000_000_000)),
        ("strip-longer-than-the-file", Entry(rasters.STRIP_COUNTS, LONG, 1, 4_000_000_000)),
        ("strip-of-nothing", Entry(rasters.STRIP_COUNTS, LONG, 1, 0)),
        ("strips-without-number", Entry(rasters.STRIP_OFFSETS, LONG, many, 8)),
        ("rows-none", Entry(rasters.ROWS_PER_STRIP, LONG, 1, 0)),
        ("samples-65535", Entry(rasters.SAMPLES, SHORT, 1, 65_535)),
        ("bits-65535", Entry(rasters.BITS, SHORT, 1, 65_535)),
        ("compression-unknown", Entry(rasters.COMPRESSION, SHORT, 1, 60_000)),
        ("compression-jpeg", Entry(rasters.COMPRESSION, SHORT, 1, 7)),
        ("compression-zstd", Entry(rasters.COMPRESSION, SHORT, 1, 50_000)),
        ("width-none", Entry(rasters.WIDTH, LONG, 1, 0)),
        ("note-without-end", Entry(270, 2, many, 8)),
        ("profile-without-end", Entry(34675, 7, many, 8)),
    ):
        yield Sample(f"tiff-{name}", partial(rasters.tiff, data, rasters.changed(entries, entry)), READ | BAD)
    squashed = deflated(2 * _GB)
    grey = [
        Entry(rasters.BITS, SHORT, 1, 8),
        Entry(rasters.COMPRESSION, SHORT, 1, 8),
        Entry(rasters.STRIP_COUNTS, LONG, 1, len(squashed)),
    ]
    packed = entries
    for entry in grey:
        packed = rasters.changed(packed, entry)
    yield Sample("tiff-2-GB-in-a-strip", lambda: rasters.tiff(squashed, packed), READ | BAD)


def _pngs() -> Iterator[Sample]:
    small = rasters.small_png_data()
    yield Sample("png-2500-megapixels", lambda: rasters.png(50_000, 50_000, deflated(3 * _GB)), {"too_large"})
    yield Sample("png-2-GB-too-much", lambda: rasters.png(100, 100, deflated(2 * _GB)), READ | BAD)
    yield Sample("png-59-megapixels-of-colour", lambda: rasters.png(7600, 7700, deflated(_GB), bits=16, colour=6), READ | BAD)
    yield Sample("png-text-of-2-GB", lambda: rasters.png(100, 100, small, (b"zTXt", b"a\x00\x00" + deflated(2 * _GB))), READ | BAD)
    yield Sample(
        "png-profile-of-2-GB", lambda: rasters.png(100, 100, small, (b"iCCP", b"a\x00\x00" + deflated(2 * _GB))), READ | BAD
    )
    control = (b"acTL", struct.pack(">II", 2_147_483_647, 0))
    frame = (b"fcTL", struct.pack(">IIIIIHHBB", 0, 100, 100, 0, 0, 1, 1, 0, 0))
    yield Sample("png-of-two-thousand-million-frames", lambda: rasters.png(100, 100, small, control, frame), {"too_large"})
    yield Sample("png-cut", lambda: rasters.letter("PNG")[:20_000], READ | BAD)
    yield Sample("png-of-nothing", lambda: rasters.png(0, 0, small), BAD)
    yield Sample("png-head-alone", lambda: b"\x89PNG\r\n\x1a\n", {"damaged_file"})
    yield Sample("png-million-by-one", lambda: rasters.png(1_000_000, 1, deflated(1 << 24)), READ | BAD)


def _jpegs() -> Iterator[Sample]:
    yield Sample("jpeg-4225-megapixels", lambda: rasters.resized_jpeg(65_000, 65_000), {"too_large"})
    yield Sample("jpeg-59-megapixels-of-little", lambda: rasters.resized_jpeg(7600, 7700), READ | BAD)
    yield Sample("jpeg-65000-by-1", lambda: rasters.resized_jpeg(65_000, 1), READ | BAD)
    yield Sample("jpeg-2000-passes", lambda: rasters.many_scans(2000), READ | BAD)
    yield Sample("jpeg-cut", lambda: rasters.letter("JPEG")[:40_000], READ | BAD)
    yield Sample("jpeg-head-alone", lambda: b"\xff\xd8\xff\xe0", {"damaged_file"})
    yield Sample("jpeg-of-nothing", lambda: rasters.resized_jpeg(0, 0), BAD)
    pair = b"MPF\x00II*\x00\x08\x00\x00\x00" + struct.pack("<HHHII", 1, 45057, 4, 1, 4_000_000_000) + bytes(8)
    many = b"\xff\xe2" + struct.pack(">H", len(pair) + 2) + pair
    yield Sample("jpeg-of-many-pictures", lambda: rasters.letter("JPEG")[:2] + many + rasters.letter("JPEG")[2:], READ | BAD)
