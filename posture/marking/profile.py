"""Turns places of a photo upright, the person facing +x and y up, and back: numpy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.shape import Facing

    Array = NDArray[np.float64]


def upright(xy: Array, facing: Facing, lean_deg: float) -> Array:
    """Return pixels turned upright.

    Parameters
    ----------
    xy : ndarray, shape (..., 2)
        In photo pixels, x right and y down.
    facing : {"left", "right"}
        Where the person looks in the photo.
    lean_deg : float
        How far the true vertical leans to the photo's right, in degrees.

    Returns
    -------
    ndarray, shape (..., 2)
        Pixels forward and up.
    """
    turned: Array = xy @ to_photo(facing, lean_deg)
    return turned


def to_photo(facing: Facing, lean_deg: float) -> Array:
    """Return the matrix that carries (forward, up) to the photo's (right, down)."""
    lean = np.radians(lean_deg)
    forward = np.array([np.cos(lean), np.sin(lean)]) * (1.0 if facing == "right" else -1.0)
    return np.column_stack([forward, [np.sin(lean), -np.cos(lean)]])
