"""Turns points and the shape of the trunk into angles with intervals: numpy in, numbers out.

Points come in pixels as an image has them, x right and y down, with the side to which the person
looks and how the true vertical leans in the photo. Inside, the person is mirrored to look towards
+x, y is turned up and the vertical upright, so that a mirrored photo, or one turned together with
its vertical, gives the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from types import MappingProxyType
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
from posture.shape import Facing, Shape, inclination_deg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_NORMAL_95: Final = 1.96
# Cadaver pelves held in one position differ by this in their ASIS-PSIS angle (Preece 2008,
# PMC2565125); nothing on the outside of a body shows it.
_PELVIC_ANATOMY_SD_DEG: Final = 5.0

_MOST_UNSURE_DEG: Final = 2.0  # the networks learned from verticals that are no more unsure

# In telling a change both photos are taken for as sure as this.
_SURE_ENOUGH_DEG: Final = 1.0

# What seems to be cloth on a bare back is none; but cloth may have the colour of skin, and where it
# hangs far off it is still seen. Chosen on the calibrate split.
_CM_LESS_WHERE_BARE: Final = 1.0

_ENDS: Final = ("lumbosacral", "thoracolumbar")


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
    drawn : bool
        Whether a person drew it.
    """

    lean_deg: float = 0.0
    sd_deg: float = 0.0
    found: bool = False
    drawn: bool = False

    def forward_deg(self, facing: Facing) -> float:
        """Return how far it leans to where the person looks."""
        return self.lean_deg if facing == "right" else -self.lean_deg


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
    relative = estimator.network("change")(inputs_of_change(shape.numbers()))
    with_neck = np.append(numbers, shape.neck_deg / 5)
    neck = estimator.network("neck")(with_neck) if np.isfinite(with_neck).all() else {}
    circumstances = {
        **circumstances,
        "strange": max(estimator.network("back").strangeness(numbers) - 1.0, 0.0),
    }

    def measured(quantity: Quantity, value: float, points: tuple[str, ...]) -> Measurement:
        value += estimator.correction(quantity.name)
        apart = relative.get(quantity.name, value)
        return _measured(quantity, value, points, vertical, circumstances, relative=apart)

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


def inputs_of_change(numbers: Array) -> Array:
    """Return what tells one photo of a person from another: a shape, and the back's votes on it."""
    voted = estimator.network("back")(inputs(numbers, _SURE_ENOUGH_DEG))
    return np.append(numbers, list(voted.values()))


@dataclass(frozen=True, slots=True)
class Cover:
    """What seems to cover the back, as far as its contour and colour tell.

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

    def on_skin(self, bare_share: float) -> Cover:
        """Return the same for a low back of which some share, 0 to 1, is seen to be bare."""
        return replace(self, cloth_cm=self.cloth_cm - _CM_LESS_WHERE_BARE * bare_share)

    def circumstances(self, limits: Cover) -> dict[str, float]:
        """Return how near each comes to what is refused: 0 not at all, 1 just not refused."""
        return {
            name: float(np.clip(found / limit, 0.0, 1.0))
            for name, found, limit in zip(
                ("cloth", "arm", "hair"), astuple(self), astuple(limits), strict=True
            )
        }


def covered(shape: Shape) -> Cover:
    """Return what seems to cover the back."""
    return Cover(**estimator.network("cover")(shape.numbers()))


def measure_alignment(
    joints: Mapping[str, Array],
    facing: Facing,
    stature_px: float,
    stature_cm: float | None = None,
    vertical: Vertical = Vertical(),
    circumstances: Mapping[str, float] = MappingProxyType({}),
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
    circumstances : mapping of str to float, optional
        What widens the intervals, 0 for not at all: see ``estimator.json``.

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
        return _measured(quantity, value, points, vertical, circumstances, per_unit=per)

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


# An offset errs by the height of its joint above the ankle (Drillis and Contini 1966), per degree.
_JOINTS_PER_DEGREE: Final[Mapping[str, float]] = {
    "trunk_lean": 1.0,
    "ear_offset": 0.897 * np.pi / 1.8,
    "shoulder_offset": 0.779 * np.pi / 1.8,
    "hip_offset": 0.491 * np.pi / 1.8,
    "knee_offset": 0.246 * np.pi / 1.8,
}


def per_degree(quantity: str) -> tuple[float, float]:
    """Return how much a value and its change err where the vertical errs by a degree.

    A network told how unsure the vertical is follows it only in part.
    """
    if quantity in _JOINTS_PER_DEGREE:
        return (_JOINTS_PER_DEGREE[quantity],) * 2
    return estimator.per_degree(quantity)


def _measured(
    quantity: Quantity,
    value: float,
    points: tuple[str, ...],
    vertical: Vertical,
    circumstances: Mapping[str, float],
    *,
    relative: float | None = None,
    per_unit: float = 1.0,
) -> Measurement:
    if not np.isfinite(value):
        return Measurement.refused(quantity, "missing_points")
    known = estimator.error(quantity.name)
    unsure = _NORMAL_95 * vertical.sd_deg
    of_value, of_change = (unsure * errs for errs in per_degree(quantity.name))
    anatomy = _NORMAL_95 * _PELVIC_ANATOMY_SD_DEG if quantity is PELVIC_TILT else 0.0
    half = float(np.sqrt(known.half_in(circumstances) ** 2 + of_value**2 + anatomy**2)) * per_unit
    return Measurement(
        quantity,
        value * per_unit,
        value * per_unit - half,
        value * per_unit + half,
        "outline",
        points,
        mdc95=float(np.hypot(known.mdc95, np.sqrt(2) * of_change)) * per_unit,
        relative=(value if relative is None else relative) * per_unit,
    )
