"""Shapes what a room is made of: painted pieces, the wall they stand at, pictures, cloth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from validation.people import meshes
from validation.people.parts import Array, IntArray
from validation.pictures.camera import View

_CROOKED_DEG: Final = 4.0
_CLEAR_M: Final = 0.35  # behind the person, kept free

Colour = tuple[float, float, float]
Range = tuple[float, float]


Pattern = Literal["none", "mottled", "boards", "tiles", "gradient"]


@dataclass(frozen=True, slots=True)
class Paint:
    """What a surface of the room looks like; as a person's `Look`, with patterns of its own."""

    rgb: Colour
    rgb2: Colour | None = None
    pattern: Pattern = "none"
    scale: float = 1.0
    kind: Literal["plain", "cloth"] = "plain"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One mesh of the room, as a person's `Part`."""

    name: str
    vertices: Array
    faces: IntArray
    look: Paint


@dataclass(frozen=True, slots=True)
class Wall:
    """The plane x = const behind the person, and how much of it the picture shows."""

    x: float
    away: float  # +1 or -1: the sign of x
    middle_y: float
    half_y: float
    rgb: Colour

    @classmethod
    def seen_by(cls, view: View, x: float, away: float, rgb: Colour) -> Wall:
        """Return the wall with its visible stretch at the picture's mid height."""
        columns = np.array([-0.5, 0.5]) * view.width_px / view.focal_px
        rays = np.column_stack([columns, [0.0, 0.0], [1.0, 1.0]]) @ view.rotation
        ends = view.position[1] + rays[:, 1] * (x - view.position[0]) / rays[:, 0]
        return cls(x, away, float(ends.mean()), float(abs(ends[1] - ends[0]) / 2), rgb)

    def at(self, share: float) -> float:
        """Return y at a share of the visible half width; 0 is behind the person, 1 the edge."""
        return self.middle_y + share * self.half_y

    def room_m(self) -> float:
        """Return how far something may stand out from the wall."""
        return abs(self.x) - _CLEAR_M


def chance(rng: np.random.Generator, share: float) -> bool:
    """Return True in that share of draws."""
    return bool(rng.random() < share)


def quad(name: str, corners: list[tuple[float, float, float]], look: Paint) -> Piece:
    """Return one flat four-cornered face."""
    return Piece(name, np.array(corners, dtype=float), np.array([[0, 1, 2], [0, 2, 3]]), look)


def solid(name: str, corners: NDArray[np.float64], look: Paint) -> Piece:
    """Return the box with eight corners in binary order; faces share none, so edges stay sharp."""
    vertices = corners[meshes.BOX].reshape(-1, 3)
    quads = np.arange(len(vertices), dtype=np.int64).reshape(-1, 4)
    return Piece(name, vertices, meshes.triangles(quads), look)


def box(
    name: str, wall: Wall, y: Range, z: Range, depth_m: float, look: Paint, *, off_m: float = 0.0
) -> Piece:
    """Return a box upright on the wall, `off_m` in front of it."""
    xs = (wall.x - wall.away * off_m, wall.x - wall.away * (off_m + depth_m))
    return solid(name, np.array([(a, b, c) for a in xs for b in sorted(y) for c in z]), look)


def grid(name: str, points: NDArray[np.float64], look: Paint) -> Piece:
    """Return a smooth sheet through points of shape (rows, columns, 3)."""
    return Piece(name, points.reshape(-1, 3), meshes.grid(*points.shape[:2]), look)


def picture(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    """Return a framed picture that hangs up to 4 degrees crooked."""
    y, z = wall.at(side * rng.uniform(0.25, 1)), rng.uniform(1.1, 1.9)
    size = rng.uniform(0.2, 0.7, 2)
    turn = np.deg2rad(rng.uniform(-_CROOKED_DEG, _CROOKED_DEG))
    across, up = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    parts = []
    for name, share, depth in (("frame", 1.0, 0.025), ("picture", 0.85, 0.03)):
        corners = [
            (wall.x - wall.away * out, *(np.array([y, z]) + a * across + b * up))
            for out in (0.0, depth)
            for a in np.array([-0.5, 0.5]) * size[0] * share
            for b in np.array([-0.5, 0.5]) * size[1] * share
        ]
        look = Paint(paint(rng, 0.02, 0.7), paint(rng, 0.02, 0.7), "none")
        if name == "picture":
            look = Paint(look.rgb, look.rgb2, "mottled", rng.uniform(0.8, 4))
        parts.append(solid(name, np.array(corners), look))
    return parts


def curtain(rng: np.random.Generator, wall: Wall) -> list[Piece]:
    """Return a hung cloth over the whole view whose folds wander: none of them is a plumb line."""
    y = np.linspace(-1.6, 1.6, 400) * wall.half_y + wall.middle_y
    z = np.linspace(0.02, 3.2, 60)[:, None]
    lean, sway = rng.normal(0, 0.06), rng.uniform(0.02, 0.07)
    bend = sway * np.sin(z * rng.uniform(1.5, 3.5) + rng.uniform(0, 6)) + lean * z
    fan = 1 + rng.normal(0, 0.05) * z
    along = (y - wall.middle_y) * fan + bend
    pitch = 2 * np.pi / rng.uniform(0.10, 0.28)
    folds = np.sin(pitch * along + 1.5 * np.sin(along * 5 + rng.uniform(0, 6)))
    out = 0.06 + rng.uniform(0.015, 0.045) * folds
    points = np.stack([wall.x - wall.away * out, y + 0 * z, z + 0 * y], axis=2)
    return [grid("curtain", points, Paint(paint(rng, 0.03, 0.6), kind="cloth"))]


def hedge(rng: np.random.Generator, wall: Wall) -> list[Piece]:
    """Return rough round bushes in a row."""
    parts = []
    for share in np.linspace(-1.5, 1.5, rng.integers(4, 9)):
        radius = rng.uniform(0.4, 1.1)
        polar, round_ = np.linspace(0, np.pi, 40)[:, None], np.linspace(0, 2 * np.pi, 60)
        rough = 1 + 0.12 * rng.standard_normal((40, 60))
        shape = [np.sin(polar) * np.cos(round_), np.sin(polar) * np.sin(round_), np.cos(polar)]
        middle = [
            wall.x - wall.away * radius * 0.6,
            wall.at(share + rng.normal(0, 0.1)),
            radius / 2,
        ]
        points = np.stack([s + 0 * round_ for s in shape], axis=2) * (rough * radius)[..., None]
        leaf = np.array([0.06, 0.12, 0.03]) * rng.uniform(0.6, 1.8, 3)
        look = Paint(tuple(leaf), tuple(leaf * 0.4), "mottled", rng.uniform(0.4, 1.2))
        parts.append(grid("bush", points + middle, look))
    return parts


def paint(rng: np.random.Generator, low: float = 0.03, high: float = 0.6) -> Colour:
    """Return a muted colour."""
    return scaled(grey(rng, low, high), 1.0, rng.uniform(0.65, 1.35, 3))


def grey(rng: np.random.Generator, low: float = 0.1, high: float = 0.6) -> Colour:
    """Return a grey, as many dark as light ones."""
    level = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return level, level, level


def scaled(rgb: Colour, factor: float, tint: NDArray[np.float64] | None = None) -> Colour:
    """Return a lighter or darker colour that a real surface can have."""
    red, green, blue = np.clip(np.array(rgb) * factor * (1 if tint is None else tint), 0.01, 0.85)
    return float(red), float(green), float(blue)
