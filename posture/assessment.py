"""Holds what one photo says about a person's posture; it computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from posture.marking.marks import Corrections
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, Measurement
from posture.version import VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from posture.back import Back
    from posture.evidence import Evidence
    from posture.markers import Sticker
    from posture.outline import Outline
    from posture.pose import Point
    from posture.quality import View
    from posture.reasons import Reason
    from posture.shape import Facing
    from posture.tilt import Vertical


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What one photo says about a person's posture.

    Attributes
    ----------
    photo_name : str
        File name of the photo, without its folder.
    width, height : int
        Size of the upright photo in pixels; every point is given in these pixels.
    status : {"measured", "refused"}
        Refused if the photo as a whole cannot be measured. One measurement can be refused in a
        photo that is measured.
    view : {"side", "front", "back", "oblique"} or None
        From where the person is seen; None if nobody was found, or several people.
    facing : {"left", "right"} or None
        Where the person looks in the photo; None unless seen from the side, or told by ASIS and
        PSIS.
    reasons : tuple of Reason
        Why the photo is refused, or why nothing but what placed points tell is measured.
    measurements : mapping of str to Measurement
        By key, for example ``"pelvic_tilt_deg"``, in the order in which they are shown.
    points : mapping of str to Point
        Joints of the near side that lie in the photo, the bony points, placed where they were
        placed and else guessed, and the inflections of the back.
    outline : Outline or None
        Contour of back and front.
    back : Back or None
        Its inflections and tangents.
    notes : tuple of str
        Plain sentences about how the photo was read, and what of the told was not used.
    model : str
        Name of the pose model.
    stature_cm : float or None
        Standing height that was given.
    vertical : Vertical or None
        The true vertical at the person; None if the photo is refused.
    evidence : Evidence or None
        What the numbers read off the back stand on; None where it is not seen.
    corrections : Corrections
        What was placed by hand, taped or drawn, stickers that were found among it.
    stickers : tuple of Sticker
        Stickers that were found in the photo, if they were looked for; what can be several bony
        points is not measured from until it is told which.
    found : mapping of str to Point
        The points as the program found, guessed or read them, without those that were placed; of
        a photo that is refused, joints and guesses if a person is seen from the side.
    marks_say, outline_says : mapping of str to Measurement
        What marked points alone, and the outline alone, say of what was measured from marked
        points, by key.
    skin_px : ndarray, shape (n, 2), or None
        The most likely skin over the spine through marked points, in photo pixels.
    tips_deg : float
        What is added to the angle of the line PSIS to ASIS in the photo: the ASIS is nearer to the
        camera and appears the lower, the higher the camera stands.
    software : str
        Name and version of this program.
    """

    photo_name: str
    width: int
    height: int
    status: Literal["measured", "refused"]
    view: View | None
    facing: Facing | None
    reasons: tuple[Reason, ...]
    measurements: Mapping[str, Measurement]
    points: Mapping[str, Point]
    outline: Outline | None = field(repr=False)
    back: Back | None
    notes: tuple[str, ...]
    model: str
    stature_cm: float | None = None
    vertical: Vertical | None = None
    evidence: Evidence | None = field(default=None, repr=False)
    corrections: Corrections = field(default_factory=Corrections)
    stickers: tuple[Sticker, ...] = ()
    found: Mapping[str, Point] = field(default_factory=dict, repr=False)
    marks_say: Mapping[str, Measurement] = field(default_factory=dict)
    outline_says: Mapping[str, Measurement] = field(default_factory=dict)
    skin_px: NDArray[np.float64] | None = field(default=None, repr=False)
    tips_deg: float = 0.0
    software: str = f"posture {VERSION}"

    @property
    def pelvic_tilt(self) -> Measurement:
        """Angle of the line from PSIS to ASIS to the horizontal, degrees, + = anterior."""
        return self.measurements[PELVIC_TILT.key]

    @property
    def lumbar_curve(self) -> Measurement:
        """Angle between the back's tangents above and below its hollow, degrees, + = lordosis."""
        return self.measurements[LUMBAR_CURVE.key]
