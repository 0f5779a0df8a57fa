"""Reads a person who was found in a photo: what joints and outline tell, before any mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import notes, plumb, quality, tilt
from posture.back import Back, read_back
from posture.evidence import Evidence, circumstances_of, gather, limits
from posture.marking import bony
from posture.marking.marks import JOINTS
from posture.outline import Outline, find_outline
from posture.pose import PARTS, Part, Point, Pose
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

    from posture.marking.marks import DrawnLine
    from posture.photo import Photo
    from posture.plumb import Plumb
    from posture.reasons import Reason

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
        Those of the near side that are in the photo, placed ones among them, in pixels.
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


def read(
    pose: Pose,
    told: Pose,
    photo: Photo,
    up: Plumb,
    stature_cm: float | None,
    doubt: Reason | None = None,
) -> Reading:
    """Read everything that joints and outline of a person tell.

    The outline is read by the joints as they were found, whatever was placed: what it is read with
    was fitted to these.

    Parameters
    ----------
    pose : Pose
        Who was found.
    told : Pose
        The same with the joints that were placed.
    photo : Photo
        The photo.
    up : Plumb
        Its vertical.
    stature_cm : float or None
        Standing height.
    doubt : Reason, optional
        Why the joints that were found are no good, so that the back is refused.
    """
    facing = pose.facing
    joints, outline = joints_of(told), find_outline(pose, photo)
    hip, shoulder = pose.near("hip"), pose.near("shoulder")
    vertical = vertical_at(up, hip)
    back = read_back(
        outline.back_px,
        outline.hidden,
        hip=hip,
        shoulder=shoulder,
        facing=facing,
        stature_px=pose.stature_px,
    )
    evidence = gather(pose, photo, outline, vertical, back)
    hidden = doubt or quality.refuse_back(back)
    if evidence is None:
        hidden = hidden or explain("back_hidden")
        on_back: tuple[Measurement, ...] = ()
    else:
        hidden = hidden or quality.refuse_cover(evidence.cover, limits())
        on_back = tilt.measure_back(evidence.shape, vertical, evidence.circumstances)
    if hidden:
        on_back = tuple(Measurement.refused(quantity, hidden.code) for quantity in ON_THE_BACK)
    seen_from = circumstances_of(pose)
    alignment = tilt.measure_alignment(
        joints, facing, told.stature_px, stature_cm, vertical, seen_from
    )
    return Reading(
        joints,
        vertical,
        outline,
        None if hidden else back,
        evidence,
        tuple(_unless_unseen(measured, pose) for measured in on_back),
        tuple(_unless_unseen(measured, told) for measured in alignment),
        bony.guess(None if evidence is None else evidence.shape, hip, shoulder, facing, vertical),
    )


def joints_of(pose: Pose) -> dict[str, Array]:
    """Return the joints of the near side that are in the photo, no guesses among them."""
    guessed = pose.guessed.union(*(PARTS[part] for part in pose.unseen))
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


@dataclass(frozen=True, slots=True)
class Up:
    """Where up is in a photo.

    Attributes
    ----------
    shown : Plumb
        As the photo's own lines show it, or as it is assumed.
    used : Plumb
        The same, or by a line that was drawn.
    note : str
        Why a drawn line is not used; else empty.
    """

    shown: Plumb
    used: Plumb
    note: str = ""


def up_of(photo: Photo, pose: Pose | None, line: DrawnLine | None) -> Up:
    """Find where up is.

    Parameters
    ----------
    photo : Photo
        The photo.
    pose : Pose or None
        Who stands upright in it, if anybody does.
    line : DrawnLine or None
        What a person drew.
    """
    shown = plumb_of(photo, pose)
    if line is None:
        return Up(shown, shown)
    stands = pose is not None
    if plumb.is_mistaken(line, shown, stands=stands):
        return Up(shown, shown, notes.line_not_used(plumb.off_deg(line, shown), stands=stands))
    return Up(shown, plumb.take(line, shown))


def up_by_body(photo: Photo, line: DrawnLine, body_up: Array) -> Up:
    """Find where up is in a photo that may be turned or lie on its side.

    Parameters
    ----------
    photo : Photo
        The photo.
    line : DrawnLine
        What a person drew. It is believed if the body does not lie down by it.
    body_up : ndarray, shape (2,)
        Which way a body in the photo rises, in pixels right and down.
    """
    shown = plumb_of(photo, None)
    drawn = plumb.take_by_body(line, photo, shown, body_up)
    if plumb.lays_down(drawn, body_up):
        return Up(shown, shown, notes.line_lays_down(plumb.off_body_deg(drawn, body_up)))
    return Up(shown, drawn)


def plumb_of(photo: Photo, pose: Pose | None) -> Plumb:
    """Return the photo's vertical, found while the person faces right."""
    if pose is None:
        return plumb.find_vertical(photo)
    if pose.facing == "right":
        return plumb.find_vertical(photo, pose.mask)
    turned = pose.mirrored(photo.width)
    return plumb.find_vertical(photo, turned.mask, mirrored=True).mirrored(photo.width)


def vertical_at(up: Plumb, at: Array) -> Vertical:
    """Return the true vertical at a place."""
    return Vertical(up.vertical_at(*at), up.sd_at(*at), up.found, up.source == "drawn")
