"""Turns the soft mask into a sub-pixel contour of the back and front, and says what an arm hides.

It knows no angle. The contour is read row by row, since a standing person's back is nearly upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.pose import HEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo
    from posture.pose import Pose

    Array = NDArray[np.float64]

#: Distance between two rows of the contour, as a share of stature.
ROW_STEP: Final = 0.002

# How far the contour reaches: down the thigh as a share of hip to ankle, and up the neck as a share
# of shoulder to ear.
_THIGH_SHARE: Final = 0.42
_NECK_SHARE: Final = 0.50
# Where ear and ankle are taken to be if they lie outside the photo.
_EAR_ABOVE_SHOULDER: Final = HEIGHTS["ear"] - HEIGHTS["shoulder"]
_LEG_OF_THIGH: Final = (HEIGHTS["hip"] - HEIGHTS["ankle"]) / (HEIGHTS["hip"] - HEIGHTS["knee"])

# An arm's bone line lies about this far, as a share of stature, from the skin behind it: chosen so
# that arms over the back of rendered people are seen, not measured.
_ARM_RADIUS: Final = 0.032

# No part of the trunk lies farther, as a share of stature, from all joints: ample, not measured.
_REACH: Final = 0.15

_INSIDE: Final = 0.5
# As shares of stature: how far from the mask's contour an edge is believed and looked for, how much
# the picture is blurred before, and how smooth contour and edge are along the back. Chosen on the
# pictures that the estimator is fitted to. Passes and the mask's say are chosen on copies of 18
# calibration pictures: after one pass the contour still moves with the mask, whose own differs most
# between copies.
_EDGE_SIGMA: Final = 0.004
_EDGE_REACH: Final = 0.012
_EDGE_BLUR: Final = 0.0012
_EDGE_SMOOTHING: Final = 0.012
_EDGE_CONTINUITY: Final = 0.010
_EDGE_PASSES: Final = 4
_MASK_SAY: Final = 0.005

_TINY: Final = 1e-9
_CENTRE: Final = 0.5  # a pixel's centre lies half a pixel from its corner


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The contour of the trunk as it is seen from the side.

    Attributes
    ----------
    back_px, front_px : ndarray, shape (n, 2)
        From the thigh up to the neck, one point a row, in pixels of the upright photo; NaN where
        the mask shows no body.
    hidden : ndarray of bool, shape (n,)
        Rows where an arm lies behind the back, or where there is no body: what is drawn there is
        not the back.
    """

    back_px: Array
    front_px: Array
    hidden: NDArray[np.bool_]


def find_outline(pose: Pose, photo: Photo) -> Outline:
    """Trace the trunk in a person's mask, and its back along the photo's own edges.

    Parameters
    ----------
    pose : Pose
        A standing person seen from the side.
    photo : Photo
        The photo in which the person was found.

    Returns
    -------
    Outline
        One point every ``ROW_STEP`` of stature; empty if the person has no height.
    """
    width = photo.width
    traced = _trace(pose if pose.facing == "right" else pose.mirrored(width), width)
    back, front = traced.back_px, traced.front_px
    if pose.facing == "left":
        back, front = (px * (-1, 1) + (width, 0) for px in (back, front))
    return Outline(_along_edges(back, photo, pose.stature_px), front, traced.hidden)


def _trace(pose: Pose, width: int) -> Outline:
    """Trace a person who faces right."""
    ear, shoulder, hip, ankle = (pose.near(n) for n in ("ear", "shoulder", "hip", "ankle"))
    if "head" in pose.unseen:
        ear = shoulder - (0, _EAR_ABOVE_SHOULDER * pose.stature_px)
    if "feet" in pose.unseen:
        ankle = hip + _LEG_OF_THIGH * (pose.near("knee") - hip)
    low = hip[1] + _THIGH_SHARE * (ankle[1] - hip[1])
    high = shoulder[1] + _NECK_SHARE * (ear[1] - shoulder[1])
    step = ROW_STEP * pose.stature_px
    rows = np.arange(low, high, -step) if step > 0 else np.empty(0)
    # The middle of the trunk: the joints' line, below the hip straight down the thigh.
    middle = np.interp(
        -rows,
        -np.array([ankle[1], hip[1], shoulder[1], ear[1]]),
        [ankle[0], hip[0], shoulder[0], (shoulder[0] + ear[0]) / 2],
    )
    scale = width / pose.mask.shape[1]
    reach = _REACH * pose.stature_px
    first = max(0, int((pose.xy_px[:, 0].min() - reach) / scale))
    last = max(first + 1, int((pose.xy_px[:, 0].max() + reach) / scale))
    edges = _edges(pose.mask[:, first:last], rows / scale, middle / scale - first)
    back, front = (np.column_stack([(x + first) * scale, rows]) for x in edges)
    return Outline(back, front, np.isnan(back[:, 0]) | near_arm(back, pose))


