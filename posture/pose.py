"""Holds one person found in a photo: named points in pixels, and a soft mask of the body.

It knows the proportions of a body and no angle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.shape import Facing

Source = Literal["detected", "estimated", "placed", "sticker"]
Part = Literal["head", "feet"]

#: The points of a body, in the order of `Pose.xy_px`.
POINT_NAMES: Final = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
_OF_TRUNK: Final = ("shoulder", "hip", "knee", "elbow", "wrist")
_OF_FAR_TRUNK: Final = ("shoulder", "hip", "elbow", "wrist")
_OTHER: Final[Mapping[str, Facing]] = {"left": "right", "right": "left"}
#: Joints of each part of the body that a photo may lack and still be measured.
PARTS: Final[Mapping[Part, tuple[str, ...]]] = {
    "head": ("ear",),
    "feet": ("ankle", "heel", "foot_index"),
}
_TOLD_BY: Final[Mapping[Part, str]] = {"head": "ear", "feet": "ankle"}
_INDEX: Final = {name: i for i, name in enumerate(POINT_NAMES)}
_MIRRORED: Final = [
    _INDEX[re.sub("left|right", lambda side: _OTHER[side.group()], name)] for name in POINT_NAMES
]

#: Height of joints above the floor as a share of stature (Drillis and Contini 1966); the ear is
#: level with the eye. Against the rise from ankle to ear, the other rises give a stature that in 80
#: rendered people is 0 to 1.3 % more, with a standard deviation of 1.7 % (2.5 % from the knee to
#: the shoulder).
HEIGHTS: Final[Mapping[str, float]] = {
    "ear": 0.936,
    "shoulder": 0.818,
    "hip": 0.530,
    "knee": 0.285,
    "ankle": 0.039,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the body in the upright photo.

    Attributes
    ----------
    x, y : float
        Position in pixels of the upright photo, x right, y down, from its top-left corner.
    visibility : float
        0 to 1, how surely the point is seen rather than guessed behind something.
    source : {"detected", "estimated", "placed", "sticker"}
        Found by the model, computed by posture, set by a person, or found as a sticker.
    """

    x: float
    y: float
    visibility: float
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person found in a photo.

    Attributes
    ----------
    xy_px : ndarray, shape (33, 2)
        The points in pixels of the upright photo, x right, y down. They may lie beyond the frame.
    visibility : ndarray, shape (33,)
        0 to 1.
    mask : ndarray, shape (h, w), float32
        How surely each pixel belongs to the body, 0 to 1, over the whole photo at any size.
    unseen : frozenset of {"head", "feet"}
        Parts of the body that lie outside the photo: their points are guesses.
    looks : {"left", "right"} or None
        Where the person looks, if that is known; else the points tell.
    guessed : frozenset of str
        Joints of the near side that are guesses though their part counts as seen.
    """

    xy_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    mask: NDArray[np.float32]
    unseen: frozenset[Part] = frozenset()
    looks: Facing | None = None
    guessed: frozenset[str] = frozenset()

    def at(self, name: str) -> NDArray[np.float64]:
        """Return the position, shape (2,), of a point such as ``"left_hip"``, in photo pixels."""
        position: NDArray[np.float64] = self.xy_px[_INDEX[name]]
        return position

    def seen(self, name: str) -> float:
        """Return the visibility, 0 to 1, of a point such as ``"left_hip"``; unknown counts as 0."""
        return float(np.nan_to_num(self.visibility[_INDEX[name]]))

    def mirrored(self, width: int) -> Pose:
        """Return the same person in the mirrored photo, whose left becomes the right.

        Parameters
        ----------
        width : int
            Width of the upright photo in pixels.
        """
        xy = self.xy_px[_MIRRORED] * (-1, 1) + (width, 0)
        looks = None if self.looks is None else _OTHER[self.looks]
        visibility, mask = self.visibility[_MIRRORED], self.mask[:, ::-1]
        return Pose(xy, visibility, mask, self.unseen, looks, self.guessed)

    def with_near(self, joints: Mapping[str, NDArray[np.float64]]) -> Pose:
        """Return the same with joints of the near side placed elsewhere, then surely seen.

        A part of the body whose ear or ankle is placed counts as seen, though what else of it is
        not placed stays a guess. Which side is near stays as it was, wherever ear or toe are
        placed.
        """
        if not joints:
            return self
        xy, visibility = self.xy_px.copy(), self.visibility.copy()
        for name, at in joints.items():
            row = _INDEX[f"{self.near_side}_{name}"]
            xy[row], visibility[row] = at, 1.0
        told = {part for part, joint in _TOLD_BY.items() if joint in joints}
        of_told = {joint for part in told & self.unseen for joint in PARTS[part]}
        guessed = (self.guessed | of_told) - joints.keys()
        return Pose(xy, visibility, self.mask, self.unseen - told, self.facing, guessed)

    @property
    def facing(self) -> Facing:
        """Where the person looks in the photo: the way from heel to toe and from ear to nose.

        Of what lies outside the photo nothing is asked, unless both do: the model guesses them
        from the rest of the body.
        """
        if self.looks is not None:
            return self.looks
        head = self.at("nose")[0] - (self.at("left_ear")[0] + self.at("right_ear")[0]) / 2
        feet = sum(
            self.at(f"{side}_foot_index")[0] - self.at(f"{side}_heel")[0]
            for side in ("left", "right")
        )
        if len(self.unseen) == 1:
            head, feet = (0.0, feet) if "head" in self.unseen else (head, 0.0)
        return "right" if head + feet >= 0 else "left"

    @property
    def near_side(self) -> Facing:
        """The person's side towards the camera; who looks to the right shows the right side."""
        return self.facing

    def near(self, joint: str) -> NDArray[np.float64]:
        """Return the position, shape (2,), of a joint such as ``"hip"`` on the near side."""
        return self.at(f"{self.near_side}_{joint}")

    def trunk_up(self) -> NDArray[np.float64]:
        """Return the way up from hips to shoulders, shape (2,), in pixels right and down."""
        sides = [self.at(f"{side}_shoulder") - self.at(f"{side}_hip") for side in _OTHER]
        return np.asarray(sum(sides) / len(sides))

    def of_trunk(self) -> dict[str, NDArray[np.float64]]:
        """Return the joints that a trunk is described by, those of the far side as ``far_...``.

        The ear is left out if the head lies outside the photo.
        """
        far = _OTHER[self.near_side]
        near = _OF_TRUNK if "head" in self.unseen else ("ear", *_OF_TRUNK)
        joints = {name: self.near(name) for name in near}
        return joints | {f"far_{name}": self.at(f"{far}_{name}") for name in _OF_FAR_TRUNK}

    @property
    def stature_px(self) -> float:
        """Standing height in photo pixels, from the height of the ear above the ankle.

        The shoulder stands in for an unseen head, the knee for unseen feet.
        """
        high = "shoulder" if "head" in self.unseen else "ear"
        low = "knee" if "feet" in self.unseen else "ankle"
        rise = self.near(low)[1] - self.near(high)[1]
        return float(max(rise, 0.0)) / (HEIGHTS[high] - HEIGHTS[low])

    @property
    def extent_px(self) -> float:
        """How tall the person is in photo pixels, in whatever posture, guessed points included."""
        return float(np.ptp(self.xy_px[:, 1]))
