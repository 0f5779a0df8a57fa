"""Projects points of the world into the photo of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.people.parts import Array, IntArray
from validation.recipes import Camera

_UP: Final = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A camera that stands in the world.

    Attributes
    ----------
    position : ndarray, shape (3,)
        Metres.
    rotation : ndarray, shape (3, 3)
        Rows: the photo's right, its down, and the way that the camera looks, in the world.
    focal_px : float
        Focal length in pixels.
    width_px, height_px : int
        Size of the photo, or of the part of it that is seen.
    left_px, top_px : float
        How far the principal point lies right of and below the middle of what is seen.
    """

    position: Array
    rotation: Array
    focal_px: float
    width_px: int
    height_px: int
    left_px: float = 0.0
    top_px: float = 0.0

    def project(self, points: Array) -> Array:
        """Return the pixels, shape (n, 2), of points in the world, shape (n, 3)."""
        seen = (np.atleast_2d(points) - self.position) @ self.rotation.T
        middle = np.array([self.width_px / 2 + self.left_px, self.height_px / 2 + self.top_px])
        return np.asarray(self.focal_px * seen[:, :2] / seen[:, 2:] + middle)

    def reduced(self, times: int) -> View:
        """Return the view of a photo so many times smaller to a side."""
        size = self.width_px // times, self.height_px // times
        return View(self.position, self.rotation, self.focal_px / times, *size)

    def part(self, low: IntArray, high: IntArray) -> View:
        """Return the view of what lies between two pixels of the photo."""
        width, height = (int(size) for size in high - low)
        left, top = (self.width_px / 2, self.height_px / 2) - (low + high) / 2
        return View(
            self.position, self.rotation, self.focal_px, width, height, float(left), float(top)
        )

    def vertical_deg(self, point: Array) -> float:
        """Return how far true up leans to the photo's right at a point of the world, in degrees."""
        low, high = self.project(np.array([point, point + 0.1 * _UP]))
        right, down = high - low
        return float(np.degrees(np.arctan2(right, -down)))


def place(camera: Camera, stature_m: float, middle_y: float) -> View:
    """Put a camera before a person who stands at x = 0, their middle at ``middle_y``.

    The camera looks at half the person's height, then errs by its pitch and roll.
    """
    to_side = 1.0 if camera.side == "left" else -1.0
    yaw, pitch, roll = np.radians([camera.yaw_deg, camera.pitch_deg, camera.roll_deg])
    target = np.array([0.0, middle_y, stature_m / 2])
    away = np.array([to_side * np.cos(yaw), np.sin(yaw), 0.0]) * camera.distance_m
    position = away + np.array([0.0, middle_y, camera.height_m])
    forward = (target - position) / np.linalg.norm(target - position)
    right = np.cross(forward, _UP)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    forward, up = (
        forward * np.cos(pitch) + up * np.sin(pitch),
        up * np.cos(pitch) - forward * np.sin(pitch),
    )
    right, up = (
        right * np.cos(roll) + up * np.sin(roll),
        up * np.cos(roll) - right * np.sin(roll),
    )
    focal = camera.fill * camera.height_px * camera.distance_m / stature_m
    rotation = np.stack([right, -up, forward])
    return View(position, rotation, focal, camera.width_px, camera.height_px)
