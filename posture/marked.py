"""Turns points that a person placed or taped into angles with intervals: numpy in, numbers out.

Pelvic tilt comes by its definition from ASIS and PSIS, the curves from the most likely back through
the spinous points (`posture.backs`). Intervals come from the errors of the points alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import estimator, tilt
from posture.backs import Observed, most_likely
from posture.marks import BONY_POINTS, PALPATION_SD_MM, PLACEMENT_MM
from posture.quantities import (
    LUMBAR_CURVE,
    PELVIC_TILT,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    Measurement,
    Quantity,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marks import Mark
    from posture.shape import Facing
    from posture.tilt import Vertical

    Array = NDArray[np.float64]

_NORMAL_95: Final = 1.96
#: From ASIS to PSIS, where no other scale is known.
PELVIS_MM: Final = 150.0
_STATURE_MM: Final = 1700.0
# How people's statures differ, and how unsure that is of a person who was found.
_STATURE_SD_SHARE: Final = 0.10
_FOUND_SD_SHARE: Final = 0.03
# A spinous point lies on the skin that is seen: only along the spine does one palpate.
_OFF_SKIN_SD_MM: Final = 2.0
#: How much nearer to the camera the ASIS is than the PSIS of one side (11.8 and 4.3 cm from the
#: middle in the rendered people), as a share of their distance in profile.
NEARER: Final = 0.5
_NEARER_SPREAD: Final = 0.12  # how people differ in that; chosen
# No pelvis is tipped so far in standing; points that say so are mixed up.
_STEEPEST_DEG: Final = 60.0
# Backs of the rendered people reach 2.1; chosen.
_STRANGEST: Final = 4.0
_SPINE: Final = ("c7", "t12", "l1", "l3", "s1")
_STEP_PX: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rise:
    """How far the camera stands above the hips, over its distance from them.

    Attributes
    ----------
    share : float
        + = above.
    sd : float
        Standard deviation of that.
    """

    share: float
    sd: float


@dataclass(frozen=True, slots=True)
class Sight:
    """How a photo shows the person whose points are marked.

    Attributes
    ----------
    facing : {"left", "right"}
        Where the person looks.
    vertical : Vertical
        The true vertical at the person.
    px_per_mm : float or None
        Photo pixels in a millimetre at the person; None if nothing tells.
    stature_px : float or None
        Standing height in photo pixels; None if nobody was found.
    rise : Rise
        Where the camera stands.
    placement_mm : float
        How far 95 of 100 stickers lie from their bone at most.
    """

    facing: Facing
    vertical: Vertical
    px_per_mm: float | None
    stature_px: float | None
    rise: Rise
    placement_mm: float = PLACEMENT_MM

    @property
    def tips_deg(self) -> float:
        """What is added to the line PSIS to ASIS of the photo, since the ASIS is nearer."""
        return -math.degrees(self.rise.share * NEARER)

    def sd_mm(self, mark: Mark) -> float:
        """Return how far a point lies from its bone, as a standard deviation on the skin."""
        return self.placement_mm / 2 if mark.source == "sticker" else PALPATION_SD_MM

    def upright(self, xy: Array) -> Array:
        """Return pixels turned upright, the person facing +x and y up."""
        lean = np.radians(self.vertical.lean_deg)
        x, y = xy[..., 0], -xy[..., 1]
        forward = x * np.cos(lean) - y * np.sin(lean)
        turn = 1.0 if self.facing == "right" else -1.0
        return np.stack([turn * forward, x * np.sin(lean) + y * np.cos(lean)], axis=-1)

    def to_photo(self, upright: Array) -> Array:
        """Return what `upright` made, in pixels again."""
        lean = np.radians(self.vertical.lean_deg)
        turn = 1.0 if self.facing == "right" else -1.0
        x, y = turn * upright[..., 0], upright[..., 1]
        right, up = x * np.cos(lean) + y * np.sin(lean), -x * np.sin(lean) + y * np.cos(lean)
        return np.stack([right, -up], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """What spinous points tell.

    Attributes
    ----------
    measurements : tuple of Measurement
        The curves and the sacral inclination, as far as the points reach.
    skin_px : ndarray, shape (n, 2)
        The most likely skin over the spine, in photo pixels.
    """

    measurements: tuple[Measurement, ...]
    skin_px: Array


def facing_of(marks: Mapping[str, Mark]) -> Facing | None:
    """Return where a person looks by their pelvis: ASIS lies before PSIS; None if not marked."""
    if not {"asis", "psis"} <= marks.keys() or marks["asis"].x == marks["psis"].x:
        return None
    return "right" if marks["asis"].x > marks["psis"].x else "left"


def measure_pelvis(marks: Mapping[str, Mark], sight: Sight) -> Measurement | None:
    """Measure pelvic tilt by its definition: the line PSIS to ASIS against the horizontal.

    Parameters
    ----------
    marks : mapping of str to Mark
        With ``asis`` and ``psis`` of the near side.
    sight : Sight
        How the photo shows the person.

    Returns
    -------
    Measurement or None
        Degrees, + = anterior. None if one of the points is not marked; refused with
        ``points_implausible`` beyond 60 degrees, where the points are mixed up. The interval holds
        95 % of the directions between two points with normal errors (the projected normal
        distribution), the vertical's error and that of the camera's height: the ASIS is nearer to
        the camera and appears lower the higher the camera stands.
    """
    if not {"asis", "psis"} <= marks.keys():
        return None
    asis, psis = marks["asis"], marks["psis"]
    forward, up = sight.upright(asis.at) - sight.upright(psis.at)
    apart = math.hypot(forward, up)
    tilted = math.degrees(math.atan2(-up, forward)) + sight.tips_deg
    if apart == 0 or abs(tilted) > _STEEPEST_DEG:
        return Measurement.refused(PELVIC_TILT, "points_implausible")
    px_per_mm = sight.px_per_mm or apart / PELVIS_MM
    variance = sum(m.sd_px**2 + (sight.sd_mm(m) * px_per_mm) ** 2 for m in (asis, psis))
    bent = math.hypot(
        math.radians(sight.vertical.sd_deg),
        sight.rise.sd * NEARER,
        sight.rise.share * _NEARER_SPREAD,
    )
    half = _direction_half_deg(apart, math.sqrt(variance), bent)
    return Measurement(
        PELVIC_TILT,
        tilted,
        tilted - half,
        tilted + half,
        "marked",
        ("asis", "psis"),
        mdc95=math.sqrt(2) * half,
        relative=tilted,
    )


def _direction_half_deg(length: float, sd: float, bent: float) -> float:
    """Return half of what holds 95 % of the directions of a vector with normal errors.

    Parameters
    ----------
    length, sd : float
        Of the vector, and of each of its coordinates, in one unit.
    bent : float
        Standard deviation of its direction besides, in radians.
    """
    along, across = max(sd, 1e-9 * length) ** 2, max(sd, 1e-9 * length) ** 2
    across += (length * bent) ** 2
    angle = np.radians(np.linspace(0, 180, 18001))
    cos, sin = np.cos(angle), np.sin(angle)
    a = cos**2 / along + sin**2 / across
    d = cos * length / along / np.sqrt(a)
    rest = -(length**2) / along / 2
    below = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in d])
    density = (np.exp(rest) + np.sqrt(2 * np.pi) * d * below * np.exp(rest + d**2 / 2)) / a
    share = np.cumsum(density)
    return float(np.degrees(np.interp(0.95, share / share[-1], angle)))


def measure_spine(marks: Mapping[str, Mark], sight: Sight) -> Spine | None:
    """Measure the curves of the back on the most likely skin through marked points.

    Parameters
    ----------
    marks : mapping of str to Mark
        ``s1``, ``l3`` and one of ``l1`` and ``t12`` for the lumbar curve and the sacral
        inclination, ``c7``, one of ``l1`` and ``t12`` and one below for the thoracic curve; what
        else is marked, ``asis`` and ``psis`` too, makes them surer.
    sight : Sight
        How the photo shows the person.

    Returns
    -------
    Spine or None
        Degrees, signs as in `Quantity`. None if too few points are marked. Refused with
        ``points_implausible`` where no back runs so. The least changes take the whole error for
        noise, so they are rather too large.
    """
    told = [name for name in BONY_POINTS if name in marks]
    spine = [name for name in _SPINE if name in marks]
    chest, low = {"l1", "t12"} & marks.keys(), {"s1", "l3"} & marks.keys()
    wanted: list[Quantity] = []
    if len(low) > 1 and chest:
        wanted += [LUMBAR_CURVE, SACRAL_INCLINATION]
    if "c7" in marks and chest and (low or len(chest) > 1):
        wanted.append(THORACIC_CURVE)
    if not wanted:
        return None
    at = {name: sight.upright(marks[name].at) for name in told}
    if sight.px_per_mm is not None:
        px_per_mm = sight.px_per_mm
    elif {"asis", "psis"} <= marks.keys():
        px_per_mm = float(np.hypot(*(at["asis"] - at["psis"]))) / PELVIS_MM
    else:
        return None
    heights = [at[name][1] for name in spine]
    mixed_up = heights != sorted(heights, reverse=True)
    observed = {
        name: Observed(at[name], _covariance(marks[name], sight, px_per_mm)) for name in told
    }
    stature_px, sd_share = sight.stature_px, _FOUND_SD_SHARE
    if stature_px is None:
        stature_px, sd_share = _STATURE_MM * px_per_mm, _STATURE_SD_SHARE
    back = most_likely(observed, stature_px, sd_share, sight.vertical.sd_deg)
    skin_px = sight.to_photo(back.skin)
    if mixed_up or back.strangeness > _STRANGEST:
        refused = (Measurement.refused(quantity, "points_implausible") for quantity in wanted)
        return Spine(tuple(refused), np.empty((0, 2)))
    measured = []
    for quantity in wanted:
        value, lowest, highest = back.angles[quantity.name]
        if quantity is SACRAL_INCLINATION:
            unsure = (_NORMAL_95 * sight.vertical.sd_deg) ** 2
            lowest = value - math.sqrt((value - lowest) ** 2 + unsure)
            highest = value + math.sqrt((highest - value) ** 2 + unsure)
        noise = (highest - lowest) / math.sqrt(2)
        measured.append(
            Measurement(
                quantity, value, lowest, highest, "marked", tuple(told), mdc95=noise, relative=value
            )
        )
    return Spine(tuple(measured), skin_px)


def _covariance(mark: Mark, sight: Sight, px_per_mm: float) -> Array:
    palpated = sight.sd_mm(mark) * px_per_mm
    return np.diag([(_OFF_SKIN_SD_MM * px_per_mm) ** 2, palpated**2]) + mark.sd_px**2 * np.eye(2)


def measure_joints(
    measured: tuple[Measurement, ...],
    joints: Mapping[str, Array],
    marks: Mapping[str, Mark],
    sight: Sight,
    stature_cm: float | None,
) -> tuple[Measurement, ...]:
    """Give what stands on placed joints alone the error of these.

    Parameters
    ----------
    measured : tuple of Measurement
        What `posture.tilt.measure_alignment` said of the joints.
    joints : mapping of str to ndarray, shape (2,)
        In photo pixels, the placed ones among them.
    marks : mapping of str to Mark
        What was placed.
    sight : Sight
        How the photo shows the person.
    stature_cm : float or None
        As for `measure_alignment`.
    """
    stature_px = sight.stature_px or 0.0
    px_per_mm = sight.px_per_mm or stature_px / _STATURE_MM

    def values(moved: Mapping[str, Array]) -> dict[str, float]:
        again = tilt.measure_alignment(moved, sight.facing, stature_px, stature_cm, sight.vertical)
        return {m.quantity.key: m.value for m in again if m.value is not None}

    known = values(joints)
    variance = dict.fromkeys(known, 0.0)
    for name in marks.keys() & joints.keys():
        sd = math.hypot(marks[name].sd_px, sight.sd_mm(marks[name]) * px_per_mm)
        for step in np.eye(2) * _STEP_PX:
            moved = values({**joints, name: joints[name] + step})
            for key in known.keys() & moved.keys():
                variance[key] += ((moved[key] - known[key]) / _STEP_PX * sd) ** 2
    return tuple(_placed(m, marks, variance, sight, stature_cm) for m in measured)


def _placed(
    measured: Measurement,
    marks: Mapping[str, Mark],
    variance: Mapping[str, float],
    sight: Sight,
    stature_cm: float | None,
) -> Measurement:
    if measured.value is None or not set(measured.points) <= marks.keys():
        return measured
    quantity = measured.quantity
    unit = (stature_cm or 0.0) / 100 if quantity.unit == "cm" else 1.0
    # What joints found by the model lack on average, a placed one does not.
    value = measured.value - estimator.correction(quantity.name) * unit
    unsure = tilt.per_degree(quantity.name)[0] * sight.vertical.sd_deg * unit
    half = _NORMAL_95 * math.hypot(math.sqrt(variance[quantity.key]), unsure)
    return replace(
        measured,
        value=value,
        low=value - half,
        high=value + half,
        tier="marked",
        mdc95=math.sqrt(2) * half,
        relative=value,
    )
