"""Works on the skin's net of triangles: normals, smoothing, and cutting along a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from validation.people.bodymodel import SKIN, topology
from validation.people.meshes import triangles
from validation.people.parts import Array, IntArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """What follows from the skin's faces alone.

    Attributes
    ----------
    triangles : ndarray of int, shape (m, 3)
        The quadrilaterals, halved.
    edges : ndarray of int, shape (k, 2)
        Sides of the quadrilaterals, each once.
    corners : sparse matrix, shape (SKIN, m)
        Which triangles meet at each vertex.
    around : sparse matrix, shape (SKIN, SKIN)
        Mean over the neighbours.
    """

    triangles: IntArray
    edges: IntArray
    corners: Any
    around: Any


@cache
def net() -> Net:
    """Return the net of the skin."""
    quads = topology().faces
    quads = quads[(quads < SKIN).all(axis=1)]
    halves = triangles(quads)
    sides = np.vstack([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    edges = np.unique(np.sort(sides, axis=1), axis=0)
    rows, columns = halves.T.ravel(), np.tile(np.arange(len(halves)), 3)
    corners = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(SKIN, len(halves)))
    ends, others = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    joined = csr_matrix((np.ones(len(ends)), (ends, others)), shape=(SKIN, SKIN))
    count = np.maximum(np.asarray(joined.sum(axis=1)).ravel(), 1)
    return Net(halves, edges, corners, (diags(1 / count) @ joined).tocsr())


def normals(points: Array) -> Array:
    """Return the outward unit normals of a surface with the skin's net."""
    a, b, c = (points[net().triangles[:, i]] for i in range(3))
    summed = net().corners @ np.cross(b - a, c - a)
    return np.asarray(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12))


def smoothed(values: Array, rounds: int, where: Mask | None = None) -> Array:
    """Return values on the skin's net drawn half way to their neighbours' mean, again and again.

    Parameters
    ----------
    values : ndarray, shape (SKIN,) or (SKIN, d)
        One row a vertex.
    rounds : int
        How often.
    where : ndarray of bool, shape (SKIN,), optional
        Only these change.
    """
    around = net().around
    if where is None:
        for _ in range(rounds):
            values = 0.5 * values + 0.5 * (around @ values)
        return np.asarray(values)
    values = values.copy()
    chosen = around[np.flatnonzero(where)]
    for _ in range(rounds):
        values[where] = 0.5 * values[where] + 0.5 * (chosen @ values)
    return values


def cut(points: Array, triangles: IntArray, keep: Array) -> tuple[Array, IntArray]:
    """Return the part of a mesh where a function on its vertices is positive.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Vertices.
    triangles : ndarray of int, shape (m, 3)
        Indices into ``points``.
    keep : ndarray, shape (n,)
        Triangles are cut where this, taken as linear along their sides, is zero.

    Returns
    -------
    tuple of ndarray
        Vertices in use, and triangles; neighbours share the new vertices on their common side.
    """
    inside = keep[triangles] > 0
    count = inside.sum(axis=1)
    tip, base = triangles[count == 1], triangles[count == 2]  # noqa: PLR2004 - corners kept
    tip = _turned(tip, inside[count == 1].argmax(axis=1))
    base = _turned(base, (~inside[count == 2]).argmax(axis=1))  # noqa: PLR2004
    sides = np.vstack([tip[:, [0, 1]], tip[:, [0, 2]], base[:, [0, 1]], base[:, [0, 2]]])
    pairs, which = np.unique(np.sort(sides, axis=1), axis=0, return_inverse=True)
    new = len(points) + which.ravel()
    tip_b, tip_c = new[: len(tip)], new[len(tip) : 2 * len(tip)]
    base_b, base_c = new[2 * len(tip) :].reshape(2, -1)
    low, high = keep[pairs[:, 0]], keep[pairs[:, 1]]
    share = (low / (low - high))[:, None]
    crossings = points[pairs[:, 0]] * (1 - share) + points[pairs[:, 1]] * share
    faces = np.vstack(
        [
            triangles[count == 3],  # noqa: PLR2004
            np.column_stack([tip[:, 0], tip_b, tip_c]),
            np.column_stack([base_b, base[:, 1], base[:, 2]]),
            np.column_stack([base_b, base[:, 2], base_c]),
        ]
    )
    used, faces = np.unique(faces, return_inverse=True)
    return np.vstack([points, crossings])[used], faces.reshape(-1, 3)


def _turned(triangles: IntArray, first: IntArray) -> IntArray:
    """Return triangles whose corners start at the given one, in the same order round."""
    order = (first[:, None] + np.arange(3)) % 3
    return np.take_along_axis(triangles, order, axis=1)
