"""The one pipeline, from a photo to an assessment; it draws, prints and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture import landmarks, quality, tilt
from posture.landmarks import Detector, Facing, Point, Pose
from posture.outline import Outline, find_outline
from posture.photo import Photo, PhotoSource
from posture.quality import Reason, View
from posture.tilt import Measurement, Quantity
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.tilt import Back

#: Everything that is measured, in the order in which it is shown.
QUANTITIES: Final[tuple[Quantity, ...]] = (
    tilt.PELVIC_TILT,
    tilt.LUMBAR_CURVE,
    tilt.THORACIC_CURVE,
    tilt.SACRAL_INCLINATION,
    tilt.TRUNK_LEAN,
    tilt.KNEE_ANGLE,
    *tilt.OFFSETS_PCT,
)
#: Standing heights that are believed, in centimetres.
STATURE_RANGE_CM: Final = (50.0, 250.0)

_JOINTS: Final = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_ON_THE_BACK: Final = QUANTITIES[:4]


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
        Where the person looks in the photo; None unless seen from the side.
    reasons : tuple of Reason
        Why the photo is refused.
    measurements : mapping of str to Measurement
        By key, for example ``"pelvic_tilt_deg"``, in the order in which they are shown.
    points : mapping of str to Point
        Joints of the near side, and the inflections of the back.
    outline : Outline or None
        Contour of back and front.
    back : Back or None
        Its inflections and tangents.
    notes : tuple of str
        Plain sentences about how the photo was read.
    model : str
        Name of the pose model.
    stature_cm : float or None
        Standing height that was given.
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
    outline: Outline | None
    back: Back | None
    notes: tuple[str, ...]
    model: str
    stature_cm: float | None = None
    software: str = f"posture {VERSION}"

    @property
    def pelvic_tilt(self) -> Measurement:
        """Angle of the line from PSIS to ASIS to the horizontal, degrees, + = anterior."""
        return self.measurements[tilt.PELVIC_TILT.key]

    @property
    def lumbar_curve(self) -> Measurement:
        """Angle between the back's tangents above and below its hollow, degrees, + = lordosis."""
        return self.measurements[tilt.LUMBAR_CURVE.key]


def assess(
    photo: Photo | PhotoSource,
    *,
    detector: Detector | None = None,
    stature_cm: float | None = None,
) -> Assessment:
    """Measure a person's posture in a side-view photo.

    Parameters
    ----------
    photo : Photo, path, bytes, binary file object, PIL image or array
        The photo, or whatever `Photo.open` reads.
    detector : Detector, optional
        What finds the person; the default is one shared `MediaPipeDetector`.
    stature_cm : float, optional
        Standing height in centimetres, within ``STATURE_RANGE_CM``; adds the plumb offsets in
        centimetres.

    Returns
    -------
    Assessment
        A photo that cannot be measured gives an assessment whose measurements are refused, each
        with its reason.

    Raises
    ------
    PhotoError
        If it is not a photo that can be read.
    ModelError
        If the pose model or a library is missing or damaged.
    ValueError
        If the height lies outside its range.
    """
    low, high = STATURE_RANGE_CM
    if stature_cm is not None and not low <= stature_cm <= high:
        raise ValueError(f"A standing height is {low:g} to {high:g} centimetres.")
    photo = photo if isinstance(photo, Photo) else Photo.open(photo)
    detector = detector or landmarks.default_detector()
    poses = _find_people(photo, detector)
    reason = quality.refuse_people(poses, photo)
    if reason:
        return _refused(photo, detector, reason)
    pose = poses[0]
    view = quality.view_of(pose)
    reason = quality.refuse_person(pose, photo, view)
    if reason:
        return _refused(photo, detector, reason, view=view)
    return _measure(pose, photo, detector.name, stature_cm)


def _find_people(photo: Photo, detector: Detector) -> tuple[Pose, ...]:
    """Return the people in a photo, the largest first, found while that one faces right.

    The model is not symmetric: in a photo and its mirror image it finds masks and joints that
    differ by a degree or two in the angles, and sometimes other people. So everything that is
    decided and measured comes from the same one of the two.
    """
    import cv2

    found = detector.detect(photo)
    if not found or found[0].facing == "right":
        return found
    mirror = replace(photo, pixels=np.asarray(cv2.flip(photo.pixels, 1), dtype=np.uint8))
    mirrored = detector.detect(mirror)
    return tuple(pose.mirrored(photo.width) for pose in mirrored)


def _measure(pose: Pose, photo: Photo, model: str, stature_cm: float | None) -> Assessment:
    facing, stature_px = pose.facing, pose.stature_px
    joints = {name: pose.near(name) for name in _JOINTS}
    outline = find_outline(pose, photo)
    back = tilt.read_back(
        outline.back_px,
        outline.hidden,
        hip=joints["hip"],
        shoulder=joints["shoulder"],
        facing=facing,
        stature_px=stature_px,
    )
    hidden = quality.refuse_back(back)
    measured = list(tilt.measure_alignment(joints, facing, stature_px, stature_cm))
    if back is not None:
        measured += tilt.measure_back(back, joints["shoulder"], joints["ear"], facing)
    by_key = {m.quantity.key: m for m in measured}
    if hidden:
        for quantity in _ON_THE_BACK:
            by_key[quantity.key] = Measurement.refused(quantity, hidden.code)
    points = {
        name: Point(float(x), float(y), pose.seen(f"{pose.near_side}_{name}"), "detected")
        for name, (x, y) in joints.items()
    }
    if back is not None and not hidden:
        for name, at in (("lumbosacral", back.lumbosacral), ("thoracolumbar", back.thoracolumbar)):
            points[name] = Point(at.x_px, at.y_px, 1.0, "estimated")
    return Assessment(
        photo_name=photo.name,
        width=photo.width,
        height=photo.height,
        status="measured",
        view="side",
        facing=facing,
        reasons=(),
        measurements=_in_order(by_key),
        points=points,
        outline=outline,
        back=None if hidden else back,
        notes=photo.notes,
        model=model,
        stature_cm=stature_cm,
    )


def _refused(
    photo: Photo,
    detector: Detector,
    reason: Reason,
    *,
    view: View | None = None,
) -> Assessment:
    return Assessment(
        photo_name=photo.name,
        width=photo.width,
        height=photo.height,
        status="refused",
        view=view,
        facing=None,
        reasons=(reason,),
        measurements={q.key: Measurement.refused(q, reason.code) for q in QUANTITIES},
        points={},
        outline=None,
        back=None,
        notes=photo.notes,
        model=detector.name,
    )


def _in_order(measured: Mapping[str, Measurement]) -> dict[str, Measurement]:
    ordered = {}
    for quantity in QUANTITIES:
        for unit in ("deg", "pct", "cm"):
            key = f"{quantity.name}_{unit}"
            if key in measured:
                ordered[key] = measured[key]
    return ordered
