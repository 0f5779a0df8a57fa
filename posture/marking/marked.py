"""Turns placed or taped points of pelvis and joints into angles: numpy in, numbers out.

Pelvic tilt comes by its definition from ASIS and PSIS. Intervals come from the errors of the points
alone. For spinous points see `posture.marking.curves`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import estimator, tilt
from posture.marking import profile
from posture.marking.marks import SPINE
from posture.marking.sight import NEARER, PELVIS_MM
from posture.quantities import PELVIC_TILT, Measurement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.marks import Mark
    from posture.marking.sight import Sight, Size
    from posture.shape import Facing

    Array = NDArray[np.float64]

_NORMAL_95: Final = 1.96
_NEARER_SPREAD: Final = 0.12  # how people differ in `NEARER`; chosen
# No pelvis is tipped so far in standing; points that say so are mixed up.
_STEEPEST_DEG: Final = 60.0
_STEP_PX: Final = 0.5
_SURE: Final = 9.0  # standard deviations beyond which a normal distribution holds nothing


def facing_of(asis: Mark, psis: Mark, lean_deg: float) -> Facing:
    """Return where a person looks by their pelvis: the ASIS lies before the PSIS.

    Parameters
    ----------
    asis, psis : Mark
        Both points of the near side.
    lean_deg : float
        How far the true vertical leans to the photo's right.
    """
    to_right, _ = profile.upright(asis.at - psis.at, "right", lean_deg)
    return "right" if to_right >= 0 else "left"


def body_up(marks: Mapping[str, Mark]) -> Array | None:
    """Return which way a body rises by its spine, in pixels right and down; None if not marked."""
    spine = [marks[name].at for name in SPINE if name in marks]
    return spine[0] - spine[-1] if len(spine) > 1 else None


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
    along = max(sd, 1e-9 * length) ** 2
    across = along + (length * bent) ** 2
    angle = np.radians(np.linspace(0, 180, 18001))
    cos, sin = np.cos(angle), np.sin(angle)
    a = cos**2 / along + sin**2 / across
    d = cos * length / along / np.sqrt(a)
    rest = -(length**2) / along / 2
    # That and d**2 / 2: of a small error both are huge, and their sum would be mere rounding.
    aside = -((length * sin) ** 2) / (cos**2 * across + sin**2 * along) / 2
    below = (d > 0).astype(float)
    near = np.abs(d) < _SURE
    below[near] = [math.erfc(-x / math.sqrt(2)) / 2 for x in d[near]]
    density = (np.exp(rest) + np.sqrt(2 * np.pi) * d * below * np.exp(aside)) / a
    share = np.cumsum(density)
    return float(np.degrees(np.interp(0.95, share / share[-1], angle)))


def measure_joints(
    measured: tuple[Measurement, ...],
    joints: Mapping[str, Array],
    marks: Mapping[str, Mark],
    sight: Sight,
    size: Size,
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
    size : Size
        How large it shows the person.
    """

    def values(moved: Mapping[str, Array]) -> dict[str, float]:
        again = tilt.measure_alignment(
            moved, sight.facing, size.stature_px, size.stature_cm, sight.vertical
        )
        return {m.quantity.key: m.value for m in again if m.value is not None}

    known = values(joints)
    variance = dict.fromkeys(known, 0.0)
    for name in marks.keys() & joints.keys():
        sd = math.hypot(marks[name].sd_px, sight.sd_mm(marks[name]) * size.px_per_mm)
        for step in np.eye(2) * _STEP_PX:
            moved = values({**joints, name: joints[name] + step})
            for key in known.keys() & moved.keys():
                variance[key] += ((moved[key] - known[key]) / _STEP_PX * sd) ** 2
    return tuple(_placed(m, marks, variance, sight, size) for m in measured)


def _placed(
    measured: Measurement,
    marks: Mapping[str, Mark],
    variance: Mapping[str, float],
    sight: Sight,
    size: Size,
) -> Measurement:
    if measured.value is None or not set(measured.points) <= marks.keys():
        return measured
    quantity = measured.quantity
    unit = (size.stature_cm or 0.0) / 100 if quantity.unit == "cm" else 1.0
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
