"""Describes rendered people by exact outlines, and learns how far what posture finds lies off.

An outline costs a tenth of a picture. To learn from outlines as if they were photos, joints and
contours are moved by errors that were really made: each time those of one photo, as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from posture import estimator, landmarks
from posture.assess import find_people
from posture.outline import Outline, find_outline
from posture.photo import Photo
from posture.pose import HEIGHTS, POINT_NAMES, Pose
from posture.shape import Shape, describe
from posture.tilt import Vertical, measure_alignment
from validation.people.parts import Array
from validation.records import Record

_JOINTS: Final = ("ear", "shoulder", "hip", "knee", "elbow", "wrist")
_FAR: Final = ("shoulder", "hip", "elbow", "wrist")
# A slip of one contour is carried to others only so far: an arm found there is not one here.
_MOST_SLIP: Final = 0.6
# The model sees a person on some 205 of its 256 rows, with an edge about this soft.
_MODEL_STATURE_PX: Final = 205.0
_MODEL_BLUR_PX: Final = 0.7
_FINGERS: Final = 0.4  # they reach beyond the wrist by this share of the forearm


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A person by exact outline and true joints, in pixels, as the camera saw them.

    Attributes
    ----------
    outline : Outline
        Traced in the exact mask.
    joints : dict of str to ndarray, shape (2,)
        True joints of the near side, and some of the far side as ``far_hip`` and so on.
    facing : {"left", "right"}
        Where the person looks.
    vertical_deg : float
        How far the true vertical leans to the right.
    """

    outline: Outline
    joints: dict[str, Array]
    facing: Any
    vertical_deg: float

    def described(self, moved: dict[str, Array] | None = None, turned: float = 0.0) -> Shape | None:
        """Describe it with joints moved, and with the vertical off by some degrees."""
        return describe(
            self.outline.back_px,
            self.outline.front_px,
            {**self.joints, **(moved or {})},
            self.facing,
            self.vertical_deg + turned,
        )

    @property
    def trunk_px(self) -> float:
        """Length from hip to shoulder."""
        return float(np.hypot(*(self.joints["shoulder"] - self.joints["hip"])))


@dataclass(frozen=True, slots=True, eq=False)
class Slip:
    """How far off posture was in one photo.

    Attributes
    ----------
    joints : dict of str to ndarray, shape (2,)
        Found less true, forward and down, in shares of the trunk.
    numbers : ndarray
        The shape's numbers as found, less those of the exact outline with the joints found.
    """

    joints: dict[str, Array]
    numbers: Array


def draw(record: Record, folder: Path) -> Drawn:
    """Trace the exact outline of a picture or outline."""
    mask = cv2.imread(str(folder / record.mask), cv2.IMREAD_GRAYSCALE)
    assert mask is not None, f"{record.mask} is missing: run the generator again"
    pose = _true_pose(record, _as_the_model_sees(mask, record))
    photo = Photo.open(np.repeat(np.asarray(mask, np.uint8)[:, :, None], 3, axis=2))
    points = {name: np.array(xy) for name, xy in record.made["points"].items()}
    joints = {name: points[name] for name in _JOINTS}
    joints |= {f"far_{name}": points[f"far_{name}"] for name in _FAR}
    made = record.made
    return Drawn(find_outline(pose, photo), joints, made["facing"], made["vertical_deg"])


def _as_the_model_sees(mask: Any, record: Record) -> Any:  # noqa: ANN401 - untyped picture
    """Return a mask as coarse and soft as the pose model's: what is finer comes from edges."""
    points = record.made["points"]
    stature = (points["ankle"][1] - points["ear"][1]) / (HEIGHTS["ear"] - HEIGHTS["ankle"])
    share = _MODEL_STATURE_PX / stature
    small = cv2.resize(mask, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), _MODEL_BLUR_PX)


def _true_pose(record: Record, mask: Any) -> Pose:  # noqa: ANN401 - untyped picture
    """Return what a perfect detector would return."""
    points = {name: np.array(xy) for name, xy in record.made["points"].items()}
    facing = record.made["facing"]
    forward = np.array([1.0 if facing == "right" else -1.0, 0.0])
    stature = points["ankle"][1] - points["ear"][1]
    for side in ("", "far_"):
        elbow, wrist = points[f"{side}elbow"], points[f"{side}wrist"]
        points[f"{side}index"] = wrist + _FINGERS * (wrist - elbow)
    points["nose"] = points["ear"] + 0.07 * stature * forward
    points["heel"] = points["ankle"] - 0.02 * stature * forward
    points["foot_index"] = points["ankle"] + 0.10 * stature * forward
    xy = np.empty((len(POINT_NAMES), 2))
    for row, name in enumerate(POINT_NAMES):
        side, _, joint = name.partition("_")
        own = joint if side in ("left", "right") else name
        far = f"far_{own}" if side not in (facing, name) else own
        xy[row] = points.get(far, points.get(own, points["nose"]))
    return Pose(xy, np.ones(len(xy)), mask.astype(np.float32) / 255)


def slip(record: Record, folder: Path) -> tuple[Slip, dict[str, float]] | None:
    """Return how far off posture is in a photo, and its joints' raw angles; None if refused."""
    photo = Photo.open((folder / record.name).with_suffix(".jpg"))
    people = find_people(photo, landmarks.default_detector())
    if len(people) != 1 or people[0].facing != record.made["facing"]:
        return None
    pose, drawn = people[0], draw(record, folder)
    found = pose.of_trunk()
    outline = find_outline(pose, photo)
    seen = describe(outline.back_px, outline.front_px, found, pose.facing, drawn.vertical_deg)
    exact = drawn.described(found)
    if seen is None or exact is None:
        return None
    forward = np.array([1.0 if pose.facing == "right" else -1.0, 1.0])
    moved = {name: (found[name] - drawn.joints[name]) * forward / drawn.trunk_px for name in found}
    raw = {name: pose.near(name) for name in ("ear", "shoulder", "hip", "knee", "ankle")}
    return (
        Slip(moved, seen.numbers() - exact.numbers()),
        _raw_angles(raw, pose, drawn),
    )


def _raw_angles(joints: dict[str, Array], pose: Pose, drawn: Drawn) -> dict[str, float]:
    """Return what the joints found say before any correction, against the true vertical."""
    vertical = Vertical(drawn.vertical_deg)
    measured = measure_alignment(joints, pose.facing, pose.stature_px, vertical=vertical)
    return {
        m.quantity.name: m.value - estimator.correction(m.quantity.name)
        for m in measured
        if m.value is not None
    }


def slipped(drawn: Drawn, by: Slip, turned: float) -> tuple[Array, float] | None:
    """Return a person's numbers and the neck line, as if found in a photo."""
    forward = np.array([1.0 if drawn.facing == "right" else -1.0, 1.0]) * drawn.trunk_px
    moved = {name: drawn.joints[name] + off * forward for name, off in by.joints.items()}
    shape = drawn.described(moved, turned)
    if shape is None:
        return None
    return shape.numbers() + np.clip(by.numbers, -_MOST_SLIP, _MOST_SLIP), shape.neck_deg
