"""Says what a photo shows of each sticker, and the pelvic tilt that the stickers mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from validation.people.parts import Array, IntArray, Part
from validation.people.stickers import Stuck
from validation.pictures.camera import View

_FINE: Final = 2  # subpixels a side
_MARGIN_PX: Final = 2


def tilt(stuck: Sequence[Stuck]) -> float:
    """Return the angle of the line from PSIS to ASIS sticker to the horizontal, + = ASIS lower.

    In the sagittal plane, in degrees; -y is forward.
    """
    middle = {one.sticker.name: one.middle for one in stuck}
    (_, ahead, low), (_, behind, high) = middle["asis"], middle["psis"]
    return float(np.degrees(np.arctan2(high - low, behind - ahead)))


def seen(stuck: Sequence[Stuck], parts: Sequence[Part], view: View) -> dict[str, dict[str, Any]]:
    """Return by name where each sticker is in the photo, and how much of it is seen.

    Parameters
    ----------
    stuck : sequence of Stuck
        The stickers.
    parts : sequence of Part
        All else that may cover them.
    view : View
        The camera.
    """
    meshes = [(part.vertices, part.faces) for part in parts]
    meshes += [(part.vertices, part.faces) for one in stuck for part in one.parts]
    owners = [-1] * len(parts) + [i for i, one in enumerate(stuck) for _ in one.parts]
    corners = np.concatenate([_corners(vertices, faces, view) for vertices, faces in meshes])
    owner = np.repeat(owners, [len(faces) for _, faces in meshes])
    return {one.sticker.name: _of(one, i, corners, owner, view) for i, one in enumerate(stuck)}


def _of(one: Stuck, index: int, corners: Array, owner: IntArray, view: View) -> dict[str, Any]:
    own = corners[owner == index]
    low = np.floor(own[..., :2].min(axis=(0, 1))).astype(int) - _MARGIN_PX
    high = np.ceil(own[..., :2].max(axis=(0, 1))).astype(int) + _MARGIN_PX
    near = (corners[..., :2].max(axis=1) > low).all(axis=1)
    near &= (corners[..., :2].min(axis=1) < high).all(axis=1)
    alone = _nearest(own, np.zeros(len(own), dtype=int), low, high) == 0
    shown = _nearest(corners[near], owner[near], low, high) == index
    # What lies outside of the photo is not seen.
    ys, xs = ((np.indices(shown.shape) + 0.5) / _FINE) + low[::-1, None, None]
    shown &= (xs > 0) & (xs < view.width_px) & (ys > 0) & (ys < view.height_px)
    sticker = one.sticker
    return {
        "xy": [round(float(c), 3) for c in view.project(one.middle)[0]],
        "visible_px": round(float(shown.sum()) / _FINE**2, 2),
        "seen_share": round(float(shown.sum() / max(alone.sum(), 1)), 4),
        "diameter_mm": sticker.diameter_mm,
        "look": sticker.look,
    }


def _corners(vertices: Array, faces: IntArray, view: View) -> Array:
    """Return x, y in pixels and nearness, one over the distance, of every corner (m, 3, 3)."""
    away = (vertices - view.position) @ view.rotation[2]
    return np.column_stack([view.project(vertices), 1 / away])[faces]


def _nearest(corners: Array, owner: IntArray, low: IntArray, high: IntArray) -> IntArray:
    """Return whose triangle is nearest at each subpixel of a window; -2 where there is none."""
    width, height = ((high - low) * _FINE).tolist()
    best = np.zeros((height, width))
    found = np.full((height, width), -2)
    fine = (corners - [*low, 0]) * [_FINE, _FINE, 1]
    for (a, b, c), who in zip(fine, owner, strict=True):
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if area == 0:
            continue
        left, top = (max(int(np.floor(min(a[i], b[i], c[i]) - 0.5)), 0) for i in (0, 1))
        right = min(int(np.ceil(max(a[0], b[0], c[0]) + 0.5)), width)
        bottom = min(int(np.ceil(max(a[1], b[1], c[1]) + 0.5)), height)
        if left >= right or top >= bottom:
            continue
        x, y = np.arange(left, right) + 0.5, np.arange(top, bottom)[:, None] + 0.5
        first = ((b[0] - x) * (c[1] - y) - (b[1] - y) * (c[0] - x)) / area
        second = ((c[0] - x) * (a[1] - y) - (c[1] - y) * (a[0] - x)) / area
        third = 1 - first - second
        nearness = first * a[2] + second * b[2] + third * c[2]
        window = (slice(top, bottom), slice(left, right))
        nearer = (first >= 0) & (second >= 0) & (third >= 0) & (nearness > best[window])
        best[window][nearer] = nearness[nearer]
        found[window][nearer] = who
    return found
