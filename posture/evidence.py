"""Gathers what the numbers read off the back stand on; it measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture import estimator, quality, tilt
from posture.shape import Shape, describe
from posture.skin import bare_share
from posture.tilt import Cover, Vertical

if TYPE_CHECKING:
    from posture.back import Back
    from posture.outline import Outline
    from posture.photo import Photo
    from posture.pose import Pose


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


def gather(
    pose: Pose,
    photo: Photo,
    outline: Outline,
    vertical: Vertical,
    back: Back | None,
) -> Evidence | None:
    """Return what the contour tells; None where it cannot be described."""
    shape = describe(
        outline.back_px, outline.front_px, pose.of_trunk(), pose.facing, vertical.lean_deg
    )
    if shape is None:
        return None
    cover = tilt.covered(shape).on_skin(bare_share(photo, pose, outline.back_px))
    ends = () if back is None else (back.lumbosacral, back.thoracolumbar)
    circumstances = {
        **circumstances_of(pose),
        **cover.circumstances(limits()),
        "hidden": 1.0 if back is None else min(back.hidden_share * 20, 1.0),
        "flat": float(not all(end.found for end in ends)),
    }
    seen = quality.refuse_back(back) is None
    return Evidence(shape, vertical, circumstances, cover, seen)


def circumstances_of(pose: Pose) -> dict[str, float]:
    """Return what of a person's pose widens the intervals, each 0 for not at all."""
    return {"turned": quality.turned_share(pose), "cropped": float(bool(pose.unseen))}


def limits() -> Cover:
    """Return how much cover the back is read under at most."""
    return Cover(*map(estimator.limit, ("cloth_cm", "arm_share", "hair_share")))
