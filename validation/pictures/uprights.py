"""Builds what stands at the wall with exactly vertical edges: doors, shelves, a plumb line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from validation.pictures.furniture import (
    Colour,
    Paint,
    Piece,
    Wall,
    box,
    chance,
    grey,
    paint,
    scaled,
)

_DARK_WALL: Final = 0.2


def _door(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near = wall.at(side * rng.uniform(0.45, 0.8))
    width, height = rng.uniform(0.75, 0.95), rng.uniform(1.98, 2.15)
    trim = rng.uniform(0.05, 0.09)
    leaf, frame = Paint(paint(rng, 0.05, 0.75)), Paint(grey(rng, 0.03, 0.8))
    far, knob = near + side * (width + 2 * trim), near + side * (trim + 0.07)
    return [
        box("door frame", wall, (near, far), (0, height + trim), 0.03, frame),
        box("door", wall, (near + side * trim, far - side * trim), (0, height), 0.035, leaf),
        box("knob", wall, (knob, knob + side * 0.1), (1.0, 1.03), 0.09, Paint(grey(rng))),
    ]


def _corner(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    """Return a part of the wall that juts out, from here to the side."""
    near = wall.at(side * rng.uniform(0.5, 0.85))
    depth = rng.uniform(0.3, 1.0) * wall.room_m()
    look = Paint(_shift(rng, wall.rgb))
    return [box("corner", wall, (near, near + side * 9), (0, 4.5), depth, look)]


def _pilaster(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.45, 0.75)), rng.uniform(0.12, 0.4)
    look = Paint(_shift(rng, wall.rgb))
    return [box("pilaster", wall, (near, near + side * width), (0, 4.5), 0.15, look)]


def _wardrobe(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.5, 0.8)), rng.uniform(0.6, 1.3)
    height, depth = rng.uniform(1.6, 2.3), min(0.5, wall.room_m())
    split = near + side * width / 2
    rgb = paint(rng, 0.04, 0.7)
    dark = Paint(scaled(rgb, 0.3))
    return [
        box("wardrobe", wall, (near, near + side * width), (0, height), depth, Paint(rgb)),
        box("gap", wall, (split, split + 0.008), (0.05, height - 0.03), depth + 0.002, dark),
    ]


def _shelf(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.5, 0.75)), rng.uniform(0.5, 0.9)
    height, depth = rng.uniform(1.5, 2.2), min(0.28, wall.room_m())
    board = Paint(paint(rng, 0.05, 0.75))
    far = near + side * width
    parts = [
        box("post", wall, (y, y + side * 0.03), (0, height), depth, board)
        for y in (near, far - side * 0.03)
    ]
    for z in np.linspace(0.1, height - 0.03, rng.integers(4, 7)):
        parts.append(box("board", wall, (near, far), (z, z + 0.025), depth, board))
        at = near + side * 0.05
        while (at - near) * side < width - 0.2 and z < height - 0.3:
            thick, tall = rng.uniform(0.02, 0.15), rng.uniform(0.08, 0.24)
            load = Paint(paint(rng, 0.03, 0.7))
            ends = (at, at + side * thick)
            parts.append(box("book", wall, ends, (z + 0.025, z + 0.025 + tall), 0.8 * depth, load))
            at += side * (thick + rng.choice([0.004, 0.1]))
    return parts


def _window(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.45, 0.8)), rng.uniform(0.6, 1.3)
    low, high = rng.uniform(0.3, 0.8), rng.uniform(2.0, 2.4)
    far, bar = near + side * width, rng.uniform(0.04, 0.07)
    frame, glass = Paint(grey(rng, 0.3, 0.8)), paint(rng, 0.5, 0.9)
    split = near + side * width / 2
    parts = [
        box("pane", wall, (near, far), (low, high), 0.01, Paint(glass)),
        box("sill", wall, (near, far), (low - 0.04, low), 0.12, frame),
        box("lintel", wall, (near, far), (high - bar, high), 0.05, frame),
    ]
    for y in (near, split, far - side * bar):
        parts.append(box("bar", wall, (y, y + side * bar), (low, high), 0.05, frame))
    return parts


def _mirror(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.5, 0.8)), rng.uniform(0.35, 0.7)
    low, high, rim = rng.uniform(0.05, 0.4), rng.uniform(1.7, 2.1), rng.uniform(0.02, 0.05)
    glass = Paint(grey(rng, 0.3, 0.7), grey(rng, 0.15, 0.5), "gradient", 1.0)
    far = near + side * width
    inner = (near + side * rim, far - side * rim)
    return [
        box("mirror frame", wall, (near, far), (low, high), 0.03, Paint(paint(rng))),
        box("mirror", wall, inner, (low + rim, high - rim), 0.032, glass),
    ]


def _plumb_line(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    at, end = wall.at(side * rng.uniform(0.45, 0.85)), rng.uniform(0.1, 0.4)
    bright = np.mean(wall.rgb) < _DARK_WALL  # the cord must stand out from the wall
    cord = Paint((0.8, 0.75, 0.6) if bright else (0.03, 0.03, 0.05))
    thick, off = rng.uniform(0.007, 0.012), 0.08
    weight = (at - 0.02, at + 0.02)
    return [
        box("cord", wall, (at - thick / 2, at + thick / 2), (end, 4.0), thick, cord, off_m=off),
        box("weight", wall, weight, (end - 0.1, end), 0.04, Paint(grey(rng)), off_m=off),
    ]


def _board_stand(rng: np.random.Generator, wall: Wall, side: float) -> list[Piece]:
    near, width = wall.at(side * rng.uniform(0.5, 0.75)), rng.uniform(0.6, 1.0)
    far, height, low = near + side * width, rng.uniform(1.7, 2.0), rng.uniform(0.7, 1.0)
    steel, off = Paint(grey(rng, 0.03, 0.5)), min(0.3, wall.room_m() - 0.05)
    white = Paint((0.8, 0.8, 0.8))
    posts = [
        box("post", wall, (y, y + side * 0.03), (0, height), 0.03, steel, off_m=off)
        for y in (near, far - side * 0.03)
    ]
    ends = (near + side * 0.03, far - side * 0.03)
    return [*posts, box("whiteboard", wall, ends, (low, height), 0.02, white, off_m=off)]


def _shift(rng: np.random.Generator, rgb: Colour) -> Colour:
    """Return the wall's own paint, or another of near lightness."""
    return scaled(rgb, 1.0 if chance(rng, 0.5) else rng.uniform(0.6, 1.4))


UPRIGHTS: Final[dict[str, Callable[[np.random.Generator, Wall, float], list[Piece]]]] = {
    "door": _door,
    "corner": _corner,
    "pilaster": _pilaster,
    "wardrobe": _wardrobe,
    "shelf": _shelf,
    "window": _window,
    "mirror": _mirror,
    "plumb line": _plumb_line,
    "whiteboard": _board_stand,
}
