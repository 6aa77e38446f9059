"""Random secrets of ours: what the holder keeps, and what the store keeps of it."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_secret() -> str:
    """256 random bits, in letters that an address or a header may hold."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """The SHA-256 of a secret, which is all that is stored: so many random bits cannot be guessed from it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
