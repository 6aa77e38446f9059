"""Passwords: argon2id hashes, and what a new one has to be."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from models.errors import AccountRefused

SHORTEST = 12
_LONGEST = 200
_FEWEST_DIFFERENT = 5
_HASHER = PasswordHash((Argon2Hasher(),))
# Each takes 64 MiB while it works: many at the same time must not take the machine's memory.
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_of(password: str, name: str) -> str:
    """The hash of a new password.

    Raises:
        AccountRefused: it is too short or too simple.
    """
    if not SHORTEST <= len(password) <= _LONGEST:
        raise AccountRefused(f"A password has {SHORTEST} to {_LONGEST} characters.")
    if name.lower() in password.lower() or len(set(password)) < _FEWEST_DIFFERENT:
        raise AccountRefused("This password is too easy to guess.")
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether a password is the one that was kept, and a newer hash of it where the rules of hashing have changed.

    It takes as long without a kept one, so that the time does not tell whether there is an account.
    """
    with _AT_ONCE:
        try:
            right, newer = _HASHER.verify_and_update(password[: _LONGEST + 1], kept or _hash_of_nothing())
        except UnknownHashError:
            return False, None
    return (right, newer) if kept else (False, None)


@cache
def _hash_of_nothing() -> str:
    return _HASHER.hash(secrets.token_urlsafe())
