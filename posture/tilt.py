"""Turns points and the contour of the back into angles with intervals: numpy in, numbers out.

Points come in pixels as an image has them, x right and y down, with the side to which the person
looks. Inside, the person is mirrored to look towards +x and y is turned up, so that a mirrored
photo gives the same values. Every angle to the vertical turns with the photo, degree for degree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Tier = Literal["marked", "outline", "refused"]
Facing = Literal["left", "right"]

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


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured.

    Attributes
    ----------
    name : str
        For example ``"pelvic_tilt"``.
    unit : {"deg", "pct", "cm"}
        Degrees, percent of stature, or centimetres.
    positive, negative : str
        What a value above and below zero is called; empty where the sign has no name.
    """

    name: str
    unit: Literal["deg", "pct", "cm"]
    positive: str = ""
    negative: str = ""

    @property
    def key(self) -> str:
        """Name and unit in one, for example ``"pelvic_tilt_deg"``."""
        return f"{self.name}_{self.unit}"


PELVIC_TILT: Final = Quantity("pelvic_tilt", "deg", "anterior", "posterior")
LUMBAR_CURVE: Final = Quantity("lumbar_curve", "deg", "lordosis", "kyphosis")
THORACIC_CURVE: Final = Quantity("thoracic_curve", "deg", "kyphosis", "lordosis")
SACRAL_INCLINATION: Final = Quantity("sacral_inclination", "deg", "anterior", "posterior")
TRUNK_LEAN: Final = Quantity("trunk_lean", "deg", "forward", "backward")
KNEE_ANGLE: Final = Quantity("knee_angle", "deg")
OFFSET_JOINTS: Final = ("ear", "shoulder", "hip", "knee")
OFFSETS_PCT: Final = tuple(
    Quantity(f"{joint}_offset", "pct", "forward", "backward") for joint in OFFSET_JOINTS
)
OFFSETS_CM: Final = tuple(Quantity(q.name, "cm", q.positive, q.negative) for q in OFFSETS_PCT)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number with its interval and how it was come by.

    Attributes
    ----------
    quantity : Quantity
        What is measured, with its unit and signs.
    value : float or None
        The number; None if refused.
    low, high : float or None
        The 95 % interval; None if refused.
    tier : {"marked", "outline", "refused"}
        Marked on the skin or by a person; read off the outline and the joints found in the photo;
        or nothing that a number can stand on.
    points : tuple of str
        Names of the points that the number stands on.
    reasons : tuple of str
        Codes of what limits or refuses it, see `posture.quality.explain`.
    """

    quantity: Quantity
    value: float | None
    low: float | None
    high: float | None
    tier: Tier
    points: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @classmethod
    def refused(cls, quantity: Quantity, *reasons: str) -> Measurement:
        """Return a measurement without a number, for the reasons given by their codes."""
        return cls(quantity, None, None, None, "refused", (), reasons)

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return f"refused: {', '.join(self.reasons)}"
        unit = {"deg": "deg", "pct": "% of stature", "cm": "cm"}[self.quantity.unit]
        value, low, high = (round(n, 1) + 0.0 for n in (self.value, self.low, self.high))
        text = f"{value} {unit} (95 % interval {low} to {high})"
        sign = self.quantity.positive if value > 0 else self.quantity.negative if value else ""
        return ", ".join(part for part in (text, sign, _TIER_WORDS[self.tier]) if part)


_TIER_WORDS: Final = {"outline": "from the outline", "marked": "from marked points"}


@dataclass(frozen=True, slots=True)
class Inflection:
    """A point where the contour of the back turns from hollow to round.

    Attributes
    ----------
    x_px, y_px : float
        Where it lies, in photo pixels.
    contour_deg : float
        Tangent of the contour there, from the vertical, in (-180, 180]; + = forward with height.
    skin_deg : float
        The same for the skin over the spine, which muscles and buttocks hide behind the contour.
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

    @property
    def contour_curve_deg(self) -> float:
        """Angle between the contour's own tangents at the two inflections, + = hollow."""
        return self.lumbosacral.contour_deg - self.thoracolumbar.contour_deg


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
    curve = float(tangent[lumbosacral] - tangent[thoracolumbar])

    def inflection(i: np.intp, among: NDArray[np.intp], name: str) -> Inflection:
        place = np.array([x[i], y[i]]) * stature_px * turn + hip
        direction = float(tangent[i])
        skin = direction + _lines()[name].at(curve)
        found = bool(among[0] < i < among[-1])
        return Inflection(float(place[0]), float(place[1]), direction, skin, found)

    hollow = _within(height, min(0.0, height[lumbosacral]), height[thoracolumbar])
    hidden_there = np.interp(even, walked, covered.astype(float))[hollow] > 0
    return Back(
        inflection(lumbosacral, low, "lumbosacral"),
        inflection(thoracolumbar, high, "thoracolumbar"),
        float(hidden_there.mean()),
    )


