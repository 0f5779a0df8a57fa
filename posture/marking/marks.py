"""Holds what a person placed, taped or drew in a photo; it measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Bony points that a photo does not show, from the pelvis up.
BONY_POINTS: Final = ("asis", "psis", "s1", "l3", "l1", "t12", "c7")
#: Those on the spine, from the neck down.
SPINE: Final = ("c7", "t12", "l1", "l3", "s1")
#: Joints of the near side, from the head down.
JOINTS: Final = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "foot_index")
#: Everything that a person can place.
PLACEABLE: Final = (*BONY_POINTS, *JOINTS)

#: Standing heights that are believed, in centimetres.
STATURE_RANGE_CM: Final = (50.0, 250.0)
#: Of whom none is known.
USUAL_STATURE_CM: Final = 170.0

#: Standard deviation of where fingers find a bony point of the pelvis, along a line across the line
#: of sight. Two raters' readings of the angle PSIS-ASIS with an inclinometer differ with an SEM of
#: 2.59 degrees (PMC8486407), which two points 15 cm apart make if each is off by 4.8 mm.
PALPATION_SD_MM: Final = 4.8
#: How far 95 of 100 stickers lie from their bone at most, unless a clinic knows better: twice the
#: standard deviation of palpation.
PLACEMENT_MM: Final = 9.6
#: Placements of stickers that are believed, in millimetres, and known distances, in centimetres.
PLACEMENT_RANGE_MM: Final = (0.0, 50.0)
DISTANCE_RANGE_CM: Final = (1.0, 300.0)
#: Ends of a drawn line or known distance that lie closer are no line, in photo pixels.
LEAST_LENGTH_PX: Final = 8.0
#: Standard deviation of a point that came without one, for example from a file, in photo pixels.
UNKNOWN_SD_PX: Final = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One point that a person placed or taped.

    Attributes
    ----------
    x, y : float
        Position in pixels of the upright photo, x right, y down, from its top-left corner.
    source : {"placed", "sticker"}
        Placed by hand, or the middle of a sticker on the skin.
    sd_px : float
        Standard deviation of the position in the photo, along each axis: the editor's resolution,
        or how well the sticker's middle is found. Where on the skin it should be is not in it.
    """

    x: float
    y: float
    source: Literal["placed", "sticker"] = "placed"
    sd_px: float = UNKNOWN_SD_PX

    @property
    def at(self) -> Array:
        """Position, shape (2,)."""
        return np.array([self.x, self.y])


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line drawn along something truly vertical or horizontal in the photo.

    Attributes
    ----------
    x1, y1, x2, y2 : float
        Its ends in pixels of the upright photo.
    along : {"vertical", "horizontal"}
        What it is drawn along.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    along: Literal["vertical", "horizontal"] = "vertical"

    @property
    def length_px(self) -> float:
        """Distance of its ends."""
        return float(np.hypot(self.x2 - self.x1, self.y2 - self.y1))


@dataclass(frozen=True, slots=True)
class KnownDistance:
    """Two points in the plane of the person whose distance is known.

    Attributes
    ----------
    x1, y1, x2, y2 : float
        In pixels of the upright photo.
    cm : float
        How far they are apart, in centimetres.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    cm: float

    @property
    def length_px(self) -> float:
        """Distance of its ends."""
        return float(np.hypot(self.x2 - self.x1, self.y2 - self.y1))

    @property
    def px_per_cm(self) -> float:
        """Photo pixels in one centimetre."""
        return self.length_px / self.cm


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything that a person told about one photo; what `posture.assess` takes it from.

    Attributes
    ----------
    points : mapping of str to Mark
        By the names in ``PLACEABLE``.
    line : DrawnLine or None
        Gives the true vertical.
    distance : KnownDistance or None
        Gives the scale.
    placement_mm : float
        How far 95 of 100 stickers lie from their bone at most, in millimetres; half of it is taken
        for the standard deviation.
    """

    points: Mapping[str, Mark] = field(default_factory=dict)
    line: DrawnLine | None = None
    distance: KnownDistance | None = None
    placement_mm: float = PLACEMENT_MM

    def __bool__(self) -> bool:
        """Tell whether anything was placed or drawn."""
        return bool(self.points) or self.line is not None or self.distance is not None
