"""Tells what of a person a photo shows: what lies outside, is covered, or is mere guesswork."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.pose import PARTS

if TYPE_CHECKING:
    from posture.photo import Photo
    from posture.pose import Part, Pose

_OUT_OF_FRAME: Final = 0.01  # a landmark may be this share of the person's height off

# Thigh and shank in trunks, how far trunk and thigh lean, and how far the mask goes on above the
# highest and below the lowest point, in trunks. 755 finds in rendered people with and without head
# and feet, trunk and knees off by less than 3 % of stature: thigh 0.69 to 1.09, shank 0.60 to 0.99,
# leaning by 13 degrees, mask 0.51 above and 0.17 below. Most finds that are off by 15 % and more
# lie outside these limits.
_THIGH: Final = (0.62, 1.15)
_SHANK: Final = (0.50, 1.05)
_ASKEW: Final = 0.58  # sideways for each pixel up: 30 degrees
_MASK_ABOVE: Final = 0.55
_MASK_BELOW: Final = 0.30
# The mask within this share of stature around a joint. Seen knees and ankles: 0.98 and more in 88
# pictures; covered ankles: 0 in 95 of 100; covered knees pass for seen in some.
_AROUND_JOINT: Final = 0.01
_INSIDE: Final = 0.5


def are_outside(pose: Pose, photo: Photo, *joints: str) -> bool:
    """Tell whether any of a person's joints, of the near side, lies outside the photo."""
    xy = np.array([pose.near(joint) for joint in joints])
    margin = _OUT_OF_FRAME * pose.extent_px
    end = (photo.width + margin, photo.height + margin)
    return bool((xy < -margin).any() or (xy > end).any())


def is_covered(pose: Pose, photo: Photo, joint: str, around: float = _AROUND_JOINT) -> bool:
    """Tell whether the mask shows no body at a joint of the near side, or around it.

    Parameters
    ----------
    pose : Pose
        The person.
    photo : Photo
        The photo in which it was found.
    joint : str
        Name of the joint.
    around : float
        How far around the joint body is looked for, as a share of stature.
    """
    rows, columns = pose.mask.shape
    to_mask = (columns / photo.width, rows / photo.height)
    x, y = (pose.near(joint) * to_mask).astype(int)
    reach = max(1, int(around * pose.stature_px * to_mask[1]))
    near = pose.mask[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    return not near.size or float(near.max()) < _INSIDE


def unseen_parts(pose: Pose, photo: Photo) -> frozenset[Part]:
    """Return which parts of a person, ``"head"`` and ``"feet"``, lie outside the photo.

    Without a head the model sometimes looks at too small a part of the photo, which ends above the
    feet: they count as outside as well.
    """
    outside = {part for part, joints in PARTS.items() if are_outside(pose, photo, *joints)}
    if "head" in outside and is_covered(pose, photo, "ankle"):
        outside.add("feet")
    return frozenset(outside)


def hangs_together(pose: Pose, photo: Photo) -> bool:
    """Tell whether a person's points make one upright body that fills its own mask.

    A model that misses the scale of a person puts trunk and legs into a part of the body.

    Parameters
    ----------
    pose : Pose
        The person, whose unseen parts are known.
    photo : Photo
        The photo in which it was found.
    """
    shoulder, hip, knee, ankle = (
        (pose.at(f"left_{joint}") + pose.at(f"right_{joint}")) / 2
        for joint in ("shoulder", "hip", "knee", "ankle")
    )
    for low, high in ((hip, shoulder), (knee, hip)):
        # Written so that NaN does not pass.
        if not abs(high[0] - low[0]) < _ASKEW * (low[1] - high[1]):
            return False
    trunk = float(np.hypot(*(hip - shoulder)))
    thigh, shank = (float(np.hypot(*way)) / trunk for way in (knee - hip, ankle - knee))
    if not _THIGH[0] < thigh < _THIGH[1]:
        return False
    if "feet" not in pose.unseen and not _SHANK[0] < shank < _SHANK[1]:
        return False
    rows = np.flatnonzero((pose.mask > _INSIDE).any(axis=1)) * photo.height / len(pose.mask)
    if not rows.size:
        return False
    y = pose.xy_px[:, 1]
    above, below = (y.min() - rows[0]) / trunk, (rows[-1] - y.max()) / trunk
    return bool(above < _MASK_ABOVE and below < _MASK_BELOW)


def touches_top(pose: Pose) -> bool:
    """Tell whether the mask reaches the upper edge of the photo."""
    return float(pose.mask[0].max()) > _INSIDE


def is_guesswork(pose: Pose, photo: Photo) -> bool:
    """Tell whether a person reaches beyond the photo and their points make no body."""
    ends = pose.mask[[0, -1]]
    cut_off = bool(pose.unseen) or float(ends.max()) > _INSIDE
    return cut_off and not hangs_together(pose, photo)
