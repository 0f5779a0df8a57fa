"""Makes people of known geometry, so that tests need no model: contours, poses, masks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posture.landmarks import _INDEX, Facing, Pose
from posture.photo import Photo

Array = NDArray[np.float64]

STATURE_PX = 800.0
HIP = np.array([300.0, 480.0])
SHOULDER = np.array([300.0, 240.0])
SIZE = (600, 900)  # width and height of the photo

# Joints of a person of STATURE_PX who stands upright and looks to the right.
JOINTS: dict[str, tuple[float, float]] = {
    "ear": (310.0, 150.0),
    "shoulder": (300.0, 240.0),
    "elbow": (330.0, 370.0),
    "wrist": (400.0, 430.0),
    "index": (420.0, 440.0),
    "hip": (300.0, 480.0),
    "knee": (305.0, 670.0),
    "ankle": (300.0, 867.6),
    "heel": (285.0, 880.0),
    "foot_index": (360.0, 885.0),
}


def back_contour(sacral: float, chest: float, neck: float = 25.0) -> Array:
    """Return a back whose tangents at the two inflections are known, in pixels, facing right.

    Between them the direction changes evenly with length; at each the line runs straight.
    """
    lengths = np.array([0.0, 0.09, 0.17, 0.20, 0.24, 0.32, 0.50]) * STATURE_PX
    directions = np.array([-20.0, sacral, sacral, (sacral + chest) / 2, chest, chest, neck])
    walked = np.arange(0.0, lengths[-1], 0.5)
    direction = np.radians(np.interp(walked, lengths, directions))
    x = np.cumsum(np.sin(direction)) * 0.5
    y = -np.cumsum(np.cos(direction)) * 0.5
    start = np.array([235.0, 540.0])
    return np.column_stack([x, y]) + start


def pose(
    facing: Facing = "right",
    *,
    mask: NDArray[np.float32] | None = None,
    width: int = SIZE[0],
    **moved: tuple[float, float],
) -> Pose:
    """Return a standing person; keywords such as ``knee`` or ``left_knee`` move joints."""
    xy = np.tile(np.array(JOINTS["ear"]), (33, 1))
    for name, index in _INDEX.items():
        joint = name.removeprefix("left_").removeprefix("right_")
        xy[index] = JOINTS.get(joint, JOINTS["ear"])
    xy[_INDEX["nose"]] = (370.0, 155.0)
    for joint, place in moved.items():
        sides = [joint] if joint in _INDEX else [f"left_{joint}", f"right_{joint}"]
        for name in sides:
            xy[_INDEX[name]] = place
    everywhere = np.ones((SIZE[1] // 10, width // 10), np.float32) if mask is None else mask
    found = Pose(xy, np.ones(33), everywhere)
    return found if facing == "right" else found.mirrored(width)


def soft_mask(back: Array, *, depth: float = 150.0, softness: float = 3.0) -> NDArray[np.float32]:
    """Return a body's mask, logistic across its edges, whose half-level is the given back."""
    width, height = SIZE
    order = np.argsort(back[:, 1])
    rows = np.arange(height) + 0.5
    left = np.interp(rows, back[order, 1], back[order, 0])[:, None]
    columns = np.arange(width)[None, :] + 0.5
    inside = np.minimum(columns - left, left + depth - columns)
    return (1 / (1 + np.exp(-inside / softness))).astype(np.float32)


def photo(width: int = SIZE[0], height: int = SIZE[1]) -> Photo:
    """Return a bright, sharp photo of nothing in particular."""
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Photo.open(pixels, name="test.png")


@dataclass(frozen=True)
class FakeDetector:
    """Finds whom it is told to find.

    In the mirrored photo, asked for second, it finds the same people mirrored unless told others.
    """

    people: tuple[Pose, ...]
    in_mirror: tuple[Pose, ...] | None = None
    name: str = "fake"
    seen: list[Photo] = field(default_factory=list)

    def detect(self, photo: Photo) -> tuple[Pose, ...]:
        """Return the people, as they would look in this photo."""
        turned = len(self.seen) % 2 == 1
        self.seen.append(photo)
        if not turned:
            return self.people
        if self.in_mirror is not None:
            return self.in_mirror
        return tuple(person.mirrored(photo.width) for person in self.people)
