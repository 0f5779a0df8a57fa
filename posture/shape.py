"""Describes the trunk's contour in numbers that size, place and side do not change: numpy alone.

The numbers are what the fitted estimator reads. The person is mirrored to look towards +x, y is
turned up, the photo's true vertical is made upright, the hip is the origin, and lengths are shares
of the trunk, hip to shoulder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture.cloth import hanging

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Facing = Literal["left", "right"]

#: Heights above the hip, as shares of the trunk, at which the back and the front are read.
BACK_HEIGHTS: Final = np.linspace(-0.46, 0.92, 47)
FRONT_HEIGHTS: Final = np.linspace(-0.40, 0.86, 15)

ARM_HEIGHTS: Final = np.linspace(-0.1, 0.74, 8)
_NO_ARM: Final = 0.6
_FINGERS: Final = 0.4  # they reach beyond the wrist by this share of the forearm

# The contour is smoothed by this share of the trunk, a little more than a mask's pixel.
_SMOOTHING: Final = 0.025
_STEP: Final = 0.01
# It has to be seen at least between these heights.
_SEEN_FROM, _SEEN_TO = -0.30, 0.85
_TINY: Final = 1e-9
_WIDEST: Final = 1.2  # beyond this the front is an outstretched arm's


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A contour in numbers.

    Attributes
    ----------
    back, slope : ndarray, shape (47,)
        How far behind (-) or before (+) the hip the back lies at ``BACK_HEIGHTS``, in shares of
        the trunk, and how much that changes with height.
    front : ndarray, shape (15,)
        The same for the front at ``FRONT_HEIGHTS``.
    lines : ndarray, shape (2,)
        Degrees from the true vertical, + = forward with height: trunk and thigh.
    turn : ndarray, shape (2,)
        How far before the near shoulder and hip the far ones lie: how the person is turned.
    arms : ndarray, shape (16,)
        How far before (+) the back each arm's bones lie at ``ARM_HEIGHTS``, near arm first; as far
        as ``_NO_ARM`` where it has none.
    hang : ndarray, shape (37,)
        How the contour hangs, see `posture.cloth.hanging`.
    neck_deg : float
        Direction of the line from shoulder to ear; NaN if the head is not seen.
    trunk_px : float
        The unit: from hip to shoulder, in photo pixels.
    """

    back: Array
    slope: Array
    front: Array
    lines: Array
    turn: Array
    arms: Array
    hang: Array
    neck_deg: float
    trunk_px: float

    def numbers(self) -> Array:
        """Return everything as one vector, scaled to about the same spread."""
        return np.concatenate(
            [
                self.back * 10,
                self.slope * 3,
                self.front * 10,
                self.lines / 5,
                self.turn * 10,
                self.arms * 5,
                self.hang,
            ]
        )


def inclination_deg(start: Array, end: Array, facing: Facing) -> float:
    """Return the direction of a line from the vertical.

    Parameters
    ----------
    start, end : ndarray, shape (2,)
        Pixels, y down; the line runs from start to end.
    facing : {"left", "right"}
        Where the person looks in the photo.

    Returns
    -------
    float
        Degrees in (-180, 180], 0 for straight up, + = the end lies forward of the start; NaN if a
        coordinate is NaN or both points are the same.
    """
    forward, down = end - start
    if facing == "left":
        forward = -forward
    if not np.isfinite([forward, down]).all() or (forward == 0 and down == 0):
        return float("nan")
    return float(np.degrees(np.arctan2(forward, -down)))


