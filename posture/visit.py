"""Puts several photos of one stance together as one set of numbers.

It averages what was measured and measures nothing anew.
"""

from __future__ import annotations

import math
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
        By key; of several photos their means, refused if it is in all of them.
    counts : mapping of str to int
        From how many photos each comes; 0 if it is refused.
    facing : {"left", "right"} or None
        Where the person looks; photos that show the other side are left out.
    stature_cm : float or None
        Standing height that was given.
    conditions : Conditions
        What the photos were taken under.
    left_out : int
        How many photos were left out, since they are refused or show the other side.
    """

    measurements: Mapping[str, Measurement]
    counts: Mapping[str, int]
    facing: Facing | None
    stature_cm: float | None = None
    conditions: Conditions = field(default_factory=Conditions)
    left_out: int = 0


def together(assessments: Sequence[Assessment], conditions: Conditions | None = None) -> Stance:
    """Average photos of one stance.

    Parameters
    ----------
    assessments : sequence of Assessment
        One at least, of photos taken one after the other of one person.
    conditions : Conditions, optional
        What they were taken under.

    Returns
    -------
    Stance
        Each number is the mean of those of the surest tier. Its interval is narrower than that of
        one photo by what differs from photo to photo alone (`posture.estimator.shared`), since
        what is peculiar to the person, clothes and camera stays the same.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not assessments:
        raise ValueError("A stance needs one photo at least.")
    measured = [one for one in assessments if one.status == "measured"]
    facing = measured[0].facing if measured else None
    used = [one for one in measured if one.facing == facing] or list(assessments[:1])
    heights = {one.stature_cm for one in used}
    stature_cm = heights.pop() if len(heights) == 1 else None
    keys = dict.fromkeys(key for one in used for key in one.measurements)
    measurements, counts = {}, {}
    for key in keys:
        if key.endswith("_cm") and stature_cm is None:
            continue  # of several heights
        every = [one.measurements[key] for one in used if key in one.measurements]
        measurements[key], counts[key] = _mean(every)
    left_out = len(assessments) - len(used)
    return Stance(measurements, counts, facing, stature_cm, conditions or Conditions(), left_out)


def averaging(quantity: str, tier: Tier, count: int) -> float:
    """Return what is left of one photo's noise in the mean of several of one stance, 0 to 1."""
    shared = estimator.shared(quantity) if tier == "outline" else 1.0
    return math.sqrt(shared + (1.0 - shared) / max(count, 1))


def _mean(every: Sequence[Measurement]) -> tuple[Measurement, int]:
    """Return the mean of the surest of some measurements of one quantity, and how many they are."""
    for tier in _TIERS:
        numbers = [m for m in every if m.tier == tier]
        if numbers:
            return (_averaged(numbers) if len(numbers) > 1 else numbers[0]), len(numbers)
    return every[0], 0


def _averaged(every: Sequence[Measurement]) -> Measurement:
    first, count = every[0], len(every)
    values = [m.value for m in every if m.value is not None]
    value = sum(values) / count
    relatives = [m.relative for m in every if m.relative is not None]
    noises = [m.mdc95 for m in every if m.mdc95 is not None]
    left = averaging(first.quantity.name, first.tier, count)
    mdc95, less = None, 0.0
    if len(noises) == count:
        mdc95 = math.sqrt(sum(noise**2 for noise in noises) / count) * left
        # One photo's own variance is half of that of two photos' difference.
        less = (mdc95 / left) ** 2 / 2 * (1.0 - left**2)
    low, high = (
        sum(math.sqrt(max(_square(m, side) - less, ((mdc95 or 0.0) ** 2) / 2)) for m in every)
        / count
        for side in ("low", "high")
    )
    return replace(
        first,
        value=value,
        low=value - low,
        high=value + high,
        reasons=tuple(dict.fromkeys(code for m in every for code in m.reasons)),
        mdc95=mdc95,
        relative=sum(relatives) / count if len(relatives) == count else None,
    )


def _square(measurement: Measurement, side: str) -> float:
    """Return the square of one half of an interval."""
    value, end = measurement.value, getattr(measurement, side)
    return 0.0 if value is None else float((end - value) ** 2)
