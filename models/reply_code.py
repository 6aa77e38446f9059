"""Reply codes: what a letter of ours bears, so that the answer to it is known by it.

A code has nine characters in three groups, such as ``K7M-4XP-2RW``. Its alphabet holds one of each group of characters that are
mistaken for each other on a fax, and what is read as another one of the group is taken for it. It has 23 characters, a prime, so
that the last three can be the checks of a Reed-Solomon code: up to three wrong characters never make another code of it, and of
what is no code at all one text in 12,167 passes. Each code has three digits and two letters at least, so that no word and no
telephone number is one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from types import MappingProxyType

ALPHABET = "0123456789ACEHKMPRTUWXY"
LENGTH = 9
GROUP = 3
_PRIME = len(ALPHABET)
_CHECKS = 3
_LEAST_DIGITS, _LEAST_LETTERS = 3, 2
# Of its digits so many are read as digits: "authorize" is a word, whatever its check characters say.
_LEAST_READ = 2

_VALUE: Mapping[str, int] = MappingProxyType({letter: n for n, letter in enumerate(ALPHABET)})
# What a character that is none of ours may have been, likeliest first.
_MISTAKEN: Mapping[str, str] = MappingProxyType(
    {
        **{letter: letter for letter in ALPHABET},
        **dict.fromkeys("oOQD°", "0"),
        **dict.fromkeys("Il|!ijJ][", "1"),
        **dict.fromkeys("zZ", "2"),
        **dict.fromkeys("sS$§", "5"),
        **dict.fromkeys("Gb", "6"),
        **dict.fromkeys("B&", "8"),
        **dict.fromkeys("gq", "9"),
        **dict.fromkeys("c(€¢", "C"),
        **dict.fromkeys("vVu", "U"),
        **{letter: letter.upper() for letter in "kmprtwxy"},
        "F": "PE",
        "N": "MH",
        "L": "1C",
        "f": "P",
        "e": "E",
        "a": "A",
        "h": "H",
        "n": "M",
    }
)
# As many characters at once that may each have been two.
_MOST_GUESSED = 1
_ONE = "[" + re.escape("".join(_MISTAKEN)) + "]"
_BETWEEN = r"\s{0,3}[-\u2010-\u2015~_=.·:]{0,2}\s{0,3}"
_PRINTED = re.compile(rf"(?<![A-Za-z0-9])(?=(?P<code>{_ONE}{{3}}{_BETWEEN}{_ONE}{{3}}{_BETWEEN}{_ONE}{{3}})(?![A-Za-z0-9]))")


def code_of(seed: str, taken: Iterable[str] = ()) -> str:
    """A code that follows from a seed, and is none of those that are taken.

    Args:
        seed: an id; the same one gives the same code.
        taken: codes that were given out before.
    """
    known = frozenset(taken)
    return next(code for n in count() if _is_mixed(code := _drawn(f"{seed}.{n}")) and code not in known)


def _drawn(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    data = []
    for _ in range(LENGTH - _CHECKS):
        number, digit = divmod(number, _PRIME)
        data.append(digit)
    return parted("".join(ALPHABET[n] for n in (*data, *_checks(data))))


def _is_mixed(code: str) -> bool:
    digits = sum(letter.isdigit() for letter in code)
    letters = sum(letter.isalpha() for letter in code)
    return digits >= _LEAST_DIGITS and letters >= _LEAST_LETTERS


def _checks(data: list[int]) -> list[int]:
    """The remainder of the data, as a polynomial, by (x - 1)(x - 5)(x - 25), over the integers modulo 23."""
    roots = [pow(5, power, _PRIME) for power in range(_CHECKS)]
    divisor = [1]
    for root in roots:
        divisor = [(a - root * b) % _PRIME for a, b in zip([*divisor, 0], [0, *divisor], strict=True)]
    rest = [*data, *[0] * _CHECKS]
    for place in range(len(data)):
        factor = rest[place]
        for step, part in enumerate(divisor):
            rest[place + step] = (rest[place + step] - factor * part) % _PRIME
    return [-each % _PRIME for each in rest[len(data) :]]


def parted(characters: str) -> str:
    """The characters in groups of three."""
    return "-".join(characters[at : at + GROUP] for at in range(0, len(characters), GROUP))


def is_code(text: str) -> bool:
    """Whether this is a code of ours, written as we write it, with its check characters right."""
    letters = text.replace("-", "")
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET) or text != parted(letters):
        return False
    values = [_VALUE[letter] for letter in letters]
    return _is_mixed(text) and _checks(values[:-_CHECKS]) == values[-_CHECKS:]


def codes_in(text: str) -> Iterator[str]:
    """The codes that a line of text quotes; one whose check characters are wrong is none.

    Args:
        text: words as they were read, with one space between.
    """
    for found in _PRINTED.finditer(text):
        letters = [letter for letter in found["code"] if letter in _MISTAKEN]
        if sum(letter.isdigit() for letter in letters) >= _LEAST_READ:
            yield from _read(letters)


def _read(letters: list[str]) -> Iterator[str]:
    """The one code that the letters may have been; where several, none."""
    if len(letters) != LENGTH or sum(len(_MISTAKEN[letter]) > 1 for letter in letters) > _MOST_GUESSED:
        return
    possible = {parted("".join(each)) for each in product(*(_MISTAKEN[letter] for letter in letters))}
    codes = [code for code in possible if is_code(code)]
    if len(codes) == 1:
        yield codes[0]
