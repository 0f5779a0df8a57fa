"""Hides the person found in a photo, so that another one beside them is not overlooked.

It looks at pixels and points; whoever detects looks at what it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.framing import are_outside, hangs_together

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo
    from posture.pose import Pose

# How far what is hidden reaches to both sides, as a share of the person's height: as deep as a body
# seen from the side. Whose trunk lies outside is another person: people one close behind the other
# are 0.28 and more apart.
_HIDDEN: Final = 0.14
# Shoulder and hip of the side seen better: 0.99 and more in 91 people beside others; 0.95 in a
# cupboard at the edge of a photo, whose other half would have lain outside.
_SURELY_SEEN: Final = 0.97
_INSIDE: Final = 0.5  # of the mask
_HIDING_GREY: Final = 128
# The detector sees 224 pixels of a photo.
_ENOUGH_PX: Final = 320


def hide(person: Pose, pixels: NDArray[np.uint8], photo: Photo) -> NDArray[np.uint8]:
    """Return the pixels, reduced, with the columns in which a person stands painted grey.

    Parameters
    ----------
    person : Pose
        The person, found in the photo.
    pixels : ndarray, shape (rows, columns, 3)
        The photo's pixels at any size; they stay as they are.
    photo : Photo
        The photo in whose pixels the person's points are.
    """
    import cv2

    rows, columns = pixels.shape[:2]
    shrink = min(1.0, _ENOUGH_PX / max(rows, columns))
    size = (max(1, round(columns * shrink)), max(1, round(rows * shrink)))
    hidden = np.array(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    reach = np.array([-_HIDDEN, _HIDDEN]) * person.extent_px
    ends = (_axis_px(person, photo) + reach) * size[0] / photo.width
    left, right = np.clip(np.round(ends), 0, size[0]).astype(int)
    hidden[:, left:right] = _HIDING_GREY
    return hidden


def overlooked(hidden: Pose, found: Sequence[Pose], photo: Photo) -> tuple[Pose, ...]:
    """Return those found beside a hidden person who are surely bodies.

    Parameters
    ----------
    hidden : Pose
        The person who was hidden.
    found : sequence of Pose
        What was found then. Their masks may have another size than the hidden person's; those
        returned have the same.
    photo : Photo
        The photo in which all were found.
    """
    import cv2

    rows, columns = hidden.mask.shape
    return tuple(
        replace(pose, mask=np.asarray(cv2.resize(pose.mask, (columns, rows)), dtype=np.float32))
        for pose in found
        if _is_body(pose, photo)
        and abs(_trunk_x(pose) - _axis_px(hidden, photo)) > _HIDDEN * hidden.extent_px
    )


def _axis_px(person: Pose, photo: Photo) -> float:
    """Return the middle of the columns that hold most of a person's mask.

    Of people who touch, mask and points often mix both; this is within one of them.
    """
    per_column = (person.mask > _INSIDE).sum(axis=0)
    columns = len(per_column)
    wide = max(1, round(2 * _HIDDEN * person.extent_px * columns / photo.width))
    held = np.convolve(per_column, np.ones(wide), mode="full")
    middle = float(np.flatnonzero(held == held.max()).mean()) - (wide - 1) / 2
    return (middle + 0.5) * photo.width / columns


def _is_body(pose: Pose, photo: Photo) -> bool:
    sides = [(pose.seen(f"left_{j}"), pose.seen(f"right_{j}")) for j in ("shoulder", "hip")]
    return (
        min(map(max, sides)) > _SURELY_SEEN
        and not are_outside(pose, photo, "shoulder", "hip")
        and hangs_together(pose, photo)
    )


def _trunk_x(pose: Pose) -> float:
    names = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    return float(np.mean([pose.at(name)[0] for name in names]))
