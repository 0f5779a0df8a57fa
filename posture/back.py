"""Finds where the back's contour turns from hollow to round, and how it runs there: numpy alone.

Points come in pixels as an image has them, x right and y down, with the side to which the person
looks. Inside, the person is mirrored to look towards +x and y is turned up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.shape import Facing

    Array = NDArray[np.float64]

# Standard deviation of the Gaussian that smooths the contour of the back, as a share of stature.
_SMOOTHING: Final = 0.015
_STEP: Final = 0.002

# Where the inflections are sought, along the line from the hip (0) to the shoulder (1).
_LUMBOSACRAL: Final = (-0.15, 0.45)
_THORACOLUMBAR: Final = (0.20, 0.85)


@dataclass(frozen=True, slots=True)
class Inflection:
    """A point where the contour of the back turns from hollow to round.

    Attributes
    ----------
    x_px, y_px : float
        Where it lies, in photo pixels.
    contour_deg : float
        Tangent of the contour there, from the photo's own up, in (-180, 180]; + = forward with
        height.
    skin_deg : float
        The same for the skin over the spine, as it was measured; muscles and buttocks hide it
        behind the contour.
    found : bool
        False if the contour still turned on where the search ended: no inflection was seen.
    """

    x_px: float
    y_px: float
    contour_deg: float
    skin_deg: float
    found: bool = True


@dataclass(frozen=True, slots=True)
class Back:
    """The contour of the back, read.

    Attributes
    ----------
    lumbosacral, thoracolumbar : Inflection
        Where the hollow of the low back ends below and above.
    hidden_share : float
        Share, 0 to 1, of the contour from hip to thoracolumbar inflection that an arm hides.
    """

    lumbosacral: Inflection
    thoracolumbar: Inflection
    hidden_share: float

    def with_skin(self, sacral_deg: float, lumbar_deg: float, upright_deg: float) -> Back:
        """Return the same with the tangents of the skin, for drawing.

        Parameters
        ----------
        sacral_deg, lumbar_deg : float
            Sacral inclination and lumbar curve as measured.
        upright_deg : float
            How far the true vertical leans forward in the photo.
        """
        low = replace(self.lumbosacral, skin_deg=sacral_deg + upright_deg)
        high = replace(self.thoracolumbar, skin_deg=sacral_deg - lumbar_deg + upright_deg)
        return replace(self, lumbosacral=low, thoracolumbar=high)


def read_back(
    back_px: Array,
    hidden: NDArray[np.bool_],
    *,
    hip: Array,
    shoulder: Array,
    facing: Facing,
    stature_px: float,
) -> Back | None:
    """Find the inflections of the back's contour and the tangents there.

    The contour is resampled by its arc length and smoothed with a Gaussian of ``_SMOOTHING`` of
    stature. Going up from the seat it leans ever more forward until the lumbosacral inflection,
    then back until the thoracolumbar one (the definition of rasterstereography, Drerup and
    Lippold), so the two are its steepest forward and backward tangents.

    Parameters
    ----------
    back_px : ndarray, shape (n, 2)
        The contour from the thigh upwards, in pixels; a NaN row is bridged and counts as hidden.
    hidden : ndarray of bool, shape (n,)
        Rows that show something other than the back.
    hip, shoulder : ndarray, shape (2,)
        Joints in pixels; the inflections are sought between them.
    facing : {"left", "right"}
        Where the person looks in the photo.
    stature_px : float
        Standing height in pixels.

    Returns
    -------
    Back or None
        None where the contour does not reach from the seat to the chest.
    """
    turn = np.array([1.0 if facing == "right" else -1.0, -1.0])
    known = np.flatnonzero(np.isfinite(back_px).all(axis=1))
    axis = (shoulder - hip) * turn
    if not known.size or not np.isfinite([*axis, stature_px]).all() or stature_px <= 0:
        return None
    rows = np.arange(known[0], known[-1] + 1)
    bridged = np.column_stack([np.interp(rows, known, back_px[known, i]) for i in (0, 1)])
    covered = hidden[rows] | ~np.isin(rows, known)
    contour = (bridged - hip) * turn / stature_px
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(contour, axis=0).T))])
    if walked[-1] <= _STEP:
        return None
    even = np.arange(0.0, walked[-1], _STEP)
    x, y = (_smooth(np.interp(even, walked, column)) for column in contour.T)
    tangent = np.degrees(np.arctan2(np.gradient(x), np.gradient(y)))
    height = (x * axis[0] + y * axis[1]) * stature_px / float(axis @ axis)
    if height[0] > 0 or height[-1] < _THORACOLUMBAR[1]:
        return None

    low = _within(height, *_LUMBOSACRAL)
    if not low.size:
        return None
    lumbosacral = low[np.argmax(tangent[low])]
    high = _within(height, max(_THORACOLUMBAR[0], height[lumbosacral]), _THORACOLUMBAR[1])
    if not high.size:
        return None
    thoracolumbar = high[np.argmin(tangent[high])]

    def inflection(i: np.intp, among: NDArray[np.intp]) -> Inflection:
        place = np.array([x[i], y[i]]) * stature_px * turn + hip
        found = bool(among[0] < i < among[-1])
        return Inflection(
            float(place[0]), float(place[1]), float(tangent[i]), float(tangent[i]), found
        )

    hollow = _within(height, min(0.0, height[lumbosacral]), height[thoracolumbar])
    hidden_there = np.interp(even, walked, covered.astype(float))[hollow] > 0
    return Back(
        inflection(lumbosacral, low),
        inflection(thoracolumbar, high),
        float(hidden_there.mean()),
    )


def along_skin(
    skin_px: Array, skin: Array, low: Array, high: Array, upright_deg: float
) -> Back | None:
    """Find where a smooth line of skin turns from hollow to round, for drawing.

    Parameters
    ----------
    skin_px : ndarray, shape (n, 2)
        From below upwards, in photo pixels.
    skin : ndarray, shape (n, 2)
        The same turned upright: the person faces +x, y is up.
    low, high : ndarray, shape (2,)
        Points on it, upright: the hollow ends below between the first point and a little above
        ``low``, and above from there on, up to as far above ``high`` as that lies above ``low``.
    upright_deg : float
        How far the true vertical leans forward in the photo.

    Returns
    -------
    Back or None
        None if the skin does not reach to both sides of where the hollow is deepest: points that
        are placed most unsurely need not lie beside it.
    """
    x, y = skin.T
    tangent = np.degrees(np.arctan2(np.gradient(x), np.gradient(y)))
    middle, top = (low[1] + high[1]) / 2, 2 * high[1] - low[1]
    below = np.flatnonzero(y <= middle)
    above = np.flatnonzero((y >= middle) & (y <= top))
    if not (below.size and above.size):
        return None
    ends = (below[np.argmax(tangent[below])], above[np.argmin(tangent[above])])
    in_photo = (tangent + upright_deg + 180) % 360 - 180
    sacral, chest = (
        Inflection(
            float(skin_px[i, 0]), float(skin_px[i, 1]), float(in_photo[i]), float(in_photo[i])
        )
        for i in ends
    )
    return Back(sacral, chest, 0.0)


def _within(height: Array, low: float, high: float) -> NDArray[np.intp]:
    return np.flatnonzero((height >= low) & (height <= high))


def _smooth(values: Array) -> Array:
    """Convolve with a Gaussian; beyond its ends the curve goes on turned about its last point."""
    sigma = _SMOOTHING / _STEP
    reach = min(int(np.ceil(4 * sigma)), len(values) - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
