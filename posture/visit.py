"""Puts several photos of one stance together as one set of numbers.

It averages what was measured and measures nothing anew.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from posture import estimator

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.quantities import Measurement, Tier
    from posture.shape import Facing

#: How the arms are held: hanging, hands clasped loosely in front, lifted forward, crossed.
Arms = Literal["hanging", "clasped", "forward", "crossed", "other"]
#: What is worn over the back.
Clothes = Literal["bare", "tight", "loose"]

ARMS: Final[tuple[Arms, ...]] = get_args(Arms)
CLOTHES: Final[tuple[Clothes, ...]] = get_args(Clothes)

# From the surest on.
_TIERS: Final[tuple[Tier, ...]] = ("marked", "outline")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What photos of a visit were taken under, as a person told it.

    Attributes
    ----------
    arms : {"hanging", "clasped", "forward", "crossed", "other"} or None
        How the arms are held, which changes how a person stands; None if nobody told.
    clothes : {"bare", "tight", "loose"} or None
        What is worn over the back; None if nobody told.
    """

    arms: Arms | None = None
    clothes: Clothes | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """What one or more photos of one stance say together.

    Attributes
    ----------
    measurements : mapping of str to Measurement
        By key; of several photos their means, refused for the reasons of all if it is in all.
    counts : mapping of str to int
        From how many photos each comes; 0 if it is refused.
    facing : {"left", "right"} or None
        Where the person looks in most photos; those that show the other side are left out.
    stature_cm : float or None
        Standing height that was given; None if photos were given different ones.
    conditions : Conditions
        What the photos were taken under.
    left_out : int
        How many photos were left out, since they are refused or show the other side.
    used : tuple of int
        Places, among the photos, of those that the numbers come from; of all if all are refused.
    """

    measurements: Mapping[str, Measurement]
    counts: Mapping[str, int]
    facing: Facing | None
    stature_cm: float | None = None
    conditions: Conditions = field(default_factory=Conditions)
    left_out: int = 0
    used: tuple[int, ...] = (0,)


def together(assessments: Sequence[Assessment], conditions: Conditions | None = None) -> Stance:
    """Average photos of one stance.

    Parameters
    ----------
    assessments : sequence of Assessment
        One at least, of photos taken one after the other of one person, each photo once.
    conditions : Conditions, optional
        What they were taken under.

    Returns
    -------
    Stance
        Each number is the mean of those of the surest tier. Its least change is smaller than that
        of one photo, and its interval narrower, by what differs from photo to photo alone
        (`posture.estimator.shared`), since what is peculiar to the person, clothes and camera
        stays the same.

    Raises
    ------
    ValueError
        If there is none.

    Notes
    -----
    Of half an interval h and a least change m, m / √2 is how far one photo's noise alone takes a
    number, and no more than h; of it, n photos leave a share a, see `averaging`. So half the
    interval is √(h² - min(h², m² / 2) · (1 - a²)), averaged over the photos.
    """
    if not assessments:
        raise ValueError("A stance needs one photo at least.")
    every = range(len(assessments))
    measured = [place for place in every if assessments[place].status == "measured"]
    sides = Counter(assessments[place].facing for place in measured)
    facing = max(sides, key=sides.__getitem__, default=None)  # of as many, the first
    places = [place for place in measured if assessments[place].facing == facing] or every
    used = [assessments[place] for place in places]
    heights = {one.stature_cm for one in used} - {None}
    stature_cm = heights.pop() if len(heights) == 1 else None
    keys = dict.fromkeys(key for one in used for key in one.measurements)
    measurements, counts = {}, {}
    for key in keys:
        if key.endswith("_cm") and stature_cm is None:
            continue  # of several heights
        numbers = [one.measurements[key] for one in used if key in one.measurements]
        measurements[key], counts[key] = _mean(numbers)
    return Stance(
        measurements,
        counts,
        facing,
        stature_cm,
        conditions or Conditions(),
        left_out=len(assessments) - (len(used) if measured else 0),
        used=tuple(places),
    )


def averaging(quantity: str, tier: Tier, count: int) -> float:
    """Return what is left of one photo's noise in the mean of several of one stance.

    Parameters
    ----------
    quantity : str
        Name of what is measured.
    tier : {"marked", "outline", "refused"}
        How: what is marked does not average out, since stickers stay where they were put.
    count : int
        How many photos.

    Returns
    -------
    float
        √(s + (1 - s) / n), 0 to 1, where s is the share that photos of one stance have in common
        (`posture.estimator.shared`).
    """
    shared = estimator.shared(quantity) if tier == "outline" else 1.0
    return math.sqrt(shared + (1.0 - shared) / max(count, 1))


def _mean(every: Sequence[Measurement]) -> tuple[Measurement, int]:
    """Return the mean of the surest of some measurements of one quantity, and how many they are."""
    for tier in _TIERS:
        numbers = [m for m in every if m.tier == tier]
        if numbers:
            return (_averaged(numbers) if len(numbers) > 1 else numbers[0]), len(numbers)
    return replace(every[0], reasons=_reasons(every)), 0


def _averaged(every: Sequence[Measurement]) -> Measurement:
    first, count = every[0], len(every)
    left = averaging(first.quantity.name, first.tier, count)
    noises = [m.mdc95 for m in every if m.mdc95 is not None]
    relatives = [m.relative for m in every if m.relative is not None]
    value = math.fsum(m.value for m in every if m.value is not None) / count
    return replace(
        first,
        value=value,
        low=value - math.fsum(_half(m, m.low, left) for m in every) / count,
        high=value + math.fsum(_half(m, m.high, left) for m in every) / count,
        reasons=_reasons(every),
        mdc95=left * math.sqrt(math.fsum(n**2 for n in noises) / count)
        if len(noises) == count
        else None,
        relative=math.fsum(relatives) / count if len(relatives) == count else None,
    )


def _half(measurement: Measurement, end: float | None, left: float) -> float:
    """Return how far from the number its interval ends, if so much of its noise is left."""
    if end is None or measurement.value is None:
        return 0.0
    square = (end - measurement.value) ** 2
    # One photo's own variance is half of that of two photos' difference.
    noise = min(square, (measurement.mdc95 or 0.0) ** 2 / 2)
    return math.sqrt(square - noise * (1.0 - left**2))


def _reasons(every: Sequence[Measurement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for m in every for code in m.reasons))
