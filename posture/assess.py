"""The one pipeline, from a photo to an assessment; it draws, prints and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture import estimator, landmarks, quality, tilt
from posture.back import Back, read_back
from posture.framing import PARTS
from posture.landmarks import Detector
from posture.outline import Outline, find_outline
from posture.photo import Photo, PhotoSource
from posture.plumb import find_vertical
from posture.pose import Part, Point, Pose
from posture.quality import View
from posture.quantities import (
    KNEE_ANGLE,
    LUMBAR_CURVE,
    OFFSETS_PCT,
    ON_THE_BACK,
    PELVIC_TILT,
    QUANTITIES,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    Measurement,
)
from posture.reasons import Reason, explain
from posture.shape import Facing, Shape, describe
from posture.skin import bare_share
from posture.tilt import Cover, Vertical
from posture.version import VERSION

if TYPE_CHECKING:
    pass

#: Standing heights that are believed, in centimetres.
STATURE_RANGE_CM: Final = (50.0, 250.0)

_JOINTS: Final = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "foot_index")
# What a part of the body that lies outside the photo refuses, by the names of the quantities.
_NEEDS: Final[Mapping[Part, frozenset[str]]] = {
    "head": frozenset({THORACIC_CURVE.name, "ear_offset"}),
    "feet": frozenset({KNEE_ANGLE.name, *(q.name for q in OFFSETS_PCT)}),
}
_NOTES: Final[Mapping[Part, str]] = {
    "head": "The head is outside the photo: what needs it is not measured.",
    "feet": "The feet are outside the photo or not found: what needs them is not measured.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the numbers read off the back stand on.

    Attributes
    ----------
    shape : Shape
        The contour in numbers.
    vertical : Vertical
        The true vertical at the hip.
    circumstances : mapping of str to float
        What widens the intervals, each 0 for not at all.
    cover : Cover
        What seems to cover the back.
    back_seen : bool
        Whether joints and mask show the back free.
    """

    shape: Shape
    vertical: Vertical
    circumstances: Mapping[str, float]
    cover: Cover
    back_seen: bool


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
        Joints of the near side that lie in the photo, and the inflections of the back.
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
    vertical : Vertical or None
        The true vertical at the person; None if the photo is refused.
    evidence : Evidence or None
        What the numbers read off the back stand on; None where it is not seen.
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
    vertical: Vertical | None = None
    evidence: Evidence | None = None
    software: str = f"posture {VERSION}"

    @property
    def pelvic_tilt(self) -> Measurement:
        """Angle of the line from PSIS to ASIS to the horizontal, degrees, + = anterior."""
        return self.measurements[PELVIC_TILT.key]

    @property
    def lumbar_curve(self) -> Measurement:
        """Angle between the back's tangents above and below its hollow, degrees, + = lordosis."""
        return self.measurements[LUMBAR_CURVE.key]


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
    poses = find_people(photo, detector)
    reason = quality.refuse_people(poses, photo)
    if reason:
        return _refused(photo, detector, reason)
    pose = poses[0]
    view = quality.view_of(pose)
    reason = quality.refuse_person(pose, photo, view)
    if reason:
        return _refused(photo, detector, reason, view=view)
    return _measure(pose, photo, detector.name, stature_cm)


def find_people(photo: Photo, detector: Detector) -> tuple[Pose, ...]:
    """Return the people in a photo, the largest first, found while that one faces right.

    The model is not symmetric: in a photo and its mirror image it finds masks and joints that
    differ by a degree or two in the angles, and sometimes other people. So everything that is
    decided and measured comes from the same one of the two.
    """
    found = detector.detect(photo)
    if not found or found[0].facing == "right":
        return found
    mirrored = detector.detect(_mirrored(photo))
    return tuple(pose.mirrored(photo.width) for pose in mirrored)


def _mirrored(photo: Photo) -> Photo:
    import cv2

    return replace(photo, pixels=np.asarray(cv2.flip(photo.pixels, 1), dtype=np.uint8))


