"""Reads a person who was found in a photo: what joints and outline tell, before any mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import bony, plumb, quality, tilt
from posture.back import Back, read_back
from posture.evidence import Evidence, circumstances_of, gather, limits
from posture.framing import PARTS
from posture.marks import JOINTS
from posture.outline import Outline, find_outline
from posture.pose import Part, Point, Pose
from posture.quantities import (
    KNEE_ANGLE,
    OFFSETS_PCT,
    ON_THE_BACK,
    THORACIC_CURVE,
    Measurement,
)
from posture.reasons import explain
from posture.tilt import Vertical

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo
    from posture.plumb import Plumb

    Array = NDArray[np.float64]

# What a part of the body that lies outside the photo refuses, by the names of the quantities.
_NEEDS: Final[Mapping[Part, frozenset[str]]] = {
    "head": frozenset({THORACIC_CURVE.name, "ear_offset"}),
    "feet": frozenset({KNEE_ANGLE.name, *(q.name for q in OFFSETS_PCT)}),
}


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What joints and outline of a person tell.

    Attributes
    ----------
    joints : mapping of str to ndarray, shape (2,)
        Those of the near side that are in the photo, in pixels.
    vertical : Vertical
        The true vertical at the hip.
    outline : Outline
        Contour of back and front.
    back : Back or None
        Its inflections; None where the back is not measured.
    evidence : Evidence or None
        What the numbers read off the back stand on; None where it is not seen.
    on_back, alignment : tuple of Measurement
        What is measured, or refused.
    guesses : mapping of str to Guess
        Where the bony points probably lie.
    """

    joints: Mapping[str, Array]
    vertical: Vertical
    outline: Outline
    back: Back | None
    evidence: Evidence | None
    on_back: tuple[Measurement, ...]
    alignment: tuple[Measurement, ...]
    guesses: Mapping[str, bony.Guess]


def read(pose: Pose, photo: Photo, up: Plumb, stature_cm: float | None) -> Reading:
    """Read everything that joints and outline of a person tell.

    Parameters
    ----------
    pose : Pose
        Who was found, or joints that were placed instead.
    photo : Photo
        The photo.
    up : Plumb
        Its vertical.
    stature_cm : float or None
        Standing height.
    """
    facing, stature_px = pose.facing, pose.stature_px
    joints, outline = joints_of(pose), find_outline(pose, photo)
    vertical = vertical_at(up, joints["hip"])
    hip, shoulder = joints["hip"], joints["shoulder"]
    back = read_back(
        outline.back_px,
        outline.hidden,
        hip=hip,
        shoulder=shoulder,
        facing=facing,
        stature_px=stature_px,
    )
    evidence = gather(pose, photo, outline, vertical, back)
    hidden = quality.refuse_back(back)
    if evidence is None:
        hidden = hidden or explain("back_hidden")
        on_back: tuple[Measurement, ...] = ()
    else:
        hidden = hidden or quality.refuse_cover(evidence.cover, limits())
        on_back = tilt.measure_back(evidence.shape, vertical, evidence.circumstances)
    if hidden:
        on_back = tuple(Measurement.refused(quantity, hidden.code) for quantity in ON_THE_BACK)
    seen_from = circumstances_of(pose)
    alignment = tilt.measure_alignment(joints, facing, stature_px, stature_cm, vertical, seen_from)
    return Reading(
        joints,
        vertical,
        outline,
        None if hidden else back,
        evidence,
        tuple(_unless_unseen(measured, pose) for measured in on_back),
        tuple(_unless_unseen(measured, pose) for measured in alignment),
        bony.guess(None if evidence is None else evidence.shape, hip, shoulder, facing, vertical),
    )


def joints_of(pose: Pose) -> dict[str, Array]:
    """Return the joints of the near side that are in the photo."""
    guessed = {joint for part in pose.unseen for joint in PARTS[part]}
    return {name: pose.near(name) for name in JOINTS if name not in guessed}


def points_of(pose: Pose) -> dict[str, Point]:
    """Return them as points of an assessment."""
    return {
        name: Point(float(x), float(y), pose.seen(f"{pose.near_side}_{name}"), "detected")
        for name, (x, y) in joints_of(pose).items()
    }


def _unless_unseen(measured: Measurement, pose: Pose) -> Measurement:
    """Refuse what needs a part of the body that lies outside the photo."""
    quantity = measured.quantity
    codes = [f"{p}_not_seen" for p in PARTS if p in pose.unseen and quantity.name in _NEEDS[p]]
    return Measurement.refused(quantity, *codes) if codes else measured


def plumb_of(photo: Photo, pose: Pose | None) -> Plumb:
    """Return the photo's vertical, found while the person faces right."""
    if pose is None:
        return plumb.find_vertical(photo)
    if pose.facing == "right":
        return plumb.find_vertical(photo, pose.mask)
    turned = pose.mirrored(photo.width)
    return plumb.find_vertical(mirrored(photo), turned.mask).mirrored(photo.width)


def vertical_at(up: Plumb, at: Array) -> Vertical:
    """Return the true vertical at a place."""
    return Vertical(up.vertical_at(*at), up.sd_at(*at), up.found, up.source == "drawn")


def mirrored(photo: Photo) -> Photo:
    """Return the photo's mirror image."""
    import cv2

    return replace(photo, pixels=np.asarray(cv2.flip(photo.pixels, 1), dtype=np.uint8))
