"""Decides what is measured, measured with a warning, or refused, and says why and what to do next.

It returns reasons, never a number.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture.framing import (
    are_outside,
    hangs_together,
    is_covered,
    is_guesswork,
    touches_top,
)
from posture.pose import PARTS
from posture.reasons import explain
from posture.stance import has_feet_together, is_straight, leans_as_a_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.back import Back
    from posture.photo import Photo
    from posture.pose import Pose
    from posture.reasons import Reason
    from posture.tilt import Cover

View = Literal["side", "front", "back", "oblique"]

# How far a person is turned from profile, told by the shoulders' width and the feet's length in the
# photo, as shares of the trunk; in full view they are about this.
_SHOULDER_WIDTH: Final = 0.75
_FOOT_LENGTH: Final = 0.45
# 310 rendered people turned by up to 17 degrees: 21 at most; others turned by more than 27: 32 and
# more; real people from the front and from behind at a slant: 52 and more.
_PROFILE_DEG: Final = 27.0
_FRONTAL_DEG: Final = 62.0

# A second person at least this tall, as a share of the first, is no passer-by in the background.
# Chosen.
_SECOND_PERSON: Final = 0.5
# Two finds whose trunks are closer than this share of the taller one's height are one person. 200
# doubles of rendered people: 0.03 at most where both make a body; people who stand beside each
# other, one partly hidden: 0.1 and more.
_SAME_PERSON: Final = 0.06
# So are they if this share of one's mask lies within the other's and one is not beside the other,
# or its points make no body: without a head a person is often found again in a part of the body.
_SAME_MASK: Final = 0.85

# The model sees a person on some 205 of its 256 pixels; a photo should have a little more. Chosen.
_SMALLEST_STATURE_PX: Final = 250
#: Of a point from the photo's corner: beyond it is nowhere. Chosen.
FARTHEST_PX: Final = 1e6

_OF_THE_LEG: Final = ("knee", "ankle")
# The mask sometimes ends above the feet: up to this share of stature from an ankle that is in view.
# 6 of 450 rendered standing people: 0.015 to 0.05.
_BESIDE_JOINT: Final = 0.07
_INSIDE: Final = 0.5  # of the mask

# Brightened and darkened, sharp and blurred copies of 17 pictures: below this brightness of the
# lightest parts of the body nobody is found any more; below this sharpness (variance of the
# Laplacian over the variance, the person scaled to 512 rows) angles go wrong by 5 degrees and more.
_DARKEST: Final = 32
_BLUREST: Final = 0.0006
_SHARPNESS_ROWS: Final = 512
_FLAT_VARIANCE: Final = 25.0

# Chosen, not measured.
_HIDDEN_SHARE: Final = 0.35
# At their inflections the contours of 154 rendered pictures reach 44 degrees from the vertical, at
# the 99th percentile; hair that lies on the back made it 86.
_STEEPEST_DEG: Final = 60.0


def refuse_people(poses: Sequence[Pose], photo: Photo) -> Reason | None:
    """Return why the people found, largest first, are not one person; None if they are."""
    if not poses:
        rows, columns = photo.pixels.shape[:2]
        whole = (slice(0, rows), slice(0, columns))
        return explain("too_dark_or_blurred" if _is_unclear(photo, whole) else "no_person")
    first = poses[0]
    if not _has_points(first):
        return explain("missing_points")
    tall = first.extent_px
    for other in filter(_has_points, poses[1:]):
        if other.extent_px > _SECOND_PERSON * tall and not _is_double(first, other, photo):
            return explain("several_people")
    return None


def view_of(pose: Pose) -> View:
    """Return from where a person is seen, by how wide the shoulders and how long the feet look."""
    turned = _turned_deg(pose)
    if turned <= _PROFILE_DEG:
        return "side"
    if turned < _FRONTAL_DEG:
        return "oblique"
    return "front" if pose.at("left_shoulder")[0] > pose.at("right_shoulder")[0] else "back"


def _turned_deg(pose: Pose) -> float:
    left, right = pose.at("left_shoulder"), pose.at("right_shoulder")
    hips = (pose.at("left_hip") + pose.at("right_hip")) / 2
    trunk = max(float(np.hypot(*((left + right) / 2 - hips))), 1.0)
    across = abs(float(left[0] - right[0])) / trunk / _SHOULDER_WIDTH
    if "feet" in pose.unseen:
        along = max(1 - across**2, 0.0) ** 0.5
    else:
        feet = [
            pose.at(f"{side}_foot_index")[0] - pose.at(f"{side}_heel")[0]
            for side in ("left", "right")
        ]
        along = abs(float(np.mean(feet))) / trunk / _FOOT_LENGTH
    return float(np.degrees(np.arctan2(across, along)))


def refuse_person(
    pose: Pose, photo: Photo, view: View, *, found: Pose | None = None
) -> Reason | None:
    """Return why one person cannot be measured in this photo; None if they can.

    Parameters
    ----------
    pose : Pose
        The person.
    photo : Photo
        The photo.
    view : {"side", "front", "back", "oblique"}
        From where they are seen.
    found : Pose, optional
        The same as found, if joints were placed since: of a leg that was not found the mask tells
        nothing.
    """
    # In this order, since each check relies on those before it.
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("person_cut_off", lambda: not _has_head(pose) and is_guesswork(pose, photo)),
        ("not_upright", lambda: leans_as_a_whole(pose)),
        # Whoever sits or bends may reach beyond the photo or look turned.
        ("not_standing", lambda: _has_head(pose) and not is_straight(pose)),
        ("person_cut_off", lambda: is_guesswork(pose, photo)),
        ("not_side_view", lambda: view != "side"),
        ("person_cut_off", lambda: are_outside(pose, photo, *_needed(pose))),
        ("not_standing", lambda: not (is_straight(pose) and has_feet_together(pose))),
        ("too_small", lambda: pose.stature_px < _SMALLEST_STATURE_PX),
        (
            "person_cut_off",
            lambda: any(
                is_covered(pose, photo, joint, _BESIDE_JOINT)
                for joint in _needed(found or pose)
                if joint in _OF_THE_LEG
            ),
        ),
        ("too_dark_or_blurred", lambda: _is_unclear(photo, _body_box(pose, photo))),
    )
    return next((explain(code) for code, fails in checks if fails()), None)


def refuse_back(back: Back | None) -> Reason | None:
    """Return why the low back cannot be measured; None if it can."""
    if back is None or back.hidden_share > _HIDDEN_SHARE:
        return explain("back_hidden")
    ends = (back.lumbosacral, back.thoracolumbar)
    if any(abs(end.contour_deg) > _STEEPEST_DEG for end in ends):
        return explain("back_hidden")
    return None


def refuse_cover(cover: Cover, limits: Cover) -> Reason | None:
    """Return why what covers the back, beyond some limits, forbids reading it; None if not."""
    if cover.arm_share > limits.arm_share or cover.hair_share > limits.hair_share:
        return explain("back_hidden")
    return explain("loose_clothing") if cover.cloth_cm > limits.cloth_cm else None


def can_be_marked(refused: Reason, view: View | None) -> bool:
    """Tell whether placed points may be measured in a photo that is refused.

    Not where the person is not seen from the side: the angle would be another one. Whoever bends
    may look turned, and in a photo that lies on its side the view is not known.
    """
    if refused.code == "not_standing":
        return view not in ("front", "back")
    return refused.code != "not_side_view"


def shows_side(pose: Pose, photo: Photo, view: View | None, refused: Reason) -> bool:
    """Tell whether a person in a photo that is refused shows where they look all the same."""
    unsure = refused.code == "not_upright" or is_guesswork(pose, photo)
    return view == "side" and not unsure


def turned_share(pose: Pose) -> float:
    """Return how far a person is turned from profile: 0 not at all, 1 as far as is measured."""
    return _turned_deg(pose) / _PROFILE_DEG


def _has_points(pose: Pose) -> bool:
    """Tell whether all points of a person are somewhere, so that one can count with them."""
    # Written so that NaN does not pass.
    return bool((np.abs(pose.xy_px) < FARTHEST_PX).all())


def _needed(pose: Pose) -> tuple[str, ...]:
    """Return the joints that must be in the photo: no guesses of a part that is outside."""
    parts = (joints for part, joints in PARTS.items() if part not in pose.unseen)
    needed = ("shoulder", "hip", "knee", *itertools.chain.from_iterable(parts))
    return tuple(joint for joint in needed if joint not in pose.guessed)


def _is_double(first: Pose, other: Pose, photo: Photo) -> bool:
    """Tell whether another find is the first person again."""
    apart = np.abs(_trunk_middle(other) - _trunk_middle(first))
    beside, below = apart / max(first.extent_px, other.extent_px)
    if np.hypot(beside, below) <= _SAME_PERSON:
        return True
    masks = [pose.mask > _INSIDE for pose in (first, other)]
    if (masks[0] & masks[1]).sum() <= _SAME_MASK * min(mask.sum() for mask in masks):
        return False
    bodies = hangs_together(first, photo) and hangs_together(other, photo)
    return bool(beside <= _SAME_PERSON or not bodies)


def _has_head(pose: Pose) -> bool:
    return "head" not in pose.unseen and not touches_top(pose)


def _is_unclear(photo: Photo, box: tuple[slice, slice]) -> bool:
    """Tell whether a part of the photo, rows and columns of its pixels, is too dark or blurred."""
    import cv2

    grey = cv2.cvtColor(photo.pixels[box], cv2.COLOR_RGB2GRAY)
    shrink = min(1.0, _SHARPNESS_ROWS / grey.shape[0])
    size = [max(1, round(edge * shrink)) for edge in reversed(grey.shape)]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    if np.percentile(small, 95) < _DARKEST:
        return True
    variance = float(small.var())
    if variance < _FLAT_VARIANCE:
        return False
    return float(cv2.Laplacian(small, cv2.CV_32F).var()) < _BLUREST * variance


def _body_box(pose: Pose, photo: Photo) -> tuple[slice, slice]:
    rows, columns = photo.pixels.shape[:2]
    xy = pose.xy_px / photo.scale
    left, top = np.clip(xy.min(axis=0), 0, (columns - 2, rows - 2)).astype(int)
    right, bottom = np.clip(xy.max(axis=0), (left + 1, top + 1), (columns, rows)).astype(int)
    return slice(top, bottom), slice(left, right)


def _trunk_middle(pose: Pose) -> NDArray[np.float64]:
    names = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    return np.asarray(np.mean([pose.at(name) for name in names], axis=0))