def _measure(pose: Pose, photo: Photo, model: str, stature_cm: float | None) -> Assessment:
    facing, stature_px = pose.facing, pose.stature_px
    guessed = {joint for part in pose.unseen for joint in PARTS[part]}
    joints = {name: pose.near(name) for name in _JOINTS if name not in guessed}
    outline = find_outline(pose, photo)
    vertical = _vertical(pose, photo)
    back = read_back(
        outline.back_px,
        outline.hidden,
        hip=joints["hip"],
        shoulder=joints["shoulder"],
        facing=facing,
        stature_px=stature_px,
    )
    evidence = _evidence(pose, photo, outline, vertical, back)
    seen_from = _circumstances(pose)
    measured = [
        *tilt.measure_alignment(joints, facing, stature_px, stature_cm, vertical, seen_from)
    ]
    hidden = quality.refuse_back(back)
    if evidence is None:
        hidden = hidden or explain("back_hidden")
    else:
        measured += tilt.measure_back(evidence.shape, vertical, evidence.circumstances)
        hidden = hidden or quality.refuse_cover(evidence.cover, _limits())
    by_key = {m.quantity.key: _unless_unseen(m, pose) for m in measured}
    if hidden:
        for quantity in ON_THE_BACK:
            by_key[quantity.key] = Measurement.refused(quantity, hidden.code)
    points = {
        name: Point(float(x), float(y), pose.seen(f"{pose.near_side}_{name}"), "detected")
        for name, (x, y) in joints.items()
    }
    if back is not None and not hidden:
        back = _with_skin(back, by_key, vertical.forward_deg(facing))
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
        notes=(*photo.notes, *(_NOTES[part] for part in PARTS if part in pose.unseen)),
        model=model,
        stature_cm=stature_cm,
        vertical=vertical,
        evidence=evidence,
    )


def _vertical(pose: Pose, photo: Photo) -> Vertical:
    """Find the true vertical at the hip, in the photo whose person faces right."""
    turned = pose
    if pose.facing == "left":
        turned, photo = pose.mirrored(photo.width), _mirrored(photo)
    plumb = find_vertical(photo, turned.mask)
    hip = turned.near("hip")
    lean = plumb.vertical_at(*hip)
    return Vertical(lean if turned is pose else -lean, plumb.sd_at(*hip), plumb.found)


def _evidence(
    pose: Pose,
    photo: Photo,
    outline: Outline,
    vertical: Vertical,
    back: Back | None,
) -> Evidence | None:
    shape = describe(
        outline.back_px, outline.front_px, pose.of_trunk(), pose.facing, vertical.lean_deg
    )
    if shape is None:
        return None
    cover = tilt.covered(shape).on_skin(bare_share(photo, pose, outline.back_px))
    ends = () if back is None else (back.lumbosacral, back.thoracolumbar)
    circumstances = {
        **_circumstances(pose),
        **cover.circumstances(_limits()),
        "hidden": 1.0 if back is None else min(back.hidden_share * 20, 1.0),
        "flat": float(not all(end.found for end in ends)),
    }
    seen = quality.refuse_back(back) is None
    return Evidence(shape, vertical, circumstances, cover, seen)


def _circumstances(pose: Pose) -> dict[str, float]:
    return {"turned": quality.turned_share(pose), "cropped": float(bool(pose.unseen))}


def _limits() -> Cover:
    return Cover(*map(estimator.limit, ("cloth_cm", "arm_share", "hair_share")))


def _with_skin(back: Back, measured: Mapping[str, Measurement], upright_deg: float) -> Back:
    sacral, lumbar = measured[SACRAL_INCLINATION.key].value, measured[LUMBAR_CURVE.key].value
    if sacral is None or lumbar is None:
        return back
    return back.with_skin(sacral, lumbar, upright_deg)


def _unless_unseen(measured: Measurement, pose: Pose) -> Measurement:
    """Refuse what needs a part of the body that lies outside the photo."""
    quantity = measured.quantity
    codes = [f"{p}_not_seen" for p in PARTS if p in pose.unseen and quantity.name in _NEEDS[p]]
    return Measurement.refused(quantity, *codes) if codes else measured


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
