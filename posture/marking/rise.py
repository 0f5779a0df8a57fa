"""Estimates how far the camera stands above a person's hips, which moves near points against far.

Seen from above, the far one of two points of one height appears higher in the photo, and plumb
lines meet below. Both tell it only roughly; what was fitted to rendered people says how roughly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.bony import fitted
from posture.marking.sight import Rise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.plumb import Plumb
    from posture.pose import Pose

    Array = NDArray[np.float64]

_PAIRS: Final = (
    *("shoulder", "hip", "knee", "ankle", "heel", "foot_index"),
    *("ear", "eye", "elbow", "wrist"),
)


def rise_of(pose: Pose | None, shown: Plumb, lean_deg: float) -> Rise:
    """Estimate where the camera stands.

    Parameters
    ----------
    pose : Pose or None
        Who was found in the photo, if anybody.
    shown : Plumb
        The photo's vertical as its own lines show it, whatever was drawn.
    lean_deg : float
        The true vertical at the hip.

    Returns
    -------
    Rise
        Without a person, as in any photo.
    """
    known = fitted()
    if pose is None:
        return Rise(float(known["rise/any"][0]), float(known["rise/any"][1]))
    kind = "lines" if shown.source == "photo" else "pose"
    numbers = features(pose, shown, lean_deg)
    share = float(numbers @ known[f"rise/{kind}/weights"] + known[f"rise/{kind}/offset"])
    return Rise(share, float(known[f"rise/{kind}/sd"]))


def features(pose: Pose, shown: Plumb, lean_deg: float) -> Array:
    """Return what tells where the camera stands.

    Returns
    -------
    ndarray, shape (21,)
        How far the points of the near side lie before and below those of the far one, in percent of
        stature, and how the photo's uprights converge, 0 where it shows none.
    """
    lean = np.radians(lean_deg)
    far = "left" if pose.near_side == "right" else "right"
    apart = np.array([pose.near(name) - pose.at(f"{far}_{name}") for name in _PAIRS])
    turn = 1.0 if pose.facing == "right" else -1.0
    before = turn * (apart[:, 0] * np.cos(lean) + apart[:, 1] * np.sin(lean))
    below = apart[:, 1] * np.cos(lean) - apart[:, 0] * np.sin(lean)
    seen = shown.convergence_per_px * pose.stature_px if shown.source == "photo" else 0.0
    return np.array([*before, *below, seen * pose.stature_px]) * 100 / pose.stature_px
