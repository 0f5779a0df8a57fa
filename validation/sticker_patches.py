"""Cuts patches with stickers and without from pictures, to learn from: changed in many ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.pasting import distract, paste
from validation.taping import chance

Rng = np.random.Generator
Array = NDArray[np.float32]

#: Millimetres to a pixel of what the network sees; its answers are for cells of four pixels.
MM_PER_PX: Final = 1.0
CELL_PX: Final = 4
SIDE_PX: Final = 128
#: What a sticker marks, one channel each.
KINDS: Final = ("asis", "psis", "spine")
_OF_SPINE: Final = ("c7", "t12", "l1", "l3", "s1")
_PASTED_OVER: Final = ("asis", "psis", "c7", "t12", "l3", "s1")

# A sticker of which so little is seen is neither taught nor held to be none.
_LEAST_MM2: Final = 28.0
_LEAST_SHARE: Final = 0.35
_HINT_MM2: Final = 1.2
_ON_STICKER: Final = 0.65  # of the patches
# How many patches get stickers pasted in, of people who wear some already and of others.
_OF_WORN: Final = 0.2
_OF_BARE: Final = 0.6
_NEAR_MM: Final = 55.0
_FAR_MM: Final = 90.0
_PLACED_SD_MM: Final = 14.0
_TURN_SD_DEG: Final = 4.0
_SCALE_SD: Final = 0.10
_COARSEST: Final = 2.5  # how many times smaller a picture may have been


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture to cut from.

    Attributes
    ----------
    rgb : ndarray of uint8, shape (h, w, 3)
        It, or the part of it that there is.
    px_per_mm : float
        Its scale at the person.
    faces_left : bool
        Where the person looks.
    points : dict of str to tuple
        Where bony points are.
    stickers : dict of str to dict
        Those worn, as `validation.people.marked.seen` has them.
    """

    rgb: NDArray[np.uint8]
    px_per_mm: float
    faces_left: bool
    points: Mapping[str, tuple[float, float]]
    stickers: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, file: Path, made: Mapping[str, Any]) -> Picture:
        """Return a picture of its file and of what `generate` wrote beside it."""
        pixels = cv2.imread(str(file))
        assert pixels is not None
        left, top, *_ = made.get("window", (0, 0))

        def own(xy: Sequence[float]) -> tuple[float, float]:
            return xy[0] - left, xy[1] - top

        return cls(
            rgb=np.ascontiguousarray(pixels[..., ::-1], dtype=np.uint8),
            px_per_mm=made["subject"]["camera"]["fill"] * made["size"][1] / made["stature_cm"] / 10,
            faces_left=made["facing"] == "left",
            points={name: own(made["points"][name]) for name in _PASTED_OVER},
            stickers={
                name: {**one, "xy": own(one["xy"])}
                for name, one in made.get("stickers", {}).items()
            },
        )


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What the network sees and what it is to answer, for each kind of sticker and each cell.

    Attributes
    ----------
    rgb : ndarray of float32, shape (3, 128, 128)
        Stored levels of 0 to 1.
    heat : ndarray of float32, shape (3, 32, 32)
        1 in the cell of a sticker, less about it.
    heeded : ndarray of float32, shape (3, 32, 32)
        0 where it is not told what is right.
    off : ndarray of float32, shape (3, 3, 32, 32)
        From the middle of a cell to that of its sticker, x and y in pixels, and the logarithm of
        its diameter in pixels; in the cell of a sticker and those around it, 0 elsewhere.
    """

    rgb: Array
    heat: Array
    heeded: Array
    off: Array


def cut(picture: Picture, rng: Rng) -> Patch:
    """Return one patch of a picture."""
    from_px, px_per_mm = _frame(picture, rng)
    rgb = _warp(picture.rgb, from_px)
    worn = [
        (_kind(name), *_moved(from_px, one["xy"]), one["diameter_mm"] * px_per_mm, one)
        for name, one in picture.stickers.items()
    ]
    heat, heeded, off = _blank()
    for kind, x, y, diameter, one in worn:
        seen_mm2 = one["visible_px"] / picture.px_per_mm**2
        told = seen_mm2 >= _LEAST_MM2 and one["seen_share"] >= _LEAST_SHARE
        if told:
            _tell(kind, (x, y, diameter), heat, off)
        elif seen_mm2 > _HINT_MM2:
            _leave_open(kind, (x, y, diameter), heeded)
    taken = [(x, y) for _, x, y, *_ in worn]
    if chance(rng, _OF_WORN if worn else _OF_BARE):
        for name in _PASTED_OVER:
            x, y = _moved(from_px, picture.points[name])
            x, y = np.array([x, y]) + rng.normal(0, _PLACED_SD_MM * px_per_mm, 2)
            free = all(np.hypot(x - u, y - v) > 20 * px_per_mm for u, v in taken)
            if free and chance(rng, 0.7) and min(x, y) > 0 and max(x, y) < SIDE_PX - 1:
                diameter = paste(rgb, rng, (x, y), px_per_mm)
                _tell(_kind(name), (x, y, diameter), heat, off)
                taken.append((x, y))
    for _ in range(rng.integers(0, 3) if chance(rng, 0.3) else 0):
        x, y = rng.uniform(0, SIDE_PX, 2)
        if all(np.hypot(x - u, y - v) > 50 * px_per_mm for u, v in taken):
            distract(rgb, rng, (x, y), px_per_mm)
    seen = _photographed(np.clip(rgb, 0, 1), rng).transpose(2, 0, 1)
    return Patch(np.ascontiguousarray(seen, dtype=np.float32), heat, heeded, off)


def _frame(picture: Picture, rng: Rng) -> tuple[Array, float]:
    """Return the map from the picture to a patch of it, and the patch's pixels in a millimetre."""
    names = list(picture.stickers)
    if names and chance(rng, _ON_STICKER):
        middle = np.array(picture.stickers[names[rng.integers(len(names))]]["xy"])
        reach = _NEAR_MM
    else:
        middle = np.array(picture.points[_PASTED_OVER[rng.integers(len(_PASTED_OVER))]])
        reach = _FAR_MM
    middle = middle + rng.uniform(-reach, reach, 2) * picture.px_per_mm
    scale = float(np.exp(rng.normal(0, _SCALE_SD))) / MM_PER_PX / picture.px_per_mm
    turn = np.radians(rng.normal(0, _TURN_SD_DEG))
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    if picture.faces_left:
        spin = spin @ np.diag([-1.0, 1.0])
    spin *= scale
    move = SIDE_PX / 2 - spin @ middle
    return np.column_stack([spin, move]).astype(np.float32), scale * picture.px_per_mm


