"""Sticks round markers on a posed and dressed body: discs that follow it, and domes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from validation.people.body import Body
from validation.people.bodymodel import MIDLINE, ON_MIDLINE
from validation.people.meshes import grid
from validation.people.outermost import Level, Outer
from validation.people.parts import Array, Look, Part, Rgb
from validation.recipes import Sticker
from validation.taping import DOT, L1_FROM_T12, RING, showing

_SUNK_M: Final = 0.002  # how deep its rim reaches, so that no gap shows under it
_RINGS, _SPOKES = 9, 32
_CENTRE_OF_DOME: Final = 3 / 8  # of its height
_BLACK: Final[Rgb] = (0.015, 0.015, 0.017)


@dataclass(frozen=True, slots=True, eq=False)
class Stuck:
    """A sticker on a body.

    Attributes
    ----------
    sticker : Sticker
        What it is.
    middle : ndarray, shape (3,)
        Middle of its body, metres.
    parts : list of Part
        Its meshes, one a colour.
    """

    sticker: Sticker
    middle: Array
    parts: list[Part]


def stick(
    body: Body, skin: Look, clothes: Sequence[Part], stickers: Sequence[Sticker], side: str
) -> list[Stuck]:
    """Return stickers on the outermost surface, skin or cloth, over their bony points.

    Parameters
    ----------
    body : Body
        The posed body.
    skin : Look
        Of the body.
    clothes : sequence of Part
        What it wears.
    stickers : sequence of Sticker
        What to put on; in other colours where these would not show.
    side : {"left", "right"}
        The side that the camera sees.
    """
    if not stickers:
        return []
    outer = Outer.of(body, skin, clothes)
    spots = {sticker.name: _spot(body, outer, sticker, side) for sticker in stickers}
    under = {name: spot.level.colours for name, spot in spots.items()}
    return [_stuck(sticker, spots[sticker.name]) for sticker in showing(stickers, under)]


@dataclass(frozen=True, slots=True, eq=False)
class _Spot:
    """Where a sticker goes: a point of the skin, the ways across, up and out, and what is there."""

    at: Array
    frame: Array
    level: Level


def _spot(body: Body, outer: Outer, sticker: Sticker, side: str) -> _Spot:
    at, out = _place(body, outer, sticker, side)
    frame = _frame(out)
    share, turn = _polar(_RINGS)
    radius = sticker.diameter_mm / 2000
    x, y = radius * share * np.cos(turn), radius * share * np.sin(turn)
    return _Spot(at, frame, outer.level(at, frame, x.ravel(), y.ravel()))


def _stuck(sticker: Sticker, spot: _Spot) -> Stuck:
    share, turn = (np.vstack([polar, polar[-1:]]) for polar in _polar(_RINGS))
    radius = sticker.diameter_mm / 2000
    x, y = radius * share * np.cos(turn), radius * share * np.sin(turn)
    rise = radius * sticker.rise
    lift = rise * np.sqrt(np.clip(1 - share**2, 0, 1))
    lift[-1] -= _SUNK_M
    points = spot.at + np.stack([x, y, spot.level(x, y) + lift], axis=-1) @ spot.frame
    middle = spot.at + (spot.level(0.0, 0.0) + _CENTRE_OF_DOME * rise) * spot.frame[2]
    return Stuck(sticker, middle, _parts(sticker, points.reshape(-1, 3), share, turn))


def _polar(rings: int) -> tuple[Array, Array]:
    """Return shares of the radius and angles of a disc's grid."""
    spokes = np.linspace(0, 2 * np.pi, _SPOKES + 1)
    share, turn = np.meshgrid(np.linspace(0, 1, rings), spokes, indexing="ij")
    return share, turn


def _frame(out: Array) -> Array:
    """Return the ways across, up and out, one a row."""
    up = np.array([0.0, 0.0, 1.0]) - out[2] * out
    up /= np.linalg.norm(up)
    return np.stack([np.cross(up, out), up, out])


def _place(body: Body, outer: Outer, sticker: Sticker, side: str) -> tuple[Array, Array]:
    """Return the point of the skin that a sticker is meant for, as misplaced, and the way out."""
    along, across = np.array(sticker.off_mm) / 1000
    if sticker.name in ("asis", "psis"):
        point = body.points[f"{sticker.name}_{side}"]
        point = point + np.array([across, along, 0.0]) @ _frame(outer.direction(point))
        return point, outer.direction(point)
    walked = np.r_[0, np.cumsum(np.linalg.norm(np.diff(body.midline, axis=0), axis=1))]
    at = {name: walked[MIDLINE.index(vertex)] for name, vertex in ON_MIDLINE.items()}
    at["l1"] = at["t12"] + L1_FROM_T12 * (at["l3"] - at["t12"])
    far = at[sticker.name] + along
    point = np.array([np.interp(far, walked, column) for column in body.midline.T])
    out = outer.direction(point) * (0, 1, 1)
    return point, np.asarray(out / np.linalg.norm(out))


def _parts(sticker: Sticker, points: Array, share: Array, turn: Array) -> list[Part]:
    """Return the meshes of a sticker, split where its colours meet."""
    faces = grid(*share.shape)
    shares, turns = (each.ravel()[faces].mean(axis=1) for each in (share, turn))
    black = {
        "dot": shares < DOT,
        "ring": (shares > RING[0]) & (shares < RING[1]),
        "quarters": (turns // (np.pi / 2)) % 2 == 1,
    }.get(sticker.look, np.zeros(len(faces), dtype=bool))
    kind: Literal["reflector", "sticker"] = (
        "reflector" if sticker.look == "reflector" else "sticker"
    )
    name = f"sticker {sticker.name}"
    parts = [Part(name, points, faces[~black], Look(kind, sticker.rgb))]
    if black.any():
        parts.append(Part(name, points, faces[black], Look("sticker", _BLACK)))
    return parts
