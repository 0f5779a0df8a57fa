"""Makes a face unrecognisable in a photo that is to be kept; it measures nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.pose import HEIGHTS

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.photo import Photo
    from posture.pose import Point

# As shares of stature: how far the head reaches around the ear, whose middle lies a little forward
# of it. A head is 0.13 high; ample, so that hair and a raised chin are covered too.
_RADIUS: Final = 0.095
_FORWARD: Final = 0.015
# What is left of the head: so many patches across, each of one colour, then smooth.
_PATCHES: Final = 5
_SMOOTHING: Final = 0.35
_FROM: Final = "ear"
#: What tells how large the person is, best first: each with the ear.
_TO: Final = ("ankle", "knee", "hip", "shoulder")


def blurred(photo: Photo, assessment: Assessment) -> Photo | None:
    """Return the photo with the person's head made unrecognisable.

    Parameters
    ----------
    photo : Photo
        The photo that was assessed.
    assessment : Assessment
        What `posture.assess` returned for it.

    Returns
    -------
    Photo or None
        A copy; the head's pixels cannot be had back from it. None if no head was found, so that
        nothing could be blurred.
    """
    import cv2

    head = _head_px(assessment)
    if head is None:
        return None
    (x, y), radius = head
    sx, sy = photo.scale
    pixels = photo.pixels.copy()
    rows, columns = pixels.shape[:2]
    left, right = (int(np.clip((x + side * radius) / sx, 0, columns)) for side in (-1, 1))
    top, low = (int(np.clip((y + side * radius) / sy, 0, rows)) for side in (-1, 1))
    part = pixels[top:low, left:right]
    if not part.size:
        return None
    coarse = cv2.resize(part, (_PATCHES, _PATCHES), interpolation=cv2.INTER_AREA)
    again = cv2.resize(coarse, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    sigma = _SMOOTHING * max(part.shape[:2]) / _PATCHES
    smooth = cv2.GaussianBlur(again, (0, 0), max(sigma, 1.0))
    down, across = np.mgrid[top:low, left:right]
    inside = np.hypot((across + 0.5) * sx - x, (down + 0.5) * sy - y) <= radius
    part[inside] = smooth[inside]
    pixels.setflags(write=False)
    return replace(photo, pixels=pixels)


def _head_px(assessment: Assessment) -> tuple[tuple[float, float], float] | None:
    """Return the middle of the head and its radius, in photo pixels."""
    points = {**assessment.found, **assessment.points}
    ear = points.get(_FROM)
    if ear is None:
        return None
    for name in _TO:
        other = points.get(name)
        if other is not None:
            stature_px = _apart(ear, other) / (HEIGHTS[_FROM] - HEIGHTS[name])
            forward = {"right": 1, "left": -1, None: 0}[assessment.facing]
            radius = _RADIUS * stature_px
            return (ear.x + forward * _FORWARD * stature_px, ear.y), radius
    return None


def _apart(one: Point, other: Point) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))
