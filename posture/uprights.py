"""Finds the straight, nearly upright edges in a photo, beside a person and above the floor.

It does not know which of them are plumb. An edge is found on a reduced grey picture and measured
between its pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo

    Array = NDArray[np.float64]

#: What leans more than this, from the photo's own up, is no upright.
MOST_LEAN_DEG: Final = 12.0
#: Length of the shortest edge, as a share of the photo's height.
SHORTEST: Final = 0.045

# Lengths are shares of the photo's height, "px" are of the reduced photo.
_WORK_EDGE_PX: Final = 1024  # reduced, by a whole number, to this long an edge at most
_LEAST_EDGE_PX: Final = 64
_EDGE_SLOPE: Final = 2.5  # grey levels per px
_EDGE_SHARE: Final = 0.12  # of a busy photo only so much, the steepest, may be an edge
_EDGE_TURN: Final = 0.4  # slope along an edge, as a share of the slope across
_PLAIN: Final = 12  # a margin whose columns vary by fewer grey levels is a frame, not the room
_MOST_SEGMENTS: Final = 40
_PLACES: Final = np.linspace(0.03, 0.97, 32)  # where along a segment its edge is measured
_OFFSETS_PX: Final = np.arange(-3.0, 3.1, 0.5)
_NEAR_PX: Final = 1.5
_BENT_PX: Final = 0.45  # an edge that strays more from straight was not built
_BODY_MARGIN: Final = 0.012
_IN_BODY: Final = 0.3
# A segment whose top lies below this share of the body (or photo), from its top, may be a joint of
# the floor, which runs away from the camera: on rendered pictures nine in ten of them were. Seen
# from the navel's height, a floor reaches up to here where it is 2.4 times as far as the person.
_FLOOR: Final = 0.65
_POINT_SD_PX: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Uprights:
    """Straight, nearly upright edges: where their middles lie, from the photo's middle.

    Lengths are in photo heights, leans in radians, + = upwards to the right; ``end_sd`` is how far
    an end may lie beside its edge.
    """

    x: Array
    y: Array
    lean: Array
    length: Array
    end_sd: float


def find_uprights(
    photo: Photo, body: NDArray[np.float32] | None, *, mirrored: bool = False
) -> Uprights:
    """Find the longest nearly upright segments beside the body and above the floor.

    Parameters
    ----------
    photo : Photo
        The photo.
    body : ndarray, shape (h, w), optional
        Soft mask of the person over the whole picture that is looked at.
    mirrored : bool
        Whether the photo's mirror image is looked at.
    """
    import cv2

    height, width = photo.pixels.shape[:2]
    step = -(-max(height, width) // _WORK_EDGE_PX)
    rows, columns = height // step, width // step
    ends = np.empty((0, 2, 2))
    slope = np.empty((rows, columns), np.float32)
    if min(rows, columns) >= _LEAST_EDGE_PX:
        grey = cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY)
        grey = (cv2.flip(grey, 1) if mirrored else grey)[: rows * step, : columns * step]
        grey = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA)
        slope, edges = _edges(np.asarray(grey, np.uint8))
        floor = _FLOOR * rows
        if body is not None:
            on_body = _on_body(body, rows, columns)
            edges[on_body] = 0
            if (there := np.flatnonzero(on_body.any(axis=1))).size:
                floor = there[0] + _FLOOR * (there[-1] - there[0])
        finder = cv2.ximgproc.createFastLineDetector(
            length_threshold=max(4, int(SHORTEST * rows)), canny_aperture_size=0
        )
        found = finder.detect(edges)
        if found is not None:
            ends = np.asarray(found, dtype=float).reshape(-1, 2, 2)
            ends = np.take_along_axis(ends, np.argsort(-ends[:, :, 1:], axis=1), axis=1)
            right, up = (ends[:, 1] - ends[:, 0]).T * ((1,), (-1,))
            ends = ends[
                (np.abs(right) < np.tan(np.radians(MOST_LEAN_DEG)) * up) & (ends[:, 1, 1] < floor)
            ]
            order = np.argsort(ends[:, 1, 1] - ends[:, 0, 1], kind="stable")
            ends = ends[order[:_MOST_SEGMENTS]]
    return _measured(slope, ends, photo.width / photo.height)


def _edges(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the slope across upright edges, and where its crests are (255, else 0)."""
    import cv2

    across = np.array([-1, -2, 0, 2, 1], np.float32) / 8
    along = np.array([1, 2, 3, 2, 1], np.float32) / 9
    slope = np.asarray(cv2.sepFilter2D(grey, cv2.CV_32F, across, along), np.float32)
    other = np.asarray(cv2.sepFilter2D(grey, cv2.CV_32F, along, across), np.float32)
    for way in (slope, other):
        np.abs(way, out=way)
    least = max(_EDGE_SLOPE, float(np.quantile(slope[::4, ::4], 1 - _EDGE_SHARE)))
    is_edge = slope > least
    is_edge &= slope >= cv2.dilate(slope, np.ones((1, 3), np.uint8))
    is_edge &= other < _EDGE_TURN * slope
    # Bars beside the picture are upright in the file, not in the room.
    room = np.flatnonzero(np.ptp(grey, axis=0) > _PLAIN)
    margin = len(across) + 1
    is_edge[:, : (room[0] if room.size else 0) + margin] = False
    is_edge[:, max(0, (room[-1] + 1 if room.size else 0) - margin) :] = False
    return slope, np.where(is_edge, np.uint8(255), np.uint8(0))