def describe(
    back_px: Array,
    front_px: Array,
    joints: Mapping[str, Array],
    facing: Facing,
    vertical_deg: float = 0.0,
) -> Shape | None:
    """Describe a contour.

    Parameters
    ----------
    back_px, front_px : ndarray, shape (n, 2)
        From the thigh upwards, in pixels, y down; NaN where nothing is seen.
    joints : mapping of str to ndarray, shape (2,)
        Pixels of ``hip``, ``shoulder``, ``knee``, ``far_hip``, ``far_shoulder`` and, if the head
        is seen, ``ear``; also ``elbow``, ``wrist``, ``far_elbow`` and ``far_wrist`` if known.
    facing : {"left", "right"}
        Where the person looks in the photo.
    vertical_deg : float
        How far the true vertical leans to the photo's right at the person.

    Returns
    -------
    Shape or None
        None where the back is not seen from the seat to the shoulder.
    """
    hip, shoulder, knee = joints["hip"], joints["shoulder"], joints["knee"]
    unit = float(np.hypot(*(shoulder - hip)))
    if not np.isfinite([*hip, *shoulder, *knee, unit]).all() or unit <= 0:
        return None
    upright = _upright(facing, vertical_deg) / unit

    def placed(points: Array) -> Array:
        return np.asarray((points - hip) @ upright.T)

    behind, before = placed(back_px), placed(front_px)
    back = _heights(behind, BACK_HEIGHTS)
    front = _heights(before, FRONT_HEIGHTS)
    if back is None or front is None:
        return None
    ear = joints.get("ear")
    far = (placed(joints[f"far_{joint}"]) - placed(joints[joint]) for joint in ("shoulder", "hip"))
    return Shape(
        back=back[0],
        slope=back[1],
        front=np.minimum(front[0], _WIDEST),
        lines=np.array([_lean(placed(shoulder)), _lean(-placed(knee))]),
        turn=np.nan_to_num([forward for forward, _ in far]),
        arms=np.concatenate(
            [
                _before_back({n: placed(p) for n, p in joints.items()}, side, *back)
                for side in ("", "far_")
            ]
        ),
        hang=hanging(behind, before),
        neck_deg=float("nan") if ear is None else _lean(placed(ear) - placed(shoulder)),
        trunk_px=unit,
    )


def _upright(facing: Facing, vertical_deg: float) -> Array:
    """Return the matrix from pixels, y down, to forward and up."""
    lean = np.radians(vertical_deg)
    to_right, to_top = np.array([[np.cos(lean), np.sin(lean)], [np.sin(lean), -np.cos(lean)]])
    return np.stack([to_right if facing == "right" else -to_right, to_top])


def _lean(way: Array) -> float:
    return float(np.degrees(np.arctan2(way[0], way[1])))


def _before_back(joints: Mapping[str, Array], side: str, back: Array, _: Array) -> Array:
    """Return how far before the back the hindmost bone of an arm lies, at each height."""
    names = [f"{side}{name}" for name in ("shoulder", "elbow", "wrist")]
    if any(name not in joints for name in names):
        return np.full(len(ARM_HEIGHTS), _NO_ARM)
    shoulder, elbow, wrist = (joints[name] for name in names)
    chain = [shoulder, elbow, wrist, wrist + _FINGERS * (wrist - elbow)]
    hindmost = np.full(len(ARM_HEIGHTS), np.inf)
    for start, end in pairwise(chain):
        rise = end[1] - start[1]
        share = (ARM_HEIGHTS - start[1]) / (rise if abs(rise) > _TINY else _TINY)
        x = start[0] + share * (end[0] - start[0])
        hindmost = np.where((share >= 0) & (share <= 1), np.minimum(hindmost, x), hindmost)
    there = np.interp(ARM_HEIGHTS, BACK_HEIGHTS, back)
    return np.clip(np.nan_to_num(hindmost - there, nan=_NO_ARM), -_NO_ARM, _NO_ARM)


def _heights(points: Array, at: Array) -> tuple[Array, Array] | None:
    """Return where a smooth contour lies at some heights, and its slope there."""
    seen = points[np.isfinite(points).all(axis=1)]
    if not seen.size or seen[:, 1].min() > _SEEN_FROM or seen[:, 1].max() < _SEEN_TO:
        return None
    seen = seen[np.argsort(seen[:, 1], kind="stable")]
    even = np.arange(_SEEN_FROM - 0.3, _SEEN_TO + 0.3, _STEP)
    x = np.interp(even, seen[:, 1], seen[:, 0])
    reach = int(4 * _SMOOTHING / _STEP)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * _STEP / _SMOOTHING) ** 2)
    padded = np.pad(x, reach, mode="edge")
    smooth = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    return np.interp(at, even, smooth), np.interp(at, even, np.gradient(smooth, _STEP))
