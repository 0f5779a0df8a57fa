"""Gives the person's outline its exact share of every pixel, which a few rays per pixel cannot."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.people.parts import Part
from validation.pictures.camera import View

_FINE: Final = 8  # subpixels a side
_SHIFT: Final = 4  # binary digits of a subpixel that OpenCV keeps


def coverage(parts: list[Part], view: View) -> NDArray[np.float32]:
    """Return how much of each pixel the parts cover, 0 to 1, shape (h, w)."""
    fine = np.zeros((view.height_px * _FINE, view.width_px * _FINE), dtype=np.uint8)
    for part in parts:
        corners = np.rint(view.project(part.vertices) * (_FINE * 2**_SHIFT)).astype(np.int32)
        for triangle in corners[part.faces]:
            cv2.fillConvexPoly(fine, triangle, 255, lineType=cv2.LINE_8, shift=_SHIFT)
    # OpenCV fills half a subpixel too far on every side, here shifted onto the lower right one
    trimmed = cv2.erode(fine, np.ones((2, 2), dtype=np.uint8), anchor=(0, 0))
    size = (view.width_px, view.height_px)
    share = cv2.resize(trimmed, size, interpolation=cv2.INTER_AREA)
    return np.asarray(share / np.float32(255), dtype=np.float32)


def redraw_outline(
    light: NDArray[np.float32], parts: list[Part], view: View
) -> NDArray[np.float32]:
    """Return the picture with the pixels along the outline mixed anew.

    Each takes the nearest pure colour of the person and of the background, by its coverage.

    Parameters
    ----------
    light : array, shape (h, w, 3)
        Linear light, so that shares add up.
    """
    share = coverage(parts, view)
    near = np.ones((3, 3), dtype=np.uint8)
    inside = cv2.erode(share, near) == 1
    outside = cv2.dilate(share, near) == 0
    band = ~(inside | outside)
    if not inside.any() or not outside.any():
        return light
    person, behind = _nearest(light, inside)[band], _nearest(light, outside)[band]
    redrawn = light.copy()
    weight = share[band][:, None]
    redrawn[band] = weight * person + (1 - weight) * behind
    return redrawn


def _nearest(light: NDArray[np.float32], pure: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return at every pixel the colour of the nearest pure one."""
    _, label = cv2.distanceTransformWithLabels(
        (~pure).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(label.max()) + 1, 3), dtype=np.float32)
    colours[label[pure]] = light[pure]
    nearest: NDArray[np.float32] = colours[label]
    return nearest
