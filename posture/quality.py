"""Decides what is measured, measured with a warning, or refused, and says why and what to do next.

It returns reasons, never a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture.tilt import inclination_deg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.landmarks import Pose
    from posture.photo import Photo
    from posture.tilt import Back

View = Literal["side", "front", "back", "oblique"]

# How far a person is turned from profile, told by the shoulders' width and the feet's length in the
# photo, as shares of the trunk; in full view they are about this.
_SHOULDER_WIDTH: Final = 0.75
_FOOT_LENGTH: Final = 0.45
# 160 rendered people turned by up to 19 degrees: 22 at most, 15 when turned by less than 10; real
# people from the front and from behind at a slant: 52 and more.
_PROFILE_DEG: Final = 25.0
_FRONTAL_DEG: Final = 62.0

# A second person at least this tall, as a share of the first, is no passer-by in the background;
# closer than this share of the first one's height, it is the same person found twice. Both chosen,
# not measured.
_SECOND_PERSON: Final = 0.5
_SAME_PERSON: Final = 0.1

# Limits of quiet standing. 160 rendered standing people: knee bent by 17, thigh and trunk leaning
# by 10 degrees, ankles 0.06 of the leg apart at the 99th percentile; a real walker: knee 53 to 65.
_BENT_KNEE_DEG: Final = 30.0
_LEANING_DEG: Final = 30.0
_STRIDE: Final = 0.25  # between the ankles, as a share of hip to ankle; chosen

# The model sees a person on some 205 of its 256 pixels; a photo should have a little more. Chosen.
_SMALLEST_STATURE_PX: Final = 250

# Rendered standing people lean as a whole, ankle to shoulder, by 4 degrees at most.
_TURNED_DEG: Final = 10.0
_IN_LINE_DEG: Final = 25.0

# The mask within this share of stature around a joint. Seen knees and ankles: 0.98 and more in 88
# pictures; covered ankles: 0 in 95 of 100; covered knees pass for seen in some.
_AROUND_JOINT: Final = 0.01
_COVERED: Final = 0.5
_OUT_OF_FRAME: Final = 0.01  # a landmark may be this share of stature off

# Brightened and darkened, sharp and blurred copies of 17 pictures: below this brightness of the
# lightest parts of the body nobody is found any more; below this sharpness (variance of the
# Laplacian over the variance, the person scaled to 512 rows) angles go wrong by 5 degrees and more.
_DARKEST: Final = 32
_BLUREST: Final = 0.0006
_SHARPNESS_ROWS: Final = 512
_FLAT_VARIANCE: Final = 25.0

# Chosen, not measured.
_HIDDEN_SHARE: Final = 0.05
# At their inflections the contours of 154 rendered pictures reach 44 degrees from the vertical, at
# the 99th percentile; hair that lies on the back made it 86.
_STEEPEST_DEG: Final = 60.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused or uncertain.

    Attributes
    ----------
    code : str
        Stable name for programs, for example ``"back_hidden"``.
    message : str
        What is wrong, in one plain sentence.
    advice : str
        What to do next, in one plain sentence.
    """

    code: str
    message: str
    advice: str


_REASONS: Final[Mapping[str, Reason]] = {
    reason.code: reason
    for reason in (
        Reason(
            "no_person",
            "No person was found in the photo.",
            "Take a photo of one whole person from the side, in good light.",
        ),
        Reason(
            "several_people",
            "There is more than one person in the photo.",
            "Take a photo with one person alone, or crop the others away.",
        ),
        Reason(
            "not_side_view",
            "The person is not seen from the side.",
            "Turn the person so that one shoulder points straight at the camera.",
        ),
        Reason(
            "not_standing",
            "The person is not standing still and upright on both feet.",
            "Ask the person to stand relaxed, feet side by side and knees straight.",
        ),
        Reason(
            "person_cut_off",
            "Part of the person lies outside the photo or is covered.",
            "Step back until head and feet are in the picture, with nothing in front of them.",
        ),
        Reason(
            "not_upright",
            "The photo is turned or the camera was tilted: the person leans as a whole.",
            "Turn the photo upright, or take it again with the camera level.",
        ),
        Reason(
            "too_small",
            "The person is too small in the photo.",
            "Go closer, or send the photo at its full size.",
        ),
        Reason(
            "too_dark_or_blurred",
            "The photo is too dark or too blurred to see the outline of the back.",
            "Take it again in more light, with the camera held still.",
        ),
        Reason(
            "back_hidden",
            "The low back is hidden, by an arm, hair or something else.",
            "Clasp the hands loosely in front and tie up long hair, so that the back can be seen.",
        ),
        Reason(
            "no_hollow",
            "The outline of the low back shows no hollow whose ends could be found.",
            "Take the photo in tight clothing or with a bare back, exactly from the side.",
        ),
        Reason(
            "missing_points",
            "A point of the body that is needed was not found.",
            "Take the photo so that ear, shoulder, hip, knee and ankle can be seen.",
        ),
        Reason(
            "provisional",
            "The number is provisional, and its interval wide, until more people are measured.",
            "Read it as a first estimate, and compare photos taken in the same way.",
        ),
    )
}


