"""Describes how a contour hangs, in numbers that tell cloth from skin: numpy alone.

Cloth that hangs free runs straight where a back is hollow, and ends in a hem: a step inwards on the
way down. The numbers belong to those of `posture.shape`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Heights above the hip, as shares of the trunk.
_STEP: Final = 0.01
_HEIGHTS: Final = np.arange(-0.68, 0.90, _STEP)
_HEM_BELOW: Final = 0.15  # a shirt's hem lies lower
_HEM_LENGTHS: Final = (0.02, 0.04)
_WAIST, _SEAT, _CHEST = (0.2, 0.6), (-0.1, 0.1), (0.6, 0.75)
_RUNS: Final = ((0.1, 0.5), (0.3, 0.7), (0.1, 0.75))
_AROUND: Final = 12  # steps: a hem is told from the slope of the seat around it
_FINE: Final = 2
_TALLEST_STEPS: Final = 5


def hanging(back: Array, front: Array) -> Array:
    """Return 37 numbers about hems, straight runs and depths.

    Parameters
    ----------
    back, front : ndarray, shape (n, 2)
        Contours by how far forward and up from the hip they lie, in shares of the trunk; rows of
        NaN are bridged.
    """
    behind, before = (_even(side) for side in (back, front))
    depth = before - behind
    numbers = [
        10 * depth[_between(*_WAIST)].min(),
        10 * depth[_between(*_SEAT)].mean(),
        10 * depth[_between(*_CHEST)].mean(),
    ]
    for side, outwards in ((behind, -1.0), (before, 1.0)):
        numbers += _hems(outwards * side)
        for low, high in _RUNS:
            numbers += _straightness(side, low, high)
        bend = np.abs(np.gradient(np.gradient(_gaussian(side, _FINE))))
        numbers += [
            2000 * bend[_between(0.15, 0.75)].mean(),
            500 * bend[_HEIGHTS < _HEM_BELOW].max(),
        ]
    return np.array(numbers)


def _even(side: Array) -> Array:
    seen = side[np.isfinite(side).all(axis=1)]
    seen = seen[np.argsort(seen[:, 1], kind="stable")]
    return np.asarray(np.interp(_HEIGHTS, seen[:, 1], seen[:, 0]))


def _hems(outward: Array) -> list[float]:
    """Return height and size of the most hem-like steps: what is above stands out further."""
    numbers: list[float] = []
    for length in _HEM_LENGTHS:
        steps = round(length / _STEP)
        step = outward[steps:] - outward[:-steps]
        sudden = (step - _gaussian(step, _AROUND))[_HEIGHTS[:-steps] < _HEM_BELOW]
        most = int(sudden.argmax())
        largest = np.sort(sudden)
        numbers += [20 * largest[-1], 3 * _HEIGHTS[most], 20 * largest[-_TALLEST_STEPS]]
    return numbers


def _straightness(side: Array, low: float, high: float) -> list[float]:
    """Return bend and slope of a stretch, and how far it strays from a straight line."""
    where = _between(low, high)
    height, x = _HEIGHTS[where], side[where]
    bend, slope, _ = _fitting(low, high, 2) @ x
    stray = x - np.vander(height, 2) @ (_fitting(low, high, 1) @ x)
    return [3 * float(bend), 5 * float(slope), 50 * float(stray.std())]


@cache
def _fitting(low: float, high: float, degree: int) -> Array:
    """Return what gives, of a stretch, the coefficients of the polynomial nearest to it."""
    return np.asarray(np.linalg.pinv(np.vander(_HEIGHTS[_between(low, high)], degree + 1)))


def _between(low: float, high: float) -> NDArray[np.bool_]:
    return (low < _HEIGHTS) & (high > _HEIGHTS)


def _gaussian(values: Array, sigma: float) -> Array:
    reach = int(4 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), mode="valid")
