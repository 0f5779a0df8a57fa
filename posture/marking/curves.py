"""Turns spinous points that a person placed or taped into curves: numpy in, numbers out.

They are those of the most likely back through the points (`posture.marking.backs`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.backs import LikelyBack, Observed, most_likely
from posture.marking.marks import BONY_POINTS, SPINE, USUAL_STATURE_CM
from posture.marking.sight import PELVIS_MM
from posture.quantities import (
    LUMBAR_CURVE,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    Measurement,
    Quantity,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.marks import Mark
    from posture.marking.sight import Sight

    Array = NDArray[np.float64]

_NORMAL_95: Final = 1.96
# How people's statures differ, and how unsure that is of a person who was found.
_STATURE_SD_SHARE: Final = 0.10
_FOUND_SD_SHARE: Final = 0.03
# A spinous point lies on the skin that is seen: only along the spine does one palpate.
_OFF_SKIN_SD_MM: Final = 2.0
# Backs of the rendered people reach 2.1; chosen.
_STRANGEST: Final = 4.0


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
    wanted = _reached(marks)
    at = {name: sight.upright(marks[name].at) for name in BONY_POINTS if name in marks}
    px_per_mm = _scale(at, sight)
    if not wanted or px_per_mm is None:
        return None
    back = _most_likely(at, marks, sight, px_per_mm)
    heights = [at[name][1] for name in SPINE if name in at]
    mixed_up = heights != sorted(heights, reverse=True)
    if mixed_up or back.strangeness > _STRANGEST:
        refused = (Measurement.refused(quantity, "points_implausible") for quantity in wanted)
        return Spine(tuple(refused), np.empty((0, 2)))
    measured = (_measured(quantity, back, tuple(at), sight) for quantity in wanted)
    return Spine(tuple(measured), sight.to_photo(back.skin))


def _reached(marks: Mapping[str, Mark]) -> list[Quantity]:
    """Return what has points on both of its sides."""
    chest, low = {"l1", "t12"} & marks.keys(), {"s1", "l3"} & marks.keys()
    wanted: list[Quantity] = []
    if len(low) > 1 and chest:
        wanted += [LUMBAR_CURVE, SACRAL_INCLINATION]
    if "c7" in marks and chest and (low or len(chest) > 1):
        wanted.append(THORACIC_CURVE)
    return wanted


def _scale(at: Mapping[str, Array], sight: Sight) -> float | None:
    """Return the photo pixels in a millimetre, by the pelvis if nothing else tells."""
    if sight.px_per_mm is not None:
        return sight.px_per_mm
    if {"asis", "psis"} <= at.keys():
        return float(np.hypot(*(at["asis"] - at["psis"]))) / PELVIS_MM
    return None


def _most_likely(
    at: Mapping[str, Array], marks: Mapping[str, Mark], sight: Sight, px_per_mm: float
) -> LikelyBack:
    observed = {
        name: Observed(place, _covariance(marks[name], sight, px_per_mm))
        for name, place in at.items()
    }
    stature_px, sd_share = sight.stature_px, _FOUND_SD_SHARE
    if stature_px is None:
        stature_px, sd_share = USUAL_STATURE_CM * 10 * px_per_mm, _STATURE_SD_SHARE
    return most_likely(observed, stature_px, sd_share, sight.vertical.sd_deg)


def _covariance(mark: Mark, sight: Sight, px_per_mm: float) -> Array:
    palpated = sight.sd_mm(mark) * px_per_mm
    return np.diag([(_OFF_SKIN_SD_MM * px_per_mm) ** 2, palpated**2]) + mark.sd_px**2 * np.eye(2)


def _measured(
    quantity: Quantity, back: LikelyBack, points: tuple[str, ...], sight: Sight
) -> Measurement:
    value, low, high = back.angles[quantity.name]
    if quantity is SACRAL_INCLINATION:
        unsure = (_NORMAL_95 * sight.vertical.sd_deg) ** 2
        low = value - math.sqrt((value - low) ** 2 + unsure)
        high = value + math.sqrt((high - value) ** 2 + unsure)
    noise = (high - low) / math.sqrt(2)
    return Measurement(quantity, value, low, high, "marked", points, mdc95=noise, relative=value)