def _edges(mask: NDArray[np.float32], rows: Array, middle: Array) -> tuple[Array, Array]:
    """Return where the body that holds the middle ends to the left and to the right, per row.

    A row beyond the mask, without body, or with a body that touches the mask's end gives NaN.
    """
    height, width = mask.shape
    top = np.floor(rows - _CENTRE).astype(int)
    share = (rows - _CENTRE - top)[:, None]
    within = (top >= 0) & (top < height - 1)
    top = np.clip(top, 0, height - 2)
    body = (1 - share) * mask[top] + share * mask[top + 1]
    columns = np.arange(width)
    inside = body > _INSIDE
    # Where the middle misses the body, the body's nearest pixel stands in for it.
    start = np.where(inside, np.abs(columns + _CENTRE - middle[:, None]), np.inf).argmin(axis=1)
    within &= inside[np.arange(len(rows)), start]
    before = np.where(~inside & (columns < start[:, None]), columns, -1).max(axis=1)
    after = np.where(~inside & (columns > start[:, None]), columns, width).min(axis=1)
    left = np.where(within & (before >= 0), _crossing(body, before, 1), np.nan)
    right = np.where(within & (after < width), _crossing(body, after, -1), np.nan)
    return left, right


def _crossing(body: Array, outside: NDArray[np.intp], step: int) -> Array:
    """Return where the mask passes one half between two neighbouring pixels' centres, per row."""
    last = body.shape[1] - 1
    row, at = np.arange(len(body)), np.clip(outside, 0, last)
    out, inn = body[row, at], body[row, np.clip(at + step, 0, last)]
    share = (_INSIDE - out) / np.where(inn > out, inn - out, 1.0)
    return np.asarray(outside + _CENTRE + share * step, dtype=float)


def _along_edges(back: Array, photo: Photo, stature_px: float) -> Array:
    """Move a contour, row by row, to the edge in the photo that is nearest to it.

    The mask's pixels are coarse and lie elsewhere in each copy of a photo; the edge between body
    and background stays. Each pass looks about what the one before found, so that it no longer
    matters where the mask began. Where the photo shows no edge the contour stays as the mask has
    it.
    """
    import cv2

    known = np.flatnonzero(np.isfinite(back[:, 0]))
    if known.size == 0:
        return back
    to_work = 1 / np.array(photo.scale)
    x, y = (back[known] * to_work).T
    unit = stature_px * to_work[1]
    sigma, reach = _EDGE_SIGMA * unit, _EDGE_REACH * unit
    offsets = np.linspace(-reach, reach, 4 * max(1, round(reach)) + 1)
    near = np.exp(-0.5 * (offsets / sigma) ** 2)

    margin = int(2 * reach + 4 * _EDGE_BLUR * unit) + 2
    rows, columns = photo.pixels.shape[:2]
    left, right = max(0, int(x.min()) - margin), min(columns, int(x.max()) + margin)
    top, bottom = max(0, int(y.min()) - margin), min(rows, int(y.max()) + margin)
    part = photo.pixels[top:bottom, left:right].astype(np.float32)
    if part.size == 0:
        return back
    blurred = cv2.GaussianBlur(part, (0, 0), max(0.6, _EDGE_BLUR * unit))
    at_y = np.repeat((y - _CENTRE - top).astype(np.float32)[:, None], len(offsets), axis=1)
    found = x
    for _ in range(_EDGE_PASSES):
        centre = _gaussian(found[:, None], _EDGE_SMOOTHING)[:, 0]
        at_x = (centre[:, None] + offsets - _CENTRE - left).astype(np.float32)
        seen = cv2.remap(blurred, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        slopes: NDArray[np.float32] = np.asarray(np.gradient(seen, axis=1), np.float32)
        steps = np.sqrt(np.einsum("rok,rok->ro", slopes, slopes)).astype(float)
        edge = (_gaussian(steps, _EDGE_CONTINUITY) * near) ** 2
        # The mask keeps a small say, all of it where there is no edge.
        say = _MASK_SAY * float(np.median(edge.max(axis=1))) * len(offsets) + _TINY
        moved = (edge @ offsets + say * (x - centre)) / (edge.sum(axis=1) + say)
        found = x + np.clip(centre + moved - x, -reach, reach)
    refined = back.copy()
    refined[known, 0] = found / to_work[0]
    return refined


def _gaussian(values: Array, share: float) -> Array:
    """Smooth along the rows of a contour by a share of stature, its ends held."""
    import cv2

    sigma = share / ROW_STEP
    size = 2 * int(np.ceil(4 * sigma)) + 1
    smooth = cv2.GaussianBlur(
        values, (1, size), sigmaX=1, sigmaY=sigma, borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(smooth, dtype=float).reshape(values.shape)


def near_arm(points: Array, pose: Pose) -> NDArray[np.bool_]:
    """Tell which points, for example of the contour of the back, may be an arm's instead."""
    radius = _ARM_RADIUS * pose.stature_px
    hidden = np.zeros(len(points), dtype=bool)
    for side in ("left", "right"):
        # The shoulder itself lies within the contour; from a third down, the arm is free of it.
        shoulder, elbow = pose.at(f"{side}_shoulder"), pose.at(f"{side}_elbow")
        wrist, finger = pose.at(f"{side}_wrist"), pose.at(f"{side}_index")
        upper = shoulder + (elbow - shoulder) / 3
        for start, end in ((upper, elbow), (elbow, wrist), (wrist, finger)):
            hidden |= _distance_to_segment(points, start, end) < radius
    return hidden


def _distance_to_segment(points: Array, start: Array, end: Array) -> Array:
    way = end - start
    length = float(way @ way)
    share = np.clip((points - start) @ way / max(length, _TINY), 0, 1)
    apart = points - start - share[:, None] * way
    return np.hypot(apart[:, 0], apart[:, 1])
