"""Turns an assessment to look to the right, and sizes lines and text by its photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.assess import Assessment

    Array = NDArray[np.float64]

# Size of the text, as a share of the photo's width: 13 px when the photo is shown 330 px wide.
_TEXT: Final = 0.039
_TEXT_OF_HEIGHT: Final = 0.05
# Width of a line, as a share of the size of the text.
_LINE: Final = 0.11

# From the ear up to the crown, as a share of stature (Drillis and Contini 1966).
_EAR_TO_CROWN: Final = 1 - 0.936


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
        feet = [self.points[n][1] for n in ("ankle", "heel", "foot_index") if n in self.points]
        self.foot = max(feet, default=0.95 * self.height)
        self.crown = self.foot - 0.9 * self.height
        self.stature = 0.9 * self.height
        if "ear" in self.points:
            ear = self.points["ear"][1]
            self.stature = max((self.foot - ear) / (1 - _EAR_TO_CROWN), 0.05 * self.height)
            self.crown = ear - _EAR_TO_CROWN * self.stature
        self.text = min(_TEXT * self.width, _TEXT_OF_HEIGHT * self.height)
        self.line = _LINE * self.text

    def flip(self, xy: Array) -> Array:
        """Return points, shape (..., 2), of the photo in the frame that looks to the right."""
        return xy * (-1, 1) + (self.width, 0) if self.left else xy
