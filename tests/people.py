"""Makes people of known geometry, so that tests need no model: contours, poses, masks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posture.landmarks import Look
from posture.photo import Photo
from posture.pose import POINT_NAMES, Part, Pose
from posture.shape import Facing, Shape, describe

Array = NDArray[np.float64]

STATURE_PX = 800.0
HIP = np.array([300.0, 480.0])
SHOULDER = np.array([300.0, 240.0])
SIZE = (600, 900)  # width and height of the photo
BODY_ROWS = slice(90, 890)  # from the crown to the soles

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


def with_thigh(back: Array) -> Array:
    """Return a back that goes on straight down the thigh for a tenth of stature."""
    down = np.arange(STATURE_PX / 10, 0, -0.5)
    return np.vstack([back[0] + np.column_stack([np.zeros_like(down), down]), back])


def trunk_joints(**moved: tuple[float, float]) -> dict[str, Array]:
    """Return the joints that a trunk is described by; keywords such as ``far_hip`` move them."""
    places = {name: JOINTS[name] for name in ("ear", "shoulder", "hip", "knee")}
    places |= {f"far_{name}": JOINTS[name] for name in ("shoulder", "hip")}
    return {name: np.array(place) for name, place in (places | moved).items()}


def shape(
    sacral: float = 25.0, chest: float = -18.0, *, ear: bool = True, vertical_deg: float = 0.0
) -> Shape:
    """Return the shape of a back whose tangents are known, of a body 150 pixels deep."""
    back = with_thigh(back_contour(sacral, chest))
    joints = trunk_joints()
    if not ear:
        del joints["ear"]
    found = describe(back, back + np.array([150.0, 0.0]), joints, "right", vertical_deg)
    assert found is not None
    return found


def turned(points: Array, degrees: float) -> Array:
    """Return points of a photo that is turned clockwise about the hip."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.asarray((points - HIP) @ np.array([[c, s], [-s, c]]) + HIP)


def pose(
    facing: Facing = "right",
    *,
    mask: NDArray[np.float32] | None = None,
    width: int = SIZE[0],
    unseen: Collection[Part] = (),
    **moved: tuple[float, float],
) -> Pose:
    """Return a standing person; keywords such as ``knee`` or ``left_knee`` move joints."""
    xy = np.tile(np.array(JOINTS["ear"]), (33, 1))
    index = {name: i for i, name in enumerate(POINT_NAMES)}
    for name in POINT_NAMES:
        joint = name.removeprefix("left_").removeprefix("right_")
        xy[index[name]] = JOINTS.get(joint, JOINTS["ear"])
    xy[index["nose"]] = (370.0, 155.0)
    for joint, place in moved.items():
        sides = [joint] if joint in POINT_NAMES else [f"left_{joint}", f"right_{joint}"]
        for name in sides:
            xy[index[name]] = place
    if mask is None:
        mask = np.zeros((SIZE[1] // 10, width // 10), np.float32)
        mask[BODY_ROWS.start // 10 : BODY_ROWS.stop // 10] = 1
    found = Pose(xy, np.ones(33), mask, frozenset(unseen))
    return found if facing == "right" else found.mirrored(width)


def soft_mask(back: Array, *, depth: float = 150.0, softness: float = 3.0) -> NDArray[np.float32]:
    """Return a body's mask, logistic across its edges, whose half-level is the given back."""
    width, height = SIZE
    order = np.argsort(back[:, 1])
    rows = np.arange(height) + 0.5
    left = np.interp(rows, back[order, 1], back[order, 0])[:, None]
    columns = np.arange(width)[None, :] + 0.5
    inside = np.minimum(columns - left, left + depth - columns)
    mask = np.zeros((height, width), np.float32)
    mask[BODY_ROWS] = (1 / (1 + np.exp(-inside / softness)))[BODY_ROWS]
    return mask


def photo(width: int = SIZE[0], height: int = SIZE[1]) -> Photo:
    """Return a bright, sharp photo of nothing in particular."""
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Photo.open(pixels, name="test.png")


@dataclass(frozen=True)
class FakeDetector:
    """Finds whom it is told to find, some of them at the second look alone."""

    people: tuple[Pose, ...]
    overlooked: tuple[Pose, ...] = ()
    name: str = "fake"
    seen: list[Photo] = field(default_factory=list)

    def detect(self, photo: Photo) -> Look:
        """Return the people, whatever the photo."""
        self.seen.append(photo)
        return Look(self.people, lambda: self.overlooked)
