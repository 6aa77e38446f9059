"""The words of names, from a data file, and what names of people and of providers have in common."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_SHIPPED = Path(__file__).with_name("name_words.toml")
WORD = re.compile(r"[^\W\d_][\w'\u2019`.\-]*")
"""One word of a name, with its full stop."""

_STRAY = re.compile(r"[_|*]+")
_PARTED_CAPITAL = re.compile(r"\b([A-Z]) (?=[^\W\d_A-Z][^\W\d_]+)([^\W\d_]+)")
# No name in small letters goes on so behind an L; "lyer" and "lyengar" are Iyer and Iyengar.
_SMALL_L = re.compile(r"\bl(?=[bdfgkmnqrstvz][^\W\d_]|ye[nr])")
# Letters whose capitals differ from them in size alone, small words within names, and how many words a person's name has.
_ONE_SHAPE = frozenset("cosuvwxz")
_LINKS = frozenset({"of", "with", "or", "und", "via", "c/o"})
_FEW = 4
# "HaddadMD", "OrtegaMD,": a degree that was read in one word with the name.
_JOINED_DEGREE = re.compile(r"(?<=[a-z]{2})(MD|DO|NP|PA|DPM|DDS|DC|OD|LCSW)\b")
_JOINED_INITIAL = re.compile(r"(?<=[a-z]{2})([A-Z]\.)(?!\w)")
_CAPTION = re.compile(r"^\s*(?:full )?name[:\s]+(?=[A-Z])", re.IGNORECASE)
_NOT_NAME = re.compile(
    r"\b(?:npi|tin|tax|phone|fax|tel|dob|birth|address|specialty|member|patient|provider|name|date|id|street|suite|section|firs?t?|last"
    r"|middle|initial|signature|approved|denied|pending|yes|no|none|same|see|attached|appt|within|please|working"
    r"|are you|do you|is this|is the|does the|will the|has the)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words by what they say, as :func:`plain` writes them; the data file explains each."""

    titles: frozenset[str]
    degrees: frozenset[str]
    degrees_or_names: frozenset[str]
    suffixes: frozenset[str]
    particles: frozenset[str]
    abbreviated: frozenset[str]
    last_name_starts: frozenset[str]
    organization: frozenset[str]


@lru_cache(maxsize=1)
def name_words() -> NameWords:
    """The words of the data file."""
    with _SHIPPED.open("rb") as file:
        return NameWords(**{name: frozenset(words) for name, words in tomllib.load(file).items()})


def plain(word: str) -> str:
    """The word in small letters without its marks: ``FNP-C`` is ``fnpc``."""
    return re.sub(r"[\W_]", "", word).lower()


def is_organization(text: str) -> bool:
    """Whether the words name an organization and not a person."""
    return any(plain(word) in name_words().organization for word in WORD.findall(text))


def tidied(text: str) -> str:
    """The text without stray marks and doubled spaces, and with what a reader does to capitals put right.

    A capital parted from its word (``B ao``) is put back, an initial joined to one (``FaridaR.``) parted from it, and a small L
    before a vowel that begins no word in small letters (``lyer``) is the capital I that looks the same. A caption before the name
    (``Name Lee, Ann`` behind "Patient:") is no part of it.
    """
    cleaned = " ".join(_STRAY.sub(" ", _CAPTION.sub("", text)).replace(" ,", ",").split())
    spaced = _JOINED_DEGREE.sub(r" \1", _JOINED_INITIAL.sub(r" \1", _SMALL_L.sub("I", cleaned)))
    return _PARTED_CAPITAL.sub(_rejoined, spaced)


def _rejoined(match: re.Match[str]) -> str:
    return match[0] if match[2] in name_words().particles else match[1] + match[2]


def with_capitals(name: str) -> str:
    """A name of few words with a capital where the first letter has one shape in both cases: "vo" is Vo, "whitaker" is Whitaker."""
    words = name.split(" ")
    return " ".join(map(_with_capital, words)) if len(words) <= _FEW else name


def _with_capital(word: str) -> str:
    alike = len(word) > 1 and word[0] in _ONE_SHAPE and word.islower() and plain(word) not in name_words().particles
    return word.capitalize() if alike and word not in _LINKS else word


def says_no_name(text: str) -> bool:
    """Whether the text holds a word that labels and instructions have and names have not."""
    return _NOT_NAME.search(text) is not None


def small_share(text: str) -> float:
    """The share of words that begin with a small letter, 0..1; the particles of a name do not count."""
    words = [word for word in WORD.findall(text) if word not in name_words().particles]
    return sum(word[0].islower() for word in words) / len(words) if words else 0.0
