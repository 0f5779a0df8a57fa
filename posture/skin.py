"""Says how much of the low back is bare, by the colour of the person's own skin.

Colours are compared by the ratios of their channels, which light and shade hardly change. It knows
no angle, and where the person's own skin is not surely seen it says that nothing is bare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.outline import near_arm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo
    from posture.pose import Pose

    Array = NDArray[np.float64]

# What is looked at: a strip so far within the contour of the back, as shares of stature, between
# these heights above the hip, as shares of the trunk; fewer points than this say nothing.
_DEPTHS: Final = np.linspace(0.010, 0.035, 6)
_FROM, _TO = 0.2, 0.6
_ENOUGH_POINTS: Final = 40
_ACROSS: Final = np.array([1.0, 0.0])
# Skin is looked for within this radius; less than the smallest detail is blurred. Shares of
# stature.
_PATCH: Final = 0.010
_BLUR: Final = 0.0015
_LEAST_BLUR_PX: Final = 0.6
_BLUR_REACH: Final = 4.0  # standard deviations

# All of these are natural logarithms: of ratios of channels, and of lightness. Chosen, as
# the heights above, on the fit and calibrate splits.
_SAME_SKIN: Final = 0.12
_AGREEING: Final = 0.10
_OVEREXPOSED: Final = 5.36  # where a channel is full, ratios say nothing
_REDNESS: Final = 0.05  # skin of every tone is redder than it is green, and not blue
_IN_SHADE, _IN_LIGHT = -1.6, 1.2
_DARKEST: Final = 4.0  # of 255: below it is noise


def bare_share(photo: Photo, pose: Pose, back_px: Array) -> float:
    """Return which share, 0 to 1, of the low back is of the colour of the person's skin.

    Parameters
    ----------
    photo : Photo
        The photo.
    pose : Pose
        A standing person seen from the side.
    back_px : ndarray, shape (n, 2)
        Contour of the back, in pixels of the photo; rows of NaN are left out.

    Returns
    -------
    float
        0 where no two places that are usually bare agree on one colour.
    """
    blur_px = max(_LEAST_BLUR_PX, _BLUR * pose.stature_px / photo.scale[1])
    skin = _own_skin(photo, pose, blur_px)
    strip = _colours(photo, _strip(pose, back_px), blur_px)
    if not len(skin) or len(strip) < _ENOUGH_POINTS:
        return 0.0
    apart = np.hypot(*(strip[:, None, :2] - skin[None, :, :2]).T).min(axis=0)
    lighter = strip[:, 2] - np.median(skin[:, 2])
    return float(np.mean((apart < _SAME_SKIN) & (lighter > _IN_SHADE) & (lighter < _IN_LIGHT)))


def _own_skin(photo: Photo, pose: Pose, blur_px: float) -> Array:
    """Return the colours of cheek or hand, and of the places that agree, one a row."""
    at = {name: pose.near(name) for name in ("ear", "eye_outer", "shoulder", "elbow", "wrist")}
    fingers = pose.near("index") + pose.near("pinky")
    places = {
        "cheek": (at["ear"] + at["eye_outer"] + pose.at(f"mouth_{pose.near_side}")) / 3,
        "hand": (at["wrist"] + fingers) / 3,
        "wrist": at["wrist"],
        "forearm": (at["elbow"] + at["wrist"]) / 2,
        "neck": 0.65 * at["ear"] + 0.35 * at["shoulder"],
    }
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 9)] * 2), axis=-1).reshape(-1, 2)
    disc = grid[np.hypot(*grid.T) <= 1] * _PATCH * pose.stature_px
    seen = {name: _colours(photo, place + disc, blur_px) for name, place in places.items()}
    middle = {name: np.median(patch, axis=0) for name, patch in seen.items() if len(patch)}
    usable = {name: colour for name, colour in middle.items() if _may_be_skin(*colour)}
    best: list[Array] = []
    for own in ("cheek", "hand"):
        if own in usable:
            agreeing = [c for c in usable.values() if np.hypot(*(c - usable[own])[:2]) < _AGREEING]
            best = max(best, agreeing, key=len)
    return np.array(best) if len(best) > 1 else np.empty((0, 3))


def _may_be_skin(redness: float, blueness: float, lightness: float) -> bool:
    return redness > _REDNESS and blueness < 0 and lightness < _OVEREXPOSED


def _strip(pose: Pose, back_px: Array) -> Array:
    """Return the points within the contour of the low back that lie clear of the arms."""
    hip, shoulder = pose.near("hip"), pose.near("shoulder")
    height = (hip[1] - back_px[:, 1]) / (hip[1] - shoulder[1])
    low = back_px[(height > _FROM) & (height < _TO) & np.isfinite(back_px).all(axis=1)]
    forward = 1.0 if pose.facing == "right" else -1.0
    points = np.concatenate([low + forward * by * pose.stature_px * _ACROSS for by in _DEPTHS])
    return np.asarray(points[~near_arm(points, pose)])


def _colours(photo: Photo, points: Array, blur_px: float) -> Array:
    """Return red and blue against green, and lightness, of the points that lie in the photo."""
    import cv2

    rows, columns = photo.pixels.shape[:2]
    x, y = (points / photo.scale - 0.5).T
    within = (x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)
    if not within.any():
        return np.empty((0, 3))
    x, y = x[within], y[within]
    # Only what lies around the points is blurred, as far as the blur of a byte's worth reaches.
    around = int(np.ceil(_BLUR_REACH * blur_px)) + 2
    left, top = max(0, int(x.min()) - around), max(0, int(y.min()) - around)
    part = photo.pixels[top : int(y.max()) + around + 1, left : int(x.max()) + around + 1]
    blurred = cv2.GaussianBlur(part, (0, 0), blur_px)
    at_x, at_y = (axis[:, None].astype(np.float32) for axis in (x - left, y - top))
    seen = np.asarray(cv2.remap(blurred, at_x, at_y, cv2.INTER_LINEAR), dtype=float)
    red, green, blue = np.log(np.maximum(seen, _DARKEST)).reshape(-1, 3).T
    return np.column_stack([red - green, blue - green, (red + green + blue) / 3])
