"""Tells what changed between two visits of one person, and whether that is more than noise.

It compares measurements and measures nothing anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from posture.visit import Stance, averaging, together

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.quantities import Measurement, Quantity, Tier

    #: What a clinic measured of its own noise: the least change by key and tier, of one photo each.
    OwnNoise = Mapping[tuple[str, Tier], float]

Verdict = Literal["changed", "not distinguishable", "not comparable"]
#: Why something cannot be compared; `posture.verdicts.hindrance` says it.
Hindrance = Literal[
    "not_measured", "other_side", "other_arms", "other_tier", "other_height", "noise_unknown"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One quantity's change from one visit of a person to a later one.

    Attributes
    ----------
    quantity : Quantity
        What changed, with its unit and signs.
    value : float or None
        Later less earlier, in the unit of the quantity; None if they cannot be compared. It is the
        difference of the measurements' ``relative``, not of their values, which are drawn towards
        the usual.
    mdc95 : float or None
        The smallest change that is more than noise; None if they cannot be compared.
    verdict : {"changed", "not distinguishable", "not comparable"}
        Whether the change is more than noise.
    hindrance : str or None
        Why they cannot be compared: one of the visits does not show the quantity, they show
        different sides or stand on different tiers, the arms were held differently, its noise is
        not known, or centimetres are of other heights.
    """

    quantity: Quantity
    value: float | None
    mdc95: float | None
    verdict: Verdict
    hindrance: Hindrance | None = None


def compare(
    before: Assessment | Stance, after: Assessment | Stance, *, own: OwnNoise | None = None
) -> Mapping[str, Change]:
    """Compare two visits of one person.

    Parameters
    ----------
    before, after : Assessment or Stance
        What `posture.assess` returned for a photo of each, or several of them put together.
    own : mapping of (str, str) to float, optional
        The least change that a clinic measured itself, by key and tier, of one photo each time.
        Where it is given, it takes the place of what rendered people told.

    Returns
    -------
    mapping of str to Change
        By key, for example ``"pelvic_tilt_deg"``, for what is in both.

    Notes
    -----
    How the arms are held is looked at where it is known of both. The clothes have to be the same;
    this is not looked at.

    Angles of the back are compared against trunk and legs, not against a vertical that is less
    sure: where the whole body tips as a plank does, hardly a change is read. How wrong a change is,
    against people whose change is known: see the accuracy page.
    """
    first = before if isinstance(before, Stance) else together([before])
    then = after if isinstance(after, Stance) else together([after])
    return {
        key: _change(key, first, then, own or {})
        for key in first.measurements
        if key in then.measurements
    }


def _change(key: str, first: Stance, then: Stance, own: OwnNoise) -> Change:
    before, after = first.measurements[key], then.measurements[key]
    hindrance = _hindrance(before, after, first, then)
    noises = [_noise(key, m, own, of.counts[key]) for m, of in ((before, first), (after, then))]
    known = [noise for noise in noises if noise is not None]
    if before.relative is None or after.relative is None or len(known) < len(noises):
        hindrance = hindrance or "noise_unknown"
    if hindrance or before.relative is None or after.relative is None:
        return Change(before.quantity, None, None, "not comparable", hindrance)
    value = after.relative - before.relative
    # Each holds the noise of two photos such as itself.
    noise = math.sqrt(sum(noise**2 for noise in known) / len(known))
    verdict: Verdict = "changed" if abs(value) > noise else "not distinguishable"
    return Change(before.quantity, value, noise, verdict)


def _hindrance(
    before: Measurement, after: Measurement, first: Stance, then: Stance
) -> Hindrance | None:
    if before.value is None or after.value is None:
        return "not_measured"
    if first.facing != then.facing:
        return "other_side"
    arms = {first.conditions.arms, then.conditions.arms} - {None}
    if len(arms) > 1:
        return "other_arms"
    if before.tier != after.tier:
        return "other_tier"
    if before.quantity.unit == "cm" and first.stature_cm != then.stature_cm:
        return "other_height"
    return None


def _noise(key: str, measurement: Measurement, own: OwnNoise, count: int) -> float | None:
    """Return the least change between two visits such as this measurement's."""
    told = own.get((key, measurement.tier))
    if told is None:
        return measurement.mdc95
    return told * averaging(measurement.quantity.name, measurement.tier, count)
