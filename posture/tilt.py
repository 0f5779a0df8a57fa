"""Turns points and the contour of the back into angles with intervals: numpy in, numbers out.

Points come in pixels as an image has them, x right and y down, with the side to which the person
looks and how the true vertical leans in the photo. Inside, the person is mirrored to look towards
+x, y is turned up and the vertical upright, so that a mirrored photo, or one turned together with
its vertical, gives the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import estimator
from posture.quantities import (
    KNEE_ANGLE,
    LUMBAR_CURVE,
    OFFSETS_CM,
    OFFSETS_PCT,
    PELVIC_TILT,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    TRUNK_LEAN,
    Measurement,
    Quantity,
)
from posture.shape import Facing, Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Standard deviation of the Gaussian that smooths the contour of the back, as a share of stature.
SMOOTHING: Final = 0.015
_STEP: Final = 0.002

# Where the inflections are sought, along the line from the hip (0) to the shoulder (1).
_LUMBOSACRAL: Final = (-0.15, 0.45)
_THORACOLUMBAR: Final = (0.20, 0.85)

_NORMAL_95: Final = 1.96
# Cadaver pelves held in one position differ by this in their ASIS-PSIS angle (Preece 2008,
# PMC2565125); nothing on the outside of a body shows it.
_PELVIC_ANATOMY_SD_DEG: Final = 5.0

_MOST_UNSURE_DEG: Final = 2.0  # the networks learned from verticals that are no more unsure

_ENDS: Final = ("lumbosacral", "thoracolumbar")


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
class Vertical:
    """The true vertical at the person.

    Attributes
    ----------
    lean_deg : float
        How far it leans to the photo's right.
    sd_deg : float
        Standard deviation of that.
    found : bool
        Whether the photo shows it; otherwise its own up is taken for it.
    """

    lean_deg: float = 0.0
    sd_deg: float = 0.0
    found: bool = False

    def forward_deg(self, facing: Facing) -> float:
        """Return how far it leans to where the person looks."""
        return self.lean_deg if facing == "right" else -self.lean_deg


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

    @property
    def contour_curve_deg(self) -> float:
        """Angle between the contour's own tangents at the two inflections, + = hollow."""
        return self.lumbosacral.contour_deg - self.thoracolumbar.contour_deg

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

    The contour is resampled by its arc length and smoothed with a Gaussian of ``SMOOTHING`` of
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


def measure_back(
    shape: Shape, vertical: Vertical, circumstances: Mapping[str, float]
) -> tuple[Measurement, ...]:
    """Measure pelvis and spine on the contour of the trunk.

    The networks of `posture.estimator` were fitted to rendered people whose angles are known.

    Parameters
    ----------
    shape : Shape
        The contour, described upright by the same vertical.
    vertical : Vertical
        How sure the vertical is widens the angles to it.
    circumstances : mapping of str to float
        What widens the intervals, 0 for not at all: see ``estimator.json``.

    Returns
    -------
    tuple of Measurement
        Pelvic tilt, lumbar curve, sacral inclination and thoracic curve in degrees, signs as in
        `Quantity`; the last is refused with ``missing_points`` where the head is not seen.
        Errors: see the accuracy page.
    """
    numbers = inputs(shape.numbers(), vertical.sd_deg)
    voted = estimator.network("back")(numbers)
    with_neck = np.append(numbers, shape.neck_deg / 5)
    neck = estimator.network("neck")(with_neck) if np.isfinite(with_neck).all() else {}
    circumstances = {
        **circumstances,
        "strange": max(estimator.network("back").strangeness(numbers) - 1.0, 0.0),
    }

    def measured(quantity: Quantity, value: float, points: tuple[str, ...]) -> Measurement:
        value += estimator.correction(quantity.name)
        return _measured(quantity, value, points, vertical, circumstances)

    return (
        measured(PELVIC_TILT, voted["pelvic_tilt"], _ENDS),
        measured(LUMBAR_CURVE, voted["lumbar_curve"], _ENDS),
        measured(SACRAL_INCLINATION, voted["sacral_inclination"], _ENDS[:1]),
        measured(
            THORACIC_CURVE,
            neck.get("thoracic_curve", float("nan")),
            ("thoracolumbar", "shoulder", "ear"),
        ),
    )


def inputs(numbers: Array, vertical_sd_deg: float) -> Array:
    """Return what the networks of back and neck read: a shape, and how sure its vertical is."""
    return np.append(numbers, min(vertical_sd_deg, _MOST_UNSURE_DEG))


@dataclass(frozen=True, slots=True)
class Cover:
    """What seems to cover the back, as far as its contour tells.

    Attributes
    ----------
    cloth_cm : float
        How far cloth stands off the skin of the low back.
    arm_share, hair_share : float
        Share of the back, about 0 to 1, whose contour is an arm's, or hair's.
    """

    cloth_cm: float
    arm_share: float
    hair_share: float


