"""Builds the room behind a person from a seed: surfaces, light, and true verticals or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.pictures.camera import View
from validation.pictures.furniture import (
    Colour,
    Paint,
    Pattern,
    Piece,
    Wall,
    box,
    chance,
    curtain,
    hedge,
    picture,
    quad,
)
from validation.pictures.uprights import UPRIGHTS
from validation.recipes import Room

OPEN: Final = frozenset({"wall", "floor", "sky"})  # cast no shadow: light seems to bounce off them
_REACH_M: Final = 12.0
_NEAREST_WALL_M: Final = 0.75
_FLOOR_M: Final = -0.003  # so that no sole pokes through it
_HEIGHT_M: Final = 4.5
_FLOORS: Final[tuple[tuple[Colour, Pattern], ...]] = (
    ((0.28, 0.16, 0.08), "boards"),
    ((0.48, 0.34, 0.20), "boards"),
    ((0.16, 0.10, 0.07), "boards"),
    ((0.45, 0.43, 0.40), "tiles"),
    ((0.12, 0.12, 0.13), "tiles"),
    ((0.20, 0.22, 0.26), "mottled"),
    ((0.36, 0.30, 0.24), "mottled"),
)

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lamp:
    """One rectangle of light, which the camera itself does not see."""

    position: Point
    target: Point
    size_m: tuple[float, float]
    power_w: float
    rgb: Colour


@dataclass(frozen=True, slots=True)
class Scenery:
    """Everything but the person."""

    parts: list[Piece]
    lamps: list[Lamp]
    ambient: Colour
    exposure_stops: float


def furnish(room: Room, view: View) -> Scenery:
    """Return the room as this camera needs it: behind the person, its uprights within the frame.

    The person stands at the origin; nothing of the room is nearer to the camera than 0.35 m
    behind the person.
    """
    rng = np.random.default_rng([room.seed, int(room.verticals)])
    away = -1.0 if view.position[0] > 0 else 1.0
    if room.verticals:
        parts = _upright_room(rng, view, away)
    else:
        kind = rng.choice(["wall", "curtain", "garden"], p=[0.5, 0.25, 0.25])
        if kind == "garden":
            parts = _garden(rng, view, away)
        else:
            parts = _plain_room(rng, view, away, curtained=kind == "curtain")
    lamps, ambient = _lamps(rng, away)
    return Scenery(parts, lamps, ambient, exposure_stops=float(rng.normal(0, 0.35)))


def _upright_room(rng: np.random.Generator, view: View, away: float) -> list[Piece]:
    wall = _wall(rng, view, away, (_NEAREST_WALL_M, 2.2))
    parts = _shell(rng, wall, skirting=chance(rng, 0.8))
    side = float(rng.choice([-1, 1]))
    for name in rng.choice(list(UPRIGHTS), size=rng.integers(1, 4), replace=False):
        parts += UPRIGHTS[name](rng, wall, side)
        side = -side
    if chance(rng, 0.35):
        parts += picture(rng, wall, side)
    return parts


def _plain_room(
    rng: np.random.Generator, view: View, away: float, *, curtained: bool
) -> list[Piece]:
    wall = _wall(rng, view, away, (_NEAREST_WALL_M, 2.2))
    parts = _shell(rng, wall, skirting=chance(rng, 0.6))
    if curtained:
        parts += curtain(rng, wall)
    else:
        for side in rng.permutation([-1.0, 1.0])[: rng.integers(0, 3)]:
            parts += picture(rng, wall, side)
    return parts


def _garden(rng: np.random.Generator, view: View, away: float) -> list[Piece]:
    wall = _wall(rng, view, away, (3.0, 6.0))
    sky = tuple(np.array([0.45, 0.60, 0.85]) * rng.uniform(0.5, 1.2, 3))
    haze = tuple(rng.uniform(0.5, 0.8) * np.array([1.0, 1.0, 0.95]))
    grass = tuple(np.array([0.10, 0.16, 0.05]) * rng.uniform(0.6, 1.6, 3))
    soil = tuple(np.array(grass) * rng.uniform(0.5, 0.8, 3))
    return [
        _upright_plane("sky", wall, Paint(haze, sky, "gradient", 2.0)),
        _ground(Paint(grass, soil, "mottled", rng.uniform(0.1, 0.6))),
        *hedge(rng, wall),
    ]


def _wall(
    rng: np.random.Generator, view: View, away: float, distance_m: tuple[float, float]
) -> Wall:
    return Wall.seen_by(view, away * rng.uniform(*distance_m), away, _wall_colour(rng))


def _wall_colour(rng: np.random.Generator) -> Colour:
    """Return a light, a coloured, a dark or a skin-like paint."""
    match rng.choice(["light", "coloured", "dark", "skin"], p=[0.5, 0.23, 0.15, 0.12]):
        case "light":
            rgb = rng.uniform(0.4, 0.8) * rng.uniform(0.88, 1.05, 3)
        case "coloured":
            rgb = rng.uniform(0.1, 0.5) * rng.uniform(0.55, 1.4, 3)
        case "dark":
            rgb = rng.uniform(0.02, 0.1) * rng.uniform(0.7, 1.4, 3)
        case _:
            rgb = np.array([0.55, 0.36, 0.26]) * rng.uniform(0.5, 1.2)
    red, green, blue = np.clip(rgb, 0.015, 0.85)
    return float(red), float(green), float(blue)


def _shell(rng: np.random.Generator, wall: Wall, *, skirting: bool) -> list[Piece]:
    """Return wall, floor and perhaps a skirting board."""
    rgb, pattern = _FLOORS[rng.integers(len(_FLOORS))]
    floor = np.array(rgb) * rng.uniform(0.7, 1.3)
    scale = rng.uniform(0.05, 0.15) if pattern == "mottled" else rng.uniform(0.7, 1.5)
    blotched: Pattern = "mottled" if chance(rng, 0.3) else "none"
    shaded = tuple(np.array(wall.rgb) * rng.uniform(0.8, 0.95))
    parts = [
        _upright_plane("wall", wall, Paint(wall.rgb, shaded, blotched, 6.0)),
        _ground(Paint(tuple(floor), tuple(floor * 0.75), pattern, scale)),
    ]
    if skirting:
        height, rgb = rng.uniform(0.06, 0.14), tuple(np.full(3, rng.uniform(0.03, 0.75)))
        ends = (-_REACH_M, _REACH_M)
        parts.append(box("skirting", wall, ends, (0.0, height), 0.015, Paint(rgb)))
    return parts


def _upright_plane(name: str, wall: Wall, look: Paint) -> Piece:
    top = _HEIGHT_M if name == "wall" else 2 * _REACH_M
    corners = [(-_REACH_M, _FLOOR_M), (_REACH_M, _FLOOR_M), (_REACH_M, top), (-_REACH_M, top)]
    return quad(name, [(wall.x, y, z) for y, z in corners], look)


def _ground(look: Paint) -> Piece:
    r, z = _REACH_M, _FLOOR_M
    return quad("floor", [(-r, -r, z), (r, -r, z), (r, r, z), (-r, r, z)], look)


def _lamps(rng: np.random.Generator, away: float) -> tuple[list[Lamp], Colour]:
    """Return a key lamp, a ceiling lamp and the light from everywhere."""
    mood = rng.choice(["even", "side", "back"], p=[0.6, 0.25, 0.15])
    warmth = rng.uniform(-0.12, 0.12)
    tint = (1 + warmth, 1.0, 1 - warmth)
    bearing = {"even": rng.uniform(-0.8, 0.8), "side": rng.choice([-1, 1]) * rng.uniform(0.9, 1.5)}
    if mood == "back":
        spot = (away * rng.uniform(0.2, 0.6), rng.choice([-1, 1]) * rng.uniform(1.6, 2.6))
    else:
        far = rng.uniform(2.0, 3.5)
        angle = bearing[mood]
        spot = (-away * far * np.cos(angle), far * np.sin(angle))
    key = Lamp(
        (*spot, rng.uniform(1.6, 2.8)),
        (0.0, 0.0, 1.0),
        (rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)),
        rng.uniform(60, 170),
        tint,
    )
    ceiling = Lamp(
        (-away * rng.uniform(0.2, 2.5), rng.uniform(-1, 1), 2.75),
        (0.0, 0.0, 0.0),
        (rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)),
        rng.uniform(30, 110),
        (1.0, 0.97, 0.93),
    )
    glow = rng.uniform(0.45, 1.1) if mood == "even" else rng.uniform(0.2, 0.5)
    return [key, ceiling], (glow, glow * 0.98, glow * 0.96)
