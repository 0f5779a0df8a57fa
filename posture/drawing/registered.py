"""Lays pictures of two visits over each other, on ankle and scale; it measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.overlay import draw
from posture.photo import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.assessment import Assessment

    Array = NDArray[np.float64]
    Picture = NDArray[np.uint8]

#: Width and height of what is laid over each other, in pixels.
SIZE: Final = (600, 900)
# Where the ankle lies in it, and how long the body is from there to the shoulder, along its bones.
_ANKLE: Final = (0.5, 0.93)
_LENGTH: Final = 0.66
_CHAIN: Final = ("ankle", "knee", "hip", "shoulder")
# What stands for a picture that was not kept.
_BLANK: Final = 40


@dataclass(frozen=True, slots=True)
class Registration:
    """What brings a photo's pixels to the common picture.

    Attributes
    ----------
    turn : ndarray, shape (2, 2)
        Turn and scale.
    shift : ndarray, shape (2,)
        What is added then, in pixels of the common picture.
    """

    turn: Array
    shift: Array

    def __call__(self, points: Array) -> Array:
        """Return photo pixels, shape (n, 2), in the common picture."""
        return np.asarray(points @ self.turn.T + self.shift)


def register(assessment: Assessment) -> Registration | None:
    """Return what brings a person's ankle to one place, their length to one and upright to up.

    Parameters
    ----------
    assessment : Assessment
        What was read in the photo.

    Returns
    -------
    Registration or None
        None if ankle, knee, hip or shoulder are not known.
    """
    if any(name not in assessment.points for name in _CHAIN):
        return None
    chain = np.array([(assessment.points[n].x, assessment.points[n].y) for n in _CHAIN])
    length = sum(float(np.hypot(*(b - a))) for a, b in pairwise(chain))
    if not length:
        return None
    lean = 0.0 if assessment.vertical is None else np.radians(assessment.vertical.lean_deg)
    scale = _LENGTH * SIZE[1] / length
    # A vertical that leans to the right is turned back to the left.
    turn = scale * np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    return Registration(turn, np.array(_ANKLE) * SIZE - turn @ chain[0])


def laid(photo: Photo | None, assessment: Assessment, onto: Registration) -> Picture:
    """Return the photo with its lines, brought to the common picture.

    Parameters
    ----------
    photo : Photo or None
        None if it was not kept: then the lines alone.
    assessment : Assessment
        What was read in it.
    onto : Registration
        What `register` returned for it.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        Of ``SIZE``.
    """
    import cv2

    if photo is None:
        shape = (assessment.height, assessment.width, 3)
        photo = Photo(np.full(shape, _BLANK, np.uint8), assessment.width, assessment.height)
    picture = draw(photo, assessment)
    matrix = np.column_stack([onto.turn * photo.scale, onto.shift])
    return np.asarray(
        cv2.warpAffine(
            picture,
            matrix,
            SIZE,
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(_BLANK,) * 3,
        ),
        np.uint8,
    )


def contour(assessment: Assessment, onto: Registration) -> Array:
    """Return the contour of the back in the common picture, shape (n, 2); NaN where it is hidden.

    Empty if there is none.
    """
    if assessment.outline is None:
        return np.empty((0, 2))
    found = onto(assessment.outline.back_px)
    found[assessment.outline.hidden] = np.nan
    return found