def covered(shape: Shape) -> Cover:
    """Return what seems to cover the back."""
    return Cover(**estimator.network("cover")(shape.of_cover()))


def measure_alignment(
    joints: Mapping[str, Array],
    facing: Facing,
    stature_px: float,
    stature_cm: float | None = None,
    vertical: Vertical = Vertical(),
) -> tuple[Measurement, ...]:
    """Measure trunk, knee and plumb offsets on the joints of the near side.

    Parameters
    ----------
    joints : mapping of str to ndarray, shape (2,)
        Pixels of ``ear``, ``shoulder``, ``hip``, ``knee`` and ``ankle``; NaN or absent if unknown.
    facing : {"left", "right"}
        Where the person looks in the photo.
    stature_px : float
        Standing height in pixels.
    stature_cm : float, optional
        Standing height in centimetres; gives the offsets in centimetres as well.
    vertical : Vertical, optional
        The true vertical, from which trunk lean and offsets are taken.

    Returns
    -------
    tuple of Measurement
        Trunk lean (degrees, + = forward), knee angle (degrees, 180 = straight, more is
        hyperextension) and the offsets from the vertical through the ankle (percent of stature,
        + = forward). What lacks a point is refused with the code ``missing_points``.
    """
    unknown = np.full(2, np.nan)
    ear, shoulder, hip, knee, ankle = (
        joints.get(n, unknown) for n in ("ear", "shoulder", "hip", "knee", "ankle")
    )
    upright = vertical.forward_deg(facing)
    lean = inclination_deg(hip, shoulder, facing) - upright
    shank, thigh = inclination_deg(ankle, knee, facing), inclination_deg(knee, hip, facing)
    bend = (shank - thigh + 180.0) % 360.0 - 180.0

    def measured(quantity: Quantity, raw: float, *points: str, per: float = 1.0) -> Measurement:
        value = raw + estimator.correction(quantity.name)
        return _measured(quantity, value, points, vertical, {}, per_unit=per)

    alignment = [
        measured(TRUNK_LEAN, lean, "hip", "shoulder"),
        measured(KNEE_ANGLE, 180.0 - bend, "hip", "knee", "ankle"),
    ]
    to_front = 1.0 if facing == "right" else -1.0
    to_right, down = np.cos(np.radians(vertical.lean_deg)), np.sin(np.radians(vertical.lean_deg))
    for quantity, in_cm, joint in zip(
        OFFSETS_PCT, OFFSETS_CM, (ear, shoulder, hip, knee), strict=True
    ):
        # The way across the vertical, which leans to the photo's right by its angle.
        across = (joint[0] - ankle[0]) * to_right + (joint[1] - ankle[1]) * down
        percent = float(to_front * across / stature_px * 100) if stature_px > 0 else float("nan")
        points = (quantity.name.removesuffix("_offset"), "ankle")
        alignment.append(measured(quantity, percent, *points))
        if stature_cm is not None:
            alignment.append(measured(in_cm, percent, *points, per=stature_cm / 100))
    return tuple(alignment)


#: How much an angle to the vertical errs where the vertical errs by a degree, in its own unit. An
#: offset errs by the height of its joint above the ankle (Drillis and Contini 1966), per degree.
PER_DEGREE: Final[Mapping[str, float]] = {
    "pelvic_tilt": 1.0,
    "sacral_inclination": 1.0,
    "trunk_lean": 1.0,
    "ear_offset": 0.897 * np.pi / 1.8,
    "shoulder_offset": 0.779 * np.pi / 1.8,
    "hip_offset": 0.491 * np.pi / 1.8,
    "knee_offset": 0.246 * np.pi / 1.8,
}


def _measured(
    quantity: Quantity,
    value: float,
    points: tuple[str, ...],
    vertical: Vertical,
    circumstances: Mapping[str, float],
    *,
    per_unit: float = 1.0,
) -> Measurement:
    if not np.isfinite(value):
        return Measurement.refused(quantity, "missing_points")
    known = estimator.error(quantity.name)
    turned = _NORMAL_95 * vertical.sd_deg * PER_DEGREE.get(quantity.name, 0.0)
    anatomy = _NORMAL_95 * _PELVIC_ANATOMY_SD_DEG if quantity is PELVIC_TILT else 0.0
    half = float(np.sqrt(known.half_in(circumstances) ** 2 + turned**2 + anatomy**2)) * per_unit
    value *= per_unit
    return Measurement(
        quantity,
        value,
        value - half,
        value + half,
        "outline",
        points,
        mdc95=float(np.hypot(known.mdc95, np.sqrt(2) * turned)) * per_unit,
    )


def _within(height: Array, low: float, high: float) -> NDArray[np.intp]:
    return np.flatnonzero((height >= low) & (height <= high))


def _smooth(values: Array) -> Array:
    """Convolve with a Gaussian; beyond its ends the curve goes on turned about its last point."""
    sigma = SMOOTHING / _STEP
    reach = min(int(np.ceil(4 * sigma)), len(values) - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
