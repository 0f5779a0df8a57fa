"""Hangs cloth from a body: the hulls of its level sections, carried down from what is above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.people.parts import Array, IntArray

DIRECTIONS: Final = 64
ROW_M: Final = 0.01
ANGLES: Final = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)  # 0 = left (+x), quarter = back
_OUTWARD: Final = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
_FLAT: Final = 1.2  # radians: beyond this a side of the hull is not what a ray meets


@dataclass(frozen=True, slots=True, eq=False)
class Hulls:
    """Level sections of something, each as the distance of its tangents from the world's axis.

    Attributes
    ----------
    bottom_m : float
        Height of the first row; rows are ``ROW_M`` apart.
    reach : ndarray, shape (rows, DIRECTIONS)
        The support function: how far the section reaches in each direction of ``ANGLES``.
    """

    bottom_m: float
    reach: Array

    @property
    def heights(self) -> Array:
        """Heights of the rows."""
        return np.asarray(self.bottom_m + ROW_M * np.arange(len(self.reach)))

    def hung(self, fall: Array) -> Hulls:
        """Return what hangs from these: no row reaches less far than the one above it, but `fall`.

        Parameters
        ----------
        fall : ndarray, shape (DIRECTIONS,)
            How much a row may draw in, per metre down; 0 hangs plumb.
        """
        reach = self.reach.copy()
        for row in range(len(reach) - 2, -1, -1):
            reach[row] = np.maximum(reach[row], reach[row + 1] - fall * ROW_M)
        return Hulls(self.bottom_m, reach)

    def centres(self) -> Array:
        """Return the middle of each row, shape (rows, 2)."""
        half, quarter = DIRECTIONS // 2, DIRECTIONS // 4
        x = 0.5 * (self.reach[:, 0] - self.reach[:, half])
        y = 0.5 * (self.reach[:, quarter] - self.reach[:, half + quarter])
        return np.column_stack([x, y])


def sections(points: Array, edges: IntArray) -> Hulls:
    """Return the hulls of the level sections of a net.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Vertices.
    edges : ndarray of int, shape (k, 2)
        The edges that count.
    """
    bottom, row, level = level_points(points, edges)
    order = np.argsort(row, kind="stable")
    rows, starts = np.unique(row[order], return_index=True)
    found = np.maximum.reduceat(level[order] @ _OUTWARD.T, starts, axis=0)
    every = np.arange(rows[-1] + 1)
    reach = found[np.clip(np.searchsorted(rows, every), 0, len(rows) - 1)]
    return Hulls(bottom, reach)


def level_points(points: Array, edges: IntArray) -> tuple[float, IntArray, Array]:
    """Return where edges cross level planes ``ROW_M`` apart.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Vertices.
    edges : ndarray of int, shape (k, 2)
        Pairs of them.

    Returns
    -------
    tuple
        Height of the lowest plane; number of the plane and x, y of each crossing.
    """
    low, high = points[edges[:, 0]], points[edges[:, 1]]
    swap = low[:, 2] > high[:, 2]
    low, high = np.where(swap[:, None], high, low), np.where(swap[:, None], low, high)
    bottom = float(low[:, 2].min())
    first = np.ceil((low[:, 2] - bottom) / ROW_M).astype(int)
    count = np.floor((high[:, 2] - bottom) / ROW_M).astype(int) - first + 1
    edge = np.repeat(np.arange(len(edges)), count)
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    share = (bottom + row * ROW_M - low[edge, 2]) / np.maximum(high[edge, 2] - low[edge, 2], 1e-9)
    level = low[edge, :2] + share[:, None] * (high[edge, :2] - low[edge, :2])
    return bottom, row, level


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """Cloth around an axis: its distance from the middle of each row, by direction."""

    bottom_m: float
    centres: Array
    radius: Array

    @classmethod
    def around(cls, body: Hulls, reach: Array) -> Tube:
        """Return the tube of cloth that reaches so far, seen from the middle of the body in it."""
        centres = body.centres()
        reach = reach - centres @ _OUTWARD.T
        apart = (ANGLES[:, None] - ANGLES + np.pi) % (2 * np.pi) - np.pi
        sides = [np.flatnonzero(np.abs(row) < _FLAT) for row in apart]
        picked = np.array(sides)
        cosines = np.cos(np.take_along_axis(apart, picked, axis=1))
        return cls(body.bottom_m, centres, (reach[:, picked] / cosines).min(axis=2))

    def polar(self, points: Array) -> tuple[Array, Array]:
        """Return the angle and distance of points from the middle of their rows."""
        off = points[:, :2] - self._middle(points)
        return np.arctan2(off[:, 1], off[:, 0]), np.hypot(off[:, 0], off[:, 1])

    def at(self, points: Array, angle: Array) -> Array:
        """Return the tube's radius at the heights of points, in the given directions."""
        row = np.clip((points[:, 2] - self.bottom_m) / ROW_M, 0, len(self.radius) - 1.001)
        turn = (angle / (2 * np.pi) * DIRECTIONS) % DIRECTIONS
        low, left = row.astype(int), turn.astype(int) % DIRECTIONS
        up, along = row - low, turn - np.floor(turn)
        right = (left + 1) % DIRECTIONS
        lower = self.radius[low, left] * (1 - along) + self.radius[low, right] * along
        upper = self.radius[low + 1, left] * (1 - along) + self.radius[low + 1, right] * along
        return np.asarray(lower * (1 - up) + upper * up)

    def moved_out(
        self, points: Array, share: Array, most: float, least: Array | float = 0.0
    ) -> Array:
        """Return points moved level and outward to the tube.

        Parameters
        ----------
        points : ndarray, shape (n, 3)
            Where they are.
        share : ndarray, shape (n,)
            How much of its way each point goes, 0 to 1.
        most : float
            What long ways level out at, metres: cloth is only so wide.
        least : ndarray, shape (n,), or float
            How far each moves at the very least, metres, before its share is taken.
        """
        angle, radius = self.polar(points)
        way = most * np.tanh(np.maximum(self.at(points, angle) - radius, 0) / most)
        way = np.maximum(way, least) * share
        outward = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(len(points))])
        return np.asarray(points + way[:, None] * outward)

    def _middle(self, points: Array) -> Array:
        heights = self.bottom_m + ROW_M * np.arange(len(self.centres))
        return np.column_stack(
            [np.interp(points[:, 2], heights, self.centres[:, i]) for i in range(2)]
        )
