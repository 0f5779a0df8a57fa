"""Puts the frames in which a person holds still before a fixed camera together as one stance.

It averages what was measured and measures nothing anew.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from posture.change import compare
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.visit import Stance, together

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.quantities import Measurement


def held(frames: Sequence[Assessment]) -> Stance:
    """Average the frames of one stance that a fixed camera took within seconds.

    Parameters
    ----------
    frames : sequence of Assessment
        One at least, of one person.

    Returns
    -------
    Stance
        Each number is the mean. Its interval and its least change are those of one frame, and
        ``counts`` is at most 1: how much averages out is known of photos for which the camera is
        lifted anew each time (`posture.visit.together`), and frames such as these have more in
        common.

    Raises
    ------
    ValueError
        If there is none.
    """
    stance = together(frames)
    used = [frames[place] for place in stance.used]
    measurements = {
        key: _as_sure_as_one(m, [one.measurements[key] for one in used if key in one.measurements])
        for key, m in stance.measurements.items()
    }
    counts = {key: min(count, 1) for key, count in stance.counts.items()}
    return replace(stance, measurements=measurements, counts=counts)


def has_moved(frames: Sequence[Assessment]) -> bool:
    """Tell whether one of the two angles changed from one frame to another by more than noise."""
    return any(
        change.verdict == "changed"
        for one, other in itertools.combinations(frames, 2)
        for key, change in compare(one, other).items()
        if key in (PELVIC_TILT.key, LUMBAR_CURVE.key)
    )


def _as_sure_as_one(mean: Measurement, every: Sequence[Measurement]) -> Measurement:
    """Give a mean the interval and the least change of one of those that it was made from."""
    if mean.value is None:
        return mean
    alike = [m for m in every if m.tier == mean.tier]
    below = math.fsum(_away(m, m.low) for m in alike) / len(alike)
    above = math.fsum(_away(m, m.high) for m in alike) / len(alike)
    noises = [m.mdc95 for m in alike if m.mdc95 is not None]
    noise = math.sqrt(math.fsum(n**2 for n in noises) / len(noises)) if noises else None
    return replace(
        mean,
        low=mean.value - below,
        high=mean.value + above,
        mdc95=noise if mean.mdc95 is not None else None,
    )


def _away(measurement: Measurement, end: float | None) -> float:
    """Return how far from the number its interval ends."""
    return 0.0 if end is None or measurement.value is None else abs(end - measurement.value)