def measure_back(
    back: Back, shoulder: Array, ear: Array, facing: Facing
) -> tuple[Measurement, ...]:
    """Measure pelvis and spine on the contour of the back.

    Parameters
    ----------
    back : Back
        The contour, read.
    shoulder, ear : ndarray, shape (2,)
        Joints in pixels. Shoulder blades and hair hide the skin over the upper spine; its tangent
        at the neck is taken along the line from shoulder to ear.
    facing : {"left", "right"}
        Where the person looks in the photo.

    Returns
    -------
    tuple of Measurement
        Pelvic tilt, lumbar curve, sacral inclination and thoracic curve in degrees, signs as in
        `Quantity`. Errors: see the provenance in ``estimator.json``.
    """
    lines, curve = _lines(), back.contour_curve_deg
    sacral, chest = back.lumbosacral.skin_deg, back.thoracolumbar.skin_deg
    tilt = back.lumbosacral.contour_deg + lines["pelvic_tilt"].at(curve)
    neck = inclination_deg(shoulder, ear, facing) + lines["cervicothoracic"].at(curve)
    ends = ("lumbosacral", "thoracolumbar")
    return (
        _measured(PELVIC_TILT, tilt, ends, also_sd=_PELVIC_ANATOMY_SD_DEG),
        _measured(LUMBAR_CURVE, sacral - chest, ends),
        _measured(SACRAL_INCLINATION, sacral, ("lumbosacral",)),
        _measured(THORACIC_CURVE, neck - chest, ("thoracolumbar", "shoulder", "ear")),
    )


def measure_alignment(
    joints: Mapping[str, Array], facing: Facing, stature_px: float, stature_cm: float | None = None
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
    lean = inclination_deg(hip, shoulder, facing)
    shank, thigh = inclination_deg(ankle, knee, facing), inclination_deg(knee, hip, facing)
    bend = (shank - thigh + 180.0) % 360.0 - 180.0
    measured = [
        _measured(TRUNK_LEAN, lean + _lines()["trunk_lean"].at(0), ("hip", "shoulder")),
        _measured(
            KNEE_ANGLE,
            180.0 - bend + _lines()["knee_angle"].at(0),
            ("hip", "knee", "ankle"),
        ),
    ]
    to_front = 1.0 if facing == "right" else -1.0
    for quantity, in_cm, joint in zip(
        OFFSETS_PCT, OFFSETS_CM, (ear, shoulder, hip, knee), strict=True
    ):
        share = to_front * (joint[0] - ankle[0]) / stature_px if stature_px > 0 else np.nan
        points = (quantity.name.removesuffix("_offset"), "ankle")
        percent = float(share) * 100 + _lines()[quantity.name].at(0)
        measured.append(_measured(quantity, percent, points))
        if stature_cm is not None:
            measured.append(_measured(in_cm, percent, points, per_unit=stature_cm / 100))
    return tuple(measured)


def _measured(
    quantity: Quantity,
    value: float,
    points: tuple[str, ...],
    *,
    also_sd: float = 0.0,
    per_unit: float = 1.0,
) -> Measurement:
    value *= per_unit
    if not np.isfinite(value):
        return Measurement.refused(quantity, "missing_points")
    half = _NORMAL_95 * float(np.hypot(_lines()[quantity.name].sd, also_sd)) * per_unit
    return Measurement(
        quantity, value, value - half, value + half, "outline", points, ("provisional",)
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A fitted correction: ``intercept + per_curve * curve``, with the error that it leaves."""

    intercept: float
    per_curve: float
    sd: float

    def at(self, curve_deg: float) -> float:
        return self.intercept + self.per_curve * curve_deg


@cache
def _lines() -> Mapping[str, _Line]:
    fitted = json.loads((Path(__file__).parent / "estimator.json").read_text("utf-8"))
    return {name: _Line(**line) for name, line in fitted["lines"].items()}


def _within(height: Array, low: float, high: float) -> NDArray[np.intp]:
    return np.flatnonzero((height >= low) & (height <= high))


def _smooth(values: Array) -> Array:
    """Convolve with a Gaussian; beyond its ends the curve goes on turned about its last point."""
    sigma = SMOOTHING / _STEP
    reach = min(int(np.ceil(4 * sigma)), len(values) - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")
