"""Computes the true angles of a rendered person from points on the skin, as SCIENCE defines them.

Skin over the spine is given by some 35 points; a smooth curve through them is smoothed again with
a Gaussian of 1.5 % of stature, which is what 'the' tangent of a back means here: without it folds
of a few millimetres would decide where it is steepest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from validation.people.parts import Array

#: Standard deviation of the Gaussian, as a share of stature.
SMOOTHING: Final = 0.015
_STEP: Final = 0.002


def angles(
    points: dict[str, Array], midline: Array, stature_m: float, side: str
) -> dict[str, float]:
    """Return every true value, in the units and signs of `posture.quantities`.

    Parameters
    ----------
    points : dict of str to ndarray, shape (3,)
        Bony points and joints in metres; -y is forward, z up.
    midline : ndarray, shape (k, 3)
        Skin over the spine from the gluteal cleft to the neck.
    stature_m : float
        Standing height.
    side : {"left", "right"}
        Whose joints are seen.
    """
    at = {name: np.array([-point[1], point[2]]) for name, point in points.items()}
    asis, psis = ((at[f"{n}_left"] + at[f"{n}_right"]) / 2 for n in ("asis", "psis"))
    pelvic_tilt = np.degrees(np.arctan2(psis[1] - asis[1], asis[0] - psis[0]))
    sacral, chest, neck = inflections(midline, points, stature_m)
    hip, knee, ankle, shoulder, ear = (
        at[f"{name}_{side}"] for name in ("hip", "knee", "ankle", "shoulder", "tragus")
    )
    offsets = {
        f"{name}_offset": float(joint[0] - ankle[0]) / stature_m * 100
        for name, joint in (("ear", ear), ("shoulder", shoulder), ("hip", hip), ("knee", knee))
    }
    bend = _lean(ankle, knee) - _lean(knee, hip)
    return {
        "pelvic_tilt": float(pelvic_tilt),
        "lumbar_curve": sacral - chest,
        "thoracic_curve": neck - chest,
        "sacral_inclination": sacral,
        "trunk_lean": _lean(hip, shoulder),
        "knee_angle": 180.0 - (bend + 180.0) % 360.0 + 180.0,
        **offsets,
    }


def inflections(
    midline: Array, points: dict[str, Array], stature_m: float
) -> tuple[float, float, float]:
    """Return the skin's tangents at its three inflections, in degrees, + = forward with height.

    Lumbosacral: the steepest forward lean between the seat and L3. Thoracolumbar: the steepest
    backward lean between L3 and the middle of the thorax. Cervicothoracic: the steepest forward
    lean above that, up to C7.
    """
    walked = _along(midline)
    even = np.arange(0.0, walked[-1], _STEP * stature_m)
    x, z = (PchipInterpolator(walked, column)(even) for column in (-midline[:, 1], midline[:, 2]))
    sigma = SMOOTHING / _STEP
    x, z = (_smooth(column, sigma) for column in (x, z))
    tangent = np.degrees(np.arctan2(np.gradient(x), np.gradient(z)))
    l3, t12, c7 = (points[name][2] for name in ("l3", "t12", "c7"))
    seat = points["s1"][2] - 0.05 * stature_m
    mid_thorax = t12 + 0.5 * (c7 - t12)
    low = (z > seat) & (z < l3)
    middle = (z > l3) & (z < mid_thorax)
    high = (z > mid_thorax) & (z < c7 + 0.01)
    return (
        float(tangent[low].max()),
        float(tangent[middle].min()),
        float(tangent[high].max()),
    )


def _along(points: Array) -> Array:
    steps = np.linalg.norm(np.diff(points[:, 1:], axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _smooth(values: Array, sigma: float) -> Array:
    """Smooth; beyond its ends the curve goes on turned about its last point."""
    reach = min(int(np.ceil(4 * sigma)), len(values) - 1)
    padded = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return np.asarray(gaussian_filter1d(padded, sigma)[reach:-reach])


def _lean(start: Array, end: Array) -> float:
    forward, up = end - start
    return float(np.degrees(np.arctan2(forward, up)))
