"""Tells what changed between two photos of one person, and whether that is more than noise.

It compares assessments and measures nothing anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.quantities import Measurement, Quantity

Verdict = Literal["changed", "not distinguishable", "not comparable"]


@dataclass(frozen=True, slots=True)
class Change:
    """One quantity's change from one photo of a person to a later one.

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
        Whether the change is more than noise; not comparable if one of the photos does not show
        the quantity, both show different sides, its noise is not known, or centimetres are of
        other heights.
    """

    quantity: Quantity
    value: float | None
    mdc95: float | None
    verdict: Verdict


def compare(before: Assessment, after: Assessment) -> Mapping[str, Change]:
    """Compare two photos of one person.

    Parameters
    ----------
    before, after : Assessment
        What `posture.assess` returned for each.

    Returns
    -------
    mapping of str to Change
        By key, for example ``"pelvic_tilt_deg"``, for what is in both.

    Notes
    -----
    Clothes and the way in which the arms are held have to be the same; this is not looked at.

    Angles of the back are compared against trunk and legs, not against a vertical that is less
    sure: where the whole body tips as a plank does, hardly a change is read. How wrong a change is,
    against people whose change is known: see the accuracy page.
    """
    alike = before.facing == after.facing
    same_scale = before.stature_cm == after.stature_cm
    return {
        key: _change(
            earlier,
            after.measurements[key],
            alike=alike and (same_scale or earlier.quantity.unit != "cm"),
        )
        for key, earlier in before.measurements.items()
        if key in after.measurements
    }


def _change(before: Measurement, after: Measurement, *, alike: bool) -> Change:
    if not alike or before.tier != after.tier or before.relative is None:
        return Change(before.quantity, None, None, "not comparable")
    if after.relative is None or before.mdc95 is None or after.mdc95 is None:
        return Change(before.quantity, None, None, "not comparable")
    value = after.relative - before.relative
    # Each holds the noise of two photos such as itself.
    noise = math.sqrt((before.mdc95**2 + after.mdc95**2) / 2)
    verdict: Verdict = "changed" if abs(value) > noise else "not distinguishable"
    return Change(before.quantity, value, noise, verdict)
