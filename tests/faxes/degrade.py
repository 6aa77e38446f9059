"""What a scanner and a fax line do to a page. Grey images in, grey or bilevel images out; 255 is white."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Grey = NDArray[np.uint8]

FAX_WIDTH = 1728
FINE, STANDARD = (204.0, 196.0), (204.0, 98.0)
_FINE_HEIGHT, _STANDARD_HEIGHT = 2156, 1078


class Condition(StrEnum):
    """How a document arrives."""

    DIGITAL = "digital"
    ACROFORM = "acroform"
    SCAN = "scan"
    FINE_FAX = "fine_fax"
    STANDARD_FAX = "standard_fax"
    POOR_FAX = "poor_fax"
    ROTATED = "rotated"


@dataclass(frozen=True, slots=True)
class Damage:
    """How bad a transmission is; the same for all pages of a document.

    ``skew_deg`` in degrees, ``speckle`` as the share of dots, ``broken`` as the share of strokes hit, ``bands`` lost lines.
    """

    skew_deg: float
    speckle: float
    broken: float
    blur_px: float
    threshold: int
    shadow: bool
    bands: int
    standard: bool
    turn_deg: int


def draw(rng: Random, condition: Condition) -> Damage:
    """Random damage fit for a condition."""
    if condition is Condition.POOR_FAX:
        return Damage(
            rng.uniform(-2.0, 2.0),
            rng.uniform(0.001, 0.006),
            rng.uniform(0.05, 0.3),
            rng.uniform(0.7, 1.3),
            rng.randrange(135, 190),
            rng.random() < 0.6,
            rng.randrange(4),
            rng.random() < 0.4,
            0,
        )
    if condition is Condition.SCAN:
        return Damage(rng.uniform(-1.0, 1.0), 0.0, 0.0, rng.uniform(0.2, 0.7), 160, rng.random() < 0.2, 0, False, 0)
    turn = rng.choice((90, 180, 270)) if condition is Condition.ROTATED else 0
    return Damage(
        rng.uniform(-0.7, 0.7),
        rng.uniform(0, 0.0004),
        0.0,
        rng.uniform(0.3, 0.8),
        rng.randrange(150, 190),
        False,
        0,
        condition is Condition.STANDARD_FAX,
        turn,
    )


def fax_page(page: Image.Image, damage: Damage, header: str, rng: Random) -> tuple[Image.Image, tuple[float, float]]:
    """One bilevel fax page and its dpi across and down."""
    skewed = _skewed(page, damage)
    size, dpi = ((FAX_WIDTH, _STANDARD_HEIGHT), STANDARD) if damage.standard else ((FAX_WIDTH, _FINE_HEIGHT), FINE)
    small = skewed.resize(size, Image.Resampling.BOX)
    noise = np.random.default_rng(rng.randrange(2**32))
    grey = np.asarray(small, dtype=np.uint8)
    if damage.shadow:
        grey = _shadowed(grey, noise)
    if damage.broken:
        grey = _broken(grey, damage.broken, noise)
    black = grey < damage.threshold
    black = _speckled(black, damage, noise)
    turned = np.rot90(black, damage.turn_deg // 90)
    dpi = (dpi[1], dpi[0]) if damage.turn_deg in (90, 270) else dpi
    image = Image.fromarray(np.where(turned, 0, 255).astype(np.uint8))
    if header:
        image = _headed(image, header, dpi)
    return image.convert("1", dither=Image.Dither.NONE), dpi


def scanned_page(page: Image.Image, damage: Damage, header: str, rng: Random) -> Image.Image:
    """One grey page as a flat-bed scanner gives it: paper that is not white, a little turned."""
    noise = np.random.default_rng(rng.randrange(2**32))
    clear = np.asarray(_skewed(page, damage), dtype=np.float64)
    height, width = clear.shape
    grain = noise.normal(0, 2.0, (height // 2 + 1, width // 2 + 1)).repeat(2, 0).repeat(2, 1)[:height, :width]
    image: Grey = np.clip(clear * (noise.uniform(226, 252) / 255.0) + grain, 0, 255).astype(np.uint8)
    if damage.shadow:
        image = _shadowed(image, noise)
    made = Image.fromarray(image)
    dpi = page.width / 8.5
    return _headed(made, header, (dpi, dpi)) if header else made


def _skewed(page: Image.Image, damage: Damage) -> Image.Image:
    turned = page.rotate(damage.skew_deg, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(damage.blur_px)) if damage.blur_px else turned


def _shadowed(grey: Grey, noise: np.random.Generator) -> Grey:
    """A dark band along one long edge, as from a lid that was not shut."""
    width = grey.shape[1]
    depth = max(8, int(width * noise.uniform(0.01, 0.035)))
    fade = np.linspace(noise.uniform(0.1, 0.5), 1.0, depth, dtype=np.float32)
    out = grey.astype(np.float32)
    if noise.random() < 0.5:
        out[:, :depth] *= fade
    else:
        out[:, width - depth :] *= fade[::-1]
    return out.astype(np.uint8)


def _broken(grey: Grey, share: float, noise: np.random.Generator) -> Grey:
    """Strokes gone thin in patches, as from a worn head."""
    height, width = grey.shape
    patches = noise.random((height // 6 + 1, width // 6 + 1)) < share
    mask = patches.repeat(6, 0).repeat(6, 1)[:height, :width]
    lost = mask & (noise.random(grey.shape) < 0.55)
    return np.where(lost, 255, grey).astype(np.uint8)


def _speckled(black: NDArray[np.bool_], damage: Damage, noise: np.random.Generator) -> NDArray[np.bool_]:
    if damage.speckle:
        dots = noise.random(black.shape) < damage.speckle
        dots |= np.roll(noise.random(black.shape) < damage.speckle * 0.3, 1, axis=1)
        holes = noise.random(black.shape) < damage.speckle * 4
        black = (black & ~holes) | dots
    for _ in range(damage.bands):
        row = int(noise.integers(60, black.shape[0] - 4))
        black = black.copy()
        black[row : row + int(noise.integers(1, 4))] = noise.random() < 0.3
    return black


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in ("DejaVuSansMono.ttf", "VeraMono.ttf"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _headed(image: Image.Image, header: str, dpi: tuple[float, float]) -> Image.Image:
    """The transmission line that the sending machine puts on the upper edge, in square dots, then fitted to the page's dpi."""
    width, height = image.width, max(16, round(dpi[1] * 0.17))
    strip = Image.new("L", (round(width * 200 / dpi[0]), 34), 255)
    ImageDraw.Draw(strip).text((24, 5), header, font=_font(21), fill=0)
    out = image.copy()
    out.paste(strip.resize((width, height)).point(lambda v: 0 if v < 150 else 255), (0, round(dpi[1] * 0.03)))
    return out
