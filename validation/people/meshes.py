"""Splits quadrilaterals and grids of vertices into triangles."""

from __future__ import annotations

from typing import Final

import numpy as np

from validation.people.parts import IntArray

#: The sides of a box, as quadrilaterals of its eight corners in binary order of x, y and z.
BOX: Final = np.array(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)


def triangles(quads: IntArray) -> IntArray:
    """Return the first halves of all quadrilaterals, then their second halves."""
    return np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def grid(rows: int, columns: int) -> IntArray:
    """Return the triangles of a grid of vertices."""
    at = np.arange(rows * columns, dtype=np.int64).reshape(rows, columns)
    corners = (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1])
    return triangles(np.stack(corners, axis=-1).reshape(-1, 4))
