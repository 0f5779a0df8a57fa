"""Cuts garments: where on a resting body each one covers the skin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.people.body import Body
from validation.people.bodymodel import ON_MIDLINE, SKIN, STANDARD_M
from validation.people.parts import Array, Rng
from validation.people.regions import ARM, FOREARM, HEAD, belonging
from validation.recipes import Wear

_BAND_SKIN: Final = 1597  # skin over the spine at the height of a bra's band
_PARTLY, _MOSTLY = 0.3, 0.5  # how far a vertex must belong to a limb to count as its


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Where each vertex of the skin lies on a resting body.

    Attributes
    ----------
    scale : float
        Stature over the standard one.
    height : ndarray, shape (SKIN,)
        Above the soles, in statures.
    hip : float
        The same of the hips' centres.
    rest : ndarray, shape (SKIN, 3)
        Resting skin, metres.
    arm, forearm, head : ndarray, shape (SKIN,)
        How far a vertex belongs to them, 0 to 1.
    above_hip_m : ndarray, shape (SKIN,)
        How far each vertex is above the hips' centres once posed.
    down_arm : ndarray, shape (SKIN,)
        Along the upper arm, 0 at the shoulder and 1 at the elbow; 0 on the trunk.
    """

    scale: float
    height: Array
    hip: float
    rest: Array
    arm: Array
    forearm: Array
    head: Array
    above_hip_m: Array
    down_arm: Array

    @property
    def stature_m(self) -> float:
        """Height at rest."""
        return self.scale * STANDARD_M

    def below(self, height: Array | float) -> Array:
        """Return how far each vertex lies below a height given in statures, metres."""
        return np.asarray((height - self.height) * self.stature_m)


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """One garment before it is put on.

    Attributes
    ----------
    name : str
        What it is.
    keep : ndarray, shape (SKIN,)
        Metres inside its edge; negative where it is not.
    ease : float
        0 skin-tight to 1 very wide.
    legs : bool
        Whether it hangs from hips and legs, else from the shoulders.
    waist : ndarray, shape (SKIN,) or None
        Metres above the waistband that pulls it in.
    """

    name: str
    keep: Array
    ease: float
    legs: bool
    waist: Array | None = None


def chart_of(body: Body) -> Chart:
    """Return the chart of a body."""
    rest, stature = body.rest[:SKIN], body.rest_stature_m
    limb = belonging(("shoulder", *ARM))
    down_arm = np.zeros(SKIN)
    for side, sign in (("L", 1), ("R", -1)):
        start = body.heads[f"upperarm01.{side}"]
        along = body.heads[f"lowerarm01.{side}"] - start
        part = (limb > _PARTLY) & (sign * rest[:, 0] > 0.06 * stature)
        down_arm[part] = (rest[part] - start) @ along / (along @ along)
    return Chart(
        scale=stature / STANDARD_M,
        height=(rest[:, 2] - body.rest_floor_m) / stature,
        hip=float((body.heads["upperleg01.L"][2] - body.rest_floor_m) / stature),
        rest=rest,
        arm=belonging(ARM),
        forearm=belonging(FOREARM),
        head=belonging(HEAD),
        above_hip_m=body.vertices[:SKIN, 2] - body.points["hip_left"][2],
        down_arm=down_arm,
    )


_WAISTS: Final = {  # above the hips' centres, in statures
    "briefs": (0.03, 0.075),
    "shorts": (0.035, 0.095),
    "leggings": (0.05, 0.125),
    "trousers": (0.045, 0.105),
}


def waist_of(chart: Chart, wear: Wear, rng: Rng) -> Array:
    """Return the height of the waistband at each vertex's depth: it may rise to the back."""
    low, high = _WAISTS[wear.lower]
    level = chart.hip + rng.uniform(low, high)
    rise = rng.normal(0.06, 0.09)
    return np.asarray(level + rise * chart.rest[:, 1] / chart.stature_m)


def lower_of(chart: Chart, wear: Wear, top: Array, rng: Rng) -> Garment:
    """Return what is worn below, from the waistband at height ``top`` down."""
    across = np.abs(chart.rest[:, 0]) / chart.scale
    bottoms: dict[str, Array | float] = {
        "briefs": 0.462 + 0.42 * np.maximum(across - 0.02, 0),
        "shorts": rng.uniform(0.33, 0.44),
        "leggings": rng.uniform(0.055, 0.2),
        "trousers": 0.058,
    }
    bottom = bottoms[wear.lower]
    keep = np.minimum(chart.below(top), -chart.below(bottom))
    ease = max(wear.lower_ease, 0.25) if wear.lower == "trousers" else wear.lower_ease
    if wear.lower in {"briefs", "leggings"}:
        ease *= 0.3
    return Garment(wear.lower, np.where(chart.arm > _PARTLY, -1.0, keep), ease, legs=True)


def uppers_of(chart: Chart, wear: Wear, top: Array, rng: Rng) -> list[Garment]:
    """Return what is worn above; tucked, it ends just below the waistband at height ``top``."""
    match wear.upper:
        case "none":
            return []
        case "bra":
            return [Garment("bra", _bra(chart), 0.0, legs=False)]
    low, high = (0.035, -0.045) if wear.upper == "shirt" else (0.05, -0.01)
    hem = low + wear.hem * (high - low)
    rise = rng.normal(0, 0.07) * chart.rest[:, 1]
    firm = -chart.below(chart.hip + hem) - rise
    plumb = chart.above_hip_m - hem * chart.stature_m - rise
    freed = min(wear.upper_ease / 0.3, 1.0)
    inside = firm + freed * (plumb - firm)
    waist = None
    if wear.tucked:
        waist = -chart.below(top)
        inside = waist + 0.02 * chart.scale
    if wear.upper == "shirt":
        length = 0.2 * chart.scale
        inside = np.minimum(inside, (0.35 + 0.5 * wear.sleeve - chart.down_arm) * length)
        inside = np.minimum(inside, _neckline(chart, 0.01, 0.085))
    else:
        inside = np.minimum(inside, (0.22 - chart.arm) * 0.3)
        inside = np.minimum(inside, _neckline(chart, rng.uniform(0.02, 0.05), 0.105))
    inside[(chart.forearm > _MOSTLY) | (chart.head > _MOSTLY)] = -1.0
    return [Garment(wear.upper, inside, wear.upper_ease, legs=False, waist=waist)]


def _neckline(chart: Chart, drop_m: float, radius_m: float) -> Array:
    """Return metres outside a neckline: below a plane that falls to the front, or far from it."""
    nape = chart.rest[ON_MIDLINE["c7"]]
    below = nape[2] - drop_m * chart.scale + 0.55 * (chart.rest[:, 1] - nape[1]) - chart.rest[:, 2]
    across = np.abs(chart.rest[:, 0]) - radius_m * chart.scale
    return np.asarray(np.maximum(below, across))


def _bra(chart: Chart) -> Array:
    level = chart.rest[_BAND_SKIN, 2]
    up = (chart.rest[:, 2] - level) / chart.scale
    band = np.minimum(up + 0.175, -0.01 - up)
    strap = np.minimum(0.017 - np.abs(np.abs(chart.rest[:, 0]) / chart.scale - 0.072), up + 0.05)
    keep = np.maximum(np.minimum(band, (0.2 - chart.arm) * 0.3), strap)
    keep[(chart.head > 0) | (chart.arm > _MOSTLY)] = -1.0
    return np.asarray(keep)
