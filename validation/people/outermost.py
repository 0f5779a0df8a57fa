"""Finds the outermost surface of a dressed trunk, skin or cloth, where something is put on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from validation.people.body import Body
from validation.people.bodymodel import SKIN
from validation.people.parts import Array, IntArray, Look, Part, Rgb
from validation.people.regions import ARM, belonging
from validation.people.surface import Mask, net, normals

_RAISED_M: Final = 0.0005
_CLOTH_M: Final = 0.06  # clothes stand off the skin no farther than this
_AROUND_M: Final = 0.012  # over which the skin's direction is taken
_ARM_WEIGHT: Final = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A smooth sheet that lies just on top of everything about one place.

    Attributes
    ----------
    weights : ndarray, shape (6,)
        Of the terms of second degree.
    raised : float
        How far it is over the best fit, metres.
    colours : tuple of tuple of float
        What lies under it.
    """

    weights: Array
    raised: float
    colours: tuple[Rgb, ...]

    def __call__(self, x: Array | float, y: Array | float) -> Array:
        """Return its height over the tangent plane, metres, at places across and up."""
        return np.asarray(_terms(x, y) @ self.weights + self.raised)


@dataclass(frozen=True, slots=True, eq=False)
class Outer:
    """Triangles of the trunk's skin and of the clothes over it, without arms and sleeves.

    Attributes
    ----------
    corners : ndarray, shape (m, 3, 3)
        Their corners.
    owner : ndarray of int, shape (m,)
        Index of each one's look.
    looks : tuple of Look
        Of the skin and of each garment.
    facing : ndarray, shape (k, 3)
        Unit normals of the trunk's skin.
    near : cKDTree
        Finds its vertices.
    """

    corners: Array
    owner: IntArray
    looks: tuple[Look, ...]
    facing: Array
    near: Any

    @classmethod
    def of(cls, body: Body, skin: Look, clothes: Sequence[Part]) -> Outer:
        """Return what a dressed body offers."""
        surface = body.vertices[:SKIN]
        on_arm = belonging(ARM) > _ARM_WEIGHT
        near = cKDTree(surface)
        layers = [surface[_off(net().triangles, on_arm)]]
        for part in clothes:
            layers.append(part.vertices[_off(part.faces, on_arm[near.query(part.vertices)[1]])])
        return cls(
            corners=np.concatenate(layers),
            owner=np.repeat(np.arange(len(layers)), [len(layer) for layer in layers]),
            looks=(skin, *(part.look for part in clothes)),
            facing=normals(surface)[~on_arm],
            near=cKDTree(surface[~on_arm]),
        )

    def direction(self, point: Array) -> Array:
        """Return the way out of the skin at a point."""
        chosen = self.near.query_ball_point(point, _AROUND_M) or [self.near.query(point)[1]]
        out = self.facing[chosen].sum(axis=0)
        return np.asarray(out / np.linalg.norm(out))

    def level(self, at: Array, frame: Array, x: Array, y: Array) -> Level:
        """Return the sheet on top of everything over some places of a tangent plane.

        Parameters
        ----------
        at : ndarray, shape (3,)
            A point of the skin.
        frame : ndarray, shape (3, 3)
            The plane's ways across, up and out, one a row.
        x, y : ndarray, shape (n,)
            Places of the plane, metres from ``at``.
        """
        reach = float(np.hypot(x, y).max()) + 2 * _CLOTH_M
        close = np.flatnonzero(np.linalg.norm(self.corners.mean(axis=1) - at, axis=1) < reach)
        heights, which = _topmost((self.corners[close] - at) @ frame.T, x, y)
        known = np.isfinite(heights)
        if not known.any():
            raise ValueError("no surface under a sticker")
        terms = _terms(x[known], y[known])
        weights, *_ = np.linalg.lstsq(terms, heights[known], rcond=None)
        looks = [self.looks[i] for i in np.unique(self.owner[close[which[known]]])]
        colours = [rgb for look in looks for rgb in (look.rgb, look.rgb2) if rgb is not None]
        over = float((heights[known] - terms @ weights).max())
        return Level(np.asarray(weights), over + _RAISED_M, tuple(colours))


def _off(triangles: IntArray, left_out: Mask) -> IntArray:
    return np.asarray(triangles[~left_out[triangles].any(axis=1)])


def _terms(x: Array | float, y: Array | float) -> Array:
    x, y = np.asarray(x), np.asarray(y)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _topmost(local: Array, x: Array, y: Array) -> tuple[Array, IntArray]:
    """Return the height of the topmost triangle over each place, -inf where none is, and which."""
    a, b, c = (local[:, i] for i in range(3))
    area = _cross(b - a, c - a)
    outward = np.flatnonzero(area > 0)
    a, b, c, area = a[outward], b[outward], c[outward], area[outward]
    heights, which = np.full(len(x), -np.inf), np.zeros(len(x), dtype=np.int64)
    for i, place in enumerate(np.column_stack([x, y])):
        first = _cross(b[:, :2] - place, c[:, :2] - place) / area
        second = _cross(c[:, :2] - place, a[:, :2] - place) / area
        third = 1 - first - second
        height = first * a[:, 2] + second * b[:, 2] + third * c[:, 2]
        over = (np.minimum(np.minimum(first, second), third) >= 0) & (abs(height) < _CLOTH_M)
        if over.any():
            best = int(np.argmax(np.where(over, height, -np.inf)))
            heights[i], which[i] = height[best], outward[best]
    return heights, which


def _cross(first: Array, second: Array) -> Array:
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
