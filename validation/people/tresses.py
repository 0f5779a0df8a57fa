"""Lets hair fall: a ponytail, or a curtain of long hair, that lies on neck and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter1d

from validation.people.body import Body
from validation.people.bodymodel import ON_SIDES, SKIN, STANDARD_M
from validation.people.drape import ROW_M, level_points
from validation.people.meshes import grid
from validation.people.parts import Array, Look, Part, Rng
from validation.people.regions import ARM, HEAD, belonging
from validation.people.scalp import Head, tie
from validation.people.surface import net

_CLEAR_M: Final = 0.008  # hanging hair keeps this far off the skin, for a shirt between
_COLUMNS: Final = 33
_HALF_WIDTH: Final = 16  # of a back, in columns to either side of the middle
_HOLE_M: Final = 0.03  # a column so far before its neighbour was missed by the net
_GONE_M: Final = -1.0  # where there is no skin
_MOSTLY: Final = 0.5  # how far a vertex belongs to what it counts as
_UPPER_BODY: Final = 0.6  # above this, in statures, hair may lie


def ponytail(body: Body, head: Head, length: float, look: Look, rng: Rng) -> Part:
    """Return a tapered tail that leaves the head backward, falls, and lies on the back."""
    at, out = tie(body, head, rng.uniform(0.05, 0.95))
    steps, whole = 48, (0.14 + 0.3 * length) * body.stature_m / STANDARD_M
    fat = rng.uniform(0.018, 0.03) * head.scale
    along = np.linspace(0, 1, steps)
    radius = fat * np.interp(along, [0, 0.04, 0.25, 0.7, 1], [0.5, 0.55, 1, 0.85, 0.15])
    back = _Back.of(body)
    path = [at - 0.004 * out]
    heading, bend = out, rng.uniform(0.015, 0.032) * head.scale
    for i in range(1, steps):
        heading = heading + np.array([0, 0, -1.0]) * (whole / steps / bend)
        heading = heading / np.linalg.norm(heading)
        point = path[-1] + heading * whole / steps
        skin = float(back.at(np.zeros(1), point[2:])[0])
        behind = skin + 0.8 * radius[i] + _CLEAR_M * along[i]
        if point[1] < behind:
            point[1] += min(behind - point[1], 1.5 * whole / steps)
        path.append(point)
    spine = gaussian_filter1d(np.array(path), 2, axis=0, mode="nearest")
    tangent = np.gradient(spine, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.array([1.0, 0, 0])
    second = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, 13)
    ragged = 1 + 0.08 * np.cos(2 * angle + rng.uniform(0, 6))
    ring = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * second[:, None]
    points = spine[:, None] + radius[:, None, None] * ragged[:, None] * ring
    return Part("ponytail", points.reshape(-1, 3), grid(steps, len(angle)), look)


def curtain(body: Body, head: Head, length: float, look: Look, rng: Rng) -> Part:
    """Return hair that hangs from the back of the head and lies on neck, shoulders and back."""
    over_ears = bool(rng.integers(2))
    thick = rng.uniform(0.008, 0.016) * head.scale
    ear = body.vertices[list(ON_SIDES["tragus"])].mean(axis=0)
    top = ear[2] + 0.5 * head.size_m
    bottom = ear[2] - (0.15 + 0.26 * length) * body.stature_m / STANDARD_M
    heights = np.arange(top, bottom, -ROW_M)
    down = (top - heights) / (top - bottom)
    emerging = np.clip((top - heights) / (0.5 * head.size_m), 0, 1)
    half = _half_widths(body, head, heights, over_ears=over_ears)
    widening = np.minimum(2.5 * emerging, 1)
    half = half * (0.8 + 0.2 * widening) + 0.5 * thick * widening
    half = half * np.interp(down, [0, 0.5, 1], [1, 1.02, rng.uniform(0.6, 0.9)])
    turn = np.linspace(-1, 1, _COLUMNS)
    x = half[:, None] * np.sign(turn) * np.sin(np.abs(turn) * np.pi / 2) ** 0.7
    z = np.repeat(heights[:, None], _COLUMNS, axis=1)

    skin = _Back.of(body).at(x, z)
    edge = ear[1] + (-0.02 if over_ears else 0.022) * head.scale
    off = thick * emerging + _CLEAR_M * np.minimum(2 * down, 1)
    y = np.maximum(skin + off[:, None], edge)
    fall = rng.uniform(0.15, 0.5) * ROW_M
    for row in range(1, len(heights)):
        y[row] = np.maximum(y[row], y[row - 1] - fall)
    y = np.maximum(gaussian_filter(y, (1.5, 1.0)), skin + 0.002)
    # the edges stay beside the face down to the jaw, whatever they hang from
    loosed = np.clip((ear[2] - heights) / head.size_m - 0.3, 0, 1)
    beside = (np.minimum(2 * emerging, 1) * (1 - loosed))[:, None]
    y[:, [0, -1]] += beside * np.minimum(edge - y[:, [0, -1]], 0)

    strands = np.cos(9 * turn + rng.uniform(0, 6)) + np.cos(17 * turn + rng.uniform(0, 6))
    y += 0.0015 * strands * np.minimum(4 * down, 1)[:, None]
    z += 0.012 * strands * down[:, None] ** 2
    deep = np.interp(down, [0, 0.8, 1], [0.03, 0.022, 0.004])[:, None] * np.sqrt(1 - turn**2)
    outer, inner = (np.stack([x, at, z], axis=-1).reshape(-1, 3) for at in (y, y - deep))
    faces = grid(*y.shape)
    faces = np.vstack([faces, faces[:, ::-1] + y.size])
    return Part("curtain", np.vstack([outer, inner]), faces, look)


def _half_widths(body: Body, head: Head, heights: Array, *, over_ears: bool) -> Array:
    """Return how far the head reaches to the sides at heights that fall, and never less below."""
    skin = body.vertices[:SKIN]
    chosen = (belonging(HEAD) > _MOSTLY) & (head.ahead < 0.15)  # noqa: PLR2004 - not the face
    if not over_ears:
        chosen &= head.off_ear > 0
    x, z = np.abs(skin[chosen, 0]), skin[chosen, 2]
    near = np.abs(z - heights[:, None]) < 1.2 * ROW_M
    return np.asarray(np.maximum.accumulate((near * x).max(axis=1)))


@dataclass(frozen=True, slots=True, eq=False)
class _Back:
    """How far back the skin of head, neck and trunk reaches, by x and height.

    Attributes
    ----------
    bottom_m : float
        Height of the first row.
    y : ndarray, shape (rows, columns)
        Metres; columns are ``ROW_M`` apart, the middle one at x = 0.
    """

    bottom_m: float
    y: Array

    @classmethod
    def of(cls, body: Body) -> _Back:
        """Return the back of a body."""
        skin = body.vertices[:SKIN]
        chosen = (belonging(ARM) < _MOSTLY) & (skin[:, 2] > _UPPER_BODY * body.stature_m)
        edges = net().edges
        bottom, row, level = level_points(skin, edges[chosen[edges].all(axis=1)])
        column = np.round(level[:, 0] / ROW_M).astype(int) + _HALF_WIDTH
        within = (column >= 0) & (column <= 2 * _HALF_WIDTH)
        y = np.full((row.max() + 1, 2 * _HALF_WIDTH + 1), _GONE_M)
        np.maximum.at(y, (row[within], column[within]), level[within, 1])
        wider = maximum_filter1d(y, 3, axis=1)
        return cls(bottom, np.where(y < wider - _HOLE_M, wider, y))

    def at(self, x: Array, z: Array) -> Array:
        """Return y of the skin; far ahead where there is none."""
        row = np.clip(np.round((z - self.bottom_m) / ROW_M), 0, len(self.y) - 1).astype(int)
        column = np.clip(np.round(x / ROW_M) + _HALF_WIDTH, 0, 2 * _HALF_WIDTH).astype(int)
        return np.asarray(self.y[row, column])
