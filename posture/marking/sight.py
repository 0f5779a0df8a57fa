"""Holds how a photo shows a person whose points are marked: directions, scale, camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture.marking import profile
from posture.marking.marks import PALPATION_SD_MM, PLACEMENT_MM

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from posture.marking.marks import Mark
    from posture.shape import Facing
    from posture.tilt import Vertical

    Array = NDArray[np.float64]

#: How much nearer to the camera the ASIS is than the PSIS of one side (11.8 and 4.3 cm from the
#: middle in the rendered people), as a share of their distance in profile.
NEARER: Final = 0.5
#: From ASIS to PSIS, where no other scale is known.
PELVIS_MM: Final = 150.0


@dataclass(frozen=True, slots=True)
class Rise:
    """How far the camera stands above the hips, over its distance from them.

    Attributes
    ----------
    share : float
        + = above.
    sd : float
        Standard deviation of that.
    """

    share: float
    sd: float


@dataclass(frozen=True, slots=True)
class Size:
    """How large a photo shows a person who was found.

    Attributes
    ----------
    stature_px : float
        Standing height in photo pixels.
    stature_cm : float or None
        Standing height in centimetres; None if nothing tells.
    px_per_mm : float
        Photo pixels in a millimetre, of unknown height those of a usual one.
    """

    stature_px: float
    stature_cm: float | None
    px_per_mm: float


@dataclass(frozen=True, slots=True)
class Sight:
    """How a photo shows the person whose points are marked.

    Attributes
    ----------
    facing : {"left", "right"}
        Where the person looks.
    vertical : Vertical
        The true vertical at the person.
    px_per_mm : float or None
        Photo pixels in a millimetre at the person; None if nothing tells.
    stature_px : float or None
        Standing height in photo pixels; None if nobody was found.
    rise : Rise
        Where the camera stands.
    placement_mm : float
        How far 95 of 100 stickers lie from their bone at most.
    """

    facing: Facing
    vertical: Vertical
    px_per_mm: float | None
    stature_px: float | None
    rise: Rise
    placement_mm: float = PLACEMENT_MM

    @property
    def tips_deg(self) -> float:
        """What is added to the line PSIS to ASIS of the photo, since the ASIS is nearer."""
        return -math.degrees(self.rise.share * NEARER)

    def sd_mm(self, mark: Mark) -> float:
        """Return how far a point lies from its bone, as a standard deviation on the skin."""
        return self.placement_mm / 2 if mark.source == "sticker" else PALPATION_SD_MM

    def upright(self, xy: Array) -> Array:
        """Return pixels turned upright, the person facing +x and y up."""
        return profile.upright(xy, self.facing, self.vertical.lean_deg)

    def to_photo(self, upright: Array) -> Array:
        """Return what `upright` made, in pixels again."""
        turned: Array = upright @ profile.to_photo(self.facing, self.vertical.lean_deg).T
        return turned