def explain(code: str) -> Reason:
    """Return the reason that goes by a code, in words."""
    return _REASONS[code]


def refuse_people(poses: Sequence[Pose], photo: Photo) -> Reason | None:
    """Return why the people found, largest first, are not one person; None if they are."""
    if not poses:
        rows, columns = photo.pixels.shape[:2]
        whole = (slice(0, rows), slice(0, columns))
        return explain("too_dark_or_blurred" if _is_unclear(photo, whole) else "no_person")
    first = poses[0]
    tall = _extent(first)
    for other in poses[1:]:
        apart = float(np.hypot(*(_trunk_middle(other) - _trunk_middle(first))))
        if _extent(other) > _SECOND_PERSON * tall and apart > _SAME_PERSON * tall:
            return explain("several_people")
    return None


def view_of(pose: Pose) -> View:
    """Return from where a person is seen, by how wide the shoulders and how long the feet look."""
    left, right = pose.at("left_shoulder"), pose.at("right_shoulder")
    hips = (pose.at("left_hip") + pose.at("right_hip")) / 2
    trunk = max(float(np.hypot(*((left + right) / 2 - hips))), 1.0)
    feet = [
        pose.at(f"{side}_foot_index")[0] - pose.at(f"{side}_heel")[0] for side in ("left", "right")
    ]
    across = abs(float(left[0] - right[0])) / trunk / _SHOULDER_WIDTH
    along = abs(float(np.mean(feet))) / trunk / _FOOT_LENGTH
    turned = float(np.degrees(np.arctan2(across, along)))
    if turned <= _PROFILE_DEG:
        return "side"
    if turned < _FRONTAL_DEG:
        return "oblique"
    return "front" if left[0] > right[0] else "back"


def refuse_person(pose: Pose, photo: Photo, view: View) -> Reason | None:
    """Return why one person cannot be measured in this photo; None if they can."""
    # In this order, since each check relies on those before it.
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("missing_points", lambda: not np.isfinite(pose.xy_px).all()),
        ("not_upright", lambda: _leans_as_a_whole(pose)),
        ("not_side_view", lambda: view != "side"),
        ("person_cut_off", lambda: _is_cut_off(pose, photo)),
        ("not_standing", lambda: not _is_standing(pose)),
        ("too_small", lambda: pose.stature_px < _SMALLEST_STATURE_PX),
        ("person_cut_off", lambda: any(_is_covered(pose, photo, j) for j in ("knee", "ankle"))),
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
    if not all(end.found for end in ends):
        return explain("no_hollow")
    return None


def _leans_as_a_whole(pose: Pose) -> bool:
    leg = inclination_deg(pose.near("ankle"), pose.near("hip"), pose.facing)
    trunk = inclination_deg(pose.near("hip"), pose.near("shoulder"), pose.facing)
    apart = abs((leg - trunk + 180) % 360 - 180)
    return min(abs(leg), abs(trunk)) > _TURNED_DEG and apart < _IN_LINE_DEG


def _is_covered(pose: Pose, photo: Photo, joint: str) -> bool:
    rows, columns = pose.mask.shape
    to_mask = (columns / photo.width, rows / photo.height)
    x, y = (pose.near(joint) * to_mask).astype(int)
    reach = max(1, int(_AROUND_JOINT * pose.stature_px * to_mask[1]))
    around = pose.mask[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    return not around.size or float(around.max()) < _COVERED


def _is_cut_off(pose: Pose, photo: Photo) -> bool:
    joints = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "foot_index")
    seen = np.array([pose.near(joint) for joint in joints])
    margin = _OUT_OF_FRAME * _extent(pose)
    return bool(
        (seen < -margin).any() or (seen > (photo.width + margin, photo.height + margin)).any()
    )


def _is_standing(pose: Pose) -> bool:
    facing = pose.facing
    for side in ("left", "right"):
        hip, knee, ankle = (pose.at(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        thigh, shank = inclination_deg(knee, hip, facing), inclination_deg(ankle, knee, facing)
        # Written so that a missing angle, NaN, does not pass as standing.
        if not (abs(thigh) <= _LEANING_DEG and shank - thigh <= _BENT_KNEE_DEG):
            return False
    lean = inclination_deg(pose.near("hip"), pose.near("shoulder"), facing)
    stride = abs(float(pose.at("left_ankle")[0] - pose.at("right_ankle")[0]))
    leg = float(np.hypot(*(pose.near("hip") - pose.near("ankle"))))
    return abs(lean) <= _LEANING_DEG and stride <= _STRIDE * leg


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
    left, top = np.clip(xy.min(axis=0).astype(int), 0, (columns - 2, rows - 2))
    right, bottom = np.clip(xy.max(axis=0).astype(int), (left + 1, top + 1), (columns, rows))
    return slice(top, bottom), slice(left, right)


def _extent(pose: Pose) -> float:
    """Return how tall the person is in the photo, in pixels, in whatever posture."""
    return float(np.ptp(pose.xy_px[:, 1]))


def _trunk_middle(pose: Pose) -> NDArray[np.float64]:
    names = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    return np.asarray(np.mean([pose.at(name) for name in names], axis=0))
