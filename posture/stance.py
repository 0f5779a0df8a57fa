"""Tells how a person found in a photo stands: straight, with feet together, leaning as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.shape import inclination_deg

if TYPE_CHECKING:
    from posture.pose import Pose

# Limits of quiet standing. 160 rendered standing people: knee bent by 17, thigh and trunk leaning
# by 10 degrees, ankles 0.06 of the leg apart at the 99th percentile; a real walker: knee 53 to 65.
_BENT_KNEE_DEG: Final = 30.0
_LEANING_DEG: Final = 30.0
_STRIDE: Final = 0.25  # between the ankles, as a share of hip to ankle; chosen
# The same between the knees, as a share of the thigh, where the feet are outside the photo: 24
# rendered standing people 0.05 at most, two real walkers 0.17 to 0.40.
_STRIDE_AT_KNEES: Final = 0.14

# Rendered standing people lean as a whole, ankle to shoulder, by 4 degrees at most.
_TURNED_DEG: Final = 10.0
_IN_LINE_DEG: Final = 25.0


def stands(pose: Pose) -> bool:
    """Tell whether a person stands quietly, as far as the points tell."""
    return is_straight(pose) and has_feet_together(pose) and not leans_as_a_whole(pose)


def leans_as_a_whole(pose: Pose) -> bool:
    """Tell whether trunk and leg lean alike, as in a photo that is turned."""
    trunk = inclination_deg(pose.near("hip"), pose.near("shoulder"), pose.facing)
    thigh = inclination_deg(pose.near("knee"), pose.near("hip"), pose.facing)
    leg = inclination_deg(pose.near(_lowest_joint(pose)), pose.near("hip"), pose.facing)
    apart = max(abs((line - trunk + 180) % 360 - 180) for line in (thigh, leg))
    return min(abs(leg), abs(trunk)) > _TURNED_DEG and apart < _IN_LINE_DEG


def is_straight(pose: Pose) -> bool:
    """Tell whether trunk, thighs and knees are straight, however far the person is turned."""
    lines = [(pose.near("hip"), pose.near("shoulder"))]
    for side in ("left", "right"):
        hip, knee, ankle = (pose.at(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        lines.append((knee, hip))
        if "feet" not in pose.unseen:
            bent = inclination_deg(ankle, knee, "right") - inclination_deg(knee, hip, "right")
            # Here and below written so that a missing angle, NaN, does not pass as straight.
            if not abs((bent + 180) % 360 - 180) <= _BENT_KNEE_DEG:
                return False
    return all(abs(inclination_deg(*line, "right")) <= _LEANING_DEG for line in lines)


def has_feet_together(pose: Pose) -> bool:
    """Tell whether the feet, or the knees where the feet are outside, are no stride apart."""
    low = _lowest_joint(pose)
    stride = abs(float(pose.at(f"left_{low}")[0] - pose.at(f"right_{low}")[0]))
    leg = float(np.hypot(*(pose.near("hip") - pose.near(low))))
    return stride <= (_STRIDE if low == "ankle" else _STRIDE_AT_KNEES) * leg


def _lowest_joint(pose: Pose) -> str:
    return "knee" if "feet" in pose.unseen else "ankle"
