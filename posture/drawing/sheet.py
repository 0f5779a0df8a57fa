"""Turns an assessment to look to the right, and sizes lines and text by its photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.pose import HEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.assessment import Assessment

    Array = NDArray[np.float64]

# In a stature, where nothing but the pelvis is known.
_PELVES: Final = 11.3
# Size of the text, as a share of the photo's width: 13 px when the photo is shown 330 px wide.
_TEXT: Final = 0.039
_TEXT_OF_HEIGHT: Final = 0.05
# Width of a line, as a share of the size of the text.
_LINE: Final = 0.11


class Sheet:
    """One assessment, mirrored to look to the right, with the sizes of what is drawn."""

    def __init__(self, assessment: Assessment) -> None:
        self.width, self.height = assessment.width, assessment.height
        self.left = assessment.facing == "left"
        self.assessment = assessment
        self.points = {
            name: self.flip(np.array([point.x, point.y]))
            for name, point in assessment.points.items()
            if np.isfinite([point.x, point.y]).all()
        }
        vertical = assessment.vertical
        #: How far the true vertical leans forward, in degrees.
        self.upright_deg = 0.0
        if vertical is not None and assessment.facing is not None:
            self.upright_deg = vertical.forward_deg(assessment.facing)
        heights = {name: point[1] for name, point in self.points.items()}
        feet = [heights[name] for name in ("ankle", "heel", "foot_index") if name in heights]
        self.foot = max(feet, default=0.95 * self.height)
        self.stature, self.crown = 0.9 * self.height, self.foot - 0.9 * self.height
        if feet and "ear" in heights:
            self._measure("ear", self.foot, HEIGHTS["ear"], heights)
        elif "shoulder" in heights and "hip" in heights:
            share = HEIGHTS["shoulder"] - HEIGHTS["hip"]
            self._measure("shoulder", heights["hip"], share, heights)
        elif {"asis", "psis"} <= self.points.keys():
            self.stature = _PELVES * float(np.hypot(*(self.points["asis"] - self.points["psis"])))
        self.text = min(_TEXT * self.width, _TEXT_OF_HEIGHT * self.height)
        self.line = _LINE * self.text

    def _measure(self, high: str, low_y: float, share: float, heights: dict[str, float]) -> None:
        """Set stature and crown by a point that lies a share of stature above a place."""
        self.stature = max((low_y - heights[high]) / share, 0.05 * self.height)
        self.crown = heights[high] - (1 - HEIGHTS[high]) * self.stature

    def flip(self, xy: Array) -> Array:
        """Return points, shape (..., 2), of the photo in the frame that looks to the right."""
        return xy * (-1, 1) + (self.width, 0) if self.left else xy