def _warp(rgb: NDArray[np.uint8], from_px: Array) -> Array:
    # Places count from a corner, as the truth has them; OpenCV counts from a pixel's middle.
    shifted = from_px.copy()
    shifted[:, 2] += shifted[:, :2].sum(axis=1) / 2 - 0.5
    warped = cv2.warpAffine(
        rgb, shifted, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(warped / 255, dtype=np.float32)


def _moved(from_px: Array, xy: Sequence[float]) -> tuple[float, float]:
    x, y = from_px @ np.array([*xy, 1.0])
    return float(x), float(y)


def _kind(name: str) -> int:
    return KINDS.index("spine" if name in _OF_SPINE else name)


def _blank() -> tuple[Array, Array, Array]:
    size = SIDE_PX // CELL_PX
    heat = np.zeros((len(KINDS), size, size), np.float32)
    return heat, np.ones_like(heat), np.zeros((3, *heat.shape), np.float32)


def _tell(kind: int, sticker: tuple[float, float, float], heat: Array, off: Array) -> None:
    x, y, diameter = sticker
    column, row = int(x // CELL_PX), int(y // CELL_PX)
    if not (0 <= row < heat.shape[1] and 0 <= column < heat.shape[2]):
        return
    rows, columns = np.indices(heat.shape[1:])
    far = (rows + 0.5 - y / CELL_PX) ** 2 + (columns + 0.5 - x / CELL_PX) ** 2
    heat[kind] = np.maximum(heat[kind], np.minimum(np.exp(-far / 2), 0.99))
    heat[kind, row, column] = 1
    near = (abs(rows - row) <= 1) & (abs(columns - column) <= 1)
    own = np.stack([x - (columns + 0.5) * CELL_PX, y - (rows + 0.5) * CELL_PX])
    off[:2, kind][:, near] = own[:, near]
    off[2, kind][near] = np.log(diameter)


def _leave_open(kind: int, sticker: tuple[float, float, float], heeded: Array) -> None:
    x, y, diameter = sticker
    rows, columns = (np.indices(heeded.shape[1:]) + 0.5) * CELL_PX
    heeded[kind][np.hypot(rows - y, columns - x) < diameter / 2 + CELL_PX] = 0


def _photographed(rgb: Array, rng: Rng) -> Array:
    """Return a patch as another camera, in other light, would have it."""
    if chance(rng, 0.3):
        hsv = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV), dtype=np.float32)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(0, 360)) % 360
        hsv[..., 1] *= rng.uniform(0.5, 1.3)
        rgb = np.asarray(
            cv2.cvtColor(np.clip(hsv, 0, [360, 1, 1]).astype(np.float32), cv2.COLOR_HSV2RGB)
        )
    rgb = np.clip(rgb * rng.normal(1, 0.05, 3).astype(np.float32) * rng.uniform(0.75, 1.25), 0, 1)
    rgb = rgb ** np.float32(np.exp(rng.normal(0, 0.2)))
    if chance(rng, 0.3):
        size = round(SIDE_PX / rng.uniform(1, _COARSEST))
        small = cv2.resize(rgb, (size, size), interpolation=cv2.INTER_AREA)
        rgb = np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC))
    if chance(rng, 0.25):
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.3, 1.2)))
    if chance(rng, 0.4):
        rgb = rgb + rng.normal(0, rng.uniform(0, 0.03), rgb.shape).astype(np.float32)
    levels = np.clip(rgb * 255, 0, 255).astype(np.uint8)
    if chance(rng, 0.3):
        done, jpeg = cv2.imencode(
            ".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))]
        )
        assert done
        levels = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.asarray(levels / 255, dtype=np.float32)
