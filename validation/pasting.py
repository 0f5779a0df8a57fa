"""Draws make-believe stickers, and things that are none, straight into a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.taping import DOT, RING, any_look, chance

Rng = np.random.Generator
Array = NDArray[np.float32]

_FINE: Final = 4  # subpixels a side
_MARGIN_PX: Final = 8
_FLATTEST: Final = 0.3
_BLACK: Final = 0.05
_AS_STORED: Final = 1 / 2.2


@dataclass(frozen=True, slots=True)
class _Shape:
    """An ellipse about ``x, y`` with half axes ``a, b`` turned by ``turn``, all in pixels."""

    x: float
    y: float
    a: float
    b: float
    turn: float

    def grid(self, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], Array, Array]:
        """Return the window around it, and places in it in units of its half axes, finely."""
        reach = self.a + _MARGIN_PX
        low = np.maximum(np.floor([self.y - reach, self.x - reach]).astype(int), 0)
        high = np.minimum(np.ceil([self.y + reach, self.x + reach]).astype(int) + 1, shape[:2])
        size = np.maximum(high - low, 0) * _FINE
        y, x = (np.indices(size) + 0.5) / _FINE + low[:, None, None]
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        dx, dy = x - self.x, y - self.y
        u, v = (dx * cos + dy * sin) / self.a, (dy * cos - dx * sin) / self.b
        return (slice(low[0], high[0]), slice(low[1], high[1])), u, v


def paste(picture: Array, rng: Rng, at: tuple[float, float], px_per_mm: float) -> float:
    """Draw a sticker of any look, lit like what lies around it; return its diameter in pixels.

    Parameters
    ----------
    picture : ndarray of float32, shape (h, w, 3)
        Stored levels of 0 to 1; changed in place.
    rng : Generator
        Draws size, look, slant and light.
    at : tuple of float
        Its middle.
    px_per_mm : float
        Pixels in a millimetre.
    """
    look, rgb = any_look(rng)
    radius = rng.uniform(4, 12.5) * px_per_mm
    domed = chance(rng, 0.6)
    slant = rng.uniform(0.75, 1) if domed else rng.uniform(_FLATTEST, 1)
    shape = _Shape(*at, radius, radius * slant, rng.uniform(-0.4, 0.4) + np.pi / 2)
    cut, u, v = shape.grid(picture.shape)
    if not u.size:
        return 2 * radius
    light = _lit(rng, u, v) if domed else np.full(u.shape, rng.uniform(0.8, 1.1))
    if chance(rng, 0.7):
        _shade(picture, rng, shape)
    around = float(np.clip(2 * np.median(picture[cut]), 0.5, 1.1))
    colours = np.array(rgb, np.float32) ** np.float32(_AS_STORED)
    paint = np.where(_black(look, rng, u, v)[..., None], _BLACK, colours) * light[..., None]
    paint *= rng.uniform(around, 1.1)
    if look == "reflector" and chance(rng, 0.5):  # lit by a flash
        paint[:] = 1.0
    inside = (u * u + v * v < 1).astype(np.float32)
    share = _coarse(inside)
    shown = _coarse(np.asarray(np.clip(paint, 0, 1) * inside[..., None], np.float32))
    blur = rng.uniform(0.4, 1.3)
    soft = cv2.GaussianBlur(share, (0, 0), blur)[..., None]
    picture[cut] = picture[cut] * (1 - soft) + cv2.GaussianBlur(shown, (0, 0), blur)
    return 2 * radius


def distract(picture: Array, rng: Rng, at: tuple[float, float], px_per_mm: float) -> None:
    """Draw something as small as a sticker that is none: a bar, a corner or a fold of cloth."""
    length, width = rng.uniform(8, 40) * px_per_mm, rng.uniform(1.5, 6) * px_per_mm
    turn = rng.uniform(0, np.pi)
    middle = np.array(at)
    colour = rng.uniform(0, 1, 3) if chance(rng, 0.6) else np.full(3, rng.uniform(0, 1))
    layer = np.zeros(picture.shape[:2], np.float32)
    for angle in (turn, turn + np.pi / 2)[: 1 + (chance(rng, 0.3))]:
        way = np.array([np.cos(angle), np.sin(angle)]) * length
        ends = [np.round((middle + s * way) * 16).astype(int).tolist() for s in (0, 1)]
        cv2.line(layer, ends[0], ends[1], 1.0, max(1, round(width)), cv2.LINE_AA, 4)
    layer = cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.4, 1.8)) * rng.uniform(0.3, 1)
    picture *= 1 - layer[..., None]
    picture += layer[..., None] * colour.astype(np.float32)


def _lit(rng: Rng, u: Array, v: Array) -> Array:
    """Return the light on a ball under a lamp that hangs higher than it."""
    out = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
    lamp = np.array([rng.normal(0, 0.6), -abs(rng.normal(0.6, 0.4)), rng.uniform(0.2, 1)])
    # Its long axis stands: u points down the picture, v across it.
    facing = (v * lamp[0] + u * lamp[1] + out * lamp[2]) / np.linalg.norm(lamp)
    ambient = rng.uniform(0.25, 0.6)
    return np.asarray(ambient + (1.1 - ambient) * np.clip(facing, 0, 1))


def _shade(picture: Array, rng: Rng, shape: _Shape) -> None:
    """Darken what lies under it, on the side away from the lamp."""
    moved = _Shape(
        shape.x + rng.normal(0, 0.4) * shape.a,
        shape.y + rng.uniform(0, 0.7) * shape.a,
        *(shape.a * 1.05, shape.b * 1.05, shape.turn),
    )
    cut, u, v = moved.grid(picture.shape)
    if u.size:
        dark = _coarse((u * u + v * v < 1).astype(np.float32)) * rng.uniform(0.1, 0.55)
        picture[cut] *= 1 - cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.7, 3))[..., None]


def _black(look: str, rng: Rng, u: Array, v: Array) -> NDArray[np.bool_]:
    """Return where a target is black."""
    radius = np.hypot(u, v)
    kinds = (radius < DOT, (radius > RING[0]) & (radius < RING[1]), (u > 0) == (v > 0))
    if look != "target":
        return np.zeros(u.shape, dtype=bool)
    return np.asarray(kinds[rng.integers(3)])


def _coarse(fine: Array) -> Array:
    height, width = fine.shape[0] // _FINE, fine.shape[1] // _FINE
    blocks = fine.reshape(height, _FINE, width, _FINE, -1).mean(axis=(1, 3))
    return np.asarray(blocks[..., 0] if fine.ndim == 2 else blocks, dtype=np.float32)  # noqa: PLR2004
