"""Small bytes that grow: deflate streams of gigabytes, made without writing the gigabytes."""

from __future__ import annotations

import struct
import zlib

_CHUNK = 1 << 24


def deflated(size: int, byte: bytes = b"\x00") -> bytes:
    """A zlib stream of about ``size`` equal bytes, a thousandth as long."""
    packer = zlib.compressobj(9)
    head = packer.compress(byte * _CHUNK) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block depends on nothing before it, so that the second one can stand there as often as wanted.
    block = packer.compress(byte * _CHUNK) + packer.flush(zlib.Z_FULL_FLUSH)
    count = max(0, size // _CHUNK - 1)
    return head + block * count + b"\x01\x00\x00\xff\xff" + struct.pack(">I", _adler((count + 1) * _CHUNK, byte[0]))


def _adler(count: int, value: int) -> int:
    """Adler-32 (RFC 1950) of ``count`` bytes of one value."""
    low = (1 + count * value) % 65521
    high = (count + value * count * (count + 1) // 2) % 65521
    return high << 16 | low


def white_group4(height: int) -> bytes:
    """White rows in Group 4: each is like the one above, which is one bit (ITU-T T.6, mode V0), whatever their width."""
    bits = "1" * (height % 8) + "000000000001" * 2
    return b"\xff" * (height // 8) + int(bits.ljust(32, "0"), 2).to_bytes(4, "big")
