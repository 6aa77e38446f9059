"""Type faces: those that reportlab brings, and those of Debian packages where they are installed.

Handwriting faces come from ``fonts-sjfonts``, ``fonts-dkg-handwriting``, ``fonts-breip``, ``fonts-humor-sans`` and
``fonts-rufscript`` (all free). Without them a form that should be written by hand is typed, and its label says so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_ROOTS = (Path("/usr/share/fonts/truetype"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Face:
    """A face by the names reportlab knows it by."""

    regular: str
    bold: str


BUILT_IN = (Face("Helvetica", "Helvetica-Bold"), Face("Times-Roman", "Times-Bold"), Face("Courier", "Courier-Bold"))
_TYPED = (
    ("Vera", "VeraBd"),
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("DejaVuSerif", "DejaVuSerif-Bold"),
    ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold"),
    ("DejaVuSansMono", "DejaVuSansMono-Bold"),
    ("LiberationSansNarrow-Regular", "LiberationSansNarrow-Bold"),
    ("Carlito-Regular", "Carlito-Bold"),
)
_HANDS = ("SteveHand", "dkg", "Breip", "Rufscript010", "Humor-Sans")


@cache
def _file(name: str) -> Path | None:
    for root in _ROOTS:
        found = sorted(root.rglob(f"{name}.ttf")) if root.is_dir() else []
        if found:
            return found[0]
    return None


@cache
def _registered(name: str) -> bool:
    file = _file(name)
    try:
        pdfmetrics.registerFont(TTFont(name, str(file) if file else f"{name}.ttf"))
    except TTFError:
        return False
    return True


def typed(rng: Random) -> Face:
    """A face for print; the draw does not depend on what is installed, its outcome may."""
    choice = rng.randrange(len(BUILT_IN) * 3 + len(_TYPED))
    if choice < len(BUILT_IN) * 3:
        return BUILT_IN[choice % 3]
    regular, bold = _TYPED[choice - len(BUILT_IN) * 3]
    return Face(regular, bold) if _registered(regular) and _registered(bold) else BUILT_IN[0]


def handwritten(rng: Random) -> Face | None:
    """A face like handwriting, or ``None`` where none is installed."""
    start = rng.randrange(len(_HANDS))
    for name in _HANDS[start:] + _HANDS[:start]:
        if _registered(name):
            return Face(name, name)
    return None


def drawable(text: str, font: str) -> str:
    """The text in letters that the face has: an accent it lacks is left off, as a hurried hand would."""
    face = pdfmetrics.getFont(font)
    glyphs = getattr(getattr(face, "face", None), "charToGlyph", None)
    if glyphs is None:
        return text.encode("cp1252", "ignore").decode("cp1252")
    return "".join(c if ord(c) in glyphs else unicodedata.normalize("NFKD", c)[0] for c in text)


def width(text: str, font: str, size: float) -> float:
    """Width in points."""
    return float(pdfmetrics.stringWidth(drawable(text, font), font, size))
