"""Finds the scalp on a head and grows short hair from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.people.body import Body
from validation.people.bodymodel import ON_SIDES, SKIN
from validation.people.parts import Array, Look, Part, Rng
from validation.people.regions import HEAD, belonging
from validation.people.surface import cut, net, normals, smoothed

_STANDARD_M: Final = 0.13  # tragus to crown, for which lengths in metres below are given
# The hairline, by how far before the tragus (+) and above it, in heights from tragus to crown.
_AHEAD: Final = (-0.75, -0.45, -0.12, 0.06, 0.16, 0.26, 0.42, 0.52, 0.62, 0.75)
_ABOVE: Final = (-0.60, -0.57, -0.25, -0.10, 0.10, 0.34, 0.50, 0.66, 0.78, 0.86)
_TEMPLE: Final = 0.3  # ahead of this the hairline may recede
_MOVED: Final = 0.3  # how far head or neck must move a vertex for hair to grow there


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Where each vertex of the skin lies on a resting head.

    Attributes
    ----------
    size_m : float
        Height of the crown above the tragus.
    ear : ndarray, shape (3,)
        Middle between the tragi, metres at rest.
    ahead, above : ndarray, shape (SKIN,)
        Forward of the tragus and above it, in sizes.
    across_m : ndarray, shape (SKIN,)
        To either side, metres.
    off_ear : ndarray, shape (SKIN,)
        Metres outside an ellipse around the ear, seen from the side.
    """

    size_m: float
    ear: Array
    ahead: Array
    above: Array
    across_m: Array
    off_ear: Array

    @property
    def scale(self) -> float:
        """Size over the standard one."""
        return self.size_m / _STANDARD_M


def head_of(body: Body) -> Head:
    """Return the head of a body."""
    rest = body.rest[:SKIN]
    ear = rest[list(ON_SIDES["tragus"])].mean(axis=0)
    size = float(rest[:, 2].max() - ear[2])
    scale = size / _STANDARD_M
    back, up = rest[:, 1] - ear[1], rest[:, 2] - ear[2]
    ellipse = np.hypot((back - 0.012 * scale) / 0.021, (up - 0.006 * scale) / 0.036) / scale
    return Head(
        size_m=size,
        ear=ear,
        ahead=-back / size,
        above=up / size,
        across_m=np.abs(rest[:, 0]),
        off_ear=(ellipse - 1) * 0.021 * scale,
    )


def hairline(head: Head, rng: Rng) -> Array:
    """Return metres inside the hairline, for each vertex of the skin."""
    above = np.interp(head.ahead, _AHEAD, _ABOVE)
    above += rng.normal(0, 0.03) + rng.uniform(-0.02, 0.08) * (head.ahead > _TEMPLE)
    inside = np.minimum(head.above - above, 0.8 - head.ahead) * head.size_m
    inside = np.minimum(inside, head.off_ear)
    inside[belonging((*HEAD, "neck")) < _MOVED] = -1.0
    return smoothed(np.maximum(inside, -0.03), 1)


def shell(body: Body, head: Head, inside: Array, thick_m: float, look: Look, rng: Rng) -> Part:
    """Return hair as the scalp moved outward, thinner at sides, nape and hairline."""
    skin = body.vertices[:SKIN]
    wave = np.zeros(SKIN)
    for _ in range(4):
        pitch = rng.normal(0, 45, 3)
        wave += np.cos(body.rest[:SKIN] @ pitch + rng.uniform(0, 2 * np.pi)) / 4
    full = thick_m * head.scale * np.interp(head.above, [-0.3, 0.5, 1.0], [0.45, 0.9, 1.1])
    full = full * (1 + 0.35 * wave)
    taper = 0.0015 + 0.35 * np.maximum(inside, 0)
    off = np.minimum(full, taper)
    out = normals(smoothed(skin, 3))
    near = (inside > -0.02) & (head.off_ear > 0.004)  # noqa: PLR2004 - metres
    hair = smoothed(skin + off[:, None] * out, 2, near)
    lift = ((hair - skin) * out).sum(axis=1)
    least = np.minimum(off, 0.0012)
    hair = hair + np.maximum(least - lift, 0)[:, None] * out
    return Part("hair", *cut(hair, net().triangles, inside), look)


def tie(body: Body, head: Head, high: float) -> tuple[Array, Array]:
    """Return where hair is tied, from 0 at the nape to 1 near the crown, and outward there."""
    turn = np.deg2rad(-5 + 70 * high)
    toward = np.array([0.0, np.cos(turn), np.sin(turn)])
    centre = head.ear + np.array([0, -0.1, 0.3]) * head.size_m
    rest = body.rest[:SKIN]
    off = rest - centre
    behind = (head.across_m < 0.02) & (head.above > -0.3)  # noqa: PLR2004
    angle = off @ toward / np.linalg.norm(off, axis=1)
    at = rest[int(np.argmax(np.where(behind, angle, -1)))] * [0, 1, 1]
    return carried(body, at), np.asarray(body.head_move[0] @ toward)


def carried(body: Body, points: Array) -> Array:
    """Return points of the resting head where the head is now."""
    rotation, translation = body.head_move
    return np.asarray(points @ rotation.T + translation)
