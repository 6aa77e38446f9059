"""Record ids: the same arrival read again gives the same id, and a second arrival of the same bytes gets its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

_PREFIX = "PAR-"
_ID_BYTES = 10  # 80 bits give 16 base-32 characters: a clash among a billion records has a chance of less than one in a million


def record_id(sha256: str, pages: Iterable[int], arrival: int) -> str:
    """The id of one request.

    Args:
        sha256: hexadecimal digest of the source's bytes; empty where there are none to read.
        pages: 1-based pages of the source that belong to the request.
        arrival: which arrival of equal bytes it was, from 1.
    """
    seed = f"{sha256}:{','.join(str(page) for page in sorted(pages))}:{arrival}"
    digest = hashlib.sha256(seed.encode("ascii")).digest()[:_ID_BYTES]
    return _PREFIX + base64.b32encode(digest).decode("ascii")