def _on_body(body: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.bool_]:
    """Tell which pixels of the reduced photo are the body's, or too near."""
    import cv2

    coarse = 4
    small = cv2.resize(body, (columns // coarse, rows // coarse), interpolation=cv2.INTER_AREA)
    size = 2 * int(np.ceil(_BODY_MARGIN * rows / coarse)) + 1
    near = cv2.dilate((small > _IN_BODY).astype(np.uint8), np.ones((size, size), np.uint8))
    return np.asarray(cv2.resize(near, (columns, rows), interpolation=cv2.INTER_NEAREST) > 0)


def _measured(slope: NDArray[np.float32], ends: Array, aspect: float) -> Uprights:
    """Fit each segment anew to the middle of its edge, between pixels, and drop bent ones."""
    import cv2

    rows, columns = slope.shape
    places = ends[:, :1] + _PLACES[:, None] * (ends[:, 1:] - ends[:, :1])
    flat = places.reshape(-1, 2)
    at_x = (flat[:, :1] + _OFFSETS_PX).astype(np.float32)
    at_y = np.repeat(flat[:, 1:].astype(np.float32), len(_OFFSETS_PX), axis=1)
    seen = cv2.remap(slope, at_x, at_y, cv2.INTER_LINEAR) if len(ends) else at_x
    power = np.asarray(seen, dtype=float) ** 2 * np.exp(-0.5 * (_OFFSETS_PX / _NEAR_PX) ** 2)
    total = power.sum(axis=1) + 1e-9
    beside = (power @ _OFFSETS_PX / total).reshape(-1, len(_PLACES))
    weight = np.sqrt(total).reshape(beside.shape)

    for _ in range(2):
        share = weight / weight.sum(axis=1, keepdims=True)
        along = _PLACES - share @ _PLACES[:, None]
        middle = (share * beside).sum(axis=1, keepdims=True)
        turn = (share * along * beside).sum(axis=1) / (share * along**2).sum(axis=1)
        line = middle + turn[:, None] * along
        stray = np.sqrt((share * (beside - line) ** 2).sum(axis=1))
        # Once more without what lies beside the line: a knob, a crossing edge.
        weight = weight * (np.abs(beside - line) <= np.maximum(2 * stray, 0.15)[:, None])

    low, high = (
        (places[:, i] + np.column_stack([line[:, i], np.zeros(len(line))]) + 0.5)
        * (aspect / columns, 1 / rows)
        - (aspect / 2, 0.5)
        for i in (0, -1)
    )
    right, up = (high - low).T * ((1,), (-1,))
    straight = stray < _BENT_PX
    x, y = ((low + high) / 2)[straight].T
    lean, length = np.arctan2(right, up)[straight], np.hypot(right, up)[straight]
    return Uprights(x, y, lean, length, _POINT_SD_PX / rows)
